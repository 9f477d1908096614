package asleep

import (
	"context"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/cache"
)

// What the cache may hold, counted in sessions of a list, about a kilobyte each.
const maxWeight = 100_000

// Something that happened more than two days ago hardly changes any more.
const (
	settled   = 48 * time.Hour
	longLife  = 6 * time.Hour
	shortLife = time.Minute
)

// cacheKey names one answer. What is asked, and not only who is asked about,
// stands in it, so that Forget can find everything of a user.
type cacheKey struct {
	user string
	what string
}

// entry is an answer and how long it may be given. The client's own clock decides;
// the shelf, on real time, sees to it that nothing stays in memory for longer.
type entry struct {
	value   any
	weight  uint32
	readAt  time.Time
	expires time.Time
}

// answers holds answers and joins the callers that wait for the same one.
type answers struct {
	now    func() time.Time
	lookup func(result string) // nil: nobody is told
	store  *cache.Shelf[cacheKey, entry]

	mu      sync.Mutex
	flights map[cacheKey]*flight
}

// flight is a load under way. It belongs to those who wait for it: when the
// last one leaves, it is cancelled.
type flight struct {
	cache  *answers
	cancel context.CancelFunc
	done   chan struct{}

	// Set before done is closed.
	got entry
	err error

	// Guarded by cache.mu.
	waiting int
	until   time.Time // latest deadline of those who wait
	last    *Error    // last answer of the service, while more attempts follow
}

// flightKey is where a load's context carries its flight.
type flightKey struct{}

// flightOf returns the flight that ctx belongs to, nil outside the cache.
func flightOf(ctx context.Context) *flight {
	f, _ := ctx.Value(flightKey{}).(*flight)
	return f
}

// deadline is when the most patient of those who wait will leave.
func (f *flight) deadline() time.Time {
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	return f.until
}

// note keeps the service's last answer for those who leave before the next.
func (f *flight) note(e *Error) {
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	f.last = e
}

func newCache(now func() time.Time, lookup func(string)) *answers {
	return &answers{
		now: now, lookup: lookup, flights: map[cacheKey]*flight{},
		store: cache.New(maxWeight, func(_ cacheKey, e entry) uint32 { return e.weight }),
	}
}

// get returns the answer for key from the cache, from a load under way, or from
// load. The context must have a deadline; when it ends, this caller leaves and
// the others stay.
func (k *answers) get(ctx context.Context, key cacheKey, load func(context.Context) (entry, error)) (entry, error) {
	if ctx.Err() != nil {
		return entry{}, ended(ctx, nil)
	}
	e, f := k.join(ctx, key, load)
	if f == nil {
		return e, nil
	}
	select {
	case <-f.done:
		return f.got, f.err
	case <-ctx.Done():
		return entry{}, ended(ctx, k.leave(key, f))
	}
}

// peek returns an answer that is stored and may still be given; one that may not is
// dropped.
func (k *answers) peek(key cacheKey) (entry, bool) {
	e, ok := k.store.Get(key)
	if ok && !k.now().Before(e.expires) {
		k.store.Drop(key)
		ok = false
	}
	return e, ok
}

// join returns a stored answer, or the flight that the caller now waits for.
func (k *answers) join(ctx context.Context, key cacheKey, load func(context.Context) (entry, error)) (entry, *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.peek(key); ok {
		k.told(Hit)
		return e, nil
	}
	f := k.flights[key]
	if f != nil {
		k.told(Joined)
	} else {
		k.told(Miss)
		f = &flight{cache: k, done: make(chan struct{})}
		k.flights[key] = f
		var inner context.Context
		inner, f.cancel = context.WithCancel(context.WithValue(context.WithoutCancel(ctx), flightKey{}, f))
		go k.fly(inner, key, f, load)
	}
	f.waiting++
	if deadline, ok := ctx.Deadline(); ok && deadline.After(f.until) {
		f.until = deadline
	}
	return entry{}, f
}

func (k *answers) told(result string) {
	if k.lookup != nil {
		k.lookup(result)
	}
}

func (k *answers) fly(ctx context.Context, key cacheKey, f *flight, load func(context.Context) (entry, error)) {
	defer f.cancel()
	began := k.now()
	f.got, f.err = load(ctx)
	f.got.readAt = began

	k.mu.Lock()
	defer k.mu.Unlock()
	// Forget or the last one to leave may have taken it out: then it must not be kept.
	if k.flights[key] == f {
		delete(k.flights, key)
		if f.err == nil {
			k.store.Put(key, f.got, f.got.expires.Sub(k.now()))
		}
	}
	close(f.done)
}

// leave takes one caller off f and returns the last answer it saw.
func (k *answers) leave(key cacheKey, f *flight) *Error {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.cancel()
		if k.flights[key] == f {
			delete(k.flights, key)
		}
	}
	return f.last
}

func (k *answers) forget(user string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key := range k.flights {
		if key.user == user {
			delete(k.flights, key)
		}
	}
	for key := range k.store.Keys() {
		if key.user == user {
			k.store.Drop(key)
		}
	}
}

// Forget drops everything that is cached of a user. What is being loaded at that
// moment still reaches those who wait for it, and is not kept.
func (c *Client) Forget(userID string) { c.cache.forget(userID) }

// cached returns load's answer through the cache, and when it was read. Keep
// says how long an answer may be given again and what it weighs. The value is shared: it
// must not be changed.
func cached[T any](ctx context.Context, c *Client, op string, key cacheKey,
	load func(context.Context) (T, error), keep func(T) (life time.Duration, sessions int),
) (T, time.Time, error) {
	ctx, cancel := bounded(ctx, op)
	defer cancel()
	e, err := c.cache.get(ctx, key, func(ctx context.Context) (entry, error) {
		v, err := load(ctx)
		if err != nil {
			return entry{}, err
		}
		life, sessions := keep(v)
		return entry{value: v, weight: uint32(1 + sessions), expires: c.now().Add(life)}, nil
	})
	if err != nil {
		var none T
		return none, time.Time{}, err
	}
	receiptOf(ctx).add(key, e)
	return e.value.(T), e.readAt, nil
}
