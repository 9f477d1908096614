package asleep

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Chunk 200 is 2024-10-04 to 2025-01-11, 201 begins on 2025-01-12, 202 on 2025-04-22.

// spans returns the ranges that were requested, in order.
func (s *service) spans() []string {
	var out []string
	for _, r := range s.asked() {
		q := r.URL.Query()
		out = append(out, q.Get("start_date")+" "+q.Get("end_date"))
	}
	slices.Sort(out)
	return out
}

func TestNightsAsksFixedChunks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		now, from, to string
		spans         []string
	}{
		"one":       {"2026-01-01", "2025-02-01", "2025-02-28", []string{"2025-01-12 2025-04-21"}},
		"one day":   {"2026-01-01", "2025-02-01", "2025-02-01", []string{"2025-01-12 2025-04-21"}},
		"inner":     {"2026-01-01", "2025-01-13", "2025-04-20", []string{"2025-01-12 2025-04-21"}},
		"its edges": {"2026-01-01", "2025-01-12", "2025-04-21", []string{"2024-10-04 2025-01-11", "2025-01-12 2025-04-21", "2025-04-22 2025-07-30"}},
		"186 days":  {"2026-01-01", "2024-12-01", "2025-06-04", []string{"2024-10-04 2025-01-11", "2025-01-12 2025-04-21", "2025-04-22 2025-07-30"}},
		"up to now": {"2025-02-10", "2025-02-01", "2025-02-10", []string{"2025-01-12 2025-02-10"}},
		"beyond":    {"2025-02-10", "2025-02-01", "2026-02-10", []string{"2025-01-12 2025-02-10"}},
		"last day":  {"2025-04-21", "2025-04-01", "2025-04-21", []string{"2025-01-12 2025-04-21"}},
		"first day": {"2025-04-22", "2025-04-22", "2025-04-22", []string{"2025-01-12 2025-04-21", "2025-04-22 2025-04-22"}},
		"tomorrow":  {"2025-02-10", "2025-02-11", "2025-02-11", nil},
		"future":    {"2025-02-10", "2025-02-12", "2026-02-10", nil},
		"old":       {"2025-02-10", "1969-12-31", "1970-01-02", []string{"1969-09-23 1969-12-31", "1970-01-01 1970-04-10"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := clockAt(tc.now + "T12:00:00Z")
			s, c := serve(t, answer(t, 200, "average_stats_empty.json"), WithClock(at.now))
			for range 2 {
				n, err := c.Nights(t.Context(), testUser, date(tc.from), date(tc.to))
				require.NoError(t, err)
				assert.Equal(t, &Nights{Slept: []SleptSession{}, NeverSlept: []NeverSleptSession{}, AsOf: at.now()}, n)
			}
			assert.Equal(t, tc.spans, s.spans(), "and the second call costs nothing")
			for _, r := range s.asked() {
				assert.Equal(t, "UTC", r.Header.Get("timezone"))
				assert.Empty(t, r.Header.Get("x-user-id"))
			}
		})
	}
}

func TestNoRangeOfHalfAYearCostsMoreThanThree(t *testing.T) {
	t.Parallel()
	for shift := range MaxDays {
		from := date("2024-01-01").AddDays(shift)
		to := from.AddDays(186 - 1)
		assert.LessOrEqual(t, ChunkOf(to.AddDays(margin))-ChunkOf(from.AddDays(-margin))+1, 3)
	}
}

func TestChunkOf(t *testing.T) {
	t.Parallel()
	for n := -3; n <= 3; n++ {
		begin := chunkZero.AddDays(n * MaxDays)
		assert.Equal(t, n, ChunkOf(begin))
		assert.Equal(t, n, ChunkOf(begin.AddDays(MaxDays-1)))
		assert.Equal(t, n-1, ChunkOf(begin.AddDays(-1)))
	}
}

func TestNightsChecksItsRange(t *testing.T) {
	t.Parallel()
	s, c := serve(t, answer(t, 200, "average_stats_empty.json"))
	for _, r := range [][2]civil.Date{
		{date("2025-01-02"), date("2025-01-01")},
		{{}, date("2025-01-01")},
		{date("2025-01-01"), noDate},
		{date("1990-01-01"), date("2025-01-01")},
	} {
		_, err := c.Nights(t.Context(), testUser, r[0], r[1])
		requireCode(t, Invalid, err)
	}
	assert.Empty(t, s.asked())
}

func TestNightsOfTheRecordedBody(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-01-17T12:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	for _, tc := range []struct {
		from, to     string
		slept, never int
	}{
		{"2025-01-14", "2025-01-16", 2, 1},
		{"2025-01-14", "2025-01-14", 1, 0},
		{"2025-01-15", "2025-01-15", 1, 0},
		{"2025-01-16", "2025-01-17", 0, 1},
		{"2025-01-13", "2025-01-13", 0, 0},
	} {
		n, err := c.Nights(t.Context(), testUser, date(tc.from), date(tc.to))
		require.NoError(t, err)
		assert.Len(t, n.Slept, tc.slept, tc)
		assert.Len(t, n.NeverSlept, tc.never, tc)
		assert.False(t, n.Sparse)
	}
}

// listing returns an average-stats body with the given slept sessions.
func listing(items ...string) string {
	return `{"result":{"slept_sessions":[` + strings.Join(items, ",") + `],"never_slept_sessions":[]}}`
}

func session(id, start, end, completed string) string {
	return fmt.Sprintf(`{"id":%q,"start_time":%q,"end_time":%q,"completed_time":%q,"time_in_bed":1,"time_in_sleep":0}`, id, start, end, completed)
}

