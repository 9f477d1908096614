package asleep

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nightsOfOne makes a bulk read of one user.
func nightsOfOne(t *testing.T, c *Client, userID string, from, to civil.Date) (nights *Nights, err error) {
	t.Helper()
	require.NoError(t, c.NightsOfMany(t.Context(), []string{userID}, from, to, func(_ int, n *Nights, e error) { nights, err = n, e }))
	return nights, err
}

func TestNightsOfManyAskForTheRange(t *testing.T) {
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
			n, err := nightsOfOne(t, c, testUser, date(tc.from), date(tc.to))
			require.NoError(t, err)
			assert.Equal(t, &Nights{Slept: []SleptSession{}, NeverSlept: []NeverSleptSession{}, AsOf: at.now()}, n)
			assert.Equal(t, tc.spans, s.spans())
		})
	}
}

func TestNightsOfManyTakeWhatIsCached(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-03-20T12:00:00Z")
	s, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	from, to := date("2025-02-01"), date("2025-03-10")
	want, err := c.Nights(t.Context(), testUser, from, to)
	require.NoError(t, err)
	got, err := nightsOfOne(t, c, testUser, from, to)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Len(t, s.asked(), 1)

	_, err = nightsOfOne(t, c, otherUser, from, to)
	require.NoError(t, err)
	_, err = nightsOfOne(t, c, otherUser, from, to)
	require.NoError(t, err)
	assert.Len(t, s.asked(), 3, "it keeps nothing itself")
	at.add(61 * time.Second)
	_, err = nightsOfOne(t, c, testUser, from, to)
	require.NoError(t, err)
	assert.Len(t, s.asked(), 4, "what is cached has expired")
}

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
}

// Whatever fails before there is a connection, nothing was sent on it.
func TestFailedHandshakesSendNothing(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.NotFoundHandler()) // speaks no TLS
	t.Cleanup(plain.Close)
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(untrusted.Close)
	for _, url := range []string{"https://" + plain.Listener.Addr().String(), untrusted.URL, "https://asleep.invalid"} {
		c, err := New(url, "key")
		require.NoError(t, err)
		_, err = c.CreateUser(t.Context(), nil)
		requireCode(t, Unavailable, err)
		require.ErrorIs(t, err, ErrNotSent, url)
		assert.True(t, Unchanged(err), url)
	}
}

// people returns n made-up ids.
func people(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("G-20230601120000-%020d", i)
	}
	return ids
}

// bulk is what a bulk read reported about each user.
type bulk struct {
	mu     sync.Mutex
	nights []*Nights
	errs   []error
	calls  []int
}

func (b *bulk) read(ctx context.Context, c *Client, ids []string) error {
	b.nights, b.errs, b.calls = make([]*Nights, len(ids)), make([]error, len(ids)), make([]int, len(ids))
	return c.NightsOfMany(ctx, ids, date("2000-01-01"), date("2000-01-01"), func(i int, n *Nights, err error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.nights[i], b.errs[i] = n, err
		b.calls[i]++
	})
}

// codes counts the outcomes, and asserts that each user has exactly one.
func (b *bulk) codes(t *testing.T) map[Code]int {
	t.Helper()
	count := map[Code]int{}
	for i, err := range b.errs {
		assert.Equal(t, 1, b.calls[i])
		assert.Equal(t, err == nil, b.nights[i] != nil)
		switch {
		case err == nil:
			count[""]++
		case CodeOf(err) == "":
			count[cancelled]++
		default:
			count[CodeOf(err)]++
		}
	}
	return count
}

func TestNightsOfMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // begins on 1 January 2000
		empty := string(recorded(t, "average_stats_empty.json"))
		var asked, inFlight, most atomic.Int64
		c := offline(t, func(r *http.Request) (*http.Response, error) {
			asked.Add(1)
			if now := inFlight.Add(1); now > most.Load() {
				most.Store(now)
			}
			defer inFlight.Add(-1)
			time.Sleep(time.Second)
			if strings.Contains(r.URL.Path, people(50)[49]) {
				return response(http.StatusNotFound, ""), nil
			}
			return response(http.StatusOK, empty), nil
		})
		ids := append(people(320), "..", testUser)
		_, err := c.Nights(t.Context(), testUser, date("2000-01-01"), date("2000-01-01"))
		require.NoError(t, err)
		require.EqualValues(t, 1, asked.Swap(0))

		var b bulk
		began := time.Now()
		require.NoError(t, b.read(t.Context(), c, ids))
		assert.Equal(t, map[Code]int{"": 320, NotFound: 1, BadID: 1}, b.codes(t))
		assert.Equal(t, NotFound, CodeOf(b.errs[49]))
		assert.EqualValues(t, 320, asked.Load(), "one request each, none for who is cached or cannot be")
		assert.EqualValues(t, 32, most.Load())
		assert.Equal(t, 10*time.Second, time.Since(began))

		require.NoError(t, b.read(t.Context(), c, ids))
		assert.EqualValues(t, 640, asked.Load(), "nothing was kept")

		require.NoError(t, b.read(t.Context(), c, nil))
		err = c.NightsOfMany(t.Context(), ids, date("2000-01-02"), date("2000-01-01"), nil)
		requireCode(t, Invalid, err)
	})
}

