package person

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Where there is no one usual time, nothing is called usual.
func TestUsualTimesInWords(t *testing.T) {
	t.Parallel()
	in := func(recordings []sandbox.Recording) averageStatsOut {
		return tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "average_stats", `{"to":"2026-11-22"}`)
	}
	nightly := func() []sandbox.Recording {
		return tooltest.Nightly(30, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	}
	assert.Contains(t, in(nightly()).Summary, ", usually asleep from 23:20 to 06:48.")
	work, rotating := nightly(), nightly()
	for i := range work {
		work[i].Start = work[i].Start.Add(time.Duration(i/7%2*9) * time.Hour)
		rotating[i].Start = rotating[i].Start.Add(time.Duration(i*7%10-3) * time.Hour)
	}
	assert.Contains(t, in(work).Summary, ", asleep from 23:20 to 06:46 on 16 nights and from 08:20 to 15:50 on 14.")
	assert.Contains(t, in(rotating).Summary, ", at no usual time (standard deviation of ")

	for _, one := range []struct {
		recordings []sandbox.Recording
		scattered  bool
	}{{work, true}, {rotating, true}, {nightly(), false}} {
		w := tooltest.NewWorld(t, evening, tooltest.Person(one.recordings...))
		for name, arguments := range map[string]string{
			"monthly_trends":  `{"months":2}`,
			"compare_periods": `{"first_from":"2026-10-24","first_to":"2026-11-06","second_from":"2026-11-07","second_to":"2026-11-20"}`,
		} {
			head := tooltest.AnswerOf[tool.Head](t, w, name, arguments)
			assert.Equal(t, one.scattered, tooltest.HasWarning(head, "scattered_times"), name)
		}
	}

	free := nightly()
	for i := range free {
		free[i].Start = free[i].Start.Add(time.Duration(i*40+i*13%30) * time.Minute)
	}
	week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T23:00:00+01:00"), tooltest.Person(free...)), "weekly_report", `{}`)
	assert.Contains(t, week.Summary, ", asleep about 38 min later each day: from ")

	var parts []sandbox.Recording
	for _, r := range tooltest.Nightly(30, "2026-11-21 23:00", "Europe/Paris", "10w 210l") {
		later := r
		later.Start = r.Start.Add(340 * time.Minute)
		parts = append(parts, r, later)
	}
	two := in(parts)
	assert.InDelta(t, 7, *two.Averages.SleepHours, 0.01, "both parts")
	assert.Contains(t, two.Summary, "; on 30 nights in parts, with 2 h 00 min between them.")
	assert.InDelta(t, 120, *two.Averages.OutOfBed, 0.1)
	assert.Equal(t, "22:58", two.SleepNeed.Bedtime, "9 h 20 min before 08:18: seven asleep, two between the parts, 20 min awake")

	siesta := nightly()
	for _, r := range siesta {
		r.Start, r.Stages = r.Start.Add(-8*time.Hour), r.Stages[:240]
		siesta = append(siesta, r)
	}
	whole := in(siesta)
	assert.InDelta(t, 90, *whole.Averages.Nap, 15)
	assert.Contains(t, whole.Summary, "; with naps "+tool.HoursText(*whole.Averages.SleepHours+*whole.Averages.Nap/60)+" in 24 hours.")
}

// A difference is told with a number that is not nought, and in the singular where it is one.
func TestDifferencesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		metric string
		by     float64
		want   string
	}{
		{"asleep_minutes", -25.4, "time asleep 25 min shorter"},
		{"asleep_minutes", 119.4, "time asleep 119 min longer"},
		{"asleep_minutes", 124.6, "time asleep 2 h 05 min longer"},
		{"asleep_minutes", 0.3, "time asleep less than 1 min longer"},
		{"efficiency_percent", 1.2, "sleep efficiency 1 point higher"},
		{"efficiency_percent", -0.4, "sleep efficiency less than 1 point lower"},
		{"efficiency_percent", -1.6, "sleep efficiency 2 points lower"},
		{"awakenings_over_5_minutes", 0.6, "awakenings over five minutes 0.6 more"},
	} {
		assert.Equal(t, c.want, metricWords[c.metric].differs(c.by))
	}
	assert.Equal(t, "19 min", metricWords["asleep_minutes"].amount(-18.5), "as the half of every other number")
}

