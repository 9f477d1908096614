package directory

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSQLiteReadOnly(t *testing.T) {
	for name, c := range map[string]struct {
		exists       bool
		folder, file os.FileMode
	}{
		"new file in a folder that cannot be written": {false, 0o555, 0},
		"file in a folder that cannot be written":     {true, 0o555, 0o666},
		"file that cannot be written":                 {true, 0o755, 0o444},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755)) // somebody else may enter
			d := database{filepath.Join(dir, "x.db")}
			if c.exists {
				require.NoError(t, withCompany(t, d).Close())
				require.NoError(t, os.Chmod(d.dsn, c.file))
			}
			require.NoError(t, os.Chmod(dir, c.folder))
			t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o755)) })
			asNobody(t)
			_, err := Open(t.Context(), d.dsn)
			requireKind(t, ReadOnly, err)
		})
	}
}

// A folder that cannot be written is told when something is to be kept.
func TestLaterReadOnly(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o555))
	t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o755)) })
	s := later(t, filepath.Join(dir, "none", "x.db"))
	asNobody(t)
	require.NoError(t, s.Ping(t.Context()))
	requireKind(t, ReadOnly, s.CreateOrganization(t.Context(), Organization{ID: "acme", Name: "Acme"}))
}

// asNobody takes root's way past permissions from the rest of a test.
func asNobody(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	runtime.LockOSThread() // for this thread alone, which ends with the test
	require.NoError(t, syscall.Setfsuid(65534))
	t.Cleanup(func() { require.NoError(t, syscall.Setfsuid(0)) })
}

// What can be read and not written is not ready.
func TestWritable(t *testing.T) {
	s := withCompany(t, database{filepath.Join(t.TempDir(), "x.db")})
	require.NoError(t, s.Writable(t.Context()))
	require.NoError(t, s.Writable(t.Context()), "nothing is left of the first")
	_, err := writer(s).ExecContext(t.Context(), "PRAGMA query_only = ON")
	require.NoError(t, err)
	require.NoError(t, s.Ping(t.Context()))
	require.Error(t, s.Writable(t.Context()))
}
