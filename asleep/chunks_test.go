package asleep

import (
	"net/http"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestChunksAreSharedWhileTheyAreCached(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-05-01T12:00:00Z")
	s, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	from, to := date("2025-04-01"), date("2025-05-01")
	first, err := c.Chunks(t.Context(), testUser, from, to)
	require.NoError(t, err)
	require.Len(t, first, 2)
	assert.Equal(t, date("2025-01-12"), first[0].From)
	assert.Equal(t, date("2025-04-21"), first[0].To)
	assert.Equal(t, date("2025-04-22"), first[1].From)
	assert.Equal(t, date("2025-07-30"), first[1].To)
	assert.Equal(t, at.now(), first[1].ReadAt)
	assert.Len(t, first[0].Slept, 2)
	assert.Len(t, first[0].NeverSlept, 1)

	again, err := c.Chunks(t.Context(), testUser, from, to)
	require.NoError(t, err)
	assert.Same(t, first[0], again[0])
	assert.Same(t, first[1], again[1])
	assert.Len(t, s.asked(), 2)

	at.add(shortLife)
	later, err := c.Chunks(t.Context(), testUser, from, to)
	require.NoError(t, err)
	assert.Same(t, first[0], later[0], "a settled chunk stays")
	assert.NotSame(t, first[1], later[1], "the newest was read again")
	assert.Equal(t, at.now(), later[1].ReadAt)

	c.Forget(testUser)
	forgotten, err := c.Chunks(t.Context(), testUser, from, to)
	require.NoError(t, err)
	assert.NotSame(t, first[0], forgotten[0])
}

func TestChunksOfTheFuture(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-05-01T12:00:00Z")
	s, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	chunks, err := c.Chunks(t.Context(), testUser, date("2025-05-02"), date("2025-05-03"))
	require.NoError(t, err)
	assert.Empty(t, chunks)
	assert.Empty(t, s.asked())
}

func TestNoChunksAfterAnError(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-05-01T12:00:00Z")
	_, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("start_date") == "2025-04-22" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		answer(t, 200, "average_stats.json")(w, r)
	}, WithClock(at.now))
	chunks, err := c.Chunks(t.Context(), testUser, date("2025-04-01"), date("2025-05-01"))
	requireCode(t, NotFound, err)
	assert.Nil(t, chunks)
}

func TestCachedChunksAllocateLittle(t *testing.T) { // not parallel: it counts allocations
	c := offline(t, func(*http.Request) (*http.Response, error) {
		return response(200, string(recorded(t, "average_stats.json"))), nil
	})
	to := civil.DateOf(c.now().UTC())
	from := to.AddDays(-MaxDays)
	_, err := c.Chunks(t.Context(), testUser, from, to)
	require.NoError(t, err)
	allocs := testing.AllocsPerRun(100, func() {
		_, err := c.Chunks(t.Context(), testUser, from, to)
		assert.NoError(t, err)
	})
	assert.Less(t, allocs, 4.0)
}

func BenchmarkCachedChunks(b *testing.B) {
	for _, do := range []string{"Chunks", "Nights"} {
		b.Run(do, func(b *testing.B) {
			body := string(recorded(b, "average_stats.json"))
			at := clockAt("2025-05-01T12:00:00Z")
			c, err := New("https://service.invalid", testKey, WithClock(func() time.Time { return at.t }))
			require.NoError(b, err)
			c.transport = roundTrip(func(*http.Request) (*http.Response, error) { return response(200, body), nil })
			from, to := date("2025-04-01"), date("2025-05-01")
			chunks, err := c.Chunks(b.Context(), testUser, from, to)
			require.NoError(b, err)
			require.Len(b, chunks, 2)
			b.ReportAllocs()
			for b.Loop() {
				if do == "Chunks" {
					_, err = c.Chunks(b.Context(), testUser, from, to)
				} else {
					_, err = c.Nights(b.Context(), testUser, from, to)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
