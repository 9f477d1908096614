package archive

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// otherProgram opens a SQLite file as another program would.
func otherProgram(t *testing.T, path string, statements ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	return db
}

// overwrite replaces what a file has from an offset on.
func overwrite(t *testing.T, path string, from int, with byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Greater(t, len(b), from)
	for i := from; i < len(b); i++ {
		b[i] = with
	}
	require.NoError(t, os.WriteFile(path, b, 0o600))
}

// Whatever is wrong with the file when a program starts, the service is asked instead, the
// program says what to do, and what was kept is there again when it is mended.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind  sqldb.Kind
		spoil func(t *testing.T, path string)
	}{
		"damaged":  {sqldb.Broken, func(t *testing.T, path string) { overwrite(t, path, 8192, 0x5a) }},
		"cut":      {sqldb.Broken, func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 20_000)) }},
		"a letter": {sqldb.NotADatabase, func(t *testing.T, path string) { overwrite(t, path, 0, 'x') }},
		"another program's": {sqldb.NotADatabase, func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, otherProgram(t, path, "CREATE TABLE bookmarks (url TEXT)").Close())
		}},
		"newer": {sqldb.NewerVersion, func(t *testing.T, path string) {
			require.NoError(t, otherProgram(t, path, "INSERT INTO asleep_mcp_archive_versions (version_id, is_applied) VALUES (9999, 1)").Close())
		}},
		"a folder": {sqldb.NotADatabase, func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o700))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "nights.db")
			w := newWorld(t, path, nightly(t, somebody, 15))
			w.sync(t, somebody)
			require.NoError(t, w.store.Close())
			whole, err := os.ReadFile(path)
			require.NoError(t, err)
			c.spoil(t, path)

			w.store = openStore(t, path, w.now)
			var heard []error
			s := NewSource(w.store, Options{Live: w.client, Key: key, Keep: true, Now: w.now, Failed: func(err error) { heard = append(heard, err) }})
			chunks, err := s.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-23"))
			require.NoError(t, err)
			assert.Len(t, asleep.MergeChunks(chunks, day("2026-10-20"), day("2026-11-23"), w.now()).Slept, 15)
			_, err = s.Trackers(t.Context(), somebody)
			requireFault(t, c.kind, err)
			require.Len(t, heard, 1, "it is told once")
			requireFault(t, c.kind, heard[0])
			assert.NotContains(t, heard[0].Error(), path)
			assert.NotContains(t, heard[0].Error(), somebody)

			alone := NewSource(w.store, Options{Now: w.now})
			_, err = alone.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-23"))
			requireFault(t, c.kind, err)
			_, err = Sync{Store: w.store, Service: w.client, Key: key}.Run(t.Context(), somebody)
			requireFault(t, c.kind, err)

			require.NoError(t, os.RemoveAll(path))
			require.NoError(t, os.WriteFile(path, whole, 0o600))
			w.store = openStore(t, path, w.now)
			require.NoError(t, w.store.Check(t.Context()))
			assert.Zero(t, w.requests(func() {
				_, err := w.source(t, true).Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-23"))
				require.NoError(t, err)
			}))
		})
	}
}

func requireFault(t *testing.T, kind sqldb.Kind, err error) {
	t.Helper()
	var fault *Fault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, kind, fault.Database.Kind)
	require.Contains(t, fault.Error(), "; ", "it says what to do")
}

// A server goes on, live, while its file is locked, full or gone, and uses it again
// afterwards.
func TestFaultsMeanwhile(t *testing.T) {
	t.Parallel()
	limit := func(t *testing.T, w *world, statement string) {
		t.Helper()
		_, write := w.store.db.Pools()
		_, err := write.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		kind  sqldb.Kind
		spoil func(t *testing.T, w *world, path string) (mend func())
	}{
		"locked": {sqldb.Locked, func(t *testing.T, w *world, path string) func() {
			limit(t, w, "PRAGMA busy_timeout = 20")
			db := otherProgram(t, path, "BEGIN EXCLUSIVE")
			return func() {
				_, err := db.ExecContext(t.Context(), "ROLLBACK")
				require.NoError(t, err)
				limit(t, w, "PRAGMA busy_timeout = 10000")
			}
		}},
		"full": {sqldb.Full, func(t *testing.T, w *world, _ string) func() {
			limit(t, w, "PRAGMA max_page_count = 1") // that is, the current size
			return func() { limit(t, w, "PRAGMA max_page_count = 1000000") }
		}},
		"moved": {sqldb.Moved, func(t *testing.T, _ *world, path string) func() {
			require.NoError(t, os.Rename(path, path+".away"))
			return func() { require.NoError(t, os.Rename(path+".away", path)) }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "nights.db")
			w := newWorld(t, path, nightly(t, somebody, 40), nightly(t, stranger, 60))
			w.sync(t, somebody)
			var heard []error
			s := NewSource(w.store, Options{Live: w.client, Key: key, Keep: true, Now: w.now, Failed: func(err error) { heard = append(heard, err) }})
			before, err := w.store.Everybody(t.Context())
			require.NoError(t, err)

			mend := c.spoil(t, w, path)
			all := func() int {
				chunks, err := s.Chunks(t.Context(), stranger, day("2026-09-15"), day("2026-11-23"))
				require.NoError(t, err)
				return len(asleep.MergeChunks(chunks, day("2026-09-15"), day("2026-11-23"), w.now()).Slept)
			}
			assert.Equal(t, 60, all())
			assert.Equal(t, 60, all(), "the archive is left alone")
			require.Len(t, heard, 1)
			requireFault(t, c.kind, heard[0])
			_, err = Sync{Store: w.store, Service: w.client, Key: key}.Run(t.Context(), stranger)
			requireFault(t, c.kind, err)

			mend()
			after, err := w.store.Everybody(t.Context())
			require.NoError(t, err)
			at := 0
			if after[0].User != somebody {
				at = 1
			}
			assert.Equal(t, before[0], after[at], "nothing is lost")
			require.Eventually(t, func() bool { // a busy machine may hear of it once more
				w.move(leaveAlone + time.Second)
				assert.Equal(t, 60, all())
				return w.requests(func() { assert.Equal(t, 60, all()) }) == 0
			}, time.Minute, time.Millisecond, "it is kept now")
		})
	}
}

// Check finds damage that no question has met.
func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nights.db")
	w := newWorld(t, path, nightly(t, somebody, 60))
	w.sync(t, somebody)
	require.NoError(t, w.store.Check(t.Context()))
	require.NoError(t, w.store.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	overwrite(t, path, int(info.Size())-3*4096, 0x5a)
	requireFault(t, sqldb.Broken, openStore(t, path, w.now).Check(t.Context()))
}

func TestFaultsSayWhatToDo(t *testing.T) {
	t.Parallel()
	for _, kind := range sqldb.AllKinds() {
		assert.NotEmpty(t, fileAdvice[kind]+serverAdvice[kind], kind)
	}
	text := (&Fault{&sqldb.Unavailable{Kind: sqldb.NewerVersion}, "/home/somebody/nights.db"}).Error()
	assert.NotContains(t, text, "somebody")
	assert.False(t, strings.HasSuffix(text, "."))
}
