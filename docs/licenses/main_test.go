package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The list that releases carry is that of today's modules.
func TestListIsUpToDate(t *testing.T) {
	t.Chdir("../..")
	want, err := compose(t.Context())
	require.NoError(t, err)
	got, err := os.ReadFile(list)
	require.NoError(t, err)
	if !bytes.Equal(want, got) { // too long to be shown
		assert.Fail(t, list+" is older than the modules: go run ./docs/licenses")
	}
	for _, part := range []string{"\nGo's standard library: BSD-3-Clause\n", "MIT, OFL-1.1\n", "\nd3-scale "} {
		assert.Contains(t, string(got), part)
	}
}

func TestLicenseOfEveryKindIsKnown(t *testing.T) {
	for text, kind := range map[string]string{
		"                                 Apache License\n                           Version 2.0, January 2004": "Apache-2.0",
		"MIT License\n\nPermission is hereby granted, free of\ncharge, to any person":                           "MIT",
		"Redistributions in binary form must reproduce. Neither the name of the copyright holder":               "BSD-3-Clause",
		"Redistributions in binary form must reproduce":                                                         "BSD-2-Clause",
		"All rights reserved.": "",
	} {
		assert.Equal(t, kind, kindOf(text), text)
	}
}

func TestFolderWithoutLicense(t *testing.T) {
	_, err := filesOf(t.TempDir())
	assert.ErrorContains(t, err, "holds no license")
}
