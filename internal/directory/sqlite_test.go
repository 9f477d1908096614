package directory

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSQLiteIsSetUp(t *testing.T) {
	d := emptySQLite(t)
	s := d.open(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000",
		"synchronous": "2", // full: a reservation outlives a power cut
	} {
		read, write := s.db.Pools()
		for _, pool := range []*sql.DB{read, write} {
			var got string
			require.NoError(t, pool.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			assert.Equal(t, want, got, pragma)
		}
	}
	_, err := reader(s).ExecContext(t.Context(), "DELETE FROM members")
	require.Error(t, err, "only one connection writes")

	// A restored copy may have lost its journal mode.
	require.NoError(t, s.Close())
	_, err = d.raw(t).ExecContext(t.Context(), "PRAGMA journal_mode = DELETE")
	require.NoError(t, err)
	var mode string
	require.NoError(t, writer(d.open(t)).QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	assert.Equal(t, "wal", mode)
}

func TestSQLiteFileIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	d := database{filepath.Join(t.TempDir(), "new", "x.db")}
	require.NoError(t, later(t, d.dsn).CreateOrganization(t.Context(), Organization{ID: "acme", Name: "Acme"}))
	for path, want := range map[string]os.FileMode{
		filepath.Dir(d.dsn): 0o700 | os.ModeDir, d.dsn: 0o600, d.dsn + "-wal": 0o600, d.dsn + "-shm": 0o600,
	} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode(), filepath.Base(path))
	}
}

// TestSQLiteLocked has another program hold the lock.
func TestSQLiteLocked(t *testing.T) {
	d := emptySQLite(t)
	s := withCompany(t, d)
	other := d.raw(t)
	_, err := other.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
	require.NoError(t, err)

	_, err = writer(s).ExecContext(t.Context(), "PRAGMA busy_timeout = 3600000") // the deadline ends it, or the test does not end
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = s.BeginDelete(ctx, "U-1")
	requireKind(t, Locked, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	_, err = writer(s).ExecContext(t.Context(), "PRAGMA busy_timeout = 20")
	require.NoError(t, err)
	_, err = s.BeginDelete(t.Context(), "U-1")
	requireKind(t, Locked, err)
	require.NotErrorIs(t, err, context.DeadlineExceeded)
	nothing := func(context.Context, *sql.Tx) error { return nil }
	requireKind(t, Locked, s.writing(t.Context(), nothing)) // the lock comes first, not half-way
	_, err = s.Organization(t.Context(), "acme")
	require.NoError(t, err, "reading goes on")

	_, err = other.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	beginDelete(t, s, "U-1")
}

func TestSQLiteLockedAtOpen(t *testing.T) {
	d := database{filepath.Join(t.TempDir(), "x.db")}
	other := d.raw(t)
	_, err := other.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err = Open(ctx, d.dsn)
	requireKind(t, Locked, err)
	assert.Less(t, time.Since(begun), 5*time.Second, "the deadline ended it")
	_, err = other.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	d.open(t)
}

// TestSQLiteWaitsAtOpen has another program write while the journal is to be
// changed, for which SQLite itself does not wait.
func TestSQLiteWaitsAtOpen(t *testing.T) {
	d := database{filepath.Join(t.TempDir(), "x.db")}
	other := d.raw(t)
	_, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	done := make(chan error)
	time.AfterFunc(100*time.Millisecond, func() {
		_, err := other.ExecContext(context.Background(), "ROLLBACK")
		done <- err
	})
	s, err := Open(t.Context(), d.dsn)
	require.NoError(t, <-done)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

// TestSQLiteFull fills the file up to a limit, and lifts it.
func TestSQLiteFull(t *testing.T) {
	d := emptySQLite(t)
	s := withCompany(t, d)
	limit := func(pages string) {
		_, err := writer(s).ExecContext(t.Context(), "PRAGMA max_page_count = "+pages)
		require.NoError(t, err)
	}
	limit("1") // that is, the current size
	var (
		kept int
		err  error
	)
	for ; err == nil && kept < 10_000; kept++ {
		err = s.MapSubject(t.Context(), "https://id", strings.Repeat("x", 400)+time.Duration(kept).String(), "U-1")
	}
	requireKind(t, Full, err)
	assert.Equal(t, "the database is full: there is no room left to write (SQLITE 13)", err.Error())
	limit("100000")
	add(t, s, anna, "U-1")
	s = d.reopen(t, s)
	assert.Len(t, emails(t, s), 1)
	var rows int
	require.NoError(t, reader(s).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM subjects").Scan(&rows))
	assert.Equal(t, kept-1, rows, "what was answered with success is there, and nothing else")
}

// TestSQLiteMoved takes the file away under open stores, puts another one there, and
// brings it back.
func TestSQLiteMoved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows moves no file that is open")
	}
	d := emptySQLite(t)
	made := later(t, d.dsn)
	require.NoError(t, made.CreateOrganization(t.Context(), Organization{ID: "acme", Name: "Acme"}))
	stores := []*Store{made, d.open(t)}
	refused := func() {
		for _, s := range stores {
			_, err := s.Reserve(t.Context(), anna)
			requireKind(t, Moved, err)
			_, err = s.Organizations(t.Context())
			requireKind(t, Moved, err)
		}
	}
	away := d.dsn + ".away"
	require.NoError(t, os.Rename(d.dsn, away))
	refused()
	require.NoError(t, os.WriteFile(d.dsn, nil, 0o600))
	refused()
	require.NoError(t, os.Rename(away, d.dsn))
	add(t, stores[0], anna, "U-1")
	assert.Len(t, emails(t, stores[1]), 1)
}

func TestSQLiteNotADatabase(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "letter.txt")
	require.NoError(t, os.WriteFile(text, []byte(strings.Repeat("Dear diary, ", 1000)), 0o600))
	foreign := database{filepath.Join(dir, "other.db")}
	_, err := foreign.raw(t).ExecContext(t.Context(), "CREATE TABLE bookmarks (url TEXT)")
	require.NoError(t, err)

	for _, path := range []string{text, foreign.dsn, dir, filepath.Join(text, "x.db")} {
		before, _ := os.ReadFile(path)
		_, err := Open(t.Context(), path)
		requireKind(t, NotADatabase, err)
		assert.NotContains(t, err.Error(), dir)
		after, _ := os.ReadFile(path)
		assert.Equal(t, before, after, "it is left as it was")
	}
}
