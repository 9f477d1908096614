package importers

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// What is counted when a night is imported is what is counted when its hypnogram is read.
func TestLongAwakenings(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 2000 {
		var codes []int
		for range rng.IntN(12) {
			code := rng.IntN(5) - 1
			for range 1 + rng.IntN(14) {
				codes = append(codes, code)
			}
		}
		stages := make([]analytics.Stage, len(codes))
		for i, c := range codes {
			stages[i] = analytics.Unknown
			if c >= 0 {
				stages[i] = analytics.Stage(c)
			}
		}
		want := analytics.StatsOf(30*time.Second, stages).AwakeningsOver5Min
		found += want
		assert.Equal(t, want, longAwakenings(codes), codes)
	}
	assert.Positive(t, found)
}
