package clients

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Text that has all of it already keeps its layout.
func TestSetYAMLLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	const text = "t: {s: {z: 2,   a: 1}}  # mine\n"
	got, err := setYAML([]byte(text), struct{ A int }{1}, "t", "s")
	require.NoError(t, err)
	assert.Equal(t, text, string(got))
}

// A comment beside a value that changes stays.
func TestSetYAMLKeepsComments(t *testing.T) {
	t.Parallel()
	const before = "# mine\nt:\n  s:\n    # why\n    a: 1 # the old one\n    z: 2\n"
	got, err := setYAML([]byte(before), struct{ A int }{3}, "t", "s")
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(before, "a: 1", "a: 3", 1), string(got))
}
