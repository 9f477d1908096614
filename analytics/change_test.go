package analytics_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

var asleepMetric = metricNamed(analytics.MetricAsleep)

func repeat(n int, values ...float64) []float64 { return slices.Repeat(values, n) }

func TestCompareByHand(t *testing.T) {
	t.Parallel()
	c := analytics.Compare(asleepMetric, asleepFor(repeat(7, 400, 420)...), asleepFor(430, 440, 450, 460, 470), 14, 5)
	assert.Equal(t, analytics.Higher, c.Verdict)
	require.NotNil(t, c.Difference)
	assert.InDelta(t, 40, *c.Difference, 1e-9)
	assert.Equal(t, 14, c.First.N)
	assert.InDelta(t, 410, *c.First.Mean, 1e-9)
	assert.InDelta(t, 10*math.Sqrt(14.0/13), *c.First.SD, 1e-9)
	assert.Equal(t, 5, c.Second.N)
	assert.InDelta(t, 450, *c.Second.Mean, 1e-9)
	assert.InDelta(t, math.Sqrt(250), *c.Second.SD, 1e-9)
	assert.Empty(t, c.Missing)
}

func TestCompareVerdicts(t *testing.T) {
	t.Parallel()
	steady := repeat(14, 420)
	cases := []struct {
		name          string
		first, second []float64
		want          analytics.Verdict
	}{
		{"relevant, without any spread", steady, repeat(5, 450), analytics.Higher},
		{"the same downwards", steady, repeat(5, 390), analytics.Lower},
		{"not quite relevant", steady, repeat(5, 449.5), analytics.NoClearDifference},
		{"nothing at all", steady, repeat(5, 420), analytics.NoClearDifference},
		{"what half of all deals do as well", steady, []float64{330, 420, 420, 450, 660}, analytics.NoClearDifference},
		{"relevant and certain", steady, []float64{440, 450, 460, 470, 480}, analytics.Higher},
		{"two values at the least", []float64{420}, []float64{480}, analytics.TooFewNights},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := analytics.Compare(asleepMetric, asleepFor(c.first...), asleepFor(c.second...), 1, 1)
			assert.Equal(t, c.want, got.Verdict)
			assert.Equal(t, c.want == analytics.TooFewNights, got.Difference == nil)
			assert.Equal(t, got.Difference == nil, got.SE == nil)
		})
	}
}

func TestCompareNeedsNights(t *testing.T) {
	t.Parallel()
	compare := func(m analytics.Metric, first, second int) (analytics.Verdict, analytics.Reason) {
		c := analytics.Compare(m, same(first, plain), same(second, plain), analytics.LeastBaseline, analytics.LeastWeek)
		return c.Verdict, c.Missing
	}
	for _, c := range []struct {
		first, second int
		reason        analytics.Reason
	}{{13, 5, analytics.FewNights}, {14, 4, analytics.FewNights}, {14, 0, analytics.NoData}, {14, 5, ""}} {
		verdict, reason := compare(asleepMetric, c.first, c.second)
		assert.Equal(t, c.reason, reason)
		assert.Equal(t, c.reason != "", verdict == analytics.TooFewNights)
	}
	deep := metricNamed(analytics.MetricDeep)
	verdict, _ := compare(deep, 28, 13)
	assert.Equal(t, analytics.TooFewNights, verdict, "stages of 13 nights say nothing")
	verdict, _ = compare(deep, 14, 14)
	assert.Equal(t, analytics.NoClearDifference, verdict)
	verdict, _ = compare(metricNamed(analytics.MetricRegularity), 15, 5)
	assert.Equal(t, analytics.TooFewNights, verdict, "five nights have four pairs")
}

func TestCompareClocks(t *testing.T) {
	t.Parallel()
	onset := metricNamed(analytics.MetricOnset)
	at := func(n int, minutes float64) []analytics.Night { return same(n, draw{onset: minutes, period: 480}) }
	cases := []struct {
		name          string
		first, second float64
		want          analytics.Verdict
		difference    float64
	}{
		{"later across midnight", -15, 20, analytics.Higher, 35},
		{"earlier across midnight", 20, -15, analytics.Lower, -35},
		{"exactly the relevant half hour", -10, 20, analytics.Higher, 30},
		{"across noon", 11 * 60, 13 * 60, analytics.Higher, 120},
		{"the shorter way", -9 * 60, 5 * 60, analytics.Lower, -10 * 60},
		{"within the usual range", -10, 10, analytics.NoClearDifference, 20},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := analytics.Compare(onset, at(14, c.first), at(5, c.second), 14, 5)
			assert.Equal(t, c.want, got.Verdict)
			require.NotNil(t, got.Difference)
			assert.InDelta(t, c.difference, *got.Difference, 1e-9)
			assert.GreaterOrEqual(t, *got.Second.Mean, 0.0)
			assert.Less(t, *got.Second.Mean, 1440.0)
			assert.InDelta(t, 0, *got.Second.SD, 1e-9)
		})
	}
	for minute := -360.0; minute < 600; minute += 7 {
		got := analytics.Compare(onset, at(14, minute), at(5, minute+30), 14, 5)
		assert.Equal(t, analytics.Higher, got.Verdict, "half an hour later than %v", minute)
	}
	around := each(14, func(i int, d *draw) { d.onset = float64(i%2) * 720 })
	scattered := analytics.Compare(onset, around, at(5, 0), 14, 5)
	assert.Equal(t, analytics.TooFewNights, scattered.Verdict)
	assert.Equal(t, analytics.Scattered, scattered.Missing)
	assert.Nil(t, scattered.First.Mean)

	abroad := make([]analytics.Night, 5)
	for i := range abroad {
		abroad[i] = draw{onset: -15, period: 480}.night(time.Date(2026, 4, 1+i, 0, 0, 0, 0, zone(t, "Asia/Tokyo")))
	}
	trip := analytics.Compare(onset, at(14, -15), abroad, 14, 5)
	assert.InDelta(t, 0, *trip.Difference, 1e-9, "a trip shifts no clock time that is read where it was")
}