// What was lost at an end is said and not judged.
func TestALostEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, hypnogram, words string
		missing                []string
	}{
		{"the end", "20w 300l 120x", "The last 2 h 00 min were not measured, so when sleep ended is not known.", []string{"woke_up", "after_waking_minutes", "efficiency_percent"}},
		{"a little of the end", "20w 420l 11x", "The last 11 min were not measured", []string{"woke_up", "efficiency_percent"}},
		{"the beginning", "90x 360l 10w", "The first 1 h 30 min were not measured, so when sleep began is not known.", []string{"fell_asleep", "latency_minutes", "efficiency_percent"}},
		{"a few minutes", "20w 420l 9x", "", nil},
	} {
		recordings := tooltest.Nightly(30, "2026-11-20 23:00", "Europe/Paris", tooltest.Usual)
		w := tooltest.NewWorld(t, evening, tooltest.Person(append(recordings, tooltest.Slept("2026-11-21 23:00", "Europe/Paris", c.hypnogram))...))
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"2026-11-22"}`)
		for _, field := range c.missing {
			assert.Equal(t, "missing_data", got.Missing[field], "%s: %s", c.name, field)
		}
		if c.words == "" {
			assert.NotContains(t, got.Summary, "not measured", c.name)
			assert.NotEmpty(t, got.WokeUp)
			continue
		}
		assert.Contains(t, got.Summary, c.words, c.name)
		assert.Contains(t, got.Summary, "at least ", c.name)
		assert.NotContains(t, got.Summary, "than usual", c.name)
		assert.Nil(t, got.Efficiency, c.name)
		assert.Equal(t, c.name == "the beginning", got.WokeUp != "", c.name)
	}
}

// Of a night with a hole it is said how much is not known; nothing is told to be unusual of
// one of which a part was lost, wherever it was, and it is not the hardest of its week.
func TestALostPartIsNotJudged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hypnogram, words string
		warning          string // of the week
	}{
		{"20w 300l 120x", "The last 2 h 00 min were not measured, so when sleep ended is not known.", "missing_data"},
		{"120x 300l 10w", "The first 2 h 00 min were not measured, so when sleep began is not known.", "missing_data"},
		{"20w 160l 80x 200l 10w", "1 h 20 min within the night were not measured, so how much of it was sleep is not known.", "gap"},
		{"20w 300l 120w", ", then 2 h 00 min in bed awake.", ""},
	} {
		recordings := tooltest.Nightly(30, "2026-11-20 23:00", "Europe/Paris", tooltest.Usual)
		w := tooltest.NewWorld(t, evening, tooltest.Person(append(recordings, tooltest.Slept("2026-11-21 23:00", "Europe/Paris", c.hypnogram))...))
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"2026-11-22"}`)
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{"week_ending":"2026-11-22"}`)
		assert.Contains(t, got.Summary, c.words)
		if c.warning == "" {
			assert.Contains(t, got.Summary, "min asleep of 7 h 20 min in bed (68.2 %)")
			assert.NotEmpty(t, got.Unusual)
			assert.Equal(t, "2026-11-22", week.HardestNight)
			assert.Contains(t, week.Summary, "Unusual compared with the four weeks before: 2026-11-22 (")
			continue
		}
		assert.Contains(t, got.Summary, ": at least ")
		assert.NotContains(t, got.Summary, "%")
		assert.Empty(t, got.Unusual, c.words)
		assert.Empty(t, week.Unusual, c.words)
		assert.NotContains(t, week.Summary, "Unusual", c.words)
		assert.NotEqual(t, "2026-11-22", week.HardestNight, c.words)
		assert.True(t, tooltest.HasWarning(week.Head, c.warning), c.words)
	}
}

// A night that could not be analysed has one code and counts in every tool.
func TestOneStateEverywhere(t *testing.T) {
	t.Parallel()
	for code, hypnogram := range map[string]string{"damaged": "10w 60l 340x", "too_short": "1w 2l"} {
		for _, now := range []string{"2026-11-21T21:00:00+01:00", "2026-11-22T21:00:00+01:00"} {
			recordings := tooltest.Nightly(30, "2026-11-19 23:00", "Europe/Paris", tooltest.Usual)
			w := tooltest.NewWorld(t, tooltest.InstantOf(now), tooltest.Person(append(recordings, tooltest.Slept("2026-11-20 23:58", "Europe/Paris", hypnogram))...))
			want := []tool.Exclusion{{Reason: code, Count: 1}}
			week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{"week_ending":"2026-11-21"}`)
			assert.Equal(t, code, week.Days[0].Missing)
			assert.Equal(t, tool.Nights{Tracked: 7, Used: 6, Excluded: want}, week.Nights)
			assert.Equal(t, want, tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"to":"2026-11-21"}`).Nights.Excluded)
			assert.Equal(t, want, tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"ending":"2026-11-21"}`).Nights.Excluded)
			assert.Equal(t, want, tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"to":"2026-11-21"}`).Nights.Excluded)
			one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"2026-11-21"}`)
			assert.Equal(t, []string{code, code}, []string{one.State, one.Missing["asleep_minutes"]})
			assert.Equal(t, tool.Nights{Tracked: 1, Excluded: want}, one.Nights)
		}
	}
}

