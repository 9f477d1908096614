package asleep

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNightsOnceAsksForTheRange(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		now, from, to string
		spans         []string
	}{
		"within a chunk":    {"2026-01-01", "2025-02-01", "2025-02-28", []string{"2025-01-31 2025-03-01"}},
		"across a border":   {"2026-01-01", "2025-01-05", "2025-02-28", []string{"2025-01-04 2025-03-01"}},
		"up to now":         {"2025-02-10", "2025-02-01", "2025-02-10", []string{"2025-01-31 2025-02-10"}},
		"the longest":       {"2026-01-01", "2025-01-02", "2025-04-09", []string{"2025-01-01 2025-04-10"}},
		"a day too long":    {"2026-01-01", "2025-01-15", "2025-04-23", []string{"2025-01-12 2025-04-21", "2025-04-22 2025-07-30"}},
		"cut by the future": {"2025-04-10", "2025-01-02", "2026-04-10", []string{"2025-01-01 2025-04-10"}},
		"in the future":     {"2025-02-10", "2025-02-12", "2026-02-10", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := clockAt(tc.now + "T12:00:00Z")
			s, c := serve(t, answer(t, 200, "average_stats_empty.json"), WithClock(at.now))
			n, err := c.NightsOnce(t.Context(), testUser, date(tc.from), date(tc.to))
			require.NoError(t, err)
			assert.Equal(t, &Nights{Slept: []SleptSession{}, NeverSlept: []NeverSleptSession{}, AsOf: at.now()}, n)
			assert.Equal(t, tc.spans, s.spans())
		})
	}
}

func TestNightsOnceTakesWhatIsCached(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-03-20T12:00:00Z")
	s, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	from, to := date("2025-02-01"), date("2025-03-10")
	want, err := c.Nights(t.Context(), testUser, from, to)
	require.NoError(t, err)
	got, err := c.NightsOnce(t.Context(), testUser, from, to)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Len(t, s.asked(), 1)

	_, err = c.NightsOnce(t.Context(), otherUser, from, to)
	require.NoError(t, err)
	_, err = c.NightsOnce(t.Context(), otherUser, from, to)
	require.NoError(t, err)
	assert.Len(t, s.asked(), 3, "it keeps nothing itself")
	at.add(61 * time.Second)
	_, err = c.NightsOnce(t.Context(), testUser, from, to)
	require.NoError(t, err)
	assert.Len(t, s.asked(), 4, "what is cached has expired")
}

func TestNightsOnceSendsOnce(t *testing.T) {
	t.Parallel()
	for detail, code := range map[string]Code{"Rate limit exceeded": RateLimited, "Plan is expired": PlanExpired} {
		s, c := serve(t, raw(http.StatusForbidden, `{"detail":"`+detail+`"}`))
		_, err := c.NightsOnce(t.Context(), testUser, date("2025-02-01"), date("2025-02-28"))
		requireCode(t, code, err)
		assert.Len(t, s.asked(), 1)
	}
	s, c := serve(t, raw(http.StatusOK, `{"result":`))
	_, err := c.NightsOnce(t.Context(), testUser, date("2025-02-28"), date("2025-02-01"))
	requireCode(t, Invalid, err)
	_, err = c.NightsOnce(t.Context(), "..", date("2025-02-01"), date("2025-02-28"))
	requireCode(t, BadID, err)
	assert.Empty(t, s.asked())
	_, err = c.NightsOnce(t.Context(), testUser, date("2025-02-01"), date("2025-02-28"))
	requireCode(t, BadResponse, err)
	assert.Len(t, s.asked(), 1)
}

// Who makes a user must know whether the request left.
func TestErrNotSent(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if assert.NoError(t, err) {
			assert.NoError(t, connection.Close())
		}
	})
	_, err := c.CreateUser(t.Context(), nil)
	requireCode(t, Unavailable, err)
	require.NotErrorIs(t, err, ErrNotSent, "it left, and what became of it is not known")
	require.False(t, Unchanged(err))
	s.Close()
	_, err = c.CreateUser(t.Context(), nil)
	requireCode(t, Unavailable, err)
	require.ErrorIs(t, err, ErrNotSent)
	require.True(t, Unchanged(err))

	assert.True(t, unsent(&net.DNSError{IsNotFound: true}))
	assert.False(t, unsent(errors.New("any")))
}
