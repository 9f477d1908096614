package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file or a folder that the program may not write is told, and questions are answered live.
func TestKeptNightsThatAreReadOnly(t *testing.T) {
	t.Parallel()
	env, home, _, _ := keptWorld(t)
	require.Equal(t, 0, runWith(t, env, "sync").code)
	binary := buildBinary(t)
	path := keptFile(t, home)
	folder := filepath.Dir(path)
	asSomebody := func(args ...string) (string, error) {
		c := exec.CommandContext(t.Context(), binary, args...)
		for name, value := range env {
			c.Env = append(c.Env, name+"="+value)
		}
		if os.Getuid() == 0 { // who may write everything
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			require.NoError(t, os.Chmod(filepath.Dir(home), 0o755)) //nolint:gosec // somebody else has to enter
			require.NoError(t, os.Chmod(home, 0o755))               //nolint:gosec // see above
		}
		said, err := c.CombinedOutput()
		return string(said), err
	}
	for name, c := range map[string]struct{ folder, file os.FileMode }{
		"file":   {0o777, 0o444},
		"folder": {0o555, 0o666},
	} {
		require.NoError(t, os.Chmod(filepath.Dir(folder), 0o755)) //nolint:gosec // somebody else has to enter
		require.NoError(t, os.Chmod(folder, c.folder))
		require.NoError(t, os.Chmod(path, c.file))
		for _, command := range []string{"sync", "export"} {
			said, err := asSomebody(command)
			require.Error(t, err, name)
			assert.Contains(t, said, "cannot be written", name)
			assert.Contains(t, said, "the right to write nights.db", name)
		}
		said, err := asSomebody("--keep-nights", "call", "get_session")
		require.NoError(t, err, said)
	}
	require.NoError(t, os.Chmod(folder, 0o755)) //nolint:gosec // so that it can be removed
}
