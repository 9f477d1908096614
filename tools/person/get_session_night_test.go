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

// night returns get_session's answer about the night of a date.
func night(t *testing.T, w *tooltest.World, date string) getSessionOut {
	t.Helper()
	return tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"night":"`+date+`"}`)
}

func TestANightByItsDate(t *testing.T) {
	t.Parallel()
	w, fact := tooltest.Demo(t, tooltest.Morning), facts(t)
	for name, f := range fact {
		if len(f.SessionIDs) == 0 || f.Date != f.Last {
			continue
		}
		got := night(t, w, f.Date.String())
		assert.Equal(t, f.Date.String(), got.Night, name)
		assert.Equal(t, f.Date.String(), got.Period.From, name)
	}
	newest := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, newest, night(t, w, newest.Night).withSummary(newest.Summary), "the same numbers by either way")

	nap := night(t, w, fact["nap"].Date.String())
	assert.Equal(t, "main", nap.Kind)
	assert.NotContains(t, fact["nap"].SessionIDs, nap.SessionID, "the night, not its nap")
	require.NotNil(t, nap.Nap)
	assert.InDelta(t, 36, *nap.Nap, 0)
	assert.Contains(t, nap.Summary, " Naps that day, counted separately: 36 min.")
	assert.Len(t, night(t, w, fact["split_night"].Date.String()).Parts, 2)
	awake := night(t, w, fact["never_slept"].Date.String())
	assert.Equal(t, "never_slept", awake.State)
	assert.NotContains(t, awake.Summary, "so far", "it is over")
	analysing := night(t, w, fact["analysing"].Date.String())
	assert.Equal(t, "analysing", analysing.State)
	assert.Equal(t, "There is a recording of the night of 2026-11-23. This recording is still being analysed; its numbers come later.", analysing.Summary)
	nothing := night(t, w, fact["untracked"].Date.String())
	assert.Equal(t, "The night of "+fact["untracked"].Date.String()+" was not recorded.", nothing.Summary)
	assert.Equal(t, "not_tracked", nothing.Missing["session_id"])
	assert.Equal(t, tool.Nights{Excluded: []tool.Exclusion{}}, nothing.Nights)
}

func (out getSessionOut) withSummary(summary string) getSessionOut {
	out.Summary = summary
	return out
}

func TestANightOfWhichLittleIsKnown(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(
		tooltest.Slept("2026-11-20 14:00", "Europe/Paris", "5w 90l 5w"),
		tooltest.Slept("2026-11-20 19:00", "Europe/Paris", "5w 60l 5w"),
		tooltest.Slept("2026-11-22 23:30", "Europe/Paris", "1w 2l"),
	))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	nap := night(t, w, "2026-11-20")
	assert.Equal(t, "nap", nap.Kind)
	assert.InDelta(t, 90, *nap.Asleep, 0, "the longest")
	assert.Contains(t, nap.Summary, "The night of 2026-11-20 was not recorded. Nap on 2026-11-20 (Friday): ")
	short := night(t, w, "2026-11-23")
	assert.Equal(t, "too_short", short.State)
	assert.Equal(t, "too_short", short.Missing["asleep_minutes"])
	assert.Equal(t, "The night of 2026-11-21 was not recorded.", night(t, w, "2026-11-21").Summary)
	assert.Equal(t, "The night of 2026-11-22 was not recorded.", night(t, w, "2026-11-22").Summary)

	for now, says := range map[string]string{"04:59": "is not recorded yet.", "05:00": "was not recorded."} {
		early := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T"+now+":00Z"), tooltest.Person())
		assert.Equal(t, "The night of 2026-11-23 "+says, night(t, early, "2026-11-23").Summary)
	}
}

// A night is not missing before it is usually over.
func TestNoNightIsMissedBeforeItIsDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ last, now, says string }{
		{"2026-11-20 23:00", "06:00", "The night of 2026-11-22 is not recorded yet."},
		{"2026-11-20 23:00", "07:00", "Last night (2026-11-22) was not recorded."},
		{"2026-11-21 08:30", "12:00", "The night of 2026-11-22 is not recorded yet."},
		{"2026-11-21 08:30", "17:00", "Last night (2026-11-22) was not recorded."},
		{"2026-11-21 17:30", "12:00", "The night of 2026-11-22 is not recorded yet."},
		{"2026-11-21 17:30", "23:50", "The night of 2026-11-22 is not recorded yet."},
	} {
		w := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-22T"+c.now+":00+01:00"), tooltest.Person(tooltest.Nightly(20, c.last, "Europe/Paris", tooltest.Usual)...))
		assert.Contains(t, tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`).Summary, c.says, "%s, asked at %s", c.last, c.now)
	}
	short := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-22T14:00:00+01:00"), tooltest.Person(tooltest.Slept("2026-11-21 22:30", "Europe/Paris", "15w 60l 5w")))
	assert.Contains(t, tooltest.AnswerOf[getSessionOut](t, short, "get_session", `{}`).Summary, "Last night (2026-11-22) was not recorded.", "an hour of sleep is no usual awakening")
}