// A night across the border of two chunks may be listed in either or in both.
func TestNightsOverTheBorderOfChunks(t *testing.T) {
	t.Parallel()
	const (
		start, end = "2025-04-21T23:00:00+00:00", "2025-04-22T06:00:00+00:00"
		id         = "20250421230000_aaaaa"
	)
	early, late := session(id, start, end, "2025-04-22T06:01:00+00:00"), session(id, start, end, "2025-04-22T09:00:00+00:00")
	for name, chunks := range map[string][2]string{
		"both, later last":  {listing(early), listing(late)},
		"both, later first": {listing(late), listing(early)},
		"first":             {listing(late), listing()},
		"second":            {listing(), listing(late)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := clockAt("2026-01-01T00:00:00Z")
			_, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body := chunks[0]
				if r.URL.Query().Get("start_date") == "2025-04-22" {
					body = chunks[1]
				}
				raw(200, body)(w, r)
			}, WithClock(at.now))
			for _, day := range []string{"2025-04-21", "2025-04-22"} {
				n, err := c.Nights(t.Context(), testUser, date(day), date(day))
				require.NoError(t, err)
				require.Len(t, n.Slept, 1, day)
				assert.Equal(t, instantOf("2025-04-22T09:00:00Z"), n.Slept[0].Completed)
				assert.Zero(t, *n.Slept[0].TimeInSleep)
				assert.True(t, n.Slept[0].HasMetrics(), "0 is a metric")
			}
		})
	}
}

func TestSparseNights(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-01-17T12:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats_sparse.json"), WithClock(at.now))
	n, err := c.Nights(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"))
	require.NoError(t, err)
	assert.True(t, n.Sparse)
	require.Len(t, n.Slept, 2)
	assert.Equal(t, SleptSession{ID: "20250114182518_z5c1v", Start: instantOf("2025-01-14T18:25:18Z")}, n.Slept[0])
	assert.False(t, n.Slept[0].HasMetrics())

	s, err := c.AverageStats(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"), "Asia/Seoul")
	require.NoError(t, err)
	assert.Equal(t, "Asia/Seoul", s.Timezone, "the sparse form does not tell it")
	assert.InDelta(t, 14154, *s.Averages.TimeInSleep, 0)
}

func TestOneSessionWithoutMetricsIsNotSparse(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-01-17T12:00:00Z")
	_, c := serve(t, raw(200, listing(
		session("20250115000000", "2025-01-15T00:00:00+00:00", "2025-01-15T01:00:00+00:00", "2025-01-15T01:00:00+00:00"),
		`{"id":"20250114000000","start_time":"2025-01-14T00:00:00+00:00","time_in_bed":null}`)), WithClock(at.now))
	n, err := c.Nights(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"))
	require.NoError(t, err)
	assert.False(t, n.Sparse)
	require.Len(t, n.Slept, 2)
	assert.False(t, n.Slept[0].HasMetrics())
}

func TestHowLongNightsAreKept(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-04-24T00:00:00Z") // the first chunk ended two days ago, no more
	s, c := serve(t, answer(t, 200, "average_stats_empty.json"), WithClock(at.now))
	ask := func(want ...string) {
		t.Helper()
		before := len(s.asked())
		_, err := c.Nights(t.Context(), testUser, date("2025-04-01"), date("2025-04-24"))
		require.NoError(t, err)
		var got []string
		for _, r := range s.asked()[before:] {
			got = append(got, r.URL.Query().Get("start_date"))
		}
		slices.Sort(got)
		assert.Equal(t, want, got)
	}
	const old, newest = "2025-01-12", "2025-04-22"
	ask(old, newest)
	at.add(shortLife - 1)
	ask()
	at.add(1)
	ask(old, newest) // by now the first chunk is settled
	at.add(shortLife)
	ask(newest)
	at.add(longLife - shortLife - 1)
	ask(newest)
	at.add(1)
	ask(old)
}

func TestNightsAsOf(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-05-01T00:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats_empty.json"), WithClock(at.now))
	began := at.now()
	for range 3 {
		n, err := c.Nights(t.Context(), testUser, date("2025-04-01"), date("2025-05-01"))
		require.NoError(t, err)
		assert.Equal(t, began, n.AsOf, "the settled chunk is the oldest part")
		at.add(time.Hour)
	}
}

func TestNightsFailsAsAWhole(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-01-01T00:00:00Z")
	_, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("start_date") == "2025-04-22" {
			raw(404, `{"detail":"Unable to find the user of id `+testUser+`"}`)(w, r)
			return
		}
		<-r.Context().Done() // the first failure ends the others
	}, WithClock(at.now))
	n, err := c.Nights(t.Context(), testUser, date("2025-01-20"), date("2025-06-04"))
	requireCode(t, NotFound, err)
	assert.Nil(t, n)
}

func TestNightsAreReadSideBySide(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-01-01T00:00:00Z")
	arrived := make(chan struct{}, 3)
	release := make(chan struct{})
	body := string(recorded(t, "average_stats_empty.json"))
	_, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if arrived <- struct{}{}; len(arrived) == cap(arrived) {
			close(release)
		}
		<-release
		raw(200, body)(w, r)
	}, WithClock(at.now))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := c.Nights(ctx, testUser, date("2024-12-01"), date("2025-06-04"))
	require.NoError(t, err)
}

func TestWhatIsNotReadCannotSpoilNights(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-01-17T12:00:00Z")
	_, c := serve(t, raw(200, strings.Replace(string(recorded(t, "average_stats.json")), `"03:10:30"`, "777", 1)), WithClock(at.now))
	n, err := c.Nights(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"))
	require.NoError(t, err)
	assert.Len(t, n.Slept, 2)
	assert.True(t, slices.IsSortedFunc(n.Slept, func(a, b SleptSession) int { return cmp.Compare(a.ID, b.ID) }))
}
