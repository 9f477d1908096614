package analytics_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// courseOf follows time asleep alone.
func courseOf(nights []analytics.Night) analytics.Course {
	list, _ := analytics.Courses(nights, []analytics.Metric{asleepMetric}, nil, 10)
	return list[0]
}

// sleptOn returns nights of so many minutes on every so many days.
func sleptOn(every int, minutes ...float64) []analytics.Night {
	nights := make([]analytics.Night, len(minutes))
	for i, m := range minutes {
		d := plain
		d.period, d.awake = m, 0
		nights[i] = d.night(firstMonday.AddDate(0, 0, i*every))
	}
	return nights
}

func minutes(n int, of func(i int) float64) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = of(i)
	}
	return list
}

func TestCourseOfTimeAsleep(t *testing.T) {
	t.Parallel()
	rising := func(by float64) func(i int) float64 {
		return func(i int) float64 { return 400 + by*float64(i) }
	}
	wave := func(i int) float64 { return 20 * math.Sin(2.4*float64(i)) }
	cases := []struct {
		name   string
		nights []analytics.Night
		want   analytics.Direction
		why    analytics.Reason
		n      int
	}{
		{"none", nil, analytics.NotEnoughNights, "", 0},
		{"six nights", sleptOn(1, minutes(6, rising(9))...), analytics.NotEnoughNights, "", 6},
		{"seven nights", sleptOn(1, minutes(7, rising(6))...), analytics.Rising, "", 7},
		{"seven falling", sleptOn(1, minutes(7, rising(-6))...), analytics.Falling, "", 7},
		{"less than matters", sleptOn(1, minutes(7, rising(4.2))...), analytics.NoClearTrend, analytics.SmallChange, 7},
		{"seven in thirteen days", sleptOn(2, minutes(7, rising(6))...), analytics.Rising, "", 7},
		{"seven in nineteen days", sleptOn(3, minutes(7, rising(6))...), analytics.NotEnoughNights, "", 7},
		{"fourteen in 27 days", sleptOn(2, minutes(14, rising(6))...), analytics.Rising, "", 14},
		{"thirteen in 25 days", sleptOn(2, minutes(13, rising(6))...), analytics.NotEnoughNights, "", 13},
		{"constant", sleptOn(1, minutes(30, rising(0))...), analytics.NoClearTrend, analytics.PerhapsChance, 30},
		{"to and fro", sleptOn(1, minutes(30, func(i int) float64 { return 400 + wave(i) })...), analytics.NoClearTrend, analytics.PerhapsChance, 30},
		{
			"there and back", sleptOn(1, minutes(180, func(i int) float64 {
				if i >= 90 && i < 168 {
					return 340 + wave(i)
				}
				return 400 + wave(i)
			})...), analytics.NoClearTrend, analytics.NotLasting, 180,
		},
		{
			"to and fro for weeks", sleptOn(1, minutes(120, func(i int) float64 {
				if i >= 25 && i < 75 {
					return 340 + wave(i)
				}
				return 400 + wave(i)
			})...), analytics.NoClearTrend, analytics.PerhapsChance, 120,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := courseOf(c.nights)
			assert.Equal(t, c.want, got.Direction)
			assert.Equal(t, c.why, got.Why)
			assert.Equal(t, c.n, got.N)
			enough := c.want != analytics.NotEnoughNights
			assert.Equal(t, enough, got.SlopePerDay != nil)
			assert.Equal(t, enough, got.P != nil)
			assert.Equal(t, enough, got.Visible != nil)
			moves := c.want == analytics.Rising || c.want == analytics.Falling
			assert.Equal(t, moves, got.Shape != "")
			backwards := slices.Clone(c.nights)
			slices.Reverse(backwards)
			assert.Equal(t, got, courseOf(backwards), "the order of nights does not matter")
		})
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	r := seeded(32)
	noisy := func(of func(i int) float64) analytics.Course {
		return courseOf(sleptOn(1, minutes(150, func(i int) float64 { return of(i) + 30*r.NormFloat64() })...))
	}
	drift := noisy(func(i int) float64 { return 500 - 0.8*float64(i) })
	assert.Equal(t, []any{analytics.Falling, analytics.Drift}, []any{drift.Direction, drift.Shape})
	assert.Nil(t, drift.Step)
	assert.InDelta(t, -0.8, *drift.SlopePerDay, 0.15)
	assert.Less(t, *drift.SlopeLow, -0.8)
	assert.Greater(t, *drift.SlopeHigh, -0.8)

	step := noisy(func(i int) float64 { return 400 + 60*math.Floor(float64(i)/100) })
	assert.Equal(t, []any{analytics.Rising, analytics.StepShape}, []any{step.Direction, step.Shape})
	require.NotNil(t, step.Step)
	assert.Nil(t, step.SlopeLow)
	at := step.Step.Date.DaysSince(made([]draw{plain})[0].Date)
	assert.InDelta(t, 100, at, 3)
	assert.False(t, step.Step.From.After(step.Step.Date) || step.Step.To.Before(step.Step.Date))
	assert.Equal(t, at, step.Step.Before.N)
	assert.Equal(t, 150, step.Step.Before.N+step.Step.After.N)
	assert.InDelta(t, *step.Step.After.Mean-*step.Step.Before.Mean, step.Step.Difference, 1e-9)
	assert.True(t, step.Step.Low < 60 && 60 < step.Step.High)

	// Two steps the same way are neither one nor a drift.
	stairs := noisy(func(i int) float64 { return 400 + 80*float64(min(i/15, 1)+i/135) })
	assert.Equal(t, []any{analytics.Rising, analytics.EitherWay}, []any{stairs.Direction, stairs.Shape})
}

