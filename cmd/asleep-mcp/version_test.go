package main

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersionOf(t *testing.T) {
	t.Parallel()
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	dirty := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	cases := map[string]debug.BuildInfo{
		"1.2.3":                    {Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{commit}},
		"devel":                    {Main: debug.Module{Version: "(devel)"}},
		"devel-0123456789ab":       {Settings: []debug.BuildSetting{commit}},
		"devel-0123456789ab-dirty": {Settings: []debug.BuildSetting{dirty, commit}},
	}
	for want, info := range cases {
		assert.Equal(t, want, versionOf(&info))
	}
}

func TestVersionIsOne(t *testing.T) {
	t.Parallel()
	assert.Contains(t, runWith(t, nil, "version").stdout, "asleep-mcp "+version()+" ")
}
