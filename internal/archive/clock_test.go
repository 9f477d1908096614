package archive

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// skewed is a world whose program has a clock that is wrong by some time, beside a service
// with a right one.
type skewed struct {
	*world
	wrong atomic.Int64
}

func (s *skewed) now() time.Time { return s.world.now().Add(time.Duration(s.wrong.Load())) }

func newSkewed(t *testing.T, dsn string, people ...sandbox.Person) *skewed {
	t.Helper()
	s := &skewed{world: newWorld(t, dsn, people...)}
	s.store = openStore(t, dsn, s.now)
	return s
}

func (s *skewed) sync(t *testing.T) {
	t.Helper()
	client, err := asleep.New(s.web.URL, key, asleep.WithClock(s.now))
	require.NoError(t, err)
	_, err = Sync{Store: s.store, Service: client, Key: key}.Run(t.Context(), somebody)
	require.NoError(t, err)
}

// same holds what is kept against what the service says, without asking it.
func (s *skewed) same(t *testing.T) {
	t.Helper()
	s.fresh(t)
	from, to := day("2026-08-01"), day("2026-12-31")
	want, err := s.client.Nights(t.Context(), somebody, from, to)
	require.NoError(t, err)
	chunks, err := NewSource(s.store, Options{Key: key, Alone: true, Now: s.now}).Chunks(t.Context(), somebody, from, to)
	require.NoError(t, err)
	got := asleep.MergeChunks(chunks, from, to, s.now())
	require.Equal(t, want.Slept, got.Slept)
	require.Equal(t, want.NeverSlept, got.NeverSlept)
	all, err := s.store.Everybody(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(want.Slept)+len(want.NeverSlept), all[0].Nights, "nothing twice")
}

// Whatever a machine's clock shows between the runs of a sync, and wherever the sleeper goes,
// nothing is lost, nothing is kept twice, and what comes later is noticed.
func TestClocksAndZonesChange(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		p := nightly(t, somebody, 60)
		for i := range p.Recordings { // through the end of summer time, and to another continent and back
			if i > 45 && i < 52 {
				p.Recordings[i].Zone = "Asia/Seoul"
				p.Recordings[i].Start = p.Recordings[i].Start.Add(-8 * time.Hour)
			}
		}
		s := newSkewed(t, dsn, p)
		first := morning.AddDate(0, 0, -45)
		const day = 24 * time.Hour
		for i, wrong := range []time.Duration{0, day, 0, -day, 0, 2 * day, -2 * day, 400 * day, 0, -400 * day, time.Hour, -time.Hour, 3 * day, 2 * day, day, 0} {
			s.set(first.Add(time.Duration(i) * 67 * time.Hour))
			s.wrong.Store(int64(wrong))
			s.sync(t)
			if wrong == 0 {
				s.same(t)
			}
		}
	})
}

// What was read while the clock was ahead does not count as settled when it is right again.
func TestNothingSettlesTooEarly(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		p := nightly(t, somebody, 20)
		s := newSkewed(t, dsn, p)
		s.wrong.Store(int64(72 * time.Hour))
		s.sync(t)
		again := sandbox.Person{ID: somebody, Recordings: p.Recordings[:19]} // the last one is deleted
		s.box.Close()
		s.box = sandbox.New(sandbox.Options{Now: s.world.now, People: []sandbox.Person{again}})
		t.Cleanup(s.box.Close)
		s.wrong.Store(0)
		s.sync(t)
		s.same(t)
		s.move(73 * time.Hour) // as late as it was thought to be
		client, err := asleep.New(s.web.URL, key, asleep.WithClock(s.now))
		require.NoError(t, err)
		source := NewSource(s.store, Options{Live: client, Key: key, Keep: true, Now: s.now})
		assert.NotZero(t, s.requests(func() {
			_, err := source.Chunks(t.Context(), somebody, day("2026-11-20"), day("2026-11-22"))
			require.NoError(t, err)
		}), "it was read a few hours after the night")
	})
}
