package disclosure

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRule(t *testing.T) {
	t.Parallel()
	r := RuleFor(false)
	assert.Equal(t, Rule{People: 11, Quartiles: 20}, r)
	assert.Equal(t, Rule{People: 12, Quartiles: 21}, RuleFor(true))
	for count, few := range map[int]bool{0: false, 1: true, 10: true, 11: false, 900: false} {
		assert.Equal(t, few, r.Few(count), count)
		assert.Equal(t, !few, r.AllowsCounts([]int{0, 11, count, 30}), count)
	}
	for _, c := range []struct {
		part, whole int
		ok          bool
	}{{11, 22, true}, {11, 21, false}, {10, 100, false}, {90, 100, false}, {0, 100, false}, {100, 100, false}, {50, 100, true}} {
		assert.Equal(t, c.ok, r.AllowsShare(c.part, c.whole), "%d of %d", c.part, c.whole)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	for days, step := range map[int]int{1: 0, 7: 0, 8: 1, 30: 2, 31: 3, 365: 5, 366: 6} {
		assert.Equal(t, step, Reach(days), days)
	}
}
