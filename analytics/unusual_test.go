package analytics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func unusualNames(t *testing.T, n analytics.Night, baseline []analytics.Night) []string {
	t.Helper()
	found, ok := analytics.UnusualOf(n, baseline)
	require.True(t, ok)
	list := []string{}
	for _, u := range found {
		list = append(list, u.Metric.Name)
	}
	return list
}

func TestUnusualByHand(t *testing.T) {
	t.Parallel()
	// Median 420, absolute deviations 0, 10, 20, 30, 40, 50, 60 twice each and one more 0: MAD 30.
	baseline := asleepFor(420, 420, 410, 430, 400, 440, 390, 450, 380, 460, 370, 470, 360, 480, 420)
	found, ok := analytics.UnusualOf(asleepFor(280)[0], baseline)
	require.True(t, ok)
	require.NotEmpty(t, found)
	u := found[0]
	assert.Equal(t, analytics.MetricAsleep, u.Metric.Name)
	assert.InDelta(t, 280, u.Value, 1e-9)
	assert.InDelta(t, 420, u.Usual, 1e-9)
	assert.InDelta(t, -140/(1.4826*30), u.Z, 1e-9)
	assert.NotContains(t, unusualNames(t, asleepFor(309)[0], baseline), analytics.MetricAsleep, "2.496 times the scale")
	assert.Contains(t, unusualNames(t, asleepFor(308)[0], baseline), analytics.MetricAsleep, "2.518 times")
}

func TestUnusualHasAFloor(t *testing.T) {
	t.Parallel()
	steady := same(14, plain)
	cases := []struct {
		name   string
		change func(*draw)
		want   []string
	}{
		{"the same", func(*draw) {}, []string{}},
		{"37 minutes later", func(d *draw) { d.onset += 37 }, []string{}},
		{"38 minutes later", func(d *draw) { d.onset += 38 }, []string{analytics.MetricOnset, analytics.MetricWake}},
		{"latency", func(d *draw) { d.latency += 60; d.onset++ }, []string{analytics.MetricEfficiency, analytics.MetricLatency}},
		{"stages", func(d *draw) { d.deep, d.rem = 0.02, 0.5 }, []string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			night := plain
			c.change(&night)
			assert.ElementsMatch(t, c.want, unusualNames(t, same(1, night)[0], steady))
		})
	}
}

// What was not recorded inside a night may have been sleep, so neither how much there was
// nor what follows from it is judged.
func TestUnrecordedTimeIsNotUnusual(t *testing.T) {
	t.Parallel()
	steady := same(14, plain)
	for _, c := range []struct {
		lost time.Duration
		late float64
		want []string
	}{
		{0, 0, []string{}},
		{5 * time.Minute, 0, []string{}},
		{90 * time.Minute, 0, []string{}},
		{90 * time.Minute, 60, []string{analytics.MetricOnset, analytics.MetricWake}},
	} {
		night := plain
		night.onset += c.late
		one := same(1, night)[0]
		one.Main[0].Asleep -= c.lost
		assert.Equal(t, c.lost, one.Unrecorded())
		assert.Equal(t, c.lost > 0, one.Gap())
		assert.ElementsMatch(t, c.want, unusualNames(t, one, steady), "%s lost", c.lost)
		one.Main[0].Wake = one.Main[0].Wake.Add(-c.lost) // the same sleep, recorded throughout
		assert.Equal(t, c.lost > time.Hour, slices.Contains(unusualNames(t, one, steady), analytics.MetricAsleep), "%s less", c.lost)
	}
}

func TestUnusualAcrossMidnight(t *testing.T) {
	t.Parallel()
	baseline := each(15, func(i int, d *draw) { d.onset, d.period = float64(i-7), 450 })
	found, ok := analytics.UnusualOf(same(1, draw{onset: 60, period: 390})[0], baseline)
	require.True(t, ok)
	require.NotEmpty(t, found)
	i := 0
	for found[i].Metric.Name != analytics.MetricOnset {
		i++
	}
	assert.InDelta(t, 60, found[i].Value, 1e-9)
	assert.InDelta(t, 59.5/15, found[i].Z, 1e-9, "from the middle of all sixteen")
	assert.InDelta(t, 0, found[i].Usual, 1e-6)
}

func TestUnusualKnowsWhatComesEveryWeekend(t *testing.T) {
	t.Parallel()
	weekend := func(_ int, d *draw) { d.onset += 150; d.period -= 2 }
	nights := each(28, func(i int, d *draw) {
		if i%7 >= 5 {
			weekend(i, d)
		}
	})
	assert.Empty(t, unusualNames(t, each(1, weekend)[0], nights))

	one := each(28, func(i int, d *draw) {
		if i == 9 {
			weekend(i, d)
		}
	})
	assert.Equal(t, []string{analytics.MetricOnset, analytics.MetricWake}, unusualNames(t, each(1, weekend)[0], one),
		"one odd night does not make the next one usual")
	assert.Equal(t, []string{analytics.MetricOnset, analytics.MetricWake},
		unusualNames(t, each(1, func(_ int, d *draw) { d.onset -= 210 })[0], nights), "nor do late nights a still earlier one")
}

