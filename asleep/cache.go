package asleep

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// maxWeight is what the cache may hold. An answer weighs as much as its body in KiB, and
// at least one for each session of a list and for every 128 epochs, which is about the
// memory it takes in KiB.
const maxWeight = 40_000

// What happened more than two days ago rarely changes.
const (
	settled   = 48 * time.Hour
	longLife  = 6 * time.Hour
	shortLife = time.Minute
)

// expiryLag is how long after its time otter's timer wheel may drop an entry.
const expiryLag = 2 * time.Second

// answerKind is what an answer is about.
type answerKind uint8

const (
	chunkKind answerKind = iota
	sessionKind
	recentKind
	profileKind
)

// cacheKey names one answer. The user is a separate field, so that Forget finds everything
// about a user.
type cacheKey struct {
	user    string
	kind    answerKind
	chunk   int    // number of the chunk
	session string // id of the session
}

// entry is an answer, a pointer shared by everybody who asks for it.
type entry struct {
	value  any
	weight uint32
	life   time.Duration
}

// cache holds answers and joins callers that wait for the same one.
type cache struct {
	observe func(result string) // nil: nobody observes
	store   *otter.Cache[cacheKey, entry]

	mu      sync.Mutex
	flights map[cacheKey]*flight
}

// flight is a load in progress. It belongs to the callers who wait for it: when the last
// one leaves, it is cancelled.
type flight struct {
	cache  *cache
	cancel context.CancelFunc
	done   chan struct{}

	// Set before done is closed.
	size int // of the body, in bytes
	got  entry
	err  error

	// Guarded by cache.mu.
	waiting int
	until   time.Time // latest deadline of the waiting callers
	last    *Error    // last answer of the service, while more attempts follow
}

// flightKey is where a load's context carries its flight.
type flightKey struct{}

// flightOf returns the flight that ctx belongs to, nil outside the cache.
func flightOf(ctx context.Context) *flight {
	f, _ := ctx.Value(flightKey{}).(*flight)
	return f
}

// deadline returns when the most patient of the waiting callers will leave.
func (f *flight) deadline() time.Time {
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	return f.until
}

// setLast keeps the service's last answer for callers who leave before the next.
func (f *flight) setLast(e *Error) {
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	f.last = e
}

// expiryClock is the client's clock for otter. It has no ticks, as otter would run a
// goroutine for them until the cache is closed: put sets timers instead.
type expiryClock struct {
	now   func() time.Time
	start time.Time
}

// NowNano implements [otter.Clock].
func (c expiryClock) NowNano() int64 { return int64(c.now().Sub(c.start)) }

// Tick implements [otter.Clock].
func (expiryClock) Tick(time.Duration) <-chan time.Time { return nil }

func newCache(now func() time.Time, observe func(string)) *cache {
	return &cache{
		observe: observe, flights: map[cacheKey]*flight{},
		store: otter.Must(&otter.Options[cacheKey, entry]{
			MaximumWeight:    maxWeight,
			Weigher:          func(_ cacheKey, e entry) uint32 { return e.weight },
			ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[cacheKey, entry]) time.Duration { return e.Value.life }),
			Clock:            expiryClock{now, now()},
			Logger:           &otter.NoopLogger{},
		}),
	}
}

// peek returns an answer that is there and has not expired.
func (k *cache) peek(key cacheKey) (any, bool) {
	e, ok := k.store.GetIfPresent(key)
	return e.value, ok
}

// put keeps an answer. When it expires it also leaves memory, even if nobody asks for it
// again: it is about somebody's health.
func (k *cache) put(key cacheKey, e entry) {
	k.store.Set(key, e)
	time.AfterFunc(e.life+expiryLag, k.store.CleanUp)
}

// get returns the answer for key from the cache, from a load in progress, or from load.
// The context must have a deadline; when it ends, this caller leaves and the others stay.
func (k *cache) get(ctx context.Context, key cacheKey, load func(context.Context) (entry, error)) (any, error) {
	value, f := k.join(ctx, key, load)
	if f == nil {
		return value, nil
	}
	select {
	case <-f.done:
		return f.got.value, f.err
	case <-ctx.Done():
		return nil, ended(ctx, k.leave(key, f))
	}
}

// join returns a cached answer, or the flight that the caller now waits for.
func (k *cache) join(ctx context.Context, key cacheKey, load func(context.Context) (entry, error)) (any, *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if value, ok := k.peek(key); ok {
		k.count(Hit)
		return value, nil
	}
	f := k.flights[key]
	if f != nil {
		k.count(Joined)
	} else {
		k.count(Miss)
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
	return nil, f
}

// count reports the result of a lookup to the observer.
func (k *cache) count(result string) {
	if k.observe != nil {
		k.observe(result)
	}
}

func (k *cache) fly(ctx context.Context, key cacheKey, f *flight, load func(context.Context) (entry, error)) {
	defer f.cancel()
	f.got, f.err = safely(ctx, load)
	f.got.weight = max(f.got.weight, uint32(f.size>>10))

	k.mu.Lock()
	defer k.mu.Unlock()
	// Forget or the last caller to leave may have removed it: then it must not be kept.
	if k.flights[key] == f {
		delete(k.flights, key)
		if f.err == nil {
			k.put(key, f.got)
		}
	}
	close(f.done)
}

// safely returns an error where load panics. It runs in a goroutine of its own, in which a
// panic would end the program; what it says may hold an answer and goes nowhere.
func safely(ctx context.Context, load func(context.Context) (entry, error)) (got entry, err error) {
	defer func() {
		if recover() != nil {
			got, err = entry{}, &Error{Code: BadResponse, Err: errors.New("a fault of this program")}
		}
	}()
	return load(ctx)
}

// leave removes one caller from f and returns the last answer it saw.
func (k *cache) leave(key cacheKey, f *flight) *Error {
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

func (k *cache) forget(user string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key := range k.flights {
		if key.user == user {
			delete(k.flights, key)
		}
	}
	for key := range k.store.Keys() {
		if key.user == user {
			k.store.Invalidate(key)
		}
	}
}

// Forget drops everything that is cached about a user. Answers that are being loaded at
// that moment still reach the callers who wait for them, but are not cached.
func (c *Client) Forget(userID string) { c.cache.forget(userID) }

// cached returns the answer for key from the cache, or loads it. keep returns how long an
// answer may be reused, and its weight. The answer is shared by everybody who asks for it,
// so it must not be changed.
func cached[T any](ctx context.Context, c *Client, op string, key cacheKey,
	load func(context.Context) (*T, error), keep func(*T) (life time.Duration, weight int),
) (*T, error) {
	if ctx.Err() != nil {
		return nil, ended(ctx, nil)
	}
	if value, ok := c.cache.peek(key); ok {
		c.cache.count(Hit)
		return value.(*T), nil
	}
	ctx, cancel := bounded(ctx, op)
	defer cancel()
	value, err := c.cache.get(ctx, key, func(ctx context.Context) (entry, error) {
		v, err := load(ctx)
		if err != nil {
			return entry{}, err
		}
		life, weight := keep(v)
		return entry{value: v, weight: uint32(1 + weight), life: life}, nil
	})
	if err != nil {
		return nil, err
	}
	return value.(*T), nil
}