func TestCompareAgainstGonum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return float64(rapid.IntRange(200, 700).Draw(t, "asleep"))
		}), 2, 20)
		first, second := minutes.Draw(t, "first"), minutes.Draw(t, "second")
		c := analytics.Compare(asleepMetric, asleepFor(first...), asleepFor(second...), 2, 2)
		require.NotNil(t, c.Difference)
		assert.InDelta(t, stat.Mean(second, nil)-stat.Mean(first, nil), *c.Difference, 1e-9)
		back := analytics.Compare(asleepMetric, asleepFor(second...), asleepFor(first...), 2, 2)
		assert.InDelta(t, -*c.Difference, *back.Difference, 1e-9)
	})
}

// The largest difference that is not told is the bound of the interval, whatever the family.
func TestIntervalsAndVerdictsAgree(t *testing.T) {
	t.Parallel()
	r := seeded(17)
	for range 60 {
		p := anybody(r, between(r, 30, 90))
		before, week := p.weeks(r, p.draws(r, 35))
		for _, c := range analytics.Changes(before, week, 14, 5) {
			if c.Difference == nil {
				require.Nil(t, c.Low)
				continue
			}
			require.LessOrEqual(t, *c.Low, *c.Difference)
			require.GreaterOrEqual(t, *c.High, *c.Difference)
			require.Equal(t, (*c.Low > 0 || *c.High < 0) && math.Abs(*c.Difference) >= c.Metric.Relevant, c.Verdict.Differs(), c.Metric.Name)
			require.GreaterOrEqual(t, *c.Detectable, max(c.Metric.Relevant, *c.High-*c.Difference))
		}
	}
}

// Nights that are like those before them are worth fewer.
func TestAlikeNightsRaiseTheError(t *testing.T) {
	t.Parallel()
	waves := repeat(7, 400, 400, 440, 440)
	shuffled := asleepFor(waves...)
	alike := asleepFor(append(repeat(14, 400), repeat(14, 440)...)...)
	week := asleepFor(repeat(4, 400, 440)[:7]...)
	steep := analytics.Compare(asleepMetric, alike, week, 14, 5)
	flat := analytics.Compare(asleepMetric, shuffled, week, 14, 5)
	assert.Greater(t, *steep.SE, 1.2**flat.SE)
	assert.Greater(t, *steep.High-*steep.Low, 1.25*(*flat.High-*flat.Low))
}

func TestForemost(t *testing.T) {
	t.Parallel()
	names := func(changes ...analytics.Change) (list []string) {
		for _, c := range analytics.Foremost(changes) {
			list = append(list, c.Metric.Name)
		}
		return list
	}
	change := func(name string, v analytics.Verdict) analytics.Change {
		return analytics.Change{Metric: metricNamed(name), Verdict: v}
	}
	awake, asleep := change(analytics.MetricAwake, analytics.Higher), change(analytics.MetricAsleep, analytics.Lower)
	wake, onset := change(analytics.MetricWake, analytics.NoClearDifference), change(analytics.MetricOnset, analytics.TooFewNights)
	assert.Equal(t, []string{analytics.MetricAsleep, analytics.MetricAwake}, names(awake, wake, onset, asleep))
	assert.NotNil(t, analytics.Foremost(nil))
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	nights := same(40, plain)
	got := analytics.Baseline(nights, nights[35].Date)
	require.Len(t, got, analytics.BaselineDays)
	assert.Equal(t, nights[7].Date, got[0].Date)
	assert.Equal(t, nights[34].Date, got[27].Date)
	assert.Empty(t, analytics.Baseline(nights, nights[0].Date))
	assert.Len(t, analytics.Baseline(nights, date(t, "2026-04-20")), 19, "dates count, not nights")
}
