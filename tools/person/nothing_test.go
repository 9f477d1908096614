package person

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// aboutAPeriod are the tools whose answer says why a period has no numbers.
var aboutAPeriod = []string{"get_session", "average_stats", "sleep_score", "weekly_report", "monthly_trends"}

// TestKindsOfNothing: every tool distinguishes not tracked, still being analysed, tracked
// without usable sleep, and naps alone, and no number is made up.
func TestKindsOfNothing(t *testing.T) {
	t.Parallel()
	unfinished := tooltest.Slept("2026-11-22 23:30", "Europe/Paris", tooltest.Usual)
	unfinished.State = sandbox.Closed
	running := tooltest.Slept("2026-11-23 02:00", "Europe/Paris", tooltest.Usual)
	for name, c := range map[string]struct {
		recordings []sandbox.Recording
		summary    string // what it begins with or contains
		nights     tool.Nights
		session    string // why get_session has no numbers
		lastNight  string
	}{
		"no nights": {
			nil,
			"No nights were recorded from ",
			tool.Nights{Excluded: []tool.Exclusion{}},
			"not_tracked", "Last night (2026-11-23) was not recorded.",
		},
		"only naps": {
			[]sandbox.Recording{tooltest.Slept("2026-11-22 14:00", "Europe/Paris", "5w 60l 5w"), tooltest.Slept("2026-11-21 15:00", "Europe/Paris", "5w 60l 5w")},
			"Only naps were recorded from ",
			tool.Nights{Tracked: 2, Excluded: []tool.Exclusion{{Reason: "nap_only", Count: 2}}},
			"nap_only", "Last night (2026-11-23) was not recorded.",
		},
		"only an unfinished night": {
			[]sandbox.Recording{unfinished},
			"There are no finished nights from ",
			tool.Nights{Excluded: []tool.Exclusion{}},
			"analysing", "The night of 2026-11-23 is recorded and still being analysed; it is not counted yet.",
		},
		"only a running recording": {
			[]sandbox.Recording{running},
			"There are no finished nights from ",
			tool.Nights{Excluded: []tool.Exclusion{}},
			"in_progress", "A recording is running now; it is not counted yet.",
		},
		"only never slept": {
			[]sandbox.Recording{tooltest.Slept("2026-11-22 23:30", "Europe/Paris", "400w")},
			"1 night recorded from ",
			tool.Nights{Tracked: 1, Excluded: []tool.Exclusion{{Reason: "no_sleep", Count: 1}}},
			"no_sleep", "Last night (2026-11-23) was recorded, but without usable sleep.",
		},
		"only too short": {
			[]sandbox.Recording{tooltest.Slept("2026-11-23 00:30", "Europe/Paris", "1w 2l")},
			"1 night recorded from ",
			tool.Nights{Tracked: 1, Excluded: []tool.Exclusion{{Reason: "too_short", Count: 1}}},
			"too_short", "Last night (2026-11-23) was recorded, but too short to be analysed.",
		},
		"only lost data": {
			[]sandbox.Recording{tooltest.Slept("2026-11-22 23:30", "Europe/Paris", "10w 100l 300x 60l")},
			"1 night recorded from ",
			tool.Nights{Tracked: 1, Excluded: []tool.Exclusion{{Reason: "damaged", Count: 1}}},
			"damaged", "Last night (2026-11-23) was recorded, but too damaged to be analysed.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(c.recordings...))
			w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
			for _, name := range aboutAPeriod {
				head := tooltest.AnswerOf[struct{ tool.Head }](t, w, name, `{}`)
				assert.Equal(t, c.nights, head.Nights, name)
				assert.Contains(t, head.Summary, c.summary, name)
				assert.NotContains(t, head.Summary, " 0 ", "%s: nothing is not 0", name)
			}
			night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
			assert.Equal(t, c.session, night.Missing["session_id"])
			assert.Contains(t, night.Summary, c.lastNight)
			assert.Nil(t, night.Asleep)

			means := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
			assert.Equal(t, Averages{}, means.Averages)
			assert.Equal(t, "no_data", means.Missing["averages"])
			score := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{}`)
			assert.Nil(t, score.Overall)
			assert.NotEmpty(t, score.Missing["overall_score"])
			assert.Equal(t, len(score.DurationBasis.RecommendedHours) > 0, score.ConsistencyBasis.Basis == "none")
			for _, m := range tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{}`).Months {
				assert.Nil(t, m.SleepHours)
			}
			list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{}`)
			assert.Len(t, list.Sessions, len(c.recordings), "all of them are listed")
			assert.NotNil(t, list.Sessions)
		})
	}
}

func TestStatesOfListedSessions(t *testing.T) {
	t.Parallel()
	closed := tooltest.Slept("2026-11-22 23:30", "Europe/Paris", tooltest.Usual)
	closed.State = sandbox.Closed
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(
		tooltest.Slept("2026-11-21 10:00", "Europe/Paris", "1w 2l"),
		tooltest.Slept("2026-11-21 11:00", "Europe/Paris", "20l 20x"),
		tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual),
		tooltest.Slept("2026-11-22 12:00", "Europe/Paris", "30w"),
		closed,
		tooltest.Slept("2026-11-23 09:00", "Europe/Paris", "60l"),
	))
	var states []string
	for _, row := range tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"order":"asc"}`).Sessions {
		states = append(states, row.State)
		one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+row.SessionID+`"}`)
		assert.Equal(t, row.State, one.State)
		assert.Equal(t, row.Night, one.Night)
		assert.Equal(t, row.Kind, one.Kind)
		assert.Equal(t, row.State == "complete", one.Asleep != nil)
	}
	assert.Equal(t, []string{"too_short", "damaged", "complete", "never_slept", "analysing", "in_progress"}, states)
}

