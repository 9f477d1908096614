package windows

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgrestest.Tests{M: m}) }

const key = "the-live-key"

var morning = time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC)

// world is a service with people, an archive and its rows.
type world struct {
	at      atomic.Int64
	box     *sandbox.Server
	client  *asleep.Client
	archive *archive.Store
	store   *Store
	dsn     string
}

func (w *world) now() time.Time  { return time.Unix(0, w.at.Load()).UTC() }
func (w *world) set(t time.Time) { w.at.Store(t.UnixNano()) }

func newWorld(t *testing.T, dsn string, people ...sandbox.Person) *world {
	t.Helper()
	w := &world{dsn: dsn}
	w.set(morning)
	w.box = sandbox.New(sandbox.Options{Now: w.now, People: people})
	t.Cleanup(w.box.Close)
	web := httptest.NewServer(w.box)
	t.Cleanup(web.Close)
	var err error
	w.client, err = asleep.New(web.URL, key, asleep.WithClock(w.now))
	require.NoError(t, err)
	w.archive = archive.Lazy(dsn, w.now)
	t.Cleanup(func() { assert.NoError(t, w.archive.Close()) })
	w.store = w.open(t, Options{Key: key})
	return w
}

// open returns rows of the archive, reduced by other options.
func (w *world) open(t *testing.T, o Options) *Store {
	t.Helper()
	o.Now = w.now
	s := Lazy(w.dsn, w.archive, o)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// sync keeps everything of people.
func (w *world) sync(t *testing.T, users ...string) {
	t.Helper()
	for _, user := range users {
		w.client.Forget(user)
		_, err := archive.Sync{Store: w.archive, Service: w.client, Key: key, NightsOnly: true}.Run(t.Context(), user)
		require.NoError(t, err)
	}
}

// reduce reduces everybody who is due, and returns how many were.
func (w *world) reduce(t *testing.T) int {
	t.Helper()
	done, err := w.store.ReduceDue(t.Context(), 2, func(user string, err error) { t.Errorf("%s: %v", user, err) })
	require.NoError(t, err)
	return done
}

func sleeper(i int) string { return fmt.Sprintf("G-20250318162239-%04d", i) }

// anybody returns somebody with odd habits up to a moment: naps, split nights, nights
// without sleep, trips, gaps, weeks without a recording.
func anybody(id string, seed uint64, now time.Time) sandbox.Person {
	random := rand.New(rand.NewPCG(seed, 7))
	zones := []string{"Europe/Paris", "Asia/Seoul", "America/New_York"}
	p := sandbox.Person{ID: id}
	zone := zones[random.IntN(len(zones))]
	gaps := 3 + random.IntN(6)
	for day := 480; day >= 0; day-- {
		if random.IntN(40) == 0 {
			zone = zones[random.IntN(len(zones))]
		}
		if random.IntN(gaps) == 0 || seed%5 == 4 && day < 25 {
			continue
		}
		hours := []int{22, 22, 23, 13, 2}[random.IntN(5)]
		start := now.AddDate(0, 0, -day-1).Truncate(24 * time.Hour).Add(time.Duration(hours)*time.Hour + time.Duration(random.IntN(3600))*time.Second)
		if start.After(now) {
			continue
		}
		stages := make([]int8, 1+random.IntN(1100))
		quiet := random.IntN(12) == 0
		for i := range stages {
			if !quiet {
				stages[i] = []int8{0, 1, 1, 2, 3, -1}[(i/(20+random.IntN(9)))%(4+random.IntN(3))]
			}
		}
		p.Recordings = append(p.Recordings, sandbox.Recording{Start: start, Zone: zone, Stages: stages})
	}
	return p
}

func date(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}
