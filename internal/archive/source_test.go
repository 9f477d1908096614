package archive

import (
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

func day(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// What is kept is what the service said, and the archive says so without asking it.
func TestSyncKeepsEverything(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 250))
		done := w.sync(t, somebody)
		assert.Equal(t, 250, done.Sessions)
		want, err := w.client.Nights(t.Context(), somebody, day("2025-01-01"), day("2026-11-23"))
		require.NoError(t, err)
		require.Len(t, want.Slept, 250)

		s := w.source(t, false)
		n := w.requests(func() {
			chunks, err := s.Chunks(t.Context(), somebody, day("2025-01-01"), day("2026-11-23"))
			require.NoError(t, err)
			got := asleep.MergeChunks(chunks, day("2025-01-01"), day("2026-11-23"), w.now())
			assert.Equal(t, want.Slept, got.Slept)
			assert.Equal(t, want.NeverSlept, got.NeverSlept)
			again, err := s.Chunks(t.Context(), somebody, day("2025-01-01"), day("2026-11-23"))
			require.NoError(t, err)
			for i := range chunks {
				assert.Same(t, chunks[i], again[i])
			}
		})
		assert.Zero(t, n)
		for _, one := range []int{0, 100, 200} {
			live, err := w.client.Session(t.Context(), somebody, want.Slept[one].ID)
			require.NoError(t, err)
			n := w.requests(func() {
				kept, err := s.Session(t.Context(), somebody, want.Slept[one].ID)
				require.NoError(t, err)
				assert.Equal(t, live, kept)
			})
			assert.Zero(t, n)
		}
		w.move(20 * time.Hour)
		assert.LessOrEqual(t, w.requests(func() { w.sync(t, somebody) }), int64(6), "only what is new")
	})
}

// Without the service, what is known is answered, and how old it is.
func TestOffline(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 40))
		w.sync(t, somebody)
		w.down.Store(true)
		w.move(3 * 24 * time.Hour)
		s := w.source(t, true)
		ask := func() []*asleep.Chunk {
			chunks, err := s.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-26"))
			var away *nights.Offline
			require.ErrorAs(t, err, &away)
			assert.Equal(t, morning, away.LastRead)
			assert.Equal(t, asleep.BadKey, asleep.CodeOf(away))
			return chunks
		}
		first := ask()
		assert.Len(t, asleep.MergeChunks(first, day("2026-10-20"), day("2026-11-26"), w.now()).Slept, 35)
		assert.Zero(t, w.requests(func() { assert.Equal(t, first, ask()) }), "the service is left alone for a while")
		_, err := s.RecentSessions(t.Context(), somebody)
		require.NoError(t, err)
		_, err = s.Chunks(t.Context(), stranger, day("2026-10-20"), day("2026-11-26"))
		assert.Equal(t, asleep.BadKey, asleep.CodeOf(err), "of whom nothing is known")

		alone := NewSource(w.store, Options{Now: w.now})
		chunks, err := alone.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-26"))
		var away *nights.Offline
		require.ErrorAs(t, err, &away)
		assert.Equal(t, first[0].Slept, chunks[0].Slept)

		other := NewSource(w.store, Options{Live: w.client, Key: "the-test-key", Now: w.now})
		_, err = other.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-26"))
		assert.Equal(t, asleep.BadKey, asleep.CodeOf(err), "another environment's nights are not told")
		require.NotErrorAs(t, err, &away)

		w.down.Store(false)
		w.move(time.Minute)
		_, err = s.Chunks(t.Context(), somebody, day("2026-10-20"), day("2026-11-26"))
		require.NoError(t, err)
	})
}

// Ten years of somebody are kept whole, and cost as little afterwards as a month does.
func TestTenYears(t *testing.T) {
	t.Parallel()
	p := nightly(t, somebody, 3650)
	every := p.Recordings
	p.Recordings = nil
	for i := 0; i < len(every); i += 5 { // a night in five, of an hour, is enough
		r := every[i]
		r.Stages, r.Snoring = r.Stages[:120], r.Snoring[:120]
		p.Recordings = append(p.Recordings, r)
	}
	w := newWorld(t, filepath.Join(t.TempDir(), "nights.db"), p)
	y := Sync{Store: w.store, Service: w.client, Key: key, NightsOnly: true}
	done, err := y.Run(t.Context(), somebody)
	require.NoError(t, err)
	assert.Equal(t, 37, done.Dates)
	alone := NewSource(w.store, Options{Key: key, Now: w.now})
	chunks, err := alone.Chunks(t.Context(), somebody, day("2016-11-01"), day("2026-11-22"))
	require.NoError(t, err)
	assert.Len(t, asleep.MergeChunks(chunks, day("2016-11-01"), day("2026-11-22"), w.now()).Slept, len(p.Recordings))
	w.move(20 * time.Hour)
	assert.LessOrEqual(t, w.requests(func() {
		_, err := y.Run(t.Context(), somebody)
		require.NoError(t, err)
	}), int64(6))
}

// A question about an older month, such as that of a release, leaves it known that the days
// after it were read.
func TestOlderDatesAreReadAgain(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 120))
		w.sync(t, somebody)
		who := w.who(t)
		require.NoError(t, w.store.Due(t.Context(), who))
		w.move(time.Minute)
		n := w.requests(func() {
			err := w.source(t, true).NightsOfMany(t.Context(), []string{somebody}, day("2026-09-10"), day("2026-10-02"), func(int, *asleep.Nights, error) {})
			require.NoError(t, err)
		})
		require.EqualValues(t, 1, n)
		held, err := w.store.Nights(t.Context(), who.Environment, somebody, day("2026-08-01"), day("2026-11-23"))
		require.NoError(t, err)
		assert.Zero(t, held.From, "everything was read")
	})
}

// The newest nights are read from where older ones were read to.
func TestNewestLeavesNoGap(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, nightly(t, somebody, 120))
		err := w.source(t, true).NightsOfMany(t.Context(), []string{somebody}, day("2026-09-10"), day("2026-10-02"), func(int, *asleep.Nights, error) {})
		require.NoError(t, err)
		who := w.who(t)
		require.NoError(t, Sync{Store: w.store, Service: w.client, Key: key}.Newest(t.Context(), who))
		held, err := w.store.Nights(t.Context(), who.Environment, somebody, day("2026-09-10"), day("2026-11-23"))
		require.NoError(t, err)
		assert.False(t, held.From.After(day("2026-09-10")), held.From)
	})
}