// A session that was never analysed still says where it was recorded.
func TestUnanalysedSessionKnowsItsZone(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-22 12:00", "Asia/Seoul", "1w 2l")))
	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{}`)
	require.Len(t, list.Sessions, 1)
	one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+list.Sessions[0].SessionID+`"}`)
	assert.Equal(t, "Asia/Seoul", one.Timezone)
	assert.Equal(t, "2026-11-22T12:00:00+09:00", one.Start)
	assert.False(t, tooltest.HasWarning(one.Head, "zone_unknown"), one.Warnings)
}

func TestOldNightsAreNotTodays(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(10, "2026-11-17 23:00", "Europe/Paris", tooltest.Usual)...))
	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, 5, *night.AgeDays)
	assert.Contains(t, night.Summary, "Last night (2026-11-23) was not recorded. Night of 2026-11-18 (Tuesday to Wednesday): ")
	for _, name := range []string{"average_stats", "sleep_score", "weekly_report", "monthly_trends"} {
		head := tooltest.AnswerOf[struct{ tool.Head }](t, w, name, `{}`)
		require.True(t, tooltest.HasWarning(head.Head, "stale"), name)
		assert.Contains(t, head.Warnings[0].Text, "2026-11-18, 5 days before today (2026-11-23)")
	}
	past := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"to":"2026-11-18"}`)
	assert.False(t, tooltest.HasWarning(past.Head, "stale"), "the past is what was asked for")
}

func TestFewNights(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(4, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	for arguments, few := range map[string]bool{
		`{"days":2}`: true, `{"days":3}`: false, `{"days":7}`: false, `{"days":8}`: true, `{}`: true,
	} {
		got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", arguments)
		assert.Equal(t, few, tooltest.HasWarning(got.Head, "few_nights"), arguments)
	}
}

func TestUnknownUserAndSession(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)))
	for _, one := range tooltest.AboutOnePerson() {
		f := tooltest.Fails(t, w, one.Name, `{"user_id":"G-nobody"}`)
		assert.Equal(t, tool.NotFound, f.Code)
		assert.NotContains(t, f.Text, "G-nobody")
	}
	f := tooltest.Fails(t, w, "get_session", `{"session_id":"20200101000000_aaaaa"}`)
	assert.Equal(t, tool.NotFound, f.Code)
	assert.Contains(t, f.Text, "list_sessions gives session ids")
	assert.Contains(t, f.Text, "without user_id", "or a model that sends \"me\" tries other words")
}

func TestSomebodyElse(t *testing.T) {
	t.Parallel()
	other := sandbox.Person{ID: "G-other", Recordings: tooltest.Nightly(6, "2026-11-22 22:00", "Asia/Tokyo", tooltest.Usual)}
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)), other)
	for _, one := range tooltest.AboutOnePerson() {
		assert.Equal(t, "G-other", tooltest.AnswerOf[struct{ tool.Head }](t, w, one.Name, `{"user_id":"G-other"}`).UserID)
		assert.Equal(t, tooltest.Me, tooltest.AnswerOf[struct{ tool.Head }](t, w, one.Name, `{}`).UserID)
	}
	assert.Equal(t, 6, tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"user_id":"G-other"}`).SessionCount)
}

