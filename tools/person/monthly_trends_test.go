package person

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Seven hours until 23 October, eight until the end of it, seven in November: over
// the same days nothing differs, over the whole month 17 minutes would.
func TestAPartialMonthAgainstTheSameDays(t *testing.T) {
	t.Parallel()
	var nights []sandbox.Recording
	nights = append(nights, tooltest.Nightly(23, "2026-10-22 23:00", "Europe/Paris", "420l")...)
	nights = append(nights, tooltest.Nightly(8, "2026-10-30 23:00", "Europe/Paris", "480l")...)
	nights = append(nights, tooltest.Nightly(23, "2026-11-22 23:00", "Europe/Paris", "420l")...)
	got := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights...)), "monthly_trends", `{"months":3}`)
	require.Equal(t, "2026-11", got.Months[0].Month)
	assert.True(t, got.Months[0].Partial)
	assert.Equal(t, &monthChange{Verdict: "no_clear_difference"}, got.Months[0].VsPrevious)
	assert.NotContains(t, got.Summary, "a night", "what is usual is not told")
	assert.InDelta(t, (23*7+8*8)/31.0, *got.Months[1].SleepHours, 0.01, "the month itself is whole")
	assert.Nil(t, got.Months[1].VsPrevious, "September has no nights")
	assert.Nil(t, got.Months[2].VsPrevious, "nor is there a month before the first")
}

func TestWholeMonthsAgainstEachOther(t *testing.T) {
	t.Parallel()
	var nights []sandbox.Recording
	nights = append(nights, tooltest.Nightly(28, "2026-02-27 23:00", "Europe/Paris", "400l")...)
	nights = append(nights, tooltest.Nightly(31, "2026-03-30 23:00", "Europe/Paris", "440l")...)
	nights = append(nights, tooltest.Nightly(10, "2026-04-09 23:00", "Europe/Paris", "400l")...)
	april := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, tooltest.InstantOf("2026-04-10T12:00:00+02:00"), tooltest.Person(nights...)), "monthly_trends", `{"months":3}`)
	assert.Contains(t, april.Summary, " 2026-03: 40 min a night more than in the month before."+
		" 2026-04: 40 min a night less than in the same days of the month before.")
	for now, want := range map[string][]*monthChange{
		"2026-04-10T12:00:00+02:00": {{Minutes: -40, Low: -40, High: -40, Verdict: "lower"}, {Minutes: 40, Low: 40, High: 40, Verdict: "higher"}, nil},
		"2026-04-09T12:00:00+02:00": {nil, {Minutes: 40, Low: 40, High: 40, Verdict: "higher"}, nil}, // nine nights
		"2026-03-31T12:00:00+02:00": {{Minutes: 40, Low: 40, High: 40, Verdict: "higher"}, nil, nil}, // over, and longer than February
		"2026-03-30T12:00:00+02:00": {{Minutes: 40, Low: 40, High: 40, Verdict: "higher"}, nil, nil}, // thirty days against all of February
	} {
		got := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, tooltest.InstantOf(now), tooltest.Person(nights...)), "monthly_trends", `{"months":3}`)
		var changes []*monthChange
		for _, m := range got.Months {
			changes = append(changes, m.VsPrevious)
		}
		assert.Equal(t, want, changes, now)
	}
}

// A bad month half a year ago is told, whatever came after it.
func TestAnOldMonthThatDiffersIsTold(t *testing.T) {
	t.Parallel()
	var nights []sandbox.Recording
	nights = append(nights, tooltest.Nightly(31, "2026-05-30 23:00", "Europe/Paris", "440l")...)
	nights = append(nights, tooltest.Nightly(30, "2026-06-29 23:00", "Europe/Paris", "380l")...)
	nights = append(nights, tooltest.Nightly(145, "2026-11-21 23:00", "Europe/Paris", "440l")...)
	got := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights...)), "monthly_trends", `{"months":7}`)
	assert.Regexp(t, ` 2026-06: 60 min a night less than in the month before\. 2026-07: 60 min a night more than in the month before\.$`, got.Summary)
}

