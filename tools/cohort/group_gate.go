package cohort

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

const (
	firstPause = 150 * time.Millisecond // doubles while the service keeps asking to slow down
	mostPause  = 8 * time.Second
	silence    = 5 * time.Second // in which a service that answers nobody is given up
)

// gate lets a number of requests through at a time: as many as the client may have
// under way, half as many each time the service asks to slow down, one more again
// after as many answers as there may be requests.
type gate struct {
	slots *semaphore.Weighted

	mu       sync.Mutex
	most     int
	limit    int
	surplus  int // slots to be taken out of use as they come free
	served   int // answers since limit last changed
	pause    time.Duration
	quiet    time.Time // nobody starts before
	lowered  time.Time
	answered time.Time // last answer, whatever it said, or the beginning
	failed   int       // requests since then that got none
	over     error     // why nobody starts any more
}

func newGate(most int) *gate {
	return &gate{
		slots: semaphore.NewWeighted(int64(most)), most: most, limit: most,
		pause: firstPause, answered: time.Now(),
	}
}

// enter waits for a slot and for the service's pause, and returns when the request
// begins. After an error there is nothing to leave.
func (g *gate) enter(ctx context.Context) (began time.Time, err error) {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return time.Time{}, err
	}
	for {
		wait, over := g.wait()
		if over == nil && wait > 0 {
			over = sleep(ctx, wait)
		} else if over == nil {
			return time.Now(), nil
		}
		if over != nil {
			g.release()
			return time.Time{}, over
		}
	}
}

func (g *gate) wait() (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.quiet), g.over
}

// leave gives the slot back after an answer.
func (g *gate) leave() {
	g.mu.Lock()
	g.answered, g.failed = time.Now(), 0
	g.served++
	if g.served >= g.limit && g.limit < g.most {
		g.limit, g.served, g.pause = g.limit+1, 0, firstPause
		if g.surplus > 0 {
			g.surplus--
		} else {
			g.slots.Release(1)
		}
	}
	g.mu.Unlock()
	g.release()
}

// lost gives the slot back after a request without an answer. When nobody gets one
// for long, the gate is over.
func (g *gate) lost(why error) {
	g.mu.Lock()
	g.failed++
	if g.over == nil && g.failed >= 2*g.most && time.Since(g.answered) > silence {
		g.over = why
	}
	g.mu.Unlock()
	g.release()
}

// slow gives the slot back after the service asked to slow down. Requests that were
// under way together lower the limit once. A pause that the context does not allow
// ends everything: better an early answer about those who were read.
func (g *gate) slow(ctx context.Context, began time.Time, why *asleep.Error) {
	g.mu.Lock()
	wait := why.RetryAfter
	if began.After(g.lowered) {
		now := time.Now()
		half := (g.limit + 1) / 2
		g.surplus += g.limit - half
		g.limit, g.served, g.lowered = half, 0, now
		if wait <= 0 {
			wait = time.Duration(float64(g.pause) * (0.75 + rand.Float64()/2))
			g.pause = min(2*g.pause, mostPause)
		}
	}
	if until := time.Now().Add(wait); wait > 0 && until.After(g.quiet) {
		g.quiet = until
	}
	if deadline, ok := ctx.Deadline(); ok && g.over == nil && !g.quiet.Before(deadline) {
		g.over = why
	}
	g.mu.Unlock()
	g.release()
}

// stop lets nobody through any more and gives the slot back.
func (g *gate) stop(why error) {
	g.mu.Lock()
	if g.over == nil {
		g.over = why
	}
	g.mu.Unlock()
	g.release()
}

// release gives a slot back, or takes it out of use.
func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.surplus > 0 {
		g.surplus--
		return
	}
	g.slots.Release(1)
}

// sleep waits, or returns the context's error.
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
