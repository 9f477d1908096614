package asleep

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	slowDown  = &Error{Code: RateLimited}
	noAnswer  = &Error{Code: Unavailable}
	refusal   = &Error{Code: BadKey}
	notAnyone = &Error{Code: NotFound}
)

// paced runs a test with a limiter on fake time.
func paced(t *testing.T, most int, test func(*testing.T, *limiter)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, release := newLimiter(t.Context(), most)
		defer release()
		test(t, l)
	})
}

// begun begins a request, which must not have to wait.
func begun(t *testing.T, l *limiter) time.Time {
	t.Helper()
	before := time.Now()
	began, err := l.begin()
	require.NoError(t, err)
	require.Equal(t, before, began)
	return began
}

// waited returns how long the next request has to wait.
func waited(t *testing.T, l *limiter) time.Duration {
	t.Helper()
	before := time.Now()
	began, err := l.begin()
	require.NoError(t, err)
	l.end(began, nil)
	return began.Sub(before)
}

func TestLimiterKeepsItsLimit(t *testing.T) {
	paced(t, 8, func(t *testing.T, l *limiter) {
		var mu sync.Mutex
		inside, most := 0, 0
		step := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			inside += by
			most = max(most, inside)
		}
		var all sync.WaitGroup
		began := time.Now()
		for range 100 {
			all.Go(func() {
				at, err := l.begin()
				assert.NoError(t, err) //nolint:testifylint // require must not stop another goroutine
				step(1)
				time.Sleep(time.Second)
				step(-1)
				l.end(at, nil)
			})
		}
		all.Wait()
		assert.Equal(t, 8, most)
		assert.Equal(t, 13*time.Second, time.Since(began), "and no place is idle")
	})
}

// A service that allows 20 requests a second is asked 20 times a second after a
// while, and everybody is served.
func TestLimiterSlowsDownAndRecovers(t *testing.T) {
	paced(t, 32, func(t *testing.T, l *limiter) {
		var mu sync.Mutex
		var served, refused int
		second, used := time.Now(), 0
		ask := func() error { // a window of a second each
			mu.Lock()
			defer mu.Unlock()
			if time.Since(second) >= time.Second {
				second, used = time.Now(), 0
			}
			if used++; used > 20 {
				refused++
				return slowDown
			}
			served++
			return nil
		}
		began := time.Now()
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				for again := true; again; {
					at, err := l.begin()
					assert.NoError(t, err) //nolint:testifylint // require must not stop another goroutine
					time.Sleep(50 * time.Millisecond)
					err = ask()
					l.end(at, err)
					again = err != nil
				}
			})
		}
		all.Wait()
		assert.Equal(t, 200, served)
		assert.Less(t, time.Since(began), 40*time.Second, "ten seconds would be perfect")
		assert.Less(t, refused, 150, "of that many more")
		assert.Less(t, l.limit, 32)
		assert.Zero(t, l.active)

		for range 1000 {
			at, err := l.begin()
			require.NoError(t, err)
			l.end(at, nil)
		}
		assert.Equal(t, 32, l.limit, "and as fast again as before")
	})
}

func TestLimiterHalvesOnceForABurst(t *testing.T) {
	paced(t, 32, func(t *testing.T, l *limiter) {
		began := make([]time.Time, 32)
		for i := range began {
			began[i] = begun(t, l)
		}
		time.Sleep(time.Millisecond)
		for _, at := range began {
			l.end(at, slowDown)
		}
		assert.Equal(t, 16, l.limit)
		assert.InDelta(t, bulkPause, waited(t, l), float64(bulkPause)/4)

		at := begun(t, l)
		time.Sleep(time.Millisecond)
		l.end(at, slowDown)
		assert.Equal(t, 8, l.limit, "the next burst counts again")
		assert.InDelta(t, 2*bulkPause, waited(t, l), float64(bulkPause)/2, "and pauses double")
	})
}

func TestLimiterHonoursWhatTheServiceAsksFor(t *testing.T) {
	paced(t, 4, func(t *testing.T, l *limiter) {
		at := begun(t, l)
		time.Sleep(time.Millisecond)
		l.end(at, &Error{Code: RateLimited, RetryAfter: 3 * time.Second})
		assert.Equal(t, 3*time.Second, waited(t, l))
	})
}

// A pause beyond the deadline ends the waiting at once.
func TestLimiterDoesNotWaitInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		l, release := newLimiter(ctx, 4)
		defer release()
		at := begun(t, l)
		time.Sleep(time.Millisecond)
		before := time.Now()
		l.end(at, &Error{Code: RateLimited, RetryAfter: time.Minute})
		_, err := l.begin()
		require.Equal(t, RateLimited, CodeOf(err))
		assert.Zero(t, time.Since(before))
	})
}

func TestLimiterGivesUpASilentService(t *testing.T) {
	paced(t, 2, func(t *testing.T, l *limiter) {
		for range 20 {
			l.end(begun(t, l), noAnswer) // it may come back
		}
		time.Sleep(silence + time.Millisecond)
		l.end(begun(t, l), notAnyone) // that was an answer
		for range 3 {
			l.end(begun(t, l), noAnswer)
		}
		time.Sleep(silence + time.Millisecond)
		at := begun(t, l)
		l.end(at, noAnswer)
		_, err := l.begin()
		assert.ErrorIs(t, err, noAnswer)
	})
}

func TestLimiterTellsThoseWhoWait(t *testing.T) {
	t.Parallel()
	for want, stop := range map[error]func(*limiter, time.Time, context.CancelFunc){
		refusal:          func(l *limiter, at time.Time, _ context.CancelFunc) { l.end(at, refusal) },
		context.Canceled: func(_ *limiter, _ time.Time, cancel context.CancelFunc) { cancel() },
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			l, release := newLimiter(ctx, 1)
			defer release()
			at := begun(t, l)
			waiting := make(chan error, 1)
			go func() {
				_, err := l.begin()
				waiting <- err
			}()
			synctest.Wait()
			assert.Empty(t, waiting)
			stop(l, at, cancel)
			assert.ErrorIs(t, <-waiting, want)
		})
	}
}