// Months can end in the past: newer nights do not show.
func TestMonthsUpToADate(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person(tooltest.Nightly(120, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...))
	got := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2,"ending":"2026-09-30"}`)
	require.Len(t, got.Months, 2)
	assert.Equal(t, tool.Period{From: "2026-08-01", To: "2026-09-30", Days: 61}, got.Period)
	assert.Equal(t, []string{"2026-09", "2026-08"}, []string{got.Months[0].Month, got.Months[1].Month})
	assert.False(t, got.Months[0].Partial)
	assert.Equal(t, 30, got.Months[0].Nights)
	assert.Empty(t, got.Warnings, "nothing of today's")
	assert.Equal(t, 61, got.Trends[0].Nights)

	running := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2,"ending":"2026-11-30"}`)
	assert.Equal(t, tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2}`), running, "the month that is not over")

	part := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2,"ending":"2026-09-20"}`)
	assert.True(t, part.Months[0].Partial)
	assert.Equal(t, 20, part.Months[0].Nights)
	assert.Equal(t, []tool.Warning{{Code: "partial_month", Text: "2026-09 is counted up to 2026-09-20 and compared with the same days of the month before."}}, part.Warnings)

	for arguments, says := range map[string]string{
		`{"ending":"2026-12-01"}`: `"ending" lies in the future, received "2026-12-01"`,
		`{"ending":"2010-03-01"}`: `No night was recorded before 2010-01-01`,
	} {
		assert.Contains(t, tooltest.Fails(t, w, "monthly_trends", arguments).Text, says)
	}
}

// A summary mentions every trend, and for time asleep also that there is none.
func TestTrendsInWords(t *testing.T) {
	t.Parallel()
	stepped := func(change float64, latest string) *step {
		return &step{Since: "2026-09-12", Earliest: "2026-09-10", Latest: latest, Change: change}
	}
	for want, got := range map[string]trend{
		"Time asleep: 12 min shorter each month.":       {Metric: "asleep_minutes", Direction: "falling", Shape: "drift", PerMonth: new(-12.4)},
		"Time asleep: no clear trend.":                  {Metric: "asleep_minutes", Direction: "no_clear_trend", PerMonth: new(-3.8)},
		"Time asleep: no trend large enough to matter.": {Metric: "asleep_minutes", Direction: "no_clear_trend", Why: "small_change", PerMonth: new(-3.8)},
		"Time asleep: too few nights, each too similar to the one before, to distinguish a trend from chance.": {
			Metric: "asleep_minutes", Direction: "no_clear_trend", Why: "nights_alike", PerMonth: new(-12.4),
		},
		"Sleep efficiency: no lasting trend: it changed and changed back.": {Metric: "efficiency_percent", Direction: "no_clear_trend", Why: "not_lasting", PerMonth: new(0.1)},
		"Time asleep: too few nights to tell a trend.":                     {Metric: "asleep_minutes", Direction: "not_enough_nights"},
		"Sleep efficiency: 0.6 points higher each month.":                  {Metric: "efficiency_percent", Direction: "rising", Shape: "drift", PerMonth: new(0.6)},
		"Bedtime: 5 min earlier each month.":                               {Metric: "bedtime_minutes", Direction: "falling", Shape: "drift", PerMonth: new(-5.0)},
		"Awakenings over five minutes: 0.4 fewer each month.":              {Metric: "awakenings_over_5_minutes", Direction: "falling", Shape: "drift", PerMonth: new(-0.4)},
		"Time with snoring sound: 20 min longer each month on average; it is unclear whether little by little or on one date.": {
			Metric: "snoring_minutes", Direction: "rising", Shape: "unclear", PerMonth: new(20.0),
		},
		"Time asleep: no clear trend; one under 14 min a month would probably go unnoticed.": {
			Metric: "asleep_minutes", Direction: "no_clear_trend", Why: "may_be_chance", PerMonth: new(2.0), Visible: new(14.0),
		},
		"Bedtime: 42 min earlier since 2026-09-12 (95 %: 2026-09-10 to 2026-09-15), in one step.": {
			Metric: "bedtime_minutes", Direction: "falling", Shape: "step", Step: stepped(-42, "2026-09-15"),
		},
		"Bedtime: 10 h 00 min later since 2026-09-12, in one step.": {
			Metric: "bedtime_minutes", Direction: "rising", Shape: "step", Step: stepped(599.7, "2026-09-10"),
		},
		"Time to fall asleep: 15 min longer since 2026-09-12, in one step.": {
			Metric: "latency_minutes", Direction: "rising", Shape: "step", Step: stepped(15, "2026-09-10"),
		},
	} {
		assert.Equal(t, want, got.words())
	}
	summary := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.Demo(t, tooltest.Morning), "monthly_trends", `{}`).Summary
	assert.Contains(t, summary, " Time asleep: no clear trend; one under ")
}

