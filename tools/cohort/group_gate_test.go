package cohort

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

var slowDown = &asleep.Error{Code: asleep.RateLimited}

func TestGateLetsAsManyInAsThereAreSlots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(8)
		var mu sync.Mutex
		inside, most := 0, 0
		step := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			inside += by
			most = max(most, inside)
		}
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if _, err := g.enter(t.Context()); !assert.NoError(t, err) {
					return
				}
				step(1)
				time.Sleep(time.Second)
				step(-1)
				g.leave()
			})
		}
		all.Wait()
		assert.Equal(t, 8, most)
	})
}

// A service that allows 20 requests a second is asked 20 times a second after a
// while, and everybody is served.
func TestGateSlowsDownAndRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(32)
		var mu sync.Mutex
		var served, refused int
		second, used := time.Now(), 0
		ask := func() bool { // a window of a second each
			mu.Lock()
			defer mu.Unlock()
			if time.Since(second) >= time.Second {
				second, used = time.Now(), 0
			}
			if used++; used > 20 {
				refused++
				return false
			}
			served++
			return true
		}
		began := time.Now()
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				for {
					at, err := g.enter(t.Context())
					if !assert.NoError(t, err) { //nolint:testifylint // require must not stop another goroutine
						return
					}
					time.Sleep(50 * time.Millisecond)
					if ask() {
						g.leave()
						return
					}
					g.slow(t.Context(), at, slowDown)
				}
			})
		}
		all.Wait()
		assert.Equal(t, 200, served)
		assert.Less(t, time.Since(began), 40*time.Second, "ten seconds would be perfect")
		assert.Less(t, refused, 150, "of that many more")
		assert.Less(t, g.limit, 32)

		for range 1000 {
			_, err := g.enter(t.Context())
			require.NoError(t, err)
			g.leave()
		}
		assert.Equal(t, 32, g.limit, "and as fast again as before")
		assert.Zero(t, g.surplus)
		assert.True(t, g.slots.TryAcquire(32), "no slot was lost or made")
		assert.False(t, g.slots.TryAcquire(1))
	})
}

func TestGateLowersOnceForABurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(32)
		began := make([]time.Time, 32)
		for i := range began {
			began[i], _ = g.enter(t.Context())
		}
		time.Sleep(time.Millisecond)
		for _, at := range began {
			g.slow(t.Context(), at, slowDown)
		}
		assert.Equal(t, 16, g.limit)
		before := time.Now()
		_, err := g.enter(t.Context())
		require.NoError(t, err)
		waited := time.Since(before)
		assert.True(t, waited >= firstPause*3/4 && waited <= firstPause*5/4, waited)
	})
}

func TestGateHonoursWhatTheServiceAsksFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(4)
		at, err := g.enter(t.Context())
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
		g.slow(t.Context(), at, &asleep.Error{Code: asleep.RateLimited, RetryAfter: 3 * time.Second})
		before := time.Now()
		_, err = g.enter(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 3*time.Second, time.Since(before))
	})
}

// A pause beyond the time there is ends the waiting at once.
func TestGateDoesNotWaitInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		g := newGate(4)
		at, err := g.enter(ctx)
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
		before := time.Now()
		g.slow(ctx, at, &asleep.Error{Code: asleep.RateLimited, RetryAfter: time.Minute})
		_, err = g.enter(ctx)
		require.Equal(t, asleep.RateLimited, asleep.CodeOf(err))
		assert.Zero(t, time.Since(before))
		assert.True(t, g.slots.TryAcquire(2))
	})
}

func TestGateGivesUpASilentService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2)
		gone := errors.New("gone")
		for range 20 {
			_, err := g.enter(t.Context())
			require.NoError(t, err, "it may come back")
			g.lost(gone)
		}
		time.Sleep(silence + time.Millisecond)
		_, err := g.enter(t.Context())
		require.NoError(t, err)
		g.lost(gone)
		_, err = g.enter(t.Context())
		require.ErrorIs(t, err, gone)
	})
}

func TestGateStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		_, err := g.enter(t.Context())
		require.NoError(t, err)
		waiting := make(chan error, 1)
		go func() {
			_, err := g.enter(t.Context())
			waiting <- err
		}()
		synctest.Wait()
		refused := errors.New("refused")
		g.stop(refused)
		require.ErrorIs(t, <-waiting, refused, "who waits is told, too")

		g = newGate(1)
		_, _ = g.enter(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := g.enter(ctx)
			waiting <- err
		}()
		synctest.Wait()
		cancel()
		assert.ErrorIs(t, <-waiting, context.Canceled)
	})
}
