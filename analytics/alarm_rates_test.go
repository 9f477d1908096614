package analytics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

const people = 1500

// restless returns a healthy person's five weeks with heavy tails, weekends and months
// that get worse, on shuffled dates: whatever is found in them is a false alarm.
func restless(r *rand.Rand) []analytics.Night {
	draws := someone(r).draws(r, 35)
	for i := range draws {
		odd := r.NormFloat64() / math.Sqrt(math.Abs(r.NormFloat64())+0.2)
		draws[i].period = max(240, draws[i].period+12*odd-float64(i))
		draws[i].onset += 12*odd + float64(i)
	}
	return made(shuffled(r, draws))
}

// A week compared with the four before it, without a change between them.
func TestFalseChanges(t *testing.T) {
	t.Parallel()
	r := seeded(11)
	alarms, headlines := map[string]float64{}, 0.0
	for range people {
		nights := restless(r)
		changes := analytics.Changes(nights[:28], nights[28:], analytics.LeastBaseline, analytics.LeastWeek)
		for _, c := range changes {
			if c.Verdict == analytics.Higher || c.Verdict == analytics.Lower {
				alarms[c.Metric.Name]++
			}
		}
		if len(analytics.Foremost(changes)) > 0 {
			headlines++
		}
	}
	t.Logf("of %d: %v, foremost %v", people, alarms, headlines)
	for name, n := range alarms {
		assert.LessOrEqual(t, n/people, 0.09, name)
	}
	assert.GreaterOrEqual(t, alarms[analytics.MetricAsleep]/people, 0.04, "two standard errors are not three")
	assert.LessOrEqual(t, headlines/people, 0.07, "a week with a sentence about nothing")
}

func TestFalseUnusualNights(t *testing.T) {
	t.Parallel()
	r := seeded(12)
	alarms, nights := map[string]float64{}, 0.0
	for range people / 3 {
		series := restless(r)
		for _, n := range series[28:] {
			found, ok := analytics.UnusualOf(n, series[:28])
			require.True(t, ok)
			for _, u := range found {
				alarms[u.Metric.Name]++
			}
			if len(found) > 0 {
				alarms["any"]++
			}
			nights++
		}
	}
	t.Logf("of %.0f: %v", nights, alarms)
	assert.LessOrEqual(t, alarms["any"]/nights, 0.09)
	assert.GreaterOrEqual(t, alarms["any"]/nights, 0.02, "rare, not never")
	for _, m := range analytics.Metrics() {
		assert.LessOrEqual(t, alarms[m.Name]/nights, 0.045, m.Name)
	}
}

// Healthy people are told next to nothing about a week, and even less about five.
func TestFalseInsights(t *testing.T) {
	t.Parallel()
	r := seeded(13)
	weeks, months := map[string]float64{}, map[string]float64{}
	for range people {
		nights := someone(r).nights(r, 63)
		for _, i := range analytics.Findings(nights[28:35], nights[:28], nil) {
			weeks[i.Code]++
			weeks["any"]++
		}
		for _, i := range analytics.Findings(nights[28:], nights[:28], nil) {
			months[i.Code]++
			months["any"]++
		}
	}
	t.Logf("of %d: weeks %v, months %v", people, weeks, months)
	assert.LessOrEqual(t, weeks["any"]/people, 0.04)
	assert.LessOrEqual(t, months["any"]/people, 0.005)
}

func TestRealChangesAreFound(t *testing.T) {
	t.Parallel()
	r := seeded(14)
	steady := ordinary
	steady.onsetSD, steady.periodSD = 25, 25
	cases := []struct {
		name, metric string
		verdict      analytics.Verdict
		change       func(*draw)
	}{
		{"45 minutes less sleep", analytics.MetricAsleep, analytics.Lower, func(d *draw) { d.period -= 45 }},
		{"45 minutes more", analytics.MetricAsleep, analytics.Higher, func(d *draw) { d.period += 45 }},
		{"45 minutes later", analytics.MetricOnset, analytics.Higher, func(d *draw) { d.onset += 45 }},
		{"45 minutes earlier", analytics.MetricOnset, analytics.Lower, func(d *draw) { d.onset -= 45 }},
		{"awake an hour", analytics.MetricAwake, analytics.Higher, func(d *draw) { d.awake += 40 }},
	}
	for _, c := range cases {
		found, opposite := 0.0, 0.0
		for range 200 {
			draws := steady.draws(r, 35)
			for i := 28; i < 35; i++ {
				c.change(&draws[i])
			}
			nights := made(draws)
			switch analytics.Compare(metricNamed(c.metric), nights[:28], nights[28:], 14, 5).Verdict {
			case c.verdict:
				found++
			case analytics.Higher, analytics.Lower:
				opposite++
			}
		}
		assert.GreaterOrEqual(t, found/200, 0.8, c.name)
		assert.Zero(t, opposite, c.name)
	}
}

func TestAnOddNightIsFound(t *testing.T) {
	t.Parallel()
	r := seeded(15)
	found := 0.0
	for range 200 {
		draws := ordinary.draws(r, 29)
		draws[28].period = 190
		nights := made(draws)
		list, ok := analytics.UnusualOf(nights[28], nights[:28])
		require.True(t, ok)
		for _, u := range list {
			if u.Metric.Name == analytics.MetricAsleep && u.Z < 0 {
				found++
			}
		}
	}
	assert.GreaterOrEqual(t, found/200, 0.9)
}

// Half a year that loses a minute every other day, and one that loses none.
func TestASlowTrendIsFound(t *testing.T) {
	t.Parallel()
	r := seeded(16)
	found, none := 0.0, 0.0
	for range 100 {
		draws := ordinary.draws(r, 180)
		level := made(draws)
		for i := range draws {
			draws[i].period -= float64(i) / 2
		}
		nights := made(draws)
		if analytics.Compare(asleepMetric, nights[:30], nights[150:], 10, 10).Verdict == analytics.Lower {
			found++
		}
		if analytics.Compare(asleepMetric, level[:30], level[150:], 10, 10).Verdict == analytics.NoClearDifference {
			none++
		}
	}
	assert.GreaterOrEqual(t, found, 98.0)
	assert.GreaterOrEqual(t, none, 90.0)
}
