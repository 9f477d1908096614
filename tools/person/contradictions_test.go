package person

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// withOdd returns seven nights; that of 20 November has an id of its own.
func withOdd() (all, others []sandbox.Recording) {
	all = varied(5, 7)
	for i := range all {
		if all[i].Start.In(tooltest.MustLoad("Europe/Paris")).Day() == 19 {
			all[i].ID = tooltest.OddID
			continue
		}
		others = append(others, all[i])
	}
	return all, others
}

func later(instant any, by time.Duration) string {
	return tooltest.InstantOf(instant.(string)).Add(by).Format(time.RFC3339)
}

// TestContradictoryNumbers: a session that contradicts itself is counted by its
// reason and changes no number of any answer.
func TestContradictoryNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reason string
		change func(stat tooltest.Object)
	}{
		"stages that do not add up":    {"inconsistent", func(s tooltest.Object) { s["time_in_light"] = s["time_in_light"].(float64) + 31 }},
		"onset after awakening":        {"inconsistent", func(s tooltest.Object) { s["sleep_time"], s["wake_time"] = s["wake_time"], s["sleep_time"] }},
		"more sleep than time in bed":  {"inconsistent", func(s tooltest.Object) { s["time_in_bed"] = s["time_in_sleep"].(float64) - 61 }},
		"less than no wake":            {"inconsistent", func(s tooltest.Object) { s["time_in_wake"] = -600 }},
		"a period that is mostly lost": {"inconsistent", func(s tooltest.Object) { lessSleep(s, 0.5) }},
		"seconds without bounds":       {"inconsistent", func(s tooltest.Object) { s["time_in_wake"] = 1e300 }},
		"thirty hours":                 {"too_long", thirtyHours},
		"no time asleep":               {"not_measured", func(s tooltest.Object) { s["time_in_sleep"] = nil }},
		"no numbers at all":            {"not_measured", noNumbers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, others := withOdd()
			odd := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedStat(c.change), tooltest.Person(all...))
			without := tooltest.EditedWorld(t, tooltest.Morning, func(string, tooltest.Object) {}, tooltest.Person(others...))
			const ask = `{"days":10}`
			got, want := tooltest.AnswerOf[averageStatsOut](t, odd, "average_stats", ask), tooltest.AnswerOf[averageStatsOut](t, without, "average_stats", ask)
			assert.Equal(t, tool.Nights{Tracked: 7, Used: 6, Excluded: []tool.Exclusion{{Reason: c.reason, Count: 1}}}, got.Nights)
			assert.Equal(t, want.Averages, got.Averages)
			assert.Equal(t, want.SleepStages, got.SleepStages)
			assert.Equal(t, want.Spread, got.Spread)

			score, wanted := tooltest.AnswerOf[sleepScoreOut](t, odd, "sleep_score", ask), tooltest.AnswerOf[sleepScoreOut](t, without, "sleep_score", ask)
			require.NotNil(t, score.Overall)
			assert.Equal(t, wanted.Overall, score.Overall)
			assert.Equal(t, wanted.Consistency, score.Consistency, "it is unknown, not awake")

			week := tooltest.AnswerOf[weeklyReportOut](t, odd, "weekly_report", `{}`)
			assert.Equal(t, dayRow{Night: "2026-11-20", Weekday: "Fri", Missing: c.reason}, week.Days[3])
			assert.NotEqual(t, "2026-11-20", week.HardestNight)

			for _, row := range tooltest.AnswerOf[listSessionsOut](t, odd, "list_sessions", `{}`).Sessions {
				if row.SessionID == tooltest.OddID {
					assert.Equal(t, c.reason, row.LeftOut)
					assert.Nil(t, row.Asleep)
				}
			}
		})
	}
}

// lessSleep keeps a part of the sleep, so that the rest of the period is unknown.
func lessSleep(s tooltest.Object, part float64) {
	for _, field := range []string{"time_in_sleep", "time_in_light", "time_in_deep", "time_in_rem"} {
		s[field] = s[field].(float64) * part
	}
}

func noNumbers(s tooltest.Object) {
	for field := range s {
		switch field {
		case "id", "start_time", "end_time", "completed_time", "created_timezone":
		default:
			s[field] = nil
		}
	}
}

func thirtyHours(s tooltest.Object) {
	s["time_in_bed"] = 30 * 3600
	if s["end_time"] != nil { // the answer about one session has it elsewhere
		s["end_time"] = later(s["start_time"], 30*time.Hour)
	}
}

// TestCorrectedNumbers: whatever can be computed from the seconds is.
func TestCorrectedNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		warning string
		change  func(stat tooltest.Object)
	}{
		"efficiency in percent":     {"efficiency_not_a_ratio", func(s tooltest.Object) { s["sleep_efficiency"] = 91.7 }},
		"efficiency just over one":  {"efficiency_not_a_ratio", func(s tooltest.Object) { s["sleep_efficiency"] = 1.01 }},
		"another efficiency":        {"", func(s tooltest.Object) { s["sleep_efficiency"] = 0.31 }},
		"shares of something else":  {"", func(s tooltest.Object) { s["deep_ratio"], s["rem_ratio"], s["light_ratio"] = 0.9, 3, -1 }},
		"a rounding of the service": {"", func(s tooltest.Object) { s["time_in_light"] = s["time_in_light"].(float64) + 29 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, _ := withOdd()
			odd := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedStat(c.change), tooltest.Person(all...))
			plain := tooltest.EditedWorld(t, tooltest.Morning, func(string, tooltest.Object) {}, tooltest.Person(all...))
			got, want := tooltest.AnswerOf[averageStatsOut](t, odd, "average_stats", `{}`), tooltest.AnswerOf[averageStatsOut](t, plain, "average_stats", `{}`)
			assert.Equal(t, want.Averages, got.Averages)
			assert.Equal(t, want.Nights, got.Nights)
			assert.Equal(t, c.warning != "", tooltest.HasWarning(got.Head, "efficiency_not_a_ratio"))
			one := tooltest.AnswerOf[getSessionOut](t, odd, "get_session", `{"session_id":"`+tooltest.OddID+`"}`)
			assert.Equal(t, tooltest.AnswerOf[getSessionOut](t, plain, "get_session", `{"session_id":"`+tooltest.OddID+`"}`).Efficiency, one.Efficiency)
		})
	}
}

