package analytics_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// people of each kind are made up; more of them make the figures of docs/metrics.md.
var people = flag.Int("people", 100, "made-up people of each kind")

// rate counts how often something is said.
type rate struct{ said, of float64 }

func (r *rate) count(said bool) {
	r.of++
	if said {
		r.said++
	}
}

func (r *rate) each(said []bool) {
	for _, one := range said {
		r.count(one)
	}
}

func (r rate) percent() float64 { return 100 * r.said / r.of }

// oneInTwenty asserts that it is at most that, give or take three standard errors.
func (r *rate) oneInTwenty(t *testing.T) {
	t.Helper()
	const share = 0.05
	assert.LessOrEqual(t, r.said/r.of, share+3*math.Sqrt(share*(1-share)/r.of))
}

// spreads are standard deviations of time asleep from night to night, in minutes: most
// people have one of 50 to 100.
var spreads = []float64{35, 50, 70, 95}

// What is said of weeks and nights of people in whom nothing changed: their nights on
// shuffled dates, and as they came, with weekends and each night like the one before.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	for _, spread := range spreads {
		r := seeded(11)
		var verdict, listed, week, night, verdictAlike, weekAlike, nightAlike rate
		for range *people {
			p := anybody(r, spread)
			draws := p.draws(r, 35)
			before, nights := p.weeks(r, draws)
			changes, odd, unusual := said(before, nights)
			verdictAlike.count(changes)
			weekAlike.count(changes || odd)
			nightAlike.each(unusual)

			before, nights = p.weeks(r, shuffled(r, draws))
			changes, odd, unusual = said(before, nights)
			verdict.count(changes)
			listed.count(odd)
			week.count(changes || odd)
			night.each(unusual)
		}
		t.Logf("| %.0f min | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |", spread, verdict.percent(), listed.percent(), week.percent(), night.percent(),
			verdictAlike.percent(), weekAlike.percent(), nightAlike.percent())
		week.oneInTwenty(t)
		night.oneInTwenty(t)
		weekAlike.oneInTwenty(t)
		nightAlike.oneInTwenty(t)
		assert.Positive(t, night.said, "rare, not never")
	}
}

// The newest night of somebody whose habits wander is often the farthest from those before it.
func TestNightsOfHabitsThatWander(t *testing.T) {
	t.Parallel()
	r := seeded(19)
	var night rate
	for range 60 {
		p := alike(r, 70, 0.9, 0)
		_, _, unusual := said(p.weeks(r, p.draws(r, 35)))
		night.each(unusual)
	}
	t.Logf("%.1f %%", night.percent())
	night.oneInTwenty(t)
}

// The share of weeks and of nights of which something is said, of people whose habits wander
// slowly under the noise of single nights.
func BenchmarkWanderingAlarms(b *testing.B) {
	for b.Loop() {
		for _, nights := range wandering {
			row := fmt.Sprintf("| %.2g | %.0f %% |", nights.correlation, 100*nights.noise)
			for _, spread := range []float64{35, 70} {
				r := seeded(11)
				var week, night rate
				for range *people {
					p := alike(r, spread, nights.correlation, nights.noise)
					before, last := p.weeks(r, p.draws(r, 35))
					changes, odd, unusual := said(before, last)
					week.count(changes || odd)
					night.each(unusual)
				}
				row += fmt.Sprintf(" %.1f %% | %.1f %% |", week.percent(), night.percent())
			}
			b.Log(row)
		}
	}
}

// said reports what is said of a week: whether of any metric that it differs, whether of
// any night of it that it is far out, and of each night by itself.
func said(before, week []analytics.Night) (changes, odd bool, unusual []bool) {
	list, _ := analytics.UnusualNights(week, before)
	all := slices.Concat(before, week)
	for _, n := range week {
		found, _ := analytics.UnusualOf(n, analytics.Baseline(all, n.Date))
		unusual = append(unusual, len(found) > 0)
	}
	return differs(analytics.Changes(before, week, analytics.LeastBaseline, analytics.LeastWeek)), len(list) > 0, unusual
}