// A sparse deployment lists nights without their numbers: averages are the
// service's own, and what they cannot give is named.
func TestSparseDeployment(t *testing.T) {
	t.Parallel()
	people := []sandbox.Person{tooltest.Person(tooltest.Nightly(12, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...)}
	w := tooltest.StartWorld(t, sandbox.Options{Now: func() time.Time { return tooltest.Morning }, People: people, Sparse: true})
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")

	means := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.Equal(t, 12, means.SessionCount)
	assert.InDelta(t, 7.33, *means.Averages.SleepHours, 0)
	assert.InDelta(t, 91.7, *means.Averages.Efficiency, 0)
	assert.Equal(t, []string{"23:00", "23:20", "06:50"}, []string{means.Averages.Bedtime, means.Averages.SleepTime, means.Averages.WakeTime})
	assert.InDelta(t, 36.4, *means.SleepStages.REMPercent, 0) // 160 of 440
	assert.Equal(t, "no_nightly_numbers", means.Missing["spread"])
	assert.True(t, tooltest.HasWarning(means.Head, "service_averages"))

	score := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{}`)
	assert.Nil(t, score.Overall)
	assert.InDelta(t, 91.7, *score.Efficiency, 0)
	for _, field := range []string{"overall_score", "consistency_score", "duration_score"} {
		assert.Equal(t, "no_nightly_numbers", score.Missing[field])
	}

	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	assert.Empty(t, week.Days)
	assert.Equal(t, "no_nightly_numbers", week.Missing["days"])
	assert.Equal(t, 5, week.SessionCount, "the service dates a night by its evening")

	months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2}`)
	assert.InDelta(t, 7.33, *months.Months[0].SleepHours, 0)
	assert.Nil(t, months.Months[1].SleepHours)
	assert.Equal(t, "no_nightly_numbers", months.Missing["trends"])

	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{}`)
	assert.Len(t, list.Sessions, 12)
	assert.True(t, tooltest.HasWarning(list.Head, "no_nightly_numbers"))
	assert.Nil(t, list.Sessions[0].Asleep)

	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, "2026-11-22", night.Night)
	assert.Equal(t, "main", night.Kind)
	assert.InDelta(t, 440, *night.Asleep, 0)
	assert.Equal(t, 1, night.Nights.Used)
	assert.Contains(t, night.Summary, "Last night (2026-11-23) was not recorded.")
}

// The plan that distinguishes only sleep and wake has no stages.
func TestTwoStagePlan(t *testing.T) {
	t.Parallel()
	w := tooltest.StartWorld(t, sandbox.Options{
		Now: func() time.Time { return tooltest.Morning }, TwoStage: true,
		People: []sandbox.Person{tooltest.Person(tooltest.Nightly(6, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...)},
	})
	means := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.Equal(t, SleepStages{}, means.SleepStages)
	assert.Equal(t, "not_measured", means.Missing["rem_percent"])
	assert.InDelta(t, 7.33, *means.Averages.SleepHours, 0)
	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"detail":"stages"}`)
	assert.Equal(t, []segment{{"wake", "23:00", 20}, {"sleep", "23:20", 280}, {"wake", "04:00", 10}, {"sleep", "04:10", 160}, {"wake", "06:50", 10}}, night.Segments)
	assert.Equal(t, "not_measured", night.Missing["rem_minutes"])
	tooltest.Call(t, w, "sleep_score", `{}`)
}