// A recording that was too short or is still running has the same date in every answer.
func TestOneDateForWhatIsNotAnalysed(t *testing.T) {
	t.Parallel()
	running := tooltest.Slept("2026-11-22 22:30", "Europe/Paris", tooltest.Usual)
	w := tooltest.NewWorld(t, tooltest.InstantOf("2026-11-23T02:00:00+01:00"), tooltest.Person(
		tooltest.Slept("2026-10-01 23:30", "Europe/Paris", "1w 2l"),
		tooltest.Slept("2026-11-20 23:30", "Europe/Paris", "1w 2l"),
		running,
	))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	for date, state := range map[string]string{"2026-10-02": "too_short", "2026-11-21": "too_short", "2026-11-23": "in_progress"} {
		assert.Equal(t, state, night(t, w, date).State, date)
	}
	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"from":"2026-11-23","to":"2026-11-23"}`)
	require.Len(t, list.Sessions, 1)
	assert.Equal(t, "in_progress", list.Sessions[0].State)
	assert.Empty(t, tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"from":"2026-11-22","to":"2026-11-22"}`).Sessions)
	assert.Equal(t, "The night of 2026-11-22 was not recorded.", night(t, w, "2026-11-22").Summary)
}

// A night whose recording ran on past midnight belongs only to the day of its awakening:
// otherwise the answer about the day after would be about the wrong night.
func TestARecordingThatEndsAfterMidnight(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(
		tooltest.Slept("2026-10-05 16:40", "Europe/Paris", "20w 400l 20w 20w"),
		tooltest.Slept("2026-11-21 16:40", "Europe/Paris", "20w 400l 20w 20w"),
	))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	for _, date := range []string{"2026-10-05", "2026-11-21"} {
		assert.Equal(t, date, night(t, w, date).Night)
	}
	for _, after := range []string{"2026-10-06", "2026-11-22"} {
		assert.Equal(t, "The night of "+after+" was not recorded.", night(t, w, after).Summary)
	}
}

func TestANightOfASparseDeployment(t *testing.T) {
	t.Parallel()
	w := tooltest.StartWorld(t, sandbox.Options{
		Now: func() time.Time { return tooltest.Morning }, People: []sandbox.Person{tooltest.Person(tooltest.Nightly(2, "2026-11-19 23:00", "Europe/Paris", tooltest.Usual)...)}, Sparse: true,
	})
	assert.Equal(t, "2026-11-20", night(t, w, "2026-11-20").Night)
}

func TestMistakenNights(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	for arguments, says := range map[string]string{
		`{"night":"2026-11-24"}`: `"night" lies in the future, received "2026-11-24"`,
		`{"night":"2009-12-31"}`: `No night was recorded before 2010-01-01; for example {"night":"2020-01-08"}`,
		`{"night":"last"}`:       `"night" must be a date that exists, written YYYY-MM-DD, received "last"`,
		`{"night":"2026-11-20","session_id":"20261121221501_ab12c"}`: `"session_id" and "night" both say which recording is meant, received "20261121221501_ab12c" and "2026-11-20". Give one of them.`,
	} {
		f := tooltest.Fails(t, w, "get_session", arguments)
		require.Equal(t, tool.InvalidArgument, f.Code, arguments)
		assert.Contains(t, f.Text, says)
	}
}
