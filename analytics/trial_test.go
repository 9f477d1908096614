package analytics_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

var trialStart = civil.Date{Year: 2026, Month: 3, Day: 2}

// Each day of the week has the change once in two weeks, each week has it three or four times, and
// all 70 ways to do so are as likely.
func TestPlansAreBalanced(t *testing.T) {
	t.Parallel()
	seen := map[[14]bool]int{}
	const plans = 7000
	for seed := range uint64(plans) {
		plan := analytics.PlanTrial(trialStart, 2, seed)
		require.Len(t, plan.Change, 28)
		require.Equal(t, plan, analytics.PlanTrial(trialStart, 2, seed))
		for pair := range 2 {
			week := 0
			for day := range 7 {
				first, second := plan.Change[14*pair+day], plan.Change[14*pair+7+day]
				require.NotEqual(t, first, second)
				if first {
					week++
				}
			}
			require.Contains(t, []int{3, 4}, week)
		}
		seen[[14]bool(plan.Change[:14])]++
	}
	assert.Len(t, seen, 70)
	for _, n := range seen {
		assert.InDelta(t, plans/70, n, 5*math.Sqrt(plans/70))
	}
}

// trialNights are made-up values that drift, differ by day of the week and are like the night before.
func trialNights(r *rand.Rand, n int) []float64 {
	values, noise, slope := make([]float64, n), r.NormFloat64(), 0.05*r.NormFloat64()
	for i := range values {
		noise = 0.4*noise + math.Sqrt(1-0.16)*r.NormFloat64()
		values[i] = noise + slope*float64(i) + float64(i%7)/5
	}
	return values
}

// allPlans lists the 70 plans of two weeks.
func allPlans() (plans [][]bool) {
	for set := range 128 {
		plan, n := make([]bool, 14), 0
		for day := range 7 {
			on := set>>day&1 == 1
			plan[day], plan[7+day] = on, !on
			if on {
				n++
			}
		}
		if n == 3 || n == 4 {
			plans = append(plans, plan)
		}
	}
	return plans
}

// ofPlan is the coefficient of a plan beside days of the week and a line, by another way.
func ofPlan(plan []bool, y []float64) float64 {
	var values []float64
	columns := make([][]float64, 9)
	for i, v := range y {
		if math.IsNaN(v) {
			continue
		}
		values = append(values, v)
		row := [9]float64{1: float64(i)}
		row[2+i%7] = 1
		if plan[i] {
			row[0] = 1
		}
		for j := range columns {
			columns[j] = append(columns[j], row[j])
		}
	}
	coefficient, _ := leastSquares(values, columns)
	return coefficient
}

// Against all 70 plans of two weeks, computed in another way.
func TestTrialAgainstAllPlans(t *testing.T) {
	t.Parallel()
	r := seeded(5)
	for seed := range uint64(10) {
		plan := analytics.PlanTrial(trialStart, 1, seed)
		y := trialNights(r, 14)
		if seed%2 == 0 {
			y[3] = math.NaN()
		}
		drawn, exact := ofPlan(plan.Change, y), 0.0
		for _, other := range allPlans() {
			if math.Abs(ofPlan(other, y)) >= math.Abs(drawn)-1e-9 {
				exact += 1.0 / 70
			}
		}
		got := plan.Effects([]analytics.Column{{Name: "x", Values: y}}, plan.Change, seed)[0]
		assert.InDelta(t, drawn, *got.ByPlan.Estimate, 1e-9)
		assert.InDelta(t, drawn, *got.ByDoing.Estimate, 1e-9, "it was done as planned")
		assert.InDelta(t, exact, got.PValue, 4*math.Sqrt(exact*(1-exact)/1999)+0.001)
	}
}

// A change without effect is found in at most 5 % of trials, also in any of three other measures, and
// the interval holds the true effect in 95 %, by plan and by what was done. One in eight nights is
// not measured.
func TestTrialsWithoutEffect(t *testing.T) {
	t.Parallel()
	r := seeded(11)
	const effect = 0.75
	var found, others, missed, missedDone, power rate
	for seed := range uint64(*people) {
		plan := analytics.PlanTrial(trialStart, 2, seed)
		columns := make([]analytics.Column, 4)
		for i := range columns {
			columns[i].Values = trialNights(r, 28)
			for range 3 {
				columns[i].Values[r.IntN(28)] = math.NaN()
			}
		}
		got := plan.Effects(columns, plan.Change, seed)
		found.count(got[0].Verdict.Differs())
		others.count(slices.ContainsFunc(got[1:], func(e analytics.TrialEffect) bool { return e.Verdict.Differs() }))
		holds := func(i analytics.Interval, v float64) bool {
			return (i.Low == nil || *i.Low <= v) && (i.High == nil || *i.High >= v)
		}
		missed.count(!holds(got[0].ByPlan, 0))
		// The same with an effect, on people who forget one night in four and keep to the rest.
		done := make([]bool, 28)
		for i := range done {
			if done[i] = plan.Change[i] && r.Float64() < 0.75; done[i] {
				columns[0].Values[i] += effect
			}
		}
		missedDone.count(!holds(plan.Effects(columns[:1], done, seed)[0].ByDoing, effect))
		for i, with := range plan.Change {
			if with && !done[i] {
				columns[0].Values[i] += effect
			}
		}
		power.count(plan.Effects(columns[:1], plan.Change, seed)[0].Verdict == analytics.Higher)
	}
	t.Logf("found %.1f %%, others %.1f %%, not in the interval by plan %.1f %%, by doing %.1f %%, an effect of %v found %.0f %%",
		found.percent(), others.percent(), missed.percent(), missedDone.percent(), effect, power.percent())
	for _, wrong := range []rate{found, others, missed, missedDone} {
		wrong.oneInTwenty(t)
	}
}

func TestTrialFindsAnEffect(t *testing.T) {
	t.Parallel()
	r := seeded(3)
	plan := analytics.PlanTrial(trialStart, 3, 1)
	values := trialNights(r, 42)
	for i, changed := range plan.Change {
		if changed {
			values[i] += 2
		}
	}
	e := plan.Effects([]analytics.Column{{Name: "x", Values: values}}, plan.Change, 1)[0]
	assert.Equal(t, analytics.Higher, e.Verdict)
	require.NotNil(t, e.ByPlan.Low)
	assert.Positive(t, *e.ByPlan.Low)
	assert.InDelta(t, 2, *e.ByPlan.Estimate, 0.8)
	assert.Less(t, *e.Detectable, 2.0)
	nobody := plan.Effects([]analytics.Column{{Name: "x", Values: values}}, make([]bool, 42), 1)[0]
	assert.Nil(t, nobody.ByDoing.Estimate, "nothing was done")
	assert.Equal(t, 21, e.Changed.N)
}

func TestTrialOfTooFewNights(t *testing.T) {
	t.Parallel()
	plan := analytics.PlanTrial(trialStart, 1, 1)
	values := trialNights(seeded(1), 14)
	for i, left := 0, 3; left > 0; i++ {
		if plan.Change[i] {
			values[i] = math.NaN()
			left--
		}
	}
	e := plan.Effects([]analytics.Column{{Name: "x", Values: values}}, plan.Change, 1)[0]
	assert.Equal(t, analytics.TooFewNights, e.Verdict)
	assert.Nil(t, e.ByPlan.Estimate)
}
