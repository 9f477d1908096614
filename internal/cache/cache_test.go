package cache

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newShelf() *Shelf[string, int] {
	return New(1000, func(_ string, weight int) uint32 { return uint32(weight) })
}

func TestEachValueHasItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.Put("short", 1, time.Minute)
		s.Put("long", 2, time.Hour)
		s.Put("none", 3, 0)
		time.Sleep(time.Minute - time.Nanosecond)
		value, ok := s.Get("short")
		assert.True(t, ok, "until its time is over, and reading does not end it")
		assert.Equal(t, 1, value)
		time.Sleep(time.Nanosecond)
		_, ok = s.Get("short")
		assert.False(t, ok)
		assert.Equal(t, []string{"long"}, slices.Collect(s.Keys()))

		s.Put("long", 4, time.Minute)
		time.Sleep(time.Minute)
		_, ok = s.Get("long")
		assert.False(t, ok, "the newer value's time counts")
	})
}

// What is over does not stay in memory until somebody asks, or until there is no room.
func TestWhatIsOverIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.Put("short", 1, time.Minute)
		s.Put("long", 2, 6*time.Hour)
		time.Sleep(2*time.Minute + 2*time.Second)
		synctest.Wait()
		assert.Equal(t, 1, s.store.EstimatedSize())
		time.Sleep(6 * time.Hour)
		synctest.Wait()
		assert.Zero(t, s.store.EstimatedSize())
		assert.False(t, s.sweeping, "an empty shelf needs no timer")

		s.Put("again", 1, time.Minute)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		assert.Zero(t, s.store.EstimatedSize())
	})
}

func TestDrop(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.Put("a", 1, time.Hour)
	s.Put("b", 1, time.Hour)
	s.Drop("a")
	s.Put("b", 2, -time.Second)
	assert.Empty(t, slices.Collect(s.Keys()), "a value that is over takes the place of the one before")
}

func TestAShelfIsBounded(t *testing.T) {
	t.Parallel()
	s := New(1000, func(int, string) uint32 { return 10 })
	for i := range 300 {
		s.Put(i, "value", time.Hour)
	}
	s.store.CleanUp()
	assert.LessOrEqual(t, s.store.WeightedSize(), uint64(1000))
	assert.GreaterOrEqual(t, s.store.EstimatedSize(), 50, "and it does hold something")
}
