package person

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// told is what the tools say about one date: one state, whatever is asked.
type told struct{ newest, night, week, warning string }

// toldToday asks about the date that is today. A week has a row for each date.
func toldToday(t *testing.T, w *tooltest.World) told {
	t.Helper()
	const date = "2026-11-23"
	newest := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	one := night(t, w, date)
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{"week_ending":"`+date+`"}`)
	require.Equal(t, date, week.Days[0].Night)
	tracked := 0
	if one.State != "" && week.Days[0].Missing != "not_tracked" && one.State != "analysing" && one.State != "in_progress" {
		tracked = 1
	}
	assert.Equal(t, tracked, tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+date+`","to":"`+date+`"}`).Nights.Tracked)
	out := told{newest.Summary, one.State, week.Days[0].Missing, ""}
	if len(week.Warnings) > 0 {
		out.warning = week.Warnings[0].Code
	}
	return out
}

// A recording of minutes in the evening is an attempt at the night that follows: nothing of
// that night is told before it is due, then what the night was, and without another
// recording that this one was too short. The night before stays what it was.
func TestAttemptBeforeMidnight(t *testing.T) {
	t.Parallel()
	const before = "2026-11-22"
	for _, start := range []string{"21:15", "22:40", "23:35"} {
		usual := tooltest.Nightly(8, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
		attempt := tooltest.Slept(before+" "+start, "Europe/Paris", "1w 2l")
		at := func(now string, more ...sandbox.Recording) *tooltest.World {
			return tooltest.NewWorld(t, tooltest.InstantOf(now+":00+01:00"), tooltest.Person(append(append(usual[:8:8], attempt), more...)...))
		}
		evening := at("2026-11-22T23:59")
		rows := tooltest.AnswerOf[listSessionsOut](t, evening, "list_sessions", `{"days":1}`).Sessions
		require.Len(t, rows, 2, start)
		assert.Equal(t, []string{"", before}, []string{rows[0].Night, rows[1].Night}, start)
		one := tooltest.AnswerOf[getSessionOut](t, evening, "get_session", `{"session_id":"`+rows[0].SessionID+`"}`)
		assert.Equal(t, []any{"", (*int)(nil), "too_short", before}, []any{one.Night, one.AgeDays, one.State, one.Period.To}, "the night to come has no date yet")
		assert.Equal(t, "complete", night(t, evening, before).State)

		early := toldToday(t, at("2026-11-23T00:08"))
		assert.Contains(t, early.newest, "The night of 2026-11-23 is not recorded yet. Night of 2026-11-22", start)
		assert.Equal(t, []string{"", "not_tracked"}, []string{early.night, early.week}, start)

		next := tooltest.Slept("2026-11-23 00:10", "Europe/Paris", tooltest.Usual)
		running := toldToday(t, at("2026-11-23T03:00", next))
		assert.Contains(t, running.newest, "A recording is running now", start)
		assert.Equal(t, []string{"in_progress", "in_progress", "in_progress"}, []string{running.night, running.week, running.warning}, start)

		closed := next
		closed.State = sandbox.Closed
		analysing := toldToday(t, at("2026-11-23T08:40", closed))
		assert.Contains(t, analysing.newest, "2026-11-23 is recorded and still being analysed", start)
		assert.Equal(t, []string{"analysing", "analysing", "analysing"}, []string{analysing.night, analysing.week, analysing.warning}, start)

		done := toldToday(t, at("2026-11-23T12:00", next))
		assert.Contains(t, done.newest, "Night of 2026-11-23 (Sunday to Monday): 7 h 20 min asleep", start)
		assert.Equal(t, []string{"complete", ""}, []string{done.night, done.week}, start)

		never := toldToday(t, at("2026-11-23T12:00"))
		assert.Contains(t, never.newest, "Last night (2026-11-23) was recorded, but too short to be analysed.", start)
		assert.Equal(t, []string{"too_short", "too_short"}, []string{never.night, never.week}, start)
	}
}

// What no sleep was found in does not hide a night that comes after it.
func TestAttemptWithoutSleep(t *testing.T) {
	t.Parallel()
	usual := tooltest.Nightly(8, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	next := tooltest.Slept("2026-11-23 00:40", "Europe/Paris", tooltest.Usual)
	next.State = sandbox.Closed
	for _, start := range []string{"2026-11-22 22:50", "2026-11-22 23:40"} {
		attempt := tooltest.Slept(start, "Europe/Paris", "30w")
		at := func(now string, more ...sandbox.Recording) told {
			return toldToday(t, tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T"+now+":00+01:00"), tooltest.Person(append(append(usual[:8:8], attempt), more...)...)))
		}
		early := at("00:38")
		assert.Equal(t, "not_tracked", early.week, start)
		assert.Contains(t, early.newest, "is not recorded yet", start)
		assert.Equal(t, "analysing", at("09:00", next).week, start)
		never := at("12:00")
		assert.Equal(t, []string{"never_slept", "no_sleep"}, []string{never.night, never.week}, start)
		assert.Contains(t, never.newest, "Last night (2026-11-23) was recorded, but without usable sleep.", start)
	}
}

// Of several recordings without numbers the longest tells what the night was.
func TestTheLongestFailureTells(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(append(
		tooltest.Nightly(8, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual),
		tooltest.Slept("2026-11-22 22:30", "Europe/Paris", "15w"),
		tooltest.Slept("2026-11-22 23:30", "Europe/Paris", "10w 100l 300x 60l"),
		tooltest.Slept("2026-11-23 08:20", "Europe/Paris", "1w 2l"))...))
	got := toldToday(t, w)
	assert.Contains(t, got.newest, "too damaged to be analysed")
	assert.Equal(t, []string{"damaged", "damaged"}, []string{got.night, got.week})
}

// What is said of last night stays said while the night before it is being analysed.
func TestTheNightBeforeIsBeingAnalysed(t *testing.T) {
	t.Parallel()
	before := tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	before.State = sandbox.Closed
	recordings := append(tooltest.Nightly(8, "2026-11-20 23:00", "Europe/Paris", tooltest.Usual), before)
	ask := func(more ...sandbox.Recording) told {
		return toldToday(t, tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(append(recordings[:9:9], more...)...)))
	}
	failed, nothing := ask(tooltest.Slept("2026-11-22 23:40", "Europe/Paris", "1w 2l")), ask()
	assert.Contains(t, failed.newest, "Last night (2026-11-23) was recorded, but too short to be analysed. The night of 2026-11-22 is recorded and still being analysed")
	assert.Equal(t, "too_short", failed.week)
	assert.Contains(t, nothing.newest, "Last night (2026-11-23) was not recorded. The night of 2026-11-22 is recorded and still being analysed")
	assert.Equal(t, "not_tracked", nothing.week)
}

// Of a night whose second part is running or being analysed no awakening is the final one,
// and nothing is unusual.
func TestANightThatGoesOn(t *testing.T) {
	t.Parallel()
	usual := tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	first := tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "10w 150l 5w")
	second := tooltest.Slept("2026-11-23 02:50", "Europe/Paris", "5w 250l 5w")
	for now, state := range map[string]string{"05:00": "in_progress", "07:15": "analysing"} {
		w := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T"+now+":00+01:00"), tooltest.Person(append(usual[:20:20], first, second)...))
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
		assert.Equal(t, []string{"2026-11-23", state}, []string{got.Night, got.Missing["unusual"]}, now)
		assert.Contains(t, got.Summary, "awake at 01:40. A recording ", now)
		assert.NotContains(t, got.Summary, "finally", now)
		assert.NotContains(t, got.Summary, "than on the", now)
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
		assert.True(t, tooltest.HasWarning(week.Head, state), now)
		assert.Empty(t, week.Unusual, now)
	}
	w := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T12:00:00+01:00"), tooltest.Person(append(usual[:20:20], first, second)...))
	got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Contains(t, got.Summary, "finally awake at 07:05")
	assert.False(t, tooltest.HasWarning(tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`).Head, "analysing"))
}

// What was recorded for a nap says nothing about the night.
func TestAttemptAtANap(t *testing.T) {
	t.Parallel()
	usual := tooltest.Nightly(8, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	for _, stages := range []string{"1w 2l", "30w", "20l 20x"} {
		w := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T16:00:00+01:00"), tooltest.Person(append(usual[:8:8], tooltest.Slept("2026-11-23 14:00", "Europe/Paris", stages))...))
		got := toldToday(t, w)
		assert.Contains(t, got.newest, "Last night (2026-11-23) was not recorded.", stages)
		assert.Equal(t, []string{"", "not_tracked"}, []string{got.night, got.week}, stages)
		assert.Len(t, tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":1}`).Sessions, 1, stages)
	}
}
