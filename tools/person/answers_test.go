package person

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// demoAnswers are the answers that goldens hold, and how large each may be.
var demoAnswers = []struct {
	file, tool, arguments string
	most                  int // bytes; 0: no budget
}{
	{"list_sessions", "list_sessions", `{}`, 10_000},
	{"get_session", "get_session", `{}`, 1300},
	{"get_session_stages", "get_session", `{"detail":"stages"}`, 0},
	{"average_stats", "average_stats", `{}`, 0},
	{"sleep_score", "sleep_score", `{}`, 0},
	{"weekly_report", "weekly_report", `{}`, 3600},
	{"monthly_trends", "monthly_trends", `{}`, 0},
	{"compare_periods", "compare_periods", `{"first_from":"2026-09-01","first_to":"2026-09-30","second_from":"2026-10-01","second_to":"2026-10-31"}`, 4500},
	{"compare_nights", "compare_nights", `{"from":"2026-09-01","to":"2026-10-31","where":"month == 10"}`, 2000},
	{"find_nights", "find_nights", `{"where":"asleep_minutes >= 480"}`, 2000},
	{"find_nights_weekdays", "find_nights", `{"by":"weekday"}`, 2500},
	{"find_nights_runs", "find_nights", `{"where":"bedtime < \"24:00\"","by":"run"}`, 2000},
	{"find_nights_csv", "find_nights", `{"from":"2026-10-01","to":"2026-10-31","format":"csv"}`, 2000},
}

func TestAnswers(t *testing.T) {
	w := tooltest.Demo(t, tooltest.Morning)
	var files []string
	answered := map[string]bool{}
	for _, c := range demoAnswers {
		answer := tooltest.Call(t, w, c.tool, c.arguments)
		files, answered[c.tool] = append(files, c.file+".json"), true
		tooltest.CompareGolden(t, filepath.Join("testdata", "answers", c.file+".json"), answer)
		if c.most > 0 {
			assert.LessOrEqual(t, len(answer), c.most, "%s: bytes", c.file)
		}
	}
	tooltest.NoOrphans(t, filepath.Join("testdata", "answers"), files)
	for _, one := range tooltest.AboutOnePerson() {
		assert.True(t, answered[one.Name], "%s has no golden of an answer", one.Name)
	}
}

func TestLongestAnswers(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	for tool, arguments := range map[string]string{
		"list_sessions": `{"days":300,"limit":100}`, "get_session": `{"detail":"epochs"}`, "monthly_trends": `{"months":60}`,
	} {
		tooltest.Call(t, w, tool, arguments) // checks the limit
	}
}

// facts are the planted facts of the demo, by name.
func facts(t *testing.T) map[string]sandbox.Fact {
	t.Helper()
	byName := map[string]sandbox.Fact{}
	for _, f := range sandbox.DemoFacts(tooltest.Morning, 1) {
		byName[f.Name] = f
	}
	require.NotEmpty(t, byName)
	return byName
}

// rowsOf returns the rows of some sessions in the list of their dates.
func rowsOf(t *testing.T, w *tooltest.World, f sandbox.Fact) ([]sessionRow, listSessionsOut) {
	t.Helper()
	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"from":"`+f.Date.String()+`","to":"`+f.Last.String()+`","order":"asc"}`)
	rows := make([]sessionRow, 0, len(f.SessionIDs))
	for _, id := range f.SessionIDs {
		for _, row := range list.Sessions {
			if row.SessionID == id {
				rows = append(rows, row)
			}
		}
	}
	require.Len(t, rows, len(f.SessionIDs), "every session of %q is listed", f.Name)
	return rows, list
}

func TestTheDemoOfLastNight(t *testing.T) {
	t.Parallel()
	w, fact := tooltest.Demo(t, tooltest.Morning), facts(t)

	last := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, fact["analysing"].Date.AddDays(-1).String(), last.Night)
	assert.Equal(t, 1, *last.AgeDays)
	assert.Contains(t, last.Summary, fact["analysing"].Date.String()+" is recorded and still being analysed")

	rows, _ := rowsOf(t, w, fact["analysing"])
	assert.Equal(t, "analysing", rows[0].State)
	assert.Nil(t, rows[0].Asleep)
	one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+rows[0].SessionID+`"}`)
	assert.Equal(t, "analysing", one.State)
	assert.Equal(t, "analysing", one.Missing["asleep_minutes"])
	assert.Nil(t, one.Asleep)

	rows, _ = rowsOf(t, w, fact["too_short"])
	assert.Equal(t, "too_short", rows[0].State)
	one = tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+rows[0].SessionID+`"}`)
	assert.Equal(t, "too_short", one.Missing["asleep_minutes"])

	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	assert.True(t, tooltest.HasWarning(week.Head, "analysing"))
	assert.Equal(t, dayRow{Night: "2026-11-23", Weekday: "Mon", Missing: "analysing"}, week.Days[0])
	assert.Equal(t, 6, week.Nights.Tracked)
}