// A mean says from how many nights it is where those are fewer than are used.
func TestCountsOfTheirOwn(t *testing.T) {
	t.Parallel()
	recordings := snoring(tooltest.Nightly(30, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), 30, 0.2)
	for i := range 17 {
		recordings[i].Snoring = nil
	}
	w := tooltest.NewWorld(t, evening, tooltest.Person(recordings...))
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"to":"2026-11-22"}`)
	assert.Equal(t, 30, got.Nights.Used)
	assert.Equal(t, map[string]int{"avg_snoring_minutes": 13}, got.Fewer)
	compared := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-10-24", "2026-11-07", "2026-11-08", "2026-11-22"))
	assert.Equal(t, map[string]int{"second.avg_snoring_minutes": 13}, compared.Fewer)
}

// An answer about nothing is short.
func TestNothingIsShort(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person())
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	for _, name := range []string{"get_session", "list_sessions", "average_stats", "sleep_score", "weekly_report"} {
		answer := tooltest.Call(t, w, name, `{}`)
		assert.LessOrEqual(t, len(answer), 600, "%s: %s", name, answer)
	}
}

// One instant has one clock time, rounded, wherever it is written.
func TestOneRuleForClockTimes(t *testing.T) {
	t.Parallel()
	recordings := tooltest.Nightly(7, "2026-11-21 23:00", "Europe/Paris", "20.5w 400l 10w")
	for i := range recordings {
		recordings[i].Start = recordings[i].Start.Add(29 * time.Second)
	}
	w := tooltest.NewWorld(t, evening, tooltest.Person(recordings...))
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{"week_ending":"2026-11-22"}`)
	last := week.Days[len(week.Days)-7]
	assert.Equal(t, []string{week.Averages.Bedtime, week.Averages.WakeTime}, []string{last.Bedtime, last.WakeTime})
	one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"2026-11-22"}`)
	assert.Contains(t, one.Summary, "first asleep at "+week.Averages.SleepTime+", finally awake at "+week.Averages.WakeTime)
	require.NotEmpty(t, week.Averages.SleepTime)
}