// A night with up to 30 % of unrecorded time is kept, with a warning.
func TestAGapInANight(t *testing.T) {
	t.Parallel()
	all, _ := withOdd()
	w := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedStat(func(s tooltest.Object) { lessSleep(s, 0.9) }), tooltest.Person(all...))
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.Equal(t, 7, got.Nights.Used)
	assert.True(t, tooltest.HasWarning(got.Head, "gap"))
}

func TestAContradictorySessionByItself(t *testing.T) {
	t.Parallel()
	all, _ := withOdd()
	w := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedStat(func(s tooltest.Object) { s["sleep_time"], s["wake_time"] = s["wake_time"], s["sleep_time"] }), tooltest.Person(all...))
	got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+tooltest.OddID+`"}`)
	assert.Equal(t, []tool.Exclusion{{Reason: "inconsistent", Count: 1}}, got.Nights.Excluded)
	require.True(t, tooltest.HasWarning(got.Head, "left_out"))
	assert.Equal(t, "Averages leave this recording out: its numbers contradict each other, or it ends after now.", got.Warnings[0].Text)
	assert.Nil(t, got.Unusual)
	assert.NotContains(t, got.Missing, "unusual", "it is not judged, for a reason that was given")
}

// Recordings that are left out beside a good night of the same date are counted by reason
// too, in every answer about several nights.
func TestKeptOutBesideAGoodNight(t *testing.T) {
	t.Parallel()
	nights := tooltest.Nightly(12, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	overlapping := tooltest.Slept("2026-11-19 23:30", "Europe/Paris", "100l")
	nap := tooltest.Slept("2026-11-20 15:00", "Europe/Paris", "5w 60l 5w")
	nap.ID = tooltest.OddID
	w := tooltest.EditedWorld(t, tooltest.Morning, tooltest.EditedStat(func(s tooltest.Object) { s["time_in_light"] = 60 }),
		tooltest.Person(append(nights, overlapping, nap)...))
	const (
		overlaps  = "1 recording left out: it overlaps a longer one."
		contradic = "1 recording left out: its numbers contradict each other, or it ends after now."
	)
	for _, name := range []string{"average_stats", "sleep_score", "weekly_report", "monthly_trends"} {
		head := tooltest.AnswerOf[struct{ tool.Head }](t, w, name, `{}`)
		assert.Equal(t, []string{overlaps, contradic}, textsOf(head.Warnings, "left_out"), name)
		assert.Equal(t, head.Nights.Tracked, head.Nights.Used, name)
	}
	got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", `{"first_from":"2026-11-13","first_to":"2026-11-20","second_from":"2026-11-21","second_to":"2026-11-23"}`)
	assert.Equal(t, []string{"Of the first period: " + overlaps, "Of the first period: " + contradic},
		textsOf(got.Warnings, "left_out"), "also of the older period")
}

func textsOf(warnings []tool.Warning, code string) []string {
	var texts []string
	for _, w := range warnings {
		if w.Code == code {
			texts = append(texts, w.Text)
		}
	}
	return texts
}

// TestOnePeriodIsOneToAllTools: somebody changes to night shifts, and sleeps for two
// hours of one night. To a tool that knew only the shifts it would be a nap.
func TestOnePeriodIsOneToAllTools(t *testing.T) {
	t.Parallel()
	recordings := tooltest.Nightly(28, "2026-11-15 23:00", "Europe/Paris", tooltest.Usual)
	recordings = append(recordings, tooltest.Nightly(5, "2026-11-21 09:00", "Europe/Paris", tooltest.Usual)...)
	recordings = append(recordings, tooltest.Slept("2026-11-23 02:00", "Europe/Paris", "5w 120l 5w"))
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")

	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	require.Equal(t, []tool.Exclusion{{Reason: "short", Count: 1}}, week.Nights.Excluded)
	assert.Equal(t, week.Nights, tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"days":7}`).Nights)
	assert.Equal(t, week.Nights, tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":7}`).Nights)
	assert.Equal(t, week.Averages, tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":7}`).Averages)
	compared := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods",
		`{"first_from":"2026-11-10","first_to":"2026-11-16","second_from":"2026-11-17","second_to":"2026-11-23"}`)
	assert.Equal(t, week.Averages, compared.Second.Averages)
}

// The answer about a recording inside a longer one says that it is in no average.
func TestARecordingBelowALongerOne(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(
		tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual),
		tooltest.Slept("2026-11-21 23:30", "Europe/Paris", "5w 200l 5w"),
	))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	warned := map[string]bool{}
	for _, row := range tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":7}`).Sessions {
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+row.SessionID+`"}`)
		warned[row.LeftOut] = slices.Contains(got.Warnings, tool.Warning{Code: "left_out", Text: "Averages leave this recording out: it overlaps a longer one."})
	}
	assert.Equal(t, map[string]bool{"": false, "overlap": true}, warned)
}