func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning)
	for own, says := range map[string]string{"": "ASLEEP_USER_ID", "not an id": "ASLEEP_USER_ID"} {
		w.Ctx = access.With(t.Context(), access.Operator(own))
		for _, one := range tooltest.AboutOnePerson() {
			f := tooltest.Fails(t, w, one.Name, `{}`)
			assert.Equal(t, tool.InvalidArgument, f.Code)
			assert.Contains(t, f.Text, says)
			assert.Contains(t, f.Text, `"user_id"`)
			assert.NotContains(t, f.Text, "not an id", "a setting is not the caller's to see")
		}
	}
	assert.Empty(t, w.Sandbox.Requests())
}

// Every tool asks whose nights may be seen: without a principal none answers.
func TestNobodyIsAsking(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)))
	for _, nobody := range []context.Context{t.Context(), access.With(t.Context(), access.Principal{})} {
		w.Ctx = nobody
		for _, one := range tooltest.AboutOnePerson() {
			for _, arguments := range []string{`{}`, `{"user_id":"` + tooltest.Me + `"}`} {
				assert.Equal(t, tool.Forbidden, tooltest.Fails(t, w, one.Name, arguments).Code, one.Name)
			}
		}
		assert.Equal(t, tool.Forbidden, tooltest.Fails(t, w, "get_session", `{"session_id":"20261121220000_ab12c","user_id":"`+tooltest.Me+`"}`).Code)
	}
	assert.Empty(t, w.Sandbox.Requests())
}

// The epochs of a session are given as they are, with a warning if they are cut.
func TestEpochs(t *testing.T) {
	t.Parallel()
	r := tooltest.Slept("2026-11-21 23:00", "Europe/Paris", "10w 200l 1x 60d 60r 5w")
	r.Snoring = make([]int8, len(r.Stages))
	r.Snoring[30] = 1
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(r, tooltest.Slept("2026-11-18 20:00", "Europe/Paris", "600l 5w 600d 5w 600r")))
	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"detail":"epochs"}`)
	assert.Equal(t, 30, night.EpochSeconds)
	require.Len(t, night.Epochs, len(r.Stages))
	assert.Equal(t, "001", night.Epochs[18:21])
	assert.Equal(t, "1..2", night.Epochs[419:423])
	assert.Equal(t, "010", night.SnoringMap[29:32])
	assert.True(t, tooltest.HasWarning(night.Head, "gap"))

	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"order":"asc"}`)
	long := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"detail":"epochs","session_id":"`+list.Sessions[0].SessionID+`"}`)
	assert.Len(t, long.Epochs, maxEpochs)
	assert.True(t, tooltest.HasWarning(long.Head, "truncated"))
	assert.True(t, tooltest.HasWarning(long.Head, "left_out"), "over 24 hours")
}

func TestSchemasOfNothing(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person())
	for _, one := range tooltest.AboutOnePerson() {
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(tooltest.Call(t, w, one.Name, `{}`), &members))
		for name, value := range members {
			assert.NotEqual(t, `""`, string(value), "%s: %s is left out, not empty", one.Name, name)
		}
	}
}
