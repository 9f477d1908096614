package cache

import (
	"iter"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// sweepEvery is how often values that are over are looked for, while there are any.
const sweepEvery = time.Minute

// Shelf holds values, each for its own time.
type Shelf[K comparable, V any] struct {
	store *otter.Cache[K, item[V]]

	mu       sync.Mutex
	sweeping bool // a timer is set
}

type item[V any] struct {
	value V
	life  time.Duration
}

// New returns a Shelf that holds at most that weight; what is used least goes first.
func New[K comparable, V any](most uint64, weight func(K, V) uint32) *Shelf[K, V] {
	return &Shelf[K, V]{store: otter.Must(&otter.Options[K, item[V]]{
		MaximumWeight:    most,
		Weigher:          func(key K, i item[V]) uint32 { return weight(key, i.value) },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[K, item[V]]) time.Duration { return e.Value.life }),
		Clock:            clock{time.Now()},
		Logger:           &otter.NoopLogger{},
	})}
}

// Get returns a value that is not over.
func (s *Shelf[K, V]) Get(key K) (V, bool) {
	i, ok := s.store.GetIfPresent(key)
	return i.value, ok
}

// Put keeps a value for a time, in place of what was there.
func (s *Shelf[K, V]) Put(key K, value V, life time.Duration) {
	if life <= 0 {
		s.Drop(key)
		return
	}
	s.store.Set(key, item[V]{value, life})
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.sweeping {
		s.sweeping = true
		time.AfterFunc(sweepEvery, s.sweep)
	}
}

// Drop forgets a value.
func (s *Shelf[K, V]) Drop(key K) { s.store.Invalidate(key) }

// Keys are those of the values that are not over.
func (s *Shelf[K, V]) Keys() iter.Seq[K] { return s.store.Keys() }

// sweep drops what is over, and comes again until nothing is left.
func (s *Shelf[K, V]) sweep() {
	s.store.CleanUp()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sweeping = s.store.EstimatedSize() > 0; s.sweeping {
		time.AfterFunc(sweepEvery, s.sweep)
	}
}

// clock is the real time. It has no ticks, for which otter would run a goroutine a
// store until somebody stops it.
type clock struct{ start time.Time }

// NowNano implements [otter.Clock].
func (c clock) NowNano() int64 { return int64(time.Since(c.start)) }

// Tick implements [otter.Clock].
func (clock) Tick(time.Duration) <-chan time.Time { return nil }