// planted are changes of a week, by the verdict that finds them, and of a single night.
var planted = struct {
	weeks []plantedWeek
	night []func(*draw)
}{
	[]plantedWeek{
		{analytics.MetricAsleep, analytics.Lower, func(d *draw) { d.period -= 45 }},
		{analytics.MetricAsleep, analytics.Lower, func(d *draw) { d.period -= 90 }},
		{analytics.MetricOnset, analytics.Higher, func(d *draw) { d.onset += 45 }},
		{analytics.MetricOnset, analytics.Higher, func(d *draw) { d.onset += 90 }},
		{analytics.MetricEfficiency, analytics.Lower, func(d *draw) { d.awake += 0.05 * (d.latency + d.period) }},
		{analytics.MetricAwake, analytics.Higher, func(d *draw) { d.awake += 40 }},
	},
	[]func(*draw){
		func(d *draw) { d.period = 200 + d.awake },
		func(d *draw) { d.onset += 180 },
	},
}

type plantedWeek struct {
	metric  string
	verdict analytics.Verdict
	change  func(*draw)
}

// power is how often what is planted in the last of five weeks is found.
type power struct {
	found      []rate // as planted, weeks first
	opposite   int
	detectable float64 // in time asleep, added up
}

func newPower() *power { return &power{found: make([]rate, len(planted.weeks)+len(planted.night))} }

func (w *power) plant(r *rand.Rand, p person, draws []draw) {
	for i, one := range planted.weeks {
		changed := slices.Clone(draws)
		for d := analytics.BaselineDays; d < len(changed); d++ {
			one.change(&changed[d])
		}
		before, week := p.weeks(r, changed)
		for _, c := range analytics.Changes(before, week, analytics.LeastBaseline, analytics.LeastWeek) {
			if c.Metric.Name != one.metric {
				continue
			}
			w.found[i].count(c.Verdict == one.verdict)
			if c.Verdict.Differs() && c.Verdict != one.verdict {
				w.opposite++
			}
			if i == 0 {
				w.detectable += *c.Detectable
			}
		}
	}
	for i, change := range planted.night {
		before, _ := p.weeks(r, draws)
		changed := draws[analytics.BaselineDays]
		change(&changed)
		list, _ := analytics.UnusualOf(changed.night(firstMonday.AddDate(0, 0, analytics.BaselineDays)), before)
		w.found[len(planted.weeks)+i].count(len(list) > 0)
	}
}

func (w *power) row() (row string) {
	for i := range w.found {
		row += fmt.Sprintf(" %.0f |", w.found[i].percent())
	}
	return row
}

// What is found when something is planted in a week, or in one night.
func TestPower(t *testing.T) {
	t.Parallel()
	least := map[float64][]float64{35: {0.15, 0.8, 0.05, 0.3, 0.05, 0.3, 0.7, 0.2}, 95: {0, 0.1, 0.05, 0.25, 0.05, 0.3, 0.1, 0.15}}
	for _, spread := range spreads {
		r, w := seeded(14), newPower()
		for range *people {
			p := anybody(r, spread)
			w.plant(r, p, shuffled(r, p.draws(r, 35)))
		}
		t.Logf("| %.0f min | %.0f min |%s", spread, w.detectable/w.found[0].of, w.row())
		for i, want := range least[spread] {
			assert.GreaterOrEqual(t, w.found[i].percent(), 100*want, "%v: %d", spread, i)
		}
		assert.LessOrEqual(t, w.opposite, *people/100)
	}
}

