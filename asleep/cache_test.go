package asleep

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gate answers with a recorded session when it is opened.
type gate struct {
	body      string
	open      chan struct{}
	asked     atomic.Int32
	cancelled atomic.Int32
}

func newGate(t *testing.T) *gate {
	return &gate{body: string(recorded(t, "session.json")), open: make(chan struct{})}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.asked.Add(1)
	select {
	case <-g.open:
		return response(200, g.body), nil
	case <-r.Context().Done():
		g.cancelled.Add(1)
		time.Sleep(time.Second) // on fake time: some take a while to notice
		return nil, r.Context().Err()
	}
}

// fetch asks for the session in the background.
func fetch(ctx context.Context, c *Client, user string) <-chan error {
	done := make(chan error, 1)
	go func() { _, err := c.Session(ctx, user, testNight); done <- err }()
	return done
}

func TestMissesJoin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		c := offline(t, g.RoundTrip)
		var all []<-chan error
		for range 20 {
			all = append(all, fetch(t.Context(), c, testUser))
		}
		synctest.Wait()
		close(g.open)
		for _, done := range all {
			require.NoError(t, <-done)
		}
		assert.EqualValues(t, 1, g.asked.Load())

		_, err := c.Session(t.Context(), testUser, testNight)
		require.NoError(t, err)
		assert.EqualValues(t, 1, g.asked.Load(), "and then it is cached")

		_, err = c.Session(t.Context(), otherUser, testNight)
		require.NoError(t, err)
		assert.EqualValues(t, 2, g.asked.Load(), "for this user alone")
	})
}

func TestOneWhoLeavesDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		c := offline(t, g.RoundTrip)
		// The caller whose request is in progress leaves, by cancelling and by its deadline.
		first, cancel := context.WithCancel(t.Context())
		left := fetch(first, c, testUser)
		synctest.Wait()
		short, cancelShort := context.WithTimeout(t.Context(), time.Second)
		defer cancelShort()
		late := fetch(short, c, testUser)
		stays := fetch(t.Context(), c, testUser)
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-left, context.Canceled)
		require.ErrorIs(t, <-late, context.DeadlineExceeded)
		close(g.open)
		require.NoError(t, <-stays)
		assert.EqualValues(t, 1, g.asked.Load())
		assert.Zero(t, g.cancelled.Load())
	})
}

func TestTheLastOneToLeaveCancels(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		c := offline(t, g.RoundTrip)
		ctx, cancel := context.WithCancel(t.Context())
		a, b := fetch(ctx, c, testUser), fetch(ctx, c, testUser)
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-a, context.Canceled)
		require.ErrorIs(t, <-b, context.Canceled)
		synctest.Wait()
		assert.EqualValues(t, 1, g.cancelled.Load())

		close(g.open)
		require.NoError(t, <-fetch(t.Context(), c, testUser), "the next caller starts afresh")
		assert.EqualValues(t, 2, g.asked.Load())
		time.Sleep(2 * time.Second) // until the first load has noticed
		require.NoError(t, <-fetch(t.Context(), c, testUser))
		assert.EqualValues(t, 2, g.asked.Load(), "whose answer stays")
	})
}

// The deadline that decides whether to pause is the most patient caller's.
func TestPausesLookAtThePatientCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t,
			reply{status: 503, header: []string{"Retry-After", "8"}, after: time.Second},
			reply{status: 200, body: string(recorded(t, "session.json"))})
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		hasty := fetch(short, c, testUser)
		synctest.Wait()
		patient := fetch(t.Context(), c, testUser)
		e := requireCode(t, Unavailable, <-hasty)
		assert.Equal(t, 8*time.Second, e.RetryAfter, "the last answer, not the deadline")
		require.NoError(t, <-patient)
		assert.Equal(t, []time.Duration{9 * time.Second}, s.waits())
	})
	synctest.Test(t, func(t *testing.T) { // the hasty caller comes later
		_, c := play(t,
			reply{status: 503, header: []string{"Retry-After", "8"}, after: time.Second},
			reply{status: 200, body: string(recorded(t, "session.json"))})
		patient := fetch(t.Context(), c, testUser)
		synctest.Wait()
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		requireCode(t, Unavailable, <-fetch(short, c, testUser))
		require.NoError(t, <-patient)
	})
}

func TestAPauseNobodyWaitsForIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := play(t, reply{status: 429, header: []string{"Retry-After", "8"}})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		_, err := c.Session(ctx, testUser, testNight)
		assert.Equal(t, 8*time.Second, requireCode(t, RateLimited, err).RetryAfter)
		assert.Zero(t, time.Since(began))
	})
}

func TestErrorsAreNotCached(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t, reply{status: 404}, reply{status: 200, body: string(recorded(t, "session.json"))})
		_, err := c.Session(t.Context(), testUser, testNight)
		requireCode(t, NotFound, err)
		_, err = c.Session(t.Context(), testUser, testNight)
		require.NoError(t, err)
		assert.Len(t, s.at, 2)
	})
}

