package asleep

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	maxRetries  = 2
	firstWait   = 500 * time.Millisecond // doubles, give or take a quarter
	longestWait = 10 * time.Second       // a longer one is reported, not waited for
)

// errCut marks a body that ended early, which a second attempt may cure.
var errCut = errors.New("the body is cut short or damaged")

// retrying calls once until it succeeds, fails for good, or the next wait would be
// too long, and returns the last error. Once covers sending, reading and decoding.
func retrying(ctx context.Context, once func() error) error {
	var last *Error // what the service answered last
	for failures := 0; ; failures++ {
		err := once()
		if err == nil {
			return nil
		}
		if e, ok := errors.AsType[*Error](err); ok && e.Status != 0 {
			last = e
			if f := flightOf(ctx); f != nil {
				f.setLast(e)
			}
		}
		if ctx.Err() != nil {
			return ended(ctx, last)
		}
		if failures == maxRetries || !retryable(err) {
			return err
		}
		wait := pause(err, failures)
		if wait > longestWait || wait >= remaining(ctx) {
			return err
		}
		if sleep(ctx, wait) != nil {
			return ended(ctx, last)
		}
	}
}

// sleep waits for d, or returns the context's error as soon as it has one.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// remaining is how much longer anybody waits for what ctx is for.
func remaining(ctx context.Context) time.Duration {
	until, _ := ctx.Deadline()
	if f := flightOf(ctx); f != nil {
		until = f.deadline()
	}
	return time.Until(until)
}

func retryable(err error) bool {
	code := CodeOf(err)
	return code == RateLimited || code == Unavailable || errors.Is(err, errCut)
}

// pause is how long to wait after a failure: what the service asked for, else
// the back-off.
func pause(err error, failures int) time.Duration {
	if wait := retryAfterOf(err); wait > 0 {
		return wait
	}
	return time.Duration(float64(firstWait<<failures) * (0.75 + rand.Float64()/2))
}

// retryAfterOf returns how long the service asked to wait, 0 if it did not say.
func retryAfterOf(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// retryAfter reads the header of that name, in seconds or as a date; 0 where it is
// absent, unreadable or past. The date is taken against the service's own clock
// if it tells it.
func retryAfter(h http.Header) time.Duration {
	const most = 24 * time.Hour
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, most)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), most)
}