// The same of people whose habits wander: in a week, in a night, and in six months.
func BenchmarkWanderingPower(b *testing.B) {
	for _, nights := range []likeness{{0, 0}, {0.5, 0.3}, {0.5, 0.7}, {0.7, 0.3}, {0.7, 0.7}, {0.9, 0.3}, {0.9, 0.7}} {
		b.Run(fmt.Sprintf("%.2g_%.0f%%", nights.correlation, 100*nights.noise), func(b *testing.B) {
			for b.Loop() {
				for _, spread := range []float64{35, 70} {
					b.Logf("| %.2g | %.0f %% | %.0f min |%s", nights.correlation, 100*nights.noise, spread, wanderingPower(spread, nights))
				}
			}
		})
	}
}

func wanderingPower(spread float64, nights likeness) (row string) {
	r, w := seeded(21), newPower()
	for range *people {
		p := alike(r, spread, nights.correlation, nights.noise)
		w.plant(r, p, p.draws(r, 35))
	}
	row = w.row()
	for _, change := range []func(int, *draw){drift(15), drift(30), step(60, 90), step(90, 90)} {
		row += fmt.Sprintf(" %.0f |", monthPower(*people, 6, spread, nights, change, falls).percent())
	}
	for _, by := range []float64{60, 90} {
		row += fmt.Sprintf(" %.0f |", monthPower(*people, 6, spread, nights, forAWhile(by), lessForAWhile).percent())
	}
	return row
}

func differs(changes []analytics.Change) bool {
	return slices.ContainsFunc(changes, func(c analytics.Change) bool { return c.Verdict.Differs() })
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
		if analytics.Changes(nights[:30], nights[150:], 10, 10)[0].Verdict == analytics.Lower {
			found++
		}
		if analytics.Changes(level[:30], level[150:], 10, 10)[0].Verdict == analytics.NoClearDifference {
			none++
		}
	}
	assert.GreaterOrEqual(t, found, 90.0)
	assert.GreaterOrEqual(t, none, 90.0)
}

// The same of nights that were recorded, in random order on random dates.
func TestFalseAlarmsOnRecordedNights(t *testing.T) {
	t.Parallel()
	recordings := recordedNights(t)
	r := seeded(18)
	var week, night rate
	for range *people {
		p := person{recorded: 0.9}
		var before, nights []analytics.Night
		for i, at := range r.Perm(len(recordings))[:35] {
			n := recordings[at].night(firstMonday.AddDate(0, 0, i))
			switch {
			case r.Float64() > p.recorded:
			case i < analytics.BaselineDays:
				before = append(before, n)
			default:
				nights = append(nights, n)
			}
		}
		changes, odd, unusual := said(before, nights)
		week.count(changes || odd)
		night.each(unusual)
	}
	t.Logf("weeks %.1f %%, nights %.1f %%", week.percent(), night.percent())
	week.oneInTwenty(t)
	night.oneInTwenty(t)
}

// recordedNights reads real nights as draws.
func recordedNights(t *testing.T) (list []draw) {
	t.Helper()
	folder := os.Getenv("ASLEEP_MCP_TESTDATA")
	if folder == "" {
		t.Skip("real-nights.ndjson: set ASLEEP_MCP_TESTDATA to the data folder to run this")
	}
	file, err := os.Open(filepath.Join(folder, "real-nights.ndjson"))
	require.NoError(t, err)
	defer func() { _ = file.Close() }() // read only
	for lines := json.NewDecoder(file); lines.More(); {
		var one struct{ Start, Stages string }
		require.NoError(t, lines.Decode(&one))
		start, err := time.Parse("2006-01-02T15:04:05", one.Start)
		require.NoError(t, err)
		s := analytics.StatsOf(epoch, stages(one.Stages))
		onset := analytics.ClockDifference(analytics.ClockOf(start.Add(s.Onset), nil), 0) / 60
		list = append(list, draw{
			onset: onset, period: (s.FinalWake - s.Onset).Minutes(), latency: s.Latency.Minutes(), awake: s.Awake.Minutes(),
			deep: s.Deep.Minutes() / s.Asleep.Minutes(), rem: s.REM.Minutes() / s.Asleep.Minutes(),
		})
	}
	require.Greater(t, len(list), 35)
	return list
}
