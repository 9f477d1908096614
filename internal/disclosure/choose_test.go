package disclosure

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

type person = directory.PersonHash

// people returns those with the numbers of some ranges.
func people(ranges ...int) (all []person) {
	for i := 0; i < len(ranges); i += 2 {
		for n := ranges[i]; n < ranges[i+1]; n++ {
			var who person
			binary.BigEndian.PutUint64(who[:], uint64(n)+1)
			all = append(all, who)
		}
	}
	return all
}

// history is what several organizations were told, release by release.
type history struct {
	told     directory.Told
	series   map[string][]person
	released [][]person // that differ
}

// release makes one, as the directory would keep it.
func (h *history) release(organization string, wanted []person) []person {
	h.told.Own = h.series[organization]
	chosen, cells := Choose(h.told, wanted)
	if chosen == nil {
		return nil
	}
	if h.series == nil {
		h.series = map[string][]person{}
	}
	h.series[organization] = chosen
	h.told.Series = nil
	for _, s := range h.series {
		h.told.Series = append(h.told.Series, s)
	}
	if cells != nil {
		h.told.Cells = cells
	}
	if !slices.ContainsFunc(h.released, func(s []person) bool { return slices.Equal(s, chosen) }) {
		h.released = append(h.released, chosen)
	}
	return chosen
}

func TestWhoIsBehindARelease(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]struct {
		organization string
		wanted       []person
		behind       int
	}{
		"eleven": {{"a", people(0, 11), 0}},
		"twelve": {{"a", people(0, 12), 12}, {"a", people(0, 12), 12}},
		"newcomers wait until they are twelve": {
			{"a", people(0, 30), 30}, {"a", people(0, 31), 30}, {"a", people(0, 41), 30}, {"a", people(0, 42), 42}, {"a", people(0, 43), 42},
		},
		"who leaves takes eleven along": {{"a", people(0, 30), 30}, {"a", people(1, 30), 18}, {"a", people(1, 30), 18}, {"a", people(0, 30), 18}},
		"and all but twelve would be too few": {
			{"a", people(0, 23), 23}, {"a", people(1, 23), 0}, {"a", people(0, 23), 23}, {"a", people(1, 23), 0},
		},
		"twelve leave":                                {{"a", people(0, 40), 40}, {"a", people(12, 40), 28}},
		"newcomers bring back who was held back":      {{"a", people(0, 30), 30}, {"a", people(1, 30), 18}, {"a", people(1, 42), 41}},
		"a team and the company, the older first":     {{"all", people(0, 41), 41}, {"team", people(0, 20), 20}, {"other", people(20, 40), 0}},
		"two teams, and the company with their head":  {{"one", people(0, 20), 20}, {"two", people(20, 40), 20}, {"all", people(0, 41), 28}},
		"two teams with one manager, and all of them": {{"one", people(0, 20), 20}, {"two", people(19, 39), 20}, {"all", people(0, 39), 27}},
		"the same people elsewhere":                   {{"one", people(0, 20), 20}, {"same", people(0, 20), 20}, {"and more", people(0, 25), 20}},
		"all but one of another's":                    {{"all", people(0, 20), 20}, {"nested", people(0, 19), 0}},
		"a manager of three teams, whom two of them show": {
			{"one", people(0, 20), 20}, {"two", people(0, 1, 20, 39), 20}, {"three", people(0, 1, 39, 58), 19},
		},
		"all but one exchanged, again and again": {
			{"a", people(0, 13), 13}, {"a", people(0, 1, 13, 25), 12}, {"a", people(0, 1, 25, 37), 12},
		},
		"six came and six went are not twelve new": {{"a", people(0, 30), 30}, {"a", people(6, 36), 18}},
		"eleven newcomers and one who is gone are twelve, with those who were held back": {
			{"a", people(0, 30), 30}, {"a", people(1, 30), 18}, {"a", people(1, 40), 18}, {"a", people(1, 41), 40},
		},
		"twelve came, one went": {{"a", people(0, 30), 30}, {"a", people(1, 42), 41}},
	} {
		h := &history{}
		for i, s := range steps {
			chosen := h.release(s.organization, s.wanted)
			assert.Len(t, chosen, s.behind, "%s, step %d", name, i)
			for _, who := range chosen {
				assert.Contains(t, s.wanted, who)
			}
			assert.True(t, slices.IsSortedFunc(chosen, person.Compare))
		}
		h.check(t, name)
	}
}

