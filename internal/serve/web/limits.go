package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// manyCallers is how many callers are remembered before the quiet ones are
// forgotten.
const manyCallers = 10_000

// limits holds each caller to a number of requests a minute. A quarter of them
// may come at once.
type limits struct {
	each  rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	callers map[string]*rate.Limiter
}

// newLimits returns nil for no limit.
func newLimits(perMinute int, now func() time.Time) *limits {
	if perMinute <= 0 {
		return nil
	}
	return &limits{
		each: rate.Limit(float64(perMinute) / 60), burst: max(perMinute/4, 1), now: now,
		callers: map[string]*rate.Limiter{},
	}
}

// take counts a request of a caller. When it comes too soon it returns how long
// to wait, and the request does not count.
func (l *limits) take(caller string) time.Duration {
	if l == nil {
		return 0
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.callers[caller]
	if limiter == nil {
		if len(l.callers) >= manyCallers {
			l.forgetQuiet(now)
		}
		limiter = rate.NewLimiter(l.each, l.burst)
		l.callers[caller] = limiter
	}
	reserved := limiter.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
	}
	return wait
}

// forgetQuiet drops those whose limiter is full again: a new one would be the same.
func (l *limits) forgetQuiet(now time.Time) {
	for caller, limiter := range l.callers {
		if limiter.TokensAt(now) >= float64(l.burst) {
			delete(l.callers, caller)
		}
	}
}
