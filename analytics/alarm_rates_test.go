package analytics_test

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// people of each kind are made up; more of them make the figures of docs/metrics.md.
var people = flag.Int("people", 250, "made-up people of each kind")

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

// rate counts how often something is said.
type rate struct{ said, of float64 }

func (r *rate) count(said bool) {
	r.of++
	if said {
		r.said++
	}
}

func (r rate) share() float64 { return r.said / r.of }

// spreads are standard deviations of time asleep from night to night, in minutes: most
// people have one of 50 to 100.
var spreads = []float64{35, 50, 70, 95}

// A week compared with the four before it: of people in whom nothing changed, and with
// changes of that week planted.
func TestFalseChangesAndPower(t *testing.T) {
	t.Parallel()
	planted := []struct {
		name, metric string
		verdict      analytics.Verdict
		change       func(*draw)
	}{
		{"45 min less sleep", analytics.MetricAsleep, analytics.Lower, func(d *draw) { d.period -= 45 }},
		{"90 min less sleep", analytics.MetricAsleep, analytics.Lower, func(d *draw) { d.period -= 90 }},
		{"45 min later", analytics.MetricOnset, analytics.Higher, func(d *draw) { d.onset += 45 }},
		{"90 min later", analytics.MetricOnset, analytics.Higher, func(d *draw) { d.onset += 90 }},
		{"40 min longer awake", analytics.MetricAwake, analytics.Higher, func(d *draw) { d.awake += 40 }},
	}
	for _, spread := range spreads {
		r := seeded(11)
		var any, alike rate
		power, opposite := make([]rate, len(planted)), 0.0
		for range *people {
			p := anybody(r, spread)
			draws := p.draws(r, 35)
			alike.count(differs(p.week(r, draws)))
			draws = shuffled(r, draws)
			any.count(differs(p.week(r, draws)))
			for i, one := range planted {
				changed := slices.Clone(draws)
				for d := 28; d < 35; d++ {
					one.change(&changed[d])
				}
				for _, c := range p.week(r, changed) {
					if c.Metric.Name == one.metric {
						power[i].count(c.Verdict == one.verdict)
						if c.Verdict.Differs() && c.Verdict != one.verdict {
							opposite++
						}
					}
				}
			}
		}
		t.Logf("spread %.0f min: any of unchanged weeks %.1f %%, of weeks of nights like those before %.1f %%", spread, 100*any.share(), 100*alike.share())
		for i, one := range planted {
			t.Logf("  %s: found in %.0f %%", one.name, 100*power[i].share())
		}
		assert.LessOrEqual(t, any.share(), 0.05+2*math.Sqrt(0.05*0.95/any.of), "%v", spread)
		assert.LessOrEqual(t, alike.share(), 0.12, "%v", spread)
		assert.LessOrEqual(t, opposite, 2.0)
	}
}

func differs(changes []analytics.Change) bool {
	return slices.ContainsFunc(changes, func(c analytics.Change) bool { return c.Verdict.Differs() })
}

func TestFalseUnusualNights(t *testing.T) {
	t.Parallel()
	r := seeded(12)
	alarms, nights := map[string]float64{}, 0.0
	for range *people {
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
	for range *people {
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
	t.Logf("of %d: weeks %v, months %v", *people, weeks, months)
	assert.LessOrEqual(t, weeks["any"]/float64(*people), 0.04)
	assert.LessOrEqual(t, months["any"]/float64(*people), 0.005)
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
