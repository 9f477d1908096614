package analytics_test

import (
	"fmt"
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A side has as many nights as are wanted, every night is on it as often as any other, and
// so is every pair of nights, within five standard deviations of chance.
func TestEveryDealIsAsLikely(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ nights, part int }{{4, 2}, {12, 6}, {35, 7}, {58, 28}, {64, 32}, {65, 3}, {130, 61}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			r := analytics.Generator(1)
			on, pairs := make([]int, c.nights), make([]int, c.nights)
			const times = 20000
			for range times {
				side := make([]uint64, (c.nights+63)/64)
				r.Choose(side, c.nights, c.part)
				n := 0
				has := func(night int) bool { return side[night/64]>>(night%64)&1 == 1 }
				for word := range side {
					n += bits.OnesCount64(side[word])
				}
				for night := range on {
					if has(night) {
						on[night]++
						if has((night + 1) % c.nights) {
							pairs[night]++
						}
					}
				}
				require.Equal(t, c.part, n)
			}
			one := float64(c.part) / float64(c.nights)
			two := one * float64(c.part-1) / float64(c.nights-1)
			for night := range on {
				near(t, one, times, on[night])
				near(t, two, times, pairs[night])
			}
		})
	}
}

// near holds a count against a probability.
func near(t *testing.T, probability float64, times, count int) {
	t.Helper()
	expected := probability * float64(times)
	assert.InDelta(t, expected, count, 5*math.Sqrt(expected*(1-probability)))
}
