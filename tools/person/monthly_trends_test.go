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
	assert.Equal(t, &monthChange{Minutes: 0, Verdict: "no_clear_difference"}, got.Months[0].VsPrevious)
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
		"2026-04-10T12:00:00+02:00": {{Minutes: -40, Verdict: "lower"}, {Minutes: 40, Verdict: "higher"}, nil},
		"2026-04-09T12:00:00+02:00": {nil, {Minutes: 40, Verdict: "higher"}, nil}, // nine nights
		"2026-03-31T12:00:00+02:00": {{Minutes: 40, Verdict: "higher"}, nil, nil}, // over, and longer than February
		"2026-03-30T12:00:00+02:00": {{Minutes: 40, Verdict: "higher"}, nil, nil}, // thirty days against all of February
	} {
		got := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, tooltest.InstantOf(now), tooltest.Person(nights...)), "monthly_trends", `{"months":3}`)
		var changes []*monthChange
		for _, m := range got.Months {
			changes = append(changes, m.VsPrevious)
		}
		assert.Equal(t, want, changes, now)
	}
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
	assert.Equal(t, []tool.Warning{{Code: "partial_month", Text: "2026-09 is counted up to 2026-09-20; vs_previous compares it with the same days of the month before."}}, part.Warnings)

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
	perMonth := func(x float64) *float64 { return &x }
	for want, got := range map[string]trend{
		"Time asleep: falling by 12 minutes a month.":     {Metric: "asleep_minutes", Direction: "falling", PerMonth: perMonth(-12.4)},
		"Time asleep: no clear trend.":                    {Metric: "asleep_minutes", Direction: "no_clear_trend", PerMonth: perMonth(-3.8)},
		"Time asleep: too few nights to tell a trend.":    {Metric: "asleep_minutes", Direction: "not_enough_nights"},
		"Sleep efficiency: rising by 0.6 points a month.": {Metric: "efficiency_percent", Direction: "rising", PerMonth: perMonth(0.6)},
		"Bedtime: 5 minutes earlier each month.":          {Metric: "bedtime_minutes", Direction: "falling", PerMonth: perMonth(-5)},
	} {
		assert.Equal(t, want, got.words())
	}
	assert.Contains(t, tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.Demo(t, tooltest.Morning), "monthly_trends", `{}`).Summary,
		" Time asleep: no clear trend. Sleep efficiency: falling by 0.6 points a month. 2026-10")
}