func TestTheDemosOddNights(t *testing.T) {
	t.Parallel()
	w, fact := tooltest.Demo(t, tooltest.Morning), facts(t)

	nap, list := rowsOf(t, w, fact["nap"])
	assert.Equal(t, "nap", nap[0].Kind)
	require.Len(t, list.Sessions, 2)
	assert.Equal(t, tool.Nights{Tracked: 1, Used: 1, Excluded: []tool.Exclusion{}}, list.Nights)
	day := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+fact["nap"].Date.String()+`","days":1}`)
	assert.InDelta(t, *list.Sessions[0].Asleep/60, *day.Averages.SleepHours, 0.01, "without the nap")
	assert.Equal(t, 2, day.SessionCount)

	split, list := rowsOf(t, w, fact["split_night"])
	assert.Equal(t, []string{"part", "part"}, []string{split[0].Kind, split[1].Kind})
	assert.Equal(t, 1, list.Nights.Used)
	day = tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+fact["split_night"].Date.String()+`","days":1}`)
	assert.InDelta(t, (*split[0].Asleep+*split[1].Asleep)/60, *day.Averages.SleepHours, 0.02)
	assert.InDelta(t, (*split[0].InBed+*split[1].InBed)/60, *day.Averages.InBedHours, 0.02, "without the gap")
	assert.Equal(t, split[0].Bedtime, day.Averages.Bedtime)
	assert.Equal(t, split[1].WakeTime, day.Averages.WakeTime, "one rule for clock times")
	part := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+split[0].SessionID+`"}`)
	assert.Equal(t, "part", part.Kind)
	assert.True(t, strings.HasPrefix(part.Summary, "Part of the night of 2026-11-17 (Monday to Tuesday): 3 h "), part.Summary)
	require.Len(t, part.Warnings, 1)
	assert.Equal(t, tool.Warning{Code: "split_night", Text: "This is one of 2 recordings of the night of 2026-11-17, in which " + tool.HoursText(*day.Averages.SleepHours) +
		" of sleep were recorded; give night instead of session_id for all of it."}, part.Warnings[0])

	short, list := rowsOf(t, w, fact["short_night"])
	assert.Equal(t, "short", short[0].LeftOut)
	assert.Equal(t, tool.Nights{Tracked: 1, Used: 0, Excluded: []tool.Exclusion{{Reason: "short", Count: 1}}}, list.Nights)
	day = tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+fact["short_night"].Date.String()+`","days":1}`)
	assert.InDelta(t, 2.5, *day.Averages.SleepHours, 0.01, "its durations count")
	assert.Empty(t, day.Averages.Bedtime, "its clock times do not")
	assert.Equal(t, "short", day.Missing["avg_bedtime"])

	never, list := rowsOf(t, w, fact["never_slept"])
	assert.Equal(t, "never_slept", never[0].State)
	assert.Equal(t, []tool.Exclusion{{Reason: "no_sleep", Count: 1}}, list.Nights.Excluded)
	one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+never[0].SessionID+`"}`)
	assert.Equal(t, "no_sleep", one.Missing["asleep_minutes"])
	assert.Equal(t, []tool.Exclusion{{Reason: "no_sleep", Count: 1}}, one.Nights.Excluded)
	assert.Nil(t, one.Asleep, "never 0")
}

