package clients

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Anything that is not a file is refused before anything is read.
func TestWriteRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	for problem, make := range map[string]func(t *testing.T, path string){
		"is a folder":          func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o700)) },
		"is read-only":         func(t *testing.T, path string) { put(t, path, "{}", 0o400) },
		"is a link that leads": func(t *testing.T, path string) { require.NoError(t, os.Symlink(path+"2", path)) },
		"links":                func(t *testing.T, path string) { require.NoError(t, os.Symlink(path, path)) },
		"is larger than 64 MiB": func(t *testing.T, path string) {
			put(t, path, "", 0o600)
			require.NoError(t, os.Truncate(path, largestFile+1))
		},
	} {
		t.Run(problem, func(t *testing.T) {
			t.Parallel()
			to, path := clientOf(t, "cursor")
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			make(t, path)
			assert.Contains(t, requireRefused(t, to, path), problem)
		})
	}
}

// Many people's files are links to a folder elsewhere.
func TestWriteKeepsLinks(t *testing.T) {
	t.Parallel()
	to, path := clientOf(t, "gemini")
	kept := filepath.Join(t.TempDir(), "dotfiles", "gemini.json")
	put(t, kept, "{}", 0o600)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.Symlink(kept, path))
	_, err := to.Write(path, launch)
	require.NoError(t, err)
	assert.Contains(t, textOf(t, kept), "/opt/asleep-mcp")
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&fs.ModeSymlink)
}

// Every backup stays, and a file that changed between reading and writing too.
func TestReplaceKeepsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mcp.json")
	for _, text := range []string{"one", "two", "three"} {
		put(t, path, text, 0o600)
		f, err := readFile(path)
		require.NoError(t, err)
		_, err = f.replace([]byte("ours"))
		require.NoError(t, err)
	}
	assert.Equal(t, "one", textOf(t, path+".before-asleep-mcp"))
	assert.Equal(t, "two", textOf(t, path+".before-asleep-mcp.2"))
	assert.Equal(t, "three", textOf(t, path+".before-asleep-mcp.3"))

	f, err := readFile(path)
	require.NoError(t, err)
	put(t, path, "theirs", 0o600)
	_, err = f.replace([]byte("ours"))
	require.ErrorContains(t, err, "somebody else")
	assert.Equal(t, "theirs", textOf(t, path))
}