// Clock times go the shorter way over midnight, and a step in them is told as clocks.
func TestBedtimeOverMidnight(t *testing.T) {
	t.Parallel()
	r := seeded(33)
	nights := each(80, func(i int, d *draw) {
		d.onset = 20 + 15*r.NormFloat64()
		if i >= 40 {
			d.onset -= 80
		}
	})
	courses, _ := analytics.Courses(nights, analytics.CourseMetrics(), nil, 10)
	bedtime := courses[2]
	require.Equal(t, analytics.MetricBedtime, bedtime.Metric.Name)
	require.Equal(t, analytics.StepShape, bedtime.Shape)
	assert.InDelta(t, 10, *bedtime.Step.Before.Mean, 10)
	assert.InDelta(t, 1440-70, *bedtime.Step.After.Mean, 10)
	assert.InDelta(t, -80, bedtime.Step.Difference, 10)
}

// More comparisons make each of them less sure, and those that cannot matter do not count.
func TestAFamily(t *testing.T) {
	t.Parallel()
	r := seeded(34)
	nights := sleptOn(1, minutes(120, func(int) float64 { return 430 + 70*r.NormFloat64() })...)
	alone := courseOf(nights)
	months := []analytics.Ranges{
		{Earlier: nights[:30], Later: nights[30:60]}, {Earlier: nights[30:60], Later: nights[60:90]}, {Earlier: nights[60:90], Later: nights[90:]},
	}
	together, changes := analytics.Courses(nights, []analytics.Metric{asleepMetric}, months, 10)
	require.Len(t, changes, 3)
	assert.GreaterOrEqual(t, *together[0].P, *alone.P)
	for _, c := range changes {
		assert.LessOrEqual(t, *c.Low, *c.Difference)
		assert.GreaterOrEqual(t, *c.High, *c.Difference)
		assert.Equal(t, analytics.NoClearDifference, c.Verdict)
	}
	latency := analytics.MetricNamed(analytics.MetricLatency) // always ten minutes
	with, _ := analytics.Courses(nights, []analytics.Metric{asleepMetric, latency}, nil, 10)
	assert.InDelta(t, *alone.P, *with[0].P, 1e-12, "what never differs costs nothing")
	_, few := analytics.Courses(nights, nil, months, 31)
	assert.Equal(t, analytics.RangeChange{Verdict: analytics.TooFewNights}, few[0])
}

// Nights that are like the one before are worth fewer, and if very much so, too few.
func TestNeighboursAlike(t *testing.T) {
	t.Parallel()
	walked := func(correlation float64) (inOrder, mixed analytics.Course) {
		r := seeded(35)
		walk, value := make([]float64, 150), 0.0
		for i := range walk {
			value = correlation*value + 30*r.NormFloat64()
			walk[i] = 430 + value
		}
		inOrder = courseOf(sleptOn(1, walk...))
		r.Shuffle(len(walk), func(i, j int) { walk[i], walk[j] = walk[j], walk[i] })
		return inOrder, courseOf(sleptOn(1, walk...))
	}
	inOrder, mixed := walked(0.6)
	assert.Greater(t, *inOrder.Visible, 1.5**mixed.Visible)
	inOrder, mixed = walked(0.95)
	assert.Equal(t, []any{analytics.NoClearTrend, analytics.NightsAlike}, []any{inOrder.Direction, inOrder.Why})
	assert.Nil(t, inOrder.Visible, "no trend would be found")
	assert.NotNil(t, mixed.Visible)
}

// That holds as well for nights of which none is recorded next to another.
func TestNeighboursThatWereNotRecorded(t *testing.T) {
	t.Parallel()
	r := seeded(39)
	every, value := make([]float64, 80), 0.0
	for i := range every {
		value = 0.6*value + 30*r.NormFloat64()
		every[i] = 430 + value
	}
	second := courseOf(sleptOn(2, every...))
	r.Shuffle(len(every), func(i, j int) { every[i], every[j] = every[j], every[i] })
	mixed := courseOf(sleptOn(2, every...))
	assert.Greater(t, *second.Visible, 1.5**mixed.Visible)
}

// p is never under Mann and Kendall's own.
func TestPIsNoLessThanKendalls(t *testing.T) {
	t.Parallel()
	r := seeded(36)
	for range 50 {
		values := minutes(8+r.IntN(5), func(int) float64 { return 400 + 50*r.NormFloat64() })
		_, _, _, p := analytics.MannKendall(values)
		assert.GreaterOrEqual(t, *courseOf(sleptOn(1, values...)).P, p)
	}
}