func TestForget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		close(g.open)
		c := offline(t, g.RoundTrip)
		for range 2 {
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			require.NoError(t, <-fetch(t.Context(), c, otherUser))
		}
		require.EqualValues(t, 2, g.asked.Load())
		c.Forget(testUser)
		require.NoError(t, <-fetch(t.Context(), c, testUser))
		require.NoError(t, <-fetch(t.Context(), c, otherUser))
		assert.EqualValues(t, 3, g.asked.Load(), "the other user's stays")
	})
}

func TestForgetDropsWhatIsBeingLoaded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		c := offline(t, g.RoundTrip)
		before := fetch(t.Context(), c, testUser)
		synctest.Wait()
		c.Forget(testUser)
		after := fetch(t.Context(), c, testUser)
		synctest.Wait()
		assert.EqualValues(t, 2, g.asked.Load(), "who comes after does not join what began before")
		c.Forget(testUser)
		close(g.open)
		require.NoError(t, <-before)
		require.NoError(t, <-after)
		require.NoError(t, <-fetch(t.Context(), c, testUser))
		assert.EqualValues(t, 3, g.asked.Load(), "nothing of it was kept")
	})
}

func TestDeletingForgets(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 503} {
		for op, remove := range map[string]func(*Client) error{
			deleteUser:    func(c *Client) error { return c.DeleteUser(t.Context(), testUser) },
			deleteSession: func(c *Client) error { return c.DeleteSession(t.Context(), testUser, testNight) },
		} {
			reads := 0
			_, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete {
					w.WriteHeader(status)
					return
				}
				reads++
				answer(t, 200, "session.json")(w, r)
			})
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			if err := remove(c); status == 204 {
				require.NoError(t, err, op)
			} else {
				require.Error(t, err, op)
			}
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			assert.Equal(t, 2, reads, op)
		}
	}
}

func TestHowLongASessionIsKept(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		now  string // the session ends at 2024-03-05T03:50:29Z
		keep time.Duration
	}{
		"finished long ago": {"session.json", "2024-03-07T03:50:30Z", 6 * time.Hour},
		"finished recently": {"session.json", "2024-03-07T03:50:29Z", time.Minute},
		"unfinished":        {"session_in_progress.json", "2024-04-05T00:00:00Z", time.Minute},
		"being analysed":    {"", "2024-04-05T00:00:00Z", time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := clockAt(tc.now)
			body := strings.Replace(string(recorded(t, "session.json")), "COMPLETE", "CLOSED", 1)
			if tc.body != "" {
				body = string(recorded(t, tc.body))
			}
			s, c := serve(t, raw(200, body), WithClock(at.now))
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			at.add(tc.keep - time.Nanosecond)
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			assert.Len(t, s.asked(), 1)
			at.add(time.Nanosecond)
			require.NoError(t, <-fetch(t.Context(), c, testUser))
			assert.Len(t, s.asked(), 2)
		})
	}
}

// Expired answers leave memory, whether or not anybody asks.
func TestExpiredAnswersLeaveTheMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(t)
		close(g.open)
		c := offline(t, g.RoundTrip)
		require.NoError(t, <-fetch(t.Context(), c, testUser))
		require.Equal(t, 1, c.cache.store.EstimatedSize())
		time.Sleep(shortLife - time.Second) // in 2000, on fake time, the session is yet to come
		_, ok := c.cache.peek(cacheKey{user: testUser, kind: sessionKind, session: testNight})
		assert.True(t, ok)
		time.Sleep(time.Second)
		_, ok = c.cache.peek(cacheKey{user: testUser, kind: sessionKind, session: testNight})
		assert.False(t, ok)
		time.Sleep(expiryLag)
		synctest.Wait()
		assert.Zero(t, c.cache.store.EstimatedSize())
	})
}

func TestTheCacheIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newCache(time.Now, nil)
		for i := range 100 {
			k.put(cacheKey{user: testUser, chunk: i}, entry{value: i, weight: maxWeight / 50, life: time.Hour})
		}
		k.store.CleanUp()
		assert.LessOrEqual(t, k.store.WeightedSize(), uint64(maxWeight))
		assert.GreaterOrEqual(t, k.store.EstimatedSize(), 40, "and it holds something")
		time.Sleep(time.Hour + expiryLag)
		synctest.Wait()
		assert.Zero(t, k.store.EstimatedSize())
	})
}

// For the race detector: loads, leaves and forgets concurrently.
func TestCacheUnderLoad(t *testing.T) {
	t.Parallel()
	body := string(recorded(t, "session.json"))
	c := offline(t, func(*http.Request) (*http.Response, error) { return response(200, body), nil })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for j := range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				if j%3 == 0 {
					go cancel()
				}
				s, err := c.Session(ctx, testUser, testNight)
				if err == nil {
					assert.Len(t, s.SleepStages, 8)
				} else {
					assert.Equal(t, context.Canceled, err)
				}
				if j%7 == 0 {
					c.Forget(testUser)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	assert.Empty(t, c.cache.flights)
}