func TestNightsOfManyWhereTheServiceFails(t *testing.T) {
	t.Parallel()
	good := reply{status: 200, body: string(recorded(t, "average_stats_empty.json"))}
	for name, tc := range map[string]struct {
		replies []reply
		people  int
		codes   map[Code]int
		asked   int // at most
		takes   time.Duration
	}{
		"once":                 {[]reply{{status: 503}, good}, 10, map[Code]int{"": 10}, 11, time.Second},
		"once unreadable":      {[]reply{{status: 200, body: "{"}, good}, 10, map[Code]int{"": 10}, 11, time.Second},
		"one gets no answer":   {[]reply{{status: 503}}, 1, map[Code]int{Unavailable: 1}, 3, time.Second},
		"asks to slow down":    {[]reply{{status: 429}, {status: 429}, good}, 10, map[Code]int{"": 10}, 12, time.Second},
		"says how long":        {[]reply{{status: 429, header: []string{"Retry-After", "7"}}, good}, 1, map[Code]int{"": 1}, 2, 7 * time.Second},
		"always":               {[]reply{{status: 429}}, 1, map[Code]int{RateLimited: 1}, mostSlowed, time.Minute},
		"longer than there is": {[]reply{{status: 429, header: []string{"Retry-After", "700"}}}, 1000, map[Code]int{RateLimited: 1000}, 40, 0},
		"bad key":              {[]reply{{status: 401, body: `{"detail":"Unauthorized"}`}}, 1000, map[Code]int{BadKey: 1000}, 40, 0},
		"plan":                 {[]reply{good, {status: 403, body: `{"detail":"Plan is expired"}`}}, 1000, map[Code]int{"": 1, PlanExpired: 999}, 40, 0},
		"quota":                {[]reply{{status: 403, body: `{"detail":"Quota exceeded"}`}}, 1000, map[Code]int{Quota: 1000}, 40, 0},
		"silent":               {[]reply{{hang: true}}, 1000, map[Code]int{Unavailable: 1000}, 100, 31 * time.Second},
		"down":                 {[]reply{{status: 503, after: time.Second}}, 1000, map[Code]int{Unavailable: 1000}, 500, 9 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, c := play(t, tc.replies...)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				began := time.Now()
				var b bulk
				require.NoError(t, b.read(ctx, c, people(tc.people)))
				assert.Equal(t, tc.codes, b.codes(t))
				assert.LessOrEqual(t, len(s.at), tc.asked)
				assert.LessOrEqual(t, time.Since(began), tc.takes)
			})
		})
	}
}

// Sessions are read as one reads them alone, at the pace that the service allows: all of them, with hardly more
// requests than there have to be.
func TestSessionsOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const perSecond = 10
		body := string(recorded(t, "session.json"))
		var asked, granted atomic.Int64
		began := time.Now()
		c := offline(t, func(r *http.Request) (*http.Response, error) {
			asked.Add(1)
			id := path.Base(r.URL.Path)
			switch {
			case id == "20240305025029_00005":
				return response(http.StatusNotFound, ""), nil
			case granted.Load() >= perSecond*(1+int64(time.Since(began)/time.Second)):
				return response(http.StatusForbidden, `{"detail":"Rate limit exceeded"}`), nil
			}
			granted.Add(1)
			time.Sleep(50 * time.Millisecond)
			return response(http.StatusOK, strings.ReplaceAll(body, "20240305025029_k3x9p", id)), nil
		})
		var ids []string
		for i := range 200 {
			ids = append(ids, fmt.Sprintf("20240305025029_%05d", i))
		}
		ids = append(ids, "no id")
		var mu sync.Mutex
		codes := map[Code]int{}
		require.NoError(t, c.SessionsOf(t.Context(), testUser, ids, func(i int, s *Session, err error) {
			mu.Lock()
			defer mu.Unlock()
			codes[CodeOf(err)]++
			if err == nil {
				assert.Equal(t, ids[i], s.ID)
			}
		}))
		assert.Equal(t, map[Code]int{"": 199, NotFound: 1, BadID: 1}, codes)
		assert.Less(t, time.Since(began), 60*time.Second, "at a third of what is allowed it takes as long")
		assert.Less(t, asked.Load(), int64(400))
		requireCode(t, BadID, c.SessionsOf(t.Context(), "..", ids, nil))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, c.SessionsOf(ctx, testUser, ids, func(int, *Session, error) {}), context.Canceled)
	})
}

func TestNightsOfManyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := play(t, reply{hang: true})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		var b bulk
		require.ErrorIs(t, b.read(ctx, c, people(100)), context.Canceled)
		assert.Equal(t, time.Second, time.Since(began))
		assert.Equal(t, map[Code]int{cancelled: 100}, b.codes(t))
	})
	synctest.Test(t, func(t *testing.T) {
		_, c := play(t, reply{status: 200, body: string(recorded(t, "average_stats_empty.json"))}, reply{hang: true})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		var b bulk
		require.ErrorIs(t, b.read(ctx, c, people(100)), context.DeadlineExceeded)
		assert.Equal(t, map[Code]int{"": 1, cancelled: 99}, b.codes(t), "what was read is told")
	})
}

func TestPanicsReachWhoAskedForMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t, reply{status: 200, body: string(recorded(t, "average_stats_empty.json")), after: time.Second})
		assert.PanicsWithValue(t, "a mistake", func() {
			_ = c.NightsOfMany(t.Context(), people(1000), date("2000-01-01"), date("2000-01-01"), func(i int, _ *Nights, _ error) {
				if i == 7 {
					panic("a mistake")
				}
			})
		})
		assert.Less(t, len(s.at), 100, "and nobody is asked about any more")
	})
}

func TestLongRangesOfMany(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-01-01T12:00:00Z")
	s, c := serve(t, answer(t, 200, "average_stats_empty.json"), WithClock(at.now))
	var read atomic.Int64
	err := c.NightsOfMany(t.Context(), people(3), date("2025-01-15"), date("2025-04-23"), func(_ int, _ *Nights, err error) {
		assert.NoError(t, err) //nolint:testifylint // require must not stop another goroutine
		read.Add(1)
	})
	require.NoError(t, err)
	assert.EqualValues(t, 3, read.Load())
	assert.Len(t, s.asked(), 6)
}