// The warning of a frequent traveller is not an endless list.
func TestManyStays(t *testing.T) {
	t.Parallel()
	var nights []sandbox.Recording
	for i, night := range tooltest.Nightly(18, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual) {
		if i%4 > 1 {
			night.Zone = "Europe/London"
		}
		nights = append(nights, night)
	}
	got := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights...)), "average_stats", `{}`)
	require.True(t, tooltest.HasWarning(got.Head, "zone_change"))
	assert.Equal(t, "Nights were recorded in Europe/London from 2026-11-12, Europe/Paris from 2026-11-14, Europe/London from 2026-11-16, "+
		"Europe/Paris from 2026-11-18, Europe/London from 2026-11-20 and Europe/Paris from 2026-11-22, after 3 earlier stays; "+
		"dates and clock times are local to each night.", got.Warnings[0].Text)
}

func TestTheDemosPeriods(t *testing.T) {
	t.Parallel()
	w, fact := tooltest.Demo(t, tooltest.Morning), facts(t)

	trip, list := rowsOf(t, w, fact["trip"])
	assert.Equal(t, "Asia/Seoul", list.Timezone)
	assert.Equal(t, 7, list.Nights.Used)
	assert.Equal(t, fact["trip"].Date.String(), trip[0].Night)
	around := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+fact["trip"].Date.AddDays(-3).String()+`","days":13}`)
	require.True(t, tooltest.HasWarning(around.Head, "zone_change"))
	first, last := fact["trip"].Date, fact["trip"].Last
	assert.Equal(t, fmt.Sprintf("Nights were recorded in Europe/Paris from %s, Asia/Seoul from %s and Europe/Paris from %s; dates and clock times are local to each night.",
		first.AddDays(-3), first, last.AddDays(1)), around.Warnings[0].Text)
	paris := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+fact["trip"].Date.String()+`","days":7,"timezone":"Europe/Paris"}`)
	assert.False(t, tooltest.HasWarning(paris.Head, "zone_change"))
	assert.Equal(t, "Europe/Paris", paris.Timezone)

	_, list = rowsOf(t, w, fact["untracked"])
	assert.Empty(t, list.Sessions)
	assert.Equal(t, tool.Nights{Excluded: []tool.Exclusion{}}, list.Nights)
	assert.Equal(t, "No recordings from 2026-06-26 to 2026-07-02.", list.Summary)
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{"week_ending":"2026-07-02"}`)
	assert.Equal(t, "No nights were recorded from 2026-06-26 to 2026-07-02.", week.Summary)
	assert.Equal(t, "no_data", week.Missing["averages"])
	for _, d := range week.Days {
		assert.Equal(t, dayRow{Night: d.Night, Weekday: d.Weekday, Missing: "not_tracked"}, d)
	}

	months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{}`)
	october := months.Months[1]
	require.Equal(t, "2026-10", october.Month)
	for i, m := range months.Months {
		if i != 1 {
			assert.Greater(t, *m.SleepHours, *october.SleepHours+0.5, m.Month)
			assert.Greater(t, *m.Efficiency, *october.Efficiency+3, m.Month)
			assert.Greater(t, *m.Overall, *october.Overall, m.Month)
		}
	}
	assert.True(t, months.Months[0].Partial)
	assert.True(t, tooltest.HasWarning(months.Head, "partial_month"))
	upTo := tooltest.AnswerOf[monthlyTrendsOut](t, tooltest.NewWorld(t, tooltest.InstantOf("2026-10-31T12:00:00+01:00"), sandbox.Demo(tooltest.Morning, 1)...), "monthly_trends", `{"months":3}`)
	require.NotNil(t, upTo.Months[0].VsPrevious)
	assert.Equal(t, "lower", upTo.Months[0].VsPrevious.Verdict, "time asleep in the worse month")
	assert.Contains(t, upTo.Summary, "2026-10: 49 min a night less than in the month before.")

	change, list := rowsOf(t, w, fact["clock_change"])
	assert.Equal(t, "2026-10-25", change[0].Night)
	assert.Equal(t, 1, list.Nights.Used)
}