func TestUnusualNeedsABaseline(t *testing.T) {
	t.Parallel()
	odd := same(1, draw{onset: 200, period: 250, latency: 90, awake: 60})[0]
	_, ok := analytics.UnusualOf(odd, same(13, plain))
	assert.False(t, ok)
	left := odd
	left.Excluded = analytics.Inconsistent
	_, ok = analytics.UnusualOf(left, same(28, plain))
	assert.False(t, ok)
	found, ok := analytics.UnusualOf(odd, same(14, plain))
	assert.True(t, ok)
	require.Len(t, found, 2)
	assert.GreaterOrEqual(t, max(found[0].Z, -found[0].Z), max(found[1].Z, -found[1].Z))

	unmeasured := same(14, draw{onset: -30, period: 480})
	unmeasured[0].Main[0].Latency = nil
	assert.NotContains(t, unusualNames(t, same(1, draw{onset: -30, period: 480, latency: 90})[0], unmeasured),
		analytics.MetricLatency, "13 latencies are too few")

	short := same(1, draw{onset: -30, period: 120})[0]
	assert.Equal(t, []string{analytics.MetricAsleep}, unusualNames(t, short, asleepFor(repeat(14, 480)...))[:1],
		"a short night is unusual, its clock times are not read")
}

func TestUnusualNightsOfAWeek(t *testing.T) {
	t.Parallel()
	baseline := asleepFor(repeat(2, 440, 430, 450, 440, 425, 455, 440, 435, 445, 440, 438, 442, 440, 420)...)
	week := asleepFor(440, 240, 436, 450, 240, 420, 441)
	found, ok := analytics.UnusualNights(week, baseline)
	require.True(t, ok)
	require.Len(t, found, 2, "two odd nights do not hide each other")
	for i, night := range []int{1, 4} {
		assert.Equal(t, week[night].Date, found[i].Date)
		assert.Equal(t, analytics.MetricAsleep, found[i].Values[0].Metric.Name)
		assert.InDelta(t, 240, found[i].Values[0].Value, 1e-9)
		assert.InDelta(t, 440, found[i].Values[0].Usual, 1e-9)
		assert.Negative(t, found[i].Values[0].Z)
	}
	odd := asleepFor(repeat(2, 440, 430, 450, 440, 425, 455, 440, 435, 445, 440, 438, 442, 440, 300)...)
	found, ok = analytics.UnusualNights(week, odd)
	assert.True(t, ok)
	assert.Equal(t, []analytics.UnusualNight{}, found, "240 minutes are not twice as far out as 300")
	_, ok = analytics.UnusualNights(week, baseline[:13])
	assert.False(t, ok)
}

// One odd night of the baseline hides only what is not clearly farther out than the others.
func TestUnusualRanks(t *testing.T) {
	t.Parallel()
	around := repeat(4, 440, 430, 450, 420, 460, 435, 445)
	odd := func(asleep float64, baseline ...float64) bool {
		return slices.Contains(unusualNames(t, asleepFor(asleep)[0], asleepFor(baseline...)), analytics.MetricAsleep)
	}
	assert.True(t, odd(300, around...))
	assert.True(t, odd(320, append(around[:27:27], 300)...), "second of 29, but much farther out than the third")
	assert.False(t, odd(320, append(around[:26:26], 300, 310)...), "third")
	assert.False(t, odd(405, append(around[:18:18], 410)...), "farther than all of 19 nights, but near the middle")
}

// Who gets up for an hour between two recordings is not awake for less time than usual.
func TestTimeOutOfBedIsNoRest(t *testing.T) {
	t.Parallel()
	baseline := each(28, func(i int, d *draw) { d.awake = 40 + float64(i%3) })
	night := each(1, func(_ int, d *draw) { d.awake = 0 })[0]
	assert.Contains(t, unusualNames(t, night, baseline), analytics.MetricAwake)
	first := night.Main[0]
	for up, told := range map[time.Duration]bool{5 * time.Minute: true, 6 * time.Minute: false} {
		back := first.End.Add(up)
		night.Main = []analytics.Session{first, {Start: back, Onset: back, Wake: back, End: back}}
		assert.Equal(t, told, slices.Contains(unusualNames(t, night, baseline), analytics.MetricAwake), up)
	}
}

// A week in which the recording stops while somebody is up, and goes on in another one, is not
// one of less time awake, or of fewer awakenings.
func TestTimeOutOfBedIsNoShorterWake(t *testing.T) {
	t.Parallel()
	before := each(28, func(i int, d *draw) { d.awake = 60 + float64(i%5) })
	after := each(7, func(_ int, d *draw) { d.awake = 4 })
	awake := func() analytics.Change {
		return analytics.Compare(metricNamed(analytics.MetricAwake), before, after, analytics.LeastBaseline, analytics.LeastWeek)
	}
	assert.Equal(t, analytics.Lower, awake().Verdict)
	for i := range after {
		one := after[i].Main[0]
		again := one
		one.Wake = one.Onset.Add(4 * time.Hour)
		one.End = one.Wake
		again.Start = one.End.Add(time.Hour)
		again.Onset = again.Start
		after[i].Main = []analytics.Session{one, again}
		if i < 3 {
			continue
		}
		assert.Equal(t, 6-i, awake().Second.N, "nights recorded throughout")
	}
	assert.Equal(t, analytics.TooFewNights, awake().Verdict)
	_, ok := analytics.Metric{Name: analytics.MetricAwakenings}.Of(after[0])
	assert.False(t, ok)
}
