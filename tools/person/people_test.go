package person

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// aNight is one made-up night, in minutes: how long after 23:00 the recording begins, and
// what it contains.
type aNight struct{ late, latency, asleep, awake float64 }

// sleeper makes nights of a person whose true habits are known: everything is drawn
// independently each night around the same mean.
func sleeper(seed uint64, nights int) []aNight {
	rng := rand.New(rand.NewPCG(seed, 23))
	list := make([]aNight, nights)
	for i := range list {
		list[i] = aNight{
			late: 35 * rng.NormFloat64(), latency: 12 * math.Exp(0.5*rng.NormFloat64()),
			asleep: max(240, 440+40*rng.NormFloat64()), awake: 24 * math.Exp(0.5*rng.NormFloat64()),
		}
	}
	return list
}

// recordedUntil returns the recordings of nights, the newest dated 23 November.
func recordedUntil(nights []aNight) []sandbox.Recording {
	recordings := tooltest.Nightly(len(nights), "2026-11-22 23:00", "Europe/Paris", "1l")
	for i, n := range nights {
		r := &recordings[i]
		r.Start = r.Start.Add(time.Duration(n.late) * time.Minute)
		r.Stages = tooltest.StagesText(fmt.Sprintf("%.0fw %.0fl %.0fw %.0fl %.0fw %.0fd %.0fr 5w",
			n.latency, 0.2*n.asleep, n.awake/2, 0.4*n.asleep, n.awake/2, 0.18*n.asleep, 0.22*n.asleep))
	}
	return recordings
}

func worldOf(t *testing.T, nights []aNight) *tooltest.World {
	t.Helper()
	return tooltest.NewWorld(t, evening, tooltest.Person(recordedUntil(nights)...))
}

func directions(t *testing.T, nights []aNight) map[string]trend {
	t.Helper()
	byMetric := map[string]trend{}
	for _, one := range tooltest.AnswerOf[monthlyTrendsOut](t, worldOf(t, nights), "monthly_trends", `{}`).Trends {
		byMetric[one.Metric] = one
	}
	require.Len(t, byMetric, 5, "all but awakenings and snoring, which nobody measured")
	return byMetric
}

// Half a minute more each night for 150 nights is found in each of twelve people, with the
// right size.
func TestARisingTrendIsFound(t *testing.T) {
	t.Parallel()
	steps := 0
	for seed := range uint64(12) {
		nights := sleeper(seed, 150)
		for i := range nights {
			nights[i].asleep += float64(i) / 2
		}
		got := directions(t, nights)["asleep_minutes"]
		assert.Equal(t, "rising", got.Direction, "seed %d", seed)
		if got.Step != nil {
			steps++
			continue
		}
		assert.InDelta(t, 15.2, *got.PerMonth, 5)
		assert.LessOrEqual(t, *got.Low, *got.PerMonth)
		assert.GreaterOrEqual(t, *got.High, *got.PerMonth)
		if got.P != nil {
			assert.Less(t, *got.P, 0.05)
		}
	}
	assert.LessOrEqual(t, steps, 1, "chance may make a drift look like a step in one of twenty")
	nights := sleeper(50, 150)
	for i := range nights {
		nights[i].late += float64(i) / 3
	}
	got := directions(t, nights)
	assert.Equal(t, "rising", got["bedtime_minutes"].Direction, "later")
	assert.Equal(t, "no_clear_trend", got["asleep_minutes"].Direction)
}

// Among people whose sleep does not change at most one in twenty is told of anything that
// does: a trend of any metric or another month.
func TestNoTrendIsFoundWhereNoneIs(t *testing.T) {
	t.Parallel()
	const people = 120
	alarms := 0
	for seed := range uint64(people) {
		got := tooltest.AnswerOf[monthlyTrendsOut](t, worldOf(t, sleeper(100+seed, 90)), "monthly_trends", `{}`)
		found := slices.ContainsFunc(got.Trends, trend.clear)
		for _, m := range got.Months {
			found = found || m.VsPrevious != nil && analytics.Verdict(m.VsPrevious.Verdict).Differs()
		}
		if found {
			alarms++
		}
	}
	t.Logf("of %d: %d", people, alarms)
	assert.LessOrEqual(t, alarms, people/20)
}

func TestOneOddNightIsFound(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		nights := sleeper(200+seed, 29)
		nights[28].asleep = 200
		got := tooltest.AnswerOf[getSessionOut](t, worldOf(t, nights), "get_session", `{}`)
		assert.Regexp(t, "ime asleep much shorter( and .*)? than on the 28 nights before", got.Summary, "seed %d", seed)
	}
}

// False alarms on shuffled nights: what a person is told about a week, and a night, in
// which nothing changed.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	const people = 60
	sentences, insights, oddNights := 0, 0, 0
	for seed := range uint64(people) {
		nights := sleeper(300+seed, 35)
		for i := range nights {
			nights[i].asleep -= float64(i) // a month that gets worse, shuffled
		}
		rand.New(rand.NewPCG(seed, 7)).Shuffle(len(nights), func(i, j int) { nights[i], nights[j] = nights[j], nights[i] })
		w := worldOf(t, nights)
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
		require.NotEmpty(t, week.Changes)
		if !strings.Contains(week.Summary, "No clear difference") {
			sentences++
		}
		if len(week.Insights) > 0 {
			insights++
		}
		if len(tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`).Unusual) > 0 {
			oddNights++
		}
	}
	t.Logf("of %d: a sentence %d, insights %d, an unusual night %d", people, sentences, insights, oddNights)
	assert.LessOrEqual(t, sentences, people/8)
	assert.LessOrEqual(t, insights, people/15)
	assert.LessOrEqual(t, oddNights, people/6)
}
