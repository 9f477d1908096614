package asleep

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	bulkPause        = 150 * time.Millisecond // doubles while the service keeps asking to slow down
	longestBulkPause = 8 * time.Second
	silence          = 5 * time.Second // after which a service that answers nobody is given up on
)

// limiter sets the pace of a bulk read: as many requests at a time as the client may
// have in flight, half as many each time the service asks to slow down, one more again
// after as many answers as there may be requests. It is not the client's own limit on
// requests in flight, because the pauses of a bulk read must not hold up somebody who
// asks about one person.
type limiter struct {
	most     int
	deadline time.Time // zero: none

	mu       sync.Mutex
	changed  *sync.Cond // anything below
	active   int
	limit    int
	answers  int           // since limit last changed
	lowered  time.Time     // when limit last fell
	pause    time.Duration // the next one, if the service does not say how long
	resume   time.Time     // no request begins before
	answered time.Time     // last answer, or the beginning
	failures int           // requests since then without an answer
	err      error         // why no more requests may begin; nil: they may
}

// newLimiter returns a limiter that ends with ctx. release must be called.
func newLimiter(ctx context.Context, most int) (l *limiter, release func() bool) {
	l = &limiter{most: most, limit: most, pause: bulkPause, answered: time.Now()}
	l.changed = sync.NewCond(&l.mu)
	l.deadline, _ = ctx.Deadline()
	return l, context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.stop(ctx.Err())
	})
}

// begin waits until a request may begin and returns when it does. Each that begins must
// end; after an error none has begun.
func (l *limiter) begin() (began time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.err == nil && (l.active >= l.limit || time.Now().Before(l.resume)) {
		l.changed.Wait()
	}
	if l.err != nil {
		return time.Time{}, l.err
	}
	l.active++
	return time.Now(), nil
}

// end records the outcome of a request.
func (l *limiter) end(began time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active--
	switch CodeOf(err) {
	case RateLimited:
		l.slowDown(began, err)
	case Unavailable, BadResponse:
		l.failed(err)
	case BadKey, PlanExpired, Quota: // the same for every user
		l.stop(err)
	default:
		if err == nil || CodeOf(err) != "" {
			l.succeeded()
		}
	}
	l.changed.Broadcast()
}

// slowDown lowers the limit, once for requests that were in flight together, and lets no
// request begin for a while. A pause beyond the deadline stops everything: an early answer
// about those who were read is better.
func (l *limiter) slowDown(began time.Time, err error) {
	wait := retryAfterOf(err)
	if began.After(l.lowered) {
		l.limit, l.answers, l.lowered = (l.limit+1)/2, 0, time.Now()
		if wait == 0 {
			wait = time.Duration(float64(l.pause) * (0.75 + rand.Float64()/2))
			l.pause = min(2*l.pause, longestBulkPause)
		}
	}
	resume := time.Now().Add(wait)
	if wait == 0 || !resume.After(l.resume) {
		return
	}
	l.resume = resume
	if !l.deadline.IsZero() && !resume.Before(l.deadline) {
		l.stop(err)
		return
	}
	time.AfterFunc(wait, l.changed.Broadcast)
}

// failed counts a request without a useful answer. When nobody gets one for long, the
// limiter gives up on the service.
func (l *limiter) failed(err error) {
	l.failures++
	if l.failures >= 2*l.most && time.Since(l.answered) > silence {
		l.stop(err)
	}
}

func (l *limiter) succeeded() {
	l.answered, l.failures = time.Now(), 0
	l.answers++
	if l.answers >= l.limit && l.limit < l.most {
		l.limit, l.answers, l.pause = l.limit+1, 0, bulkPause
	}
}

// stop lets no more requests begin. The first reason counts.
func (l *limiter) stop(err error) {
	if l.err == nil {
		l.err = err
	}
	l.changed.Broadcast()
}
