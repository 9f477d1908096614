package jobs

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// budget has requests wait until they may be made. It is shared by all programs that use
// the database. A program that is killed may leave a few requests unused; none are made
// that were not granted, except those of questions, which are only counted.
type budget struct {
	db          *sqldb.DB
	limits      Limits
	probe       time.Duration
	environment func(context.Context) (string, error)

	mu       sync.Mutex
	waiting  [classes][]*turn // of each class those who came first first
	serving  bool             // somebody gives them their turns
	servers  sync.WaitGroup
	counted  int  // requests that nobody waited for, not in the database yet
	slowed   bool // the service asked to slow down, and it is not in the database yet
	failures int  // requests without an answer since the last one with
}

// turn is somebody who waits.
type turn struct {
	ctx  context.Context
	come chan error // gets what became of it, once
}

// The classes of those who wait; the first goes first.
const (
	newest = iota
	histories
	classes
)

type classKey struct{}

// ofHistories marks requests that can wait for all others.
func ofHistories(ctx context.Context) context.Context {
	return context.WithValue(ctx, classKey{}, histories)
}

// errNotNow is why a request is not made.
var errNotNow = errors.New("it was not sent: what may be asked of the service is used up for now, or nothing is asked at the moment")

func newBudget(db *sqldb.DB, l Limits, probe time.Duration, environment func(context.Context) (string, error)) *budget {
	return &budget{db: db, limits: l, probe: probe, environment: environment}
}

// Wait returns when a request may be made; it is what a client waits for. If that would take
// long, the error is an [*asleep.Error] with the time.
func (b *budget) Wait(ctx context.Context) error {
	class, _ := ctx.Value(classKey{}).(int)
	t := &turn{ctx, make(chan error, 1)}
	b.mu.Lock()
	b.waiting[class] = append(b.waiting[class], t)
	if !b.serving {
		b.serving = true
		b.servers.Go(b.serve)
	}
	b.mu.Unlock()
	select {
	case err := <-t.come:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serve gives everybody who waits their turn.
func (b *budget) serve() {
	for {
		n, counted, slowed := b.wanted()
		if n == 0 {
			return
		}
		var first, now time.Time
		var between, refused time.Duration
		var granted int
		err := b.change(context.Background(), func(a *account, at time.Time) {
			if slowed {
				a.slower(at)
			}
			a.asked(at, counted, b.limits)
			now = at
			first, between, granted, refused = a.take(at, n, b.limits, b.probe)
		})
		if err == nil && granted == 0 {
			err = &asleep.Error{Code: asleep.RateLimited, RetryAfter: refused, Err: errNotNow}
		}
		if err != nil {
			b.refuse(err)
			continue
		}
		begin := time.Now().Add(first.Sub(now))
		for i := range granted {
			time.Sleep(time.Until(begin.Add(time.Duration(i) * between)))
			b.next()
		}
	}
}

// perLease is for how long requests are reserved at a time: so long somebody of another
// replica may have to wait who is more urgent.
const perLease = 250 * time.Millisecond

// wanted returns how many requests to reserve, and takes what is to be noted. Nobody is
// served any more if it is 0.
func (b *budget) wanted() (n, counted int, slowed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for class, all := range b.waiting {
		kept := all[:0]
		for _, t := range all {
			if t.ctx.Err() == nil {
				kept = append(kept, t)
			}
		}
		b.waiting[class] = kept
		n += len(kept)
	}
	if n == 0 {
		b.serving = false
		return 0, 0, false
	}
	if b.limits.PerSecond > 0 {
		n = min(n, max(1, int(math.Ceil(b.limits.PerSecond*perLease.Seconds()))))
	}
	counted, slowed = b.counted, b.slowed
	b.counted, b.slowed = 0, false
	return n, counted, slowed
}

// next gives the most urgent their turn.
func (b *budget) next() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for class := range b.waiting {
		for len(b.waiting[class]) > 0 {
			t := b.waiting[class][0]
			b.waiting[class] = b.waiting[class][1:]
			if t.ctx.Err() == nil {
				t.come <- nil
				return
			}
		}
	}
}

// refuse sends everybody away who waits now.
func (b *budget) refuse(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for class, all := range b.waiting {
		for _, t := range all {
			t.come <- err
		}
		b.waiting[class] = nil
	}
}

// mostFailures is after how many requests without an answer the service is left alone.
const mostFailures = 10

// ended hears how a request of a job ended.
func (b *budget) ended(code asleep.Code) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch code {
	case asleep.RateLimited:
		b.slowed = true
	case asleep.Unavailable:
		b.failures++
	default:
		b.failures = 0
	}
}

// isAway reports whether nobody got an answer lately.
func (b *budget) isAway() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failures >= mostFailures
}

// counts notes a request that did not wait.
func (b *budget) counts() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counted++
}

// flush writes what was counted.
func (b *budget) flush(ctx context.Context) error {
	b.mu.Lock()
	counted := b.counted
	b.counted = 0
	b.mu.Unlock()
	if counted == 0 {
		return nil
	}
	return b.change(ctx, func(a *account, now time.Time) { a.asked(now, counted, b.limits) })
}

// close waits until nobody is served.
func (b *budget) close() {
	b.servers.Wait()
}