// Somebody who goes to bed half an hour earlier from one date on is told of that date, and
// of no trend by the month; somebody who does so little by little, of that.
func TestAStepIsToldFromADrift(t *testing.T) {
	t.Parallel()
	trendOf := func(metric string, change func(i int, n *aNight)) trend {
		nights := sleeper(71, 170)
		for i := range nights {
			change(i, &nights[i])
		}
		return directions(t, nights)[metric]
	}
	bedtime := trendOf("bedtime_minutes", func(i int, n *aNight) {
		if i >= 120 {
			n.late -= 60
		}
	})
	assert.Equal(t, []string{"falling", "step"}, []string{bedtime.Direction, bedtime.Shape})
	require.NotNil(t, bedtime.Step)
	assert.Nil(t, bedtime.PerMonth, "a step is nothing by the month")
	// The newest of 170 nights is dated 23 November: night 120 is that of 5 October.
	assert.LessOrEqual(t, bedtime.Step.Earliest, "2026-10-05")
	assert.GreaterOrEqual(t, bedtime.Step.Latest, "2026-10-05")
	assert.InDelta(t, -60, bedtime.Step.Change, 15)
	assert.Less(t, bedtime.Step.Low, bedtime.Step.Change)
	assert.Greater(t, bedtime.Step.High, bedtime.Step.Change)
	require.Len(t, bedtime.Step.Clocks, 2)
	assert.Regexp(t, `^(22:5|23:0)`, bedtime.Step.Clocks[0])
	assert.Regexp(t, `^2(1:5|2:[01])`, bedtime.Step.Clocks[1])

	latency := trendOf("latency_minutes", func(i int, n *aNight) {
		if i >= 60 {
			n.latency += 30
		}
	})
	assert.Equal(t, []string{"rising", "step"}, []string{latency.Direction, latency.Shape})
	assert.InDelta(t, 30, *latency.Step.After-*latency.Step.Before, 5)

	drift := trendOf("bedtime_minutes", func(i int, n *aNight) { n.late += float64(i) / 2 })
	assert.Equal(t, []string{"rising", "drift"}, []string{drift.Direction, drift.Shape})
	assert.Nil(t, drift.Step)
	assert.InDelta(t, 15.2, *drift.PerMonth, 4)
}

// A p beside a verdict says why: it is chance, or it is sure and small.
func TestWhyThereIsNoClearTrend(t *testing.T) {
	t.Parallel()
	nights := sleeper(5, 170)
	for i := range nights {
		nights[i].asleep = 440 + float64(i%7)
		if i >= 80 {
			nights[i].asleep += 10
		}
	}
	small := directions(t, nights)["asleep_minutes"]
	assert.Equal(t, []string{"no_clear_trend", "small_change", ""}, []string{small.Direction, small.Why, small.Shape})
	assert.Nil(t, small.P, "under 0.0001")
	assert.Nil(t, small.Visible)
	chance := directions(t, sleeper(5, 170))["asleep_minutes"]
	assert.Equal(t, []string{"no_clear_trend", "may_be_chance"}, []string{chance.Direction, chance.Why})
	assert.Greater(t, *chance.P, 0.05)
	assert.Greater(t, *chance.Visible, 0.0)
}

// The weeks of a metric that was asked for, and no others.
func TestWeeklySeries(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person(append(
		tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", "420l"), tooltest.Nightly(3, "2026-10-20 23:30", "Europe/Paris", "480l")...)...))
	got := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2,"weekly":"asleep_minutes"}`)
	assert.Equal(t, []week{
		{Starting: "2026-10-19", Nights: 3, Mean: new(480.0)},
		{Starting: "2026-11-02", Nights: 6, Mean: new(420.0)},
		{Starting: "2026-11-09", Nights: 7, Mean: new(420.0)},
		{Starting: "2026-11-16", Nights: 7, Mean: new(420.0)},
	}, got.Weeks)
	got = tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":1,"weekly":"bedtime_minutes"}`)
	assert.Equal(t, week{Starting: "2026-11-02", Nights: 6, Clock: "23:00"}, got.Weeks[0])
	assert.Contains(t, got.Summary, " Bedtime: ", "what was asked about is told")
	got = tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"weekly":"snoring_minutes"}`)
	assert.Empty(t, got.Weeks)
	assert.Equal(t, "not_measured", got.Missing["weeks"])
	assert.Empty(t, tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{}`).Weeks, "not asked for")
	assert.Contains(t, tooltest.Fails(t, w, "monthly_trends", `{"weekly":"sleep_onset"}`).Text, "weekly")
}