// check adds and subtracts up to five of the releases with weights up to three.
func (h *history) check(t require.TestingT, name string) {
	sets := h.released[:min(5, len(h.released))]
	if len(sets) == 0 {
		return
	}
	in := make([]map[person]bool, len(sets))
	everybody := map[person]bool{}
	for i, s := range sets {
		in[i] = map[person]bool{}
		for _, who := range s {
			in[i][who], everybody[who] = true, true
		}
	}
	alike := map[[5]bool]int{} // people by the releases they are behind
	for who := range everybody {
		var pattern [5]bool
		for i := range in {
			pattern[i] = in[i][who]
		}
		alike[pattern]++
	}
	weights := make([]int, len(sets))
	for nextWeights(weights, 3) {
		left := 0
		for pattern, n := range alike {
			sum := 0
			for i, w := range weights {
				if pattern[i] {
					sum += w
				}
			}
			if sum != 0 {
				left += n
			}
		}
		require.False(t, left > 0 && left < LeastPeople, "%s: %v leave %d of %d", name, weights, left, len(everybody))
	}
}

// nextWeights steps through weights from -most to most, not all zero at the start.
func nextWeights(weights []int, most int) bool {
	for i := range weights {
		if weights[i]++; weights[i] <= most {
			return true
		}
		weights[i] = -most
	}
	return false
}

// TestNoSumIsAboutFew has organizations that share people, who come, go and come back.
func TestNoSumIsAboutFew(t *testing.T) {
	t.Parallel()
	released := 0
	rapid.Check(t, func(t *rapid.T) {
		h, everybody := &history{}, people(0, 60)
		members := map[string][]person{}
		for i, id := range []string{"a", "b", "c"} {
			from := rapid.IntRange(0, 30).Draw(t, fmt.Sprint("from", i))
			members[id] = everybody[from : from+rapid.IntRange(12, 30).Draw(t, "size")]
		}
		for range 12 {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "organization")
			for range rapid.SampledFrom([]int{0, 0, 1, 2, 6, 13, 20}).Draw(t, "changes") {
				who := rapid.SampledFrom(everybody).Draw(t, "who")
				if at := slices.Index(members[id], who); at >= 0 {
					members[id] = slices.Delete(slices.Clone(members[id]), at, at+1)
				} else {
					members[id] = append(slices.Clip(members[id]), who)
				}
			}
			h.release(id, members[id])
		}
		released += len(h.released)
		h.check(t, "")
		h.checkLeverage(t)
	})
	assert.Greater(t, released, 300, "sets of people, in a hundred histories")
}

// checkLeverage computes everybody's leverage anew, from all that was released.
func (h *history) checkLeverage(t require.TestingT) {
	if len(h.released) == 0 {
		return
	}
	var everybody []person
	for _, c := range h.told.Cells {
		everybody = append(everybody, c.People...)
	}
	sets := mat.NewDense(len(everybody), len(h.released), nil)
	for j, s := range h.released {
		for i, who := range everybody {
			if slices.Contains(s, who) {
				sets.Set(i, j, 1)
			}
		}
	}
	var factor mat.QR
	factor.Factorize(sets)
	var q mat.Dense
	factor.QTo(&q)
	i := 0
	for _, c := range h.told.Cells {
		require.LessOrEqual(t, c.Leverage, mostOfAbsent+leverageMargin)
		for range c.People {
			row := q.RawRowView(i)[:len(h.released)]
			require.InDelta(t, floats.Dot(row, row), c.Leverage, 1e-6, "of %d in %d sets", len(everybody), len(h.released))
			i++
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part, whole   int
		percent, step float64
		ok            bool
	}{
		{11, 24, 0, 0, false},
		{12, 23, 0, 0, false},
		{0, 100, 0, 0, false},
		{100, 100, 0, 0, false},
		{12, 24, 50, 50, true},
		{20, 50, 50, 25, true},
		{20, 60, 40, 20, true},
		{33, 120, 30, 10, true},
		{333, 1000, 35, 5, true},
	} {
		percent, step, ok := Share(c.part, c.whole)
		assert.Equal(t, c.ok, ok, c)
		assert.InDelta(t, c.percent, percent, 0, c)
		assert.InDelta(t, c.step, step, 0, c)
		if ok {
			assert.GreaterOrEqual(t, step*float64(c.whole)/100, float64(MinimumPeople), "a step is no few people")
		}
	}
}
