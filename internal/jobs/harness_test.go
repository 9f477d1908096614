package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgrestest.Tests{M: m}) }

// both runs a test on SQLite and on PostgreSQL, side by side.
func both(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		t.Parallel()
		test(t, dsn)
	})
}

const key = "the-live-key"

var morning = time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC)

// world is a service with people, an archive, and a directory in which they are members.
type world struct {
	dsn       string
	box       *sandbox.Server
	web       *httptest.Server
	at        atomic.Int64 // the clock
	asked     atomic.Int64
	answer    atomic.Pointer[func(http.ResponseWriter, *http.Request) bool] // nil: the sandbox answers
	archive   *archive.Store
	db        *sqldb.DB // the same database
	directory *directory.Store
	members   atomic.Int64
}

// newWorld starts a service with people of so many nights each, who are no members yet.
func newWorld(t testing.TB, dsn string, people, nights int) *world {
	t.Helper()
	w := &world{dsn: dsn}
	w.set(morning)
	all := make([]sandbox.Person, people)
	for i := range all {
		all[i] = sleeper(id(i), nights)
	}
	w.box = sandbox.New(sandbox.Options{Now: w.now, People: all})
	t.Cleanup(w.box.Close)
	w.web = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		if answer := w.answer.Load(); answer != nil && (*answer)(out, r) {
			return
		}
		w.box.ServeHTTP(out, r)
	}))
	t.Cleanup(w.web.Close)
	w.archive = archive.Lazy(dsn, w.now)
	t.Cleanup(func() { assert.NoError(t, w.archive.Close()) })
	w.db = sqldb.Lazy(dsn, plan())
	t.Cleanup(func() { assert.NoError(t, w.db.Close()) })
	var err error
	of := dsn
	if filepath.IsAbs(dsn) {
		of = filepath.Join(filepath.Dir(dsn), "directory.db")
	}
	w.directory, err = directory.Open(t.Context(), of)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.directory.Close()) })
	require.NoError(t, w.directory.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	return w
}

func (w *world) set(at time.Time) { w.at.Store(at.UnixNano()) }

func (w *world) now() time.Time                                         { return time.Unix(0, w.at.Load()).UTC() }
func (w *world) move(by time.Duration)                                  { w.at.Add(int64(by)) }
func (w *world) faults(f func(http.ResponseWriter, *http.Request) bool) { w.answer.Store(&f) }

func id(i int) string { return fmt.Sprintf("G-20250318162239-sleeper%04d", i) }

// sleeper recorded so many nights, the last of which ended this morning.
func sleeper(id string, nights int) sandbox.Person {
	p := sandbox.Person{ID: id}
	for i := range nights {
		start := time.Date(2026, 11, 22-i, 22, 30, 0, 0, time.UTC)
		stages := make([]int8, 60)
		for j := range stages {
			stages[j] = []int8{0, 1, 1, 2, 1, 3}[(j/7+i)%6]
		}
		p.Recordings = append(p.Recordings, sandbox.Recording{Start: start, End: start.Add(8 * time.Hour), Zone: "Europe/Paris", Stages: stages})
	}
	return p
}

// join makes the next n people members.
func (w *world) join(t testing.TB, n int) {
	t.Helper()
	for range n {
		i := int(w.members.Add(1)) - 1
		r, err := w.directory.Reserve(t.Context(), directory.Member{Organization: "acme", Email: fmt.Sprintf("p%d@example.org", i), Role: directory.User})
		require.NoError(t, err)
		require.NoError(t, w.directory.Confirm(t.Context(), r, id(i)))
	}
}

// jobs returns jobs that nobody works on yet.
func (w *world) jobs(t testing.TB, change ...func(*Options)) *Jobs {
	t.Helper()
	o := Options{
		DSN: w.dsn, Archive: w.archive, Key: key, Now: w.now, Log: slog.New(slog.DiscardHandler), times: usual,
		Directory: func(context.Context) (*directory.Store, error) { return w.directory, nil },
		Client: func(pace func(context.Context) error, end func(asleep.Code)) (*asleep.Client, error) {
			return asleep.New(w.web.URL, key, asleep.WithClock(w.now), asleep.WithPace(pace), asleep.WithObserver(asleep.Observer{
				Attempt: func(context.Context, string) func(asleep.Code) { return end },
			}))
		},
	}
	for _, f := range change {
		f(&o)
	}
	j := New(o)
	t.Cleanup(func() { assert.NoError(t, j.Close()) })
	return j
}

// run works on jobs until stop is called.
func run(t testing.TB, j *Jobs) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { j.Run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); done.Wait() })
	t.Cleanup(stop)
	return stop
}

// kept returns what is kept of whom.
func (w *world) kept(t testing.TB) map[string]archive.Kept {
	t.Helper()
	all, err := w.archive.Everybody(t.Context())
	require.NoError(t, err)
	byUser := map[string]archive.Kept{}
	for _, k := range all {
		require.NotContains(t, byUser, k.User)
		byUser[k.User] = k
	}
	return byUser
}

// wait waits until a condition holds.
func wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 3*time.Minute, 100*time.Millisecond, what)
}

// complete reports whether everything of n people is kept. A database that does not answer
// in time, as on a busy machine, is asked again.
func (w *world) complete(t testing.TB, n int) bool {
	all, err := w.archive.Everybody(t.Context())
	done := 0
	for _, k := range all {
		if k.Complete {
			done++
		}
	}
	return err == nil && done == n
}

// people returns everybody in the archive, in order of their keys.
func (w *world) people(t *testing.T) (all []archive.Followed) {
	t.Helper()
	var keys []int64
	require.NoError(t, w.db.Read(t.Context(), nil, func(ctx context.Context, db sqldb.Rows) (err error) {
		keys, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (key int64, err error) { return key, row.Scan(&key) }, `SELECT person FROM people ORDER BY person`)
		return err
	}))
	for _, key := range keys {
		f, ok, err := w.archive.FollowedAs(t.Context(), key)
		require.NoError(t, err)
		if ok {
			all = append(all, f)
		}
	}
	return all
}

// hinted returns how many people may have new nights.
func (w *world) hinted(t *testing.T) (n int) {
	t.Helper()
	for _, f := range w.people(t) {
		if !f.Hinted.IsZero() {
			n++
		}
	}
	return n
}

// followed returns how many people would be stale if nothing counted as new enough.
func (w *world) followed(t *testing.T) int {
	t.Helper()
	environment, err := w.archive.Environment(t.Context(), key)
	require.NoError(t, err)
	all, err := w.archive.Stale(t.Context(), environment, w.now().Add(time.Hour), 0, 1000)
	require.NoError(t, err)
	return len(all)
}
