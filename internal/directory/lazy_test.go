package directory

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// later opens a store whose file does not exist yet.
func later(t *testing.T, path string) *Store {
	t.Helper()
	s, err := OpenLazy(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// TestAskingMakesNoFile reads everything that can be read.
func TestAskingMakesNoFile(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "none")
	s := later(t, filepath.Join(folder, "x.db"))
	require.NoError(t, s.Ping(t.Context()))
	for name, want := range map[string]error{
		"Organizations": nil, "Organization": ErrNotFound, "Members": ErrNotFound, "Member": ErrNotFound,
		"Memberships": nil, "Pending": nil, "UserOf": ErrNotFound,
		"ReleaseOf": ErrNotFound, "ReleasesBefore": nil, "ConnectedOrganizations": ErrNotFound,
	} {
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, calls[name](cancelled, s), context.Canceled, name)
		assert.Equal(t, want, calls[name](t.Context(), s), name)
	}
	assert.NoDirExists(t, folder)
}

// TestKeepingMakesTheFile has several stores write and read concurrently.
func TestKeepingMakesTheFile(t *testing.T) {
	t.Parallel()
	d := database{filepath.Join(t.TempDir(), "new", "folder", "x.db")}
	var all sync.WaitGroup
	for i := range 3 {
		s := later(t, d.dsn)
		for j := range 2 {
			all.Go(func() {
				_, err := s.Organizations(t.Context())
				assert.NoError(t, err)
				assert.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: fmt.Sprintf("o-%d-%d", i, j), Name: "A"}))
			})
		}
	}
	asked := later(t, d.dsn)
	all.Wait()
	found, err := asked.Organizations(t.Context())
	require.NoError(t, err)
	assert.Len(t, found, 6, "what others made is found")
	found, err = later(t, d.dsn).Organizations(t.Context())
	require.NoError(t, err)
	assert.Len(t, found, 6)
}

func TestLazyIsClosed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none", "x.db")
	s, err := OpenLazy(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, s.Ping(t.Context()))
	require.NoError(t, s.Close())
	for name, call := range calls {
		var closed *Unavailable
		require.ErrorAs(t, call(t.Context(), s), &closed, name)
	}
	assert.NoDirExists(t, filepath.Dir(path))
}

func TestLazyRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := OpenLazy(t.Context(), folder)
	requireKind(t, NotADatabase, err)
	text := filepath.Join(folder, "letter.txt")
	require.NoError(t, os.WriteFile(text, []byte("Dear diary, this is no database"), 0o600))
	_, err = OpenLazy(t.Context(), text)
	requireKind(t, NotADatabase, err)
	s, err := OpenLazy(t.Context(), filepath.Join(text, "x.db"))
	if err == nil { // where a path below a file counts as a folder that does not exist
		_, err = s.BeginSignUp(t.Context(), "https://id", "bo", "")
		require.NoError(t, s.Close())
	}
	requireKind(t, NotADatabase, err)
}

// A folder that does not exist is more likely a mistake in the path.
func TestCheck(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	missing := filepath.Join(folder, "none", "x.db")
	requireInvalid(t, "database", Check(missing))
	_, err := Open(t.Context(), missing)
	requireInvalid(t, "database", err)
	assert.NotContains(t, err.Error(), folder)
	assert.NoDirExists(t, filepath.Dir(missing))
	for _, dsn := range []string{filepath.Join(folder, "x.db"), "x.db", "postgres://u:p@host/x"} {
		assert.NoError(t, Check(dsn))
	}
}
