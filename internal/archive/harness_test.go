package archive

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgrestest.Tests{M: m}) }

// clock is a clock that a test moves while others read it.
type clock struct{ at atomic.Int64 }

func clockAt(t time.Time) *clock {
	c := &clock{}
	c.set(t)
	return c
}

func (c *clock) set(t time.Time)       { c.at.Store(t.UnixNano()) }
func (c *clock) now() time.Time        { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) move(by time.Duration) { c.at.Add(int64(by)) }

// world is a service with somebody's nights, a client of it, and an archive.
type world struct {
	*clock
	box    *sandbox.Server
	web    *httptest.Server
	asked  atomic.Int64
	down   atomic.Bool
	client *asleep.Client
	store  *Store
}

const (
	somebody = "G-20250318162239-somebody"
	stranger = "G-20250318162239-stranger"
	key      = "the-live-key"
)

var morning = time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC)

// newWorld starts a service. people are those of the sandbox's.
func newWorld(t testing.TB, dsn string, people ...sandbox.Person) *world {
	t.Helper()
	w := &world{clock: clockAt(morning)}
	w.box = sandbox.New(sandbox.Options{Now: w.now, People: people})
	t.Cleanup(w.box.Close)
	w.web = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		if w.down.Load() {
			http.Error(out, `{"detail":"down"}`, http.StatusUnauthorized)
			return
		}
		w.box.ServeHTTP(out, r)
	}))
	t.Cleanup(w.web.Close)
	w.store = openStore(t, dsn, w.now)
	w.fresh(t)
	return w
}

// fresh replaces the client by one that remembers nothing.
func (w *world) fresh(t testing.TB) {
	t.Helper()
	client, err := asleep.New(w.web.URL, key, asleep.WithClock(w.now))
	require.NoError(t, err)
	w.client = client
}

func openStore(t testing.TB, dsn string, now func() time.Time) *Store {
	t.Helper()
	s := Lazy(dsn, now)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// source returns a source over the archive and the service, as a program that has just
// started has.
func (w *world) source(t *testing.T, keep bool) *Source {
	t.Helper()
	w.fresh(t)
	return NewSource(w.store, Options{Live: w.client, Key: key, Keep: keep, Now: w.now, Failed: func(err error) { t.Errorf("the database: %v", err) }})
}

// sync syncs somebody.
func (w *world) sync(t *testing.T, userID string) Synced {
	t.Helper()
	w.fresh(t)
	done, err := Sync{Store: w.store, Service: w.client, Key: key}.Run(t.Context(), userID)
	require.NoError(t, err)
	return done
}

// who is somebody as they are kept.
func (w *world) who(t testing.TB) Who {
	t.Helper()
	environment, err := w.store.Environment(t.Context(), key)
	require.NoError(t, err)
	return Who{environment, Asleep, somebody}
}

// requests returns how many requests f made.
func (w *world) requests(f func()) int64 {
	before := w.asked.Load()
	f()
	return w.asked.Load() - before
}

// nightly returns recordings of so many nights, the last of which ended this morning.
func nightly(t testing.TB, id string, nights int) sandbox.Person {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	p := sandbox.Person{ID: id}
	for i := range nights {
		start := time.Date(2026, 11, 22-nights+1+i, 22, 45+i%30, 0, 0, zone)
		stages := make([]int8, 900+i%40)
		snoring := make([]int8, len(stages))
		for j := range stages {
			stages[j] = []int8{0, 1, 1, 2, 1, 3}[(j/17+i)%6]
			snoring[j] = int8((j / 40) % 2)
		}
		p.Recordings = append(p.Recordings, sandbox.Recording{Start: start, Zone: "Europe/Paris", Stages: stages, Snoring: snoring})
	}
	return p
}
