package person

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// plainNight is a night without any wake inside, as the tests below need it.
func plainNight(bed time.Time, minutes int) sandbox.Recording {
	stages := make([]int8, 2*minutes)
	for i := range stages {
		stages[i] = 1
	}
	return sandbox.Recording{Start: bed, End: bed.Add(time.Duration(minutes) * time.Minute), Zone: "Europe/Paris", Stages: stages}
}

// madeWeek is 14 nights to 22 November 2026 in Paris, of which those to Saturday and Sunday begin
// at half past midnight and last six hours, the others at 23:00 and seven; the night to the 15th
// was not recorded.
func madeWeek(t *testing.T) *tooltest.World {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	var list []sandbox.Recording
	for i := range 14 {
		date := civil.Date{Year: 2026, Month: time.November, Day: 9}.AddDays(i)
		bed, minutes := date.AddDays(-1).In(zone).Add(23*time.Hour), 420
		if day := date.Weekday(); day == time.Saturday || day == time.Sunday {
			bed, minutes = date.In(zone).Add(30*time.Minute), 360
		}
		if date.Day != 15 {
			list = append(list, plainNight(bed, minutes))
		}
	}
	// A nap on the afternoon of Wednesday the 18th.
	list = append(list, plainNight(civil.Date{Year: 2026, Month: time.November, Day: 18}.In(zone).Add(14*time.Hour), 30))
	return tooltest.NewWorld(t, evening, tooltest.Person(list...))
}

func TestFindNights(t *testing.T) {
	t.Parallel()
	w := madeWeek(t)
	find := func(arguments string) findNightsOut {
		return tooltest.AnswerOf[findNightsOut](t, w, "find_nights", arguments)
	}
	dates := func(out findNightsOut) string {
		var list []string
		for _, r := range out.Rows {
			list = append(list, r.Night[len("2026-11-"):])
		}
		return strings.Join(list, " ")
	}

	for where, want := range map[string]string{
		`asleep_minutes < 400`:                     "22 21 14",
		`bedtime > \"23:30\"`:                      "22 21 14", // 00:30 is later
		`bedtime < \"24:00\" and month == 11`:      "20 19 18 17 16 13 12 11 10 09",
		`weekday == \"Sat\"`:                       "21 14",
		`weekend and night > \"2026-11-14\"`:       "22 21",
		`nap`:                                      "18",
		`nap_before`:                               "19",
		`nap_minutes >= 30 and asleep_minutes > 1`: "18", // without the nap's own
		`wake_time == \"06:30\"`:                   "22 21 14",
		`zone == \"Europe/Paris\" and kind == \"main\" and weekday in [\"mon\"]`: "16 09",
		`day_sleep`: "",
	} {
		assert.Equal(t, want, dates(find(`{"where":"`+where+`","days":15}`)), where)
	}

	out := find(`{"where":"asleep_minutes < 400","days":15}`)
	assert.Equal(t, 3, out.Matched)
	assert.Equal(t, 13, out.LookedAt)
	assert.Equal(t, 1, out.Untracked, "the 15th")
	assert.Equal(t, "2026-11-09 to 2026-11-23: 3 of 13 nights meet the condition; 1 date without a recording.", out.Summary)
	assert.Equal(t, nightRow{Night: "2026-11-22", Weekday: "Sun", Bedtime: "00:30", WakeTime: "06:30", Asleep: new(360.0)}, out.Rows[0])

	assert.Equal(t, "22 21 14", dates(find(`{"order":"asleep_minutes","limit":3,"days":15,"fields":["night"]}`)), "of equals the newest first")
	assert.Equal(t, "09 10", dates(find(`{"order":"night","limit":2,"days":15}`)))
	assert.Equal(t, "22 21", dates(find(`{"order":"-bedtime","limit":2,"days":15}`)))

	assert.Equal(t, "2026-11-18", find(`{"days":15,"where":"nap_minutes > 0","timezone":"Asia/Seoul"}`).Rows[0].Night, "a zone moves no date")
	seoul := find(`{"days":15,"where":"bedtime > \"23:30\"","timezone":"Asia/Seoul","limit":1}`)
	assert.Equal(t, 3, seoul.Matched, "and no condition")
	assert.Equal(t, "08:30", seoul.Rows[0].Bedtime, "but what is shown")
}

// A night that lacks a field is counted apart, unless it fails the condition anyway.
func TestFindNightsThatLackAField(t *testing.T) {
	t.Parallel()
	w := madeWeek(t) // nothing is known about snoring
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"where":"snoring_minutes > 120 and weekend"}`)
	assert.Equal(t, []int{0, 10}, []int{out.Matched, out.LookedAt})
	assert.Equal(t, map[string]int{"snoring_minutes": 3}, out.Lacking)
	assert.Contains(t, out.Summary, "0 of 10 nights meet the condition; for 3 more it is not known")

	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"where":"snoring_minutes > 0"}`)
	assert.Contains(t, out.Summary, ": whether the condition is met is not known of any of 13 nights;")
}

func TestFindNightsByGroup(t *testing.T) {
	t.Parallel()
	w := madeWeek(t)
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"by":"weekend"}`)
	require.Len(t, out.Groups, 2)
	assert.Equal(t, nightGroup{
		Group: "weekday", Nights: 10,
		Mean:   map[string]any{"asleep_minutes": 420.0, "efficiency_percent": 100.0, "sleep_onset": "23:00", "wake_time": "06:00"},
		Spread: map[string]float64{"asleep_minutes": 0, "efficiency_percent": 0, "sleep_onset": 0, "wake_time": 0},
	}, out.Groups[0])
	assert.Equal(t, "00:30", out.Groups[1].Mean["sleep_onset"])

	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"by":"weekday","where":"bedtime > \"23:30\"","order":"-bedtime"}`)
	require.Len(t, out.Groups, 7)
	assert.Equal(t, []any{"Sat", 2, 2}, []any{out.Groups[0].Group, out.Groups[0].Nights, out.Groups[0].Of})
	assert.Equal(t, []any{"Sun", 1, 1}, []any{out.Groups[1].Group, out.Groups[1].Nights, out.Groups[1].Of})
	assert.Equal(t, nightGroup{Group: "Mon", Nights: 0, Of: 2}, out.Groups[2])

	weeks := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"by":"week","format":"csv"}`)
	assert.Equal(t, "group,nights,asleep_minutes,efficiency_percent\n2026-11-09,6,410,100\n2026-11-16,7,402.9,100\n", weeks.CSV)
}

func TestFindNightsInRuns(t *testing.T) {
	t.Parallel()
	w := madeWeek(t)
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"where":"bedtime < \"23:30\"","by":"run"}`)
	assert.Equal(t, []nightRun{
		{From: "2026-11-16", To: "2026-11-20", Nights: 5, Ended: "not_met"},
		{From: "2026-11-09", To: "2026-11-13", Nights: 5, Ended: "not_met"},
	}, out.Runs)
	assert.Nil(t, out.Present)
	assert.Contains(t, out.Summary, "The longest run has 5 nights, 2026-11-16 to 2026-11-20; there is no current one.")

	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"where":"asleep_minutes > 300","by":"run"}`)
	assert.Equal(t, []nightRun{
		{From: "2026-11-16", To: "2026-11-22", Nights: 7},
		{From: "2026-11-09", To: "2026-11-14", Nights: 6, Ended: "untracked"},
	}, out.Runs, "the night that was not recorded ends a run; last night's may still come")
	assert.Equal(t, &out.Runs[0], out.Present)
	assert.Contains(t, out.Summary, "and continues")

	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"from":"2026-11-10","to":"2026-11-12","where":"asleep_minutes > 300","by":"run"}`)
	assert.Equal(t, []nightRun{{From: "2026-11-10", To: "2026-11-12", Nights: 3, Ended: "period"}}, out.Runs)
	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":15,"where":"snoring_minutes > 1","by":"run"}`)
	assert.Empty(t, out.Runs)
}

func TestFindNightsAsCSV(t *testing.T) {
	t.Parallel()
	out := tooltest.AnswerOf[findNightsOut](t, madeWeek(t), "find_nights", `{"days":15,"format":"csv"}`)
	lines, err := csv.NewReader(strings.NewReader(out.CSV)).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 14)
	assert.Equal(t, []string{"night", "weekday", "bedtime", "wake_time", "asleep_minutes", "efficiency_percent", "awake_minutes", "snoring_minutes"}, lines[0])
	assert.Equal(t, []string{"2026-11-09", "Mon", "23:00", "06:00", "420", "100", "0", ""}, lines[1], "not measured is empty, not 0")
	assert.Empty(t, out.Rows)
	long := tooltest.AnswerOf[findNightsOut](t, tooltest.Demo(t, tooltest.Morning), "find_nights", `{"format":"csv"}`)
	assert.False(t, long.More, "a year fits")
	assert.Equal(t, 213, strings.Count(long.CSV, "\n"))
}

func TestWrongSearches(t *testing.T) {
	t.Parallel()
	w := madeWeek(t)
	for arguments, says := range map[string][]string{
		`{"where":"asleep_hours < 6"}`:                               {`"where" is wrong at character 1, received "asleep_hours": there is no such field. Did you mean asleep_minutes?`, `{"where":"night >= \"2026-10-01\""}`, "snoring"},
		`{"where":"asleep_minutes < \"6h\""}`:                        {"at character 18", "asleep_minutes is a number", `{"where":"asleep_minutes < 6"}`},
		`{"where":"weekday == \"Saturnday\""}`:                       {"weekday is one of Mon, Tue, Wed, Thu, Fri, Sat, Sun"},
		`{"where":"any(1..1000000000, true)"}`:                       {"only comparisons"},
		`{"where":"` + strings.Repeat("(", 900) + `"}`:               {"it ends too early"},
		`{"where":"` + strings.Repeat("not nap and ", 800) + `nap"}`: {"a text of 1 to 1000 characters"},
		`{"where":"` + strings.Repeat("nap or ", 140) + `nap"}`:      {"cannot be read"},
		`{"where":"zone matches \"(a+)+$\""}`:                        {"matches is not known here"},
		`{"order":"-asleep"}`:                                        {`"order" must name fields, received "asleep". Did you mean`, `{"order":"-asleep_minutes"}`},
		`{"fields":["night","bed"]}`:                                 {`"fields" must name fields, received "bed"`},
		`{"by":"colour"}`:                                            {`one of "weekday"`},
	} {
		f := tooltest.Fails(t, w, "find_nights", arguments)
		assert.Equal(t, tool.InvalidArgument, f.Code)
		for _, text := range says {
			assert.Contains(t, f.Text, text, arguments)
		}
	}
	assert.Empty(t, w.Sandbox.Requests(), "found before anything is fetched")
}

// Every field can be shown, ordered by and asked about.
func TestEveryFieldOfANight(t *testing.T) {
	t.Parallel()
	w := withDiary(t, tooltest.Demo(t, tooltest.Morning))
	tooltest.Call(t, w, "tag_nights", `{"tags":["alcohol"],"nights":["2026-11-22"],"note":"two beers"}`)
	for i := range nightFields {
		f := &nightFields[i]
		if f.Kind == condition.Set {
			out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", fmt.Sprintf(`{"days":3,"fields":[%q],"where":%q}`, f.Name, `night == "2026-11-22"`))
			assert.NotEqual(t, nightRow{}, out.Rows[0], "%s is shown", f.Name)
			continue // there is no order among words
		}
		arguments := fmt.Sprintf(`{"days":60,"fields":[%q],"order":%q,"where":%q,"limit":3}`, f.Name, "-"+f.Name, f.Example())
		out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", arguments)
		assert.Positive(t, out.LookedAt, arguments)
		shown := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", fmt.Sprintf(`{"days":3,"fields":[%q],"limit":1}`, f.Name))
		assert.NotEqual(t, nightRow{}, shown.Rows[0], "%s is shown", f.Name)
	}
}

// "Which weekday do I sleep worst" gets a verdict that holds against chance, or none.
func TestWeekdaysAgainstChance(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	world := func(thursdays int) *tooltest.World {
		var list []sandbox.Recording
		for i := range 120 {
			date := civil.Date{Year: 2026, Month: time.November, Day: 22}.AddDays(-i)
			minutes := 420 + (i*37)%61 - 30
			if date.Weekday() == time.Thursday {
				minutes -= thursdays
			}
			list = append(list, plainNight(date.AddDays(-1).In(zone).Add(23*time.Hour), minutes))
		}
		return tooltest.NewWorld(t, evening, tooltest.Person(list...))
	}
	w := world(60)
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"by":"weekday"}`)
	require.Len(t, out.Differs, 1)
	assert.Equal(t, []string{"Thu", "asleep_minutes", "lower"}, []string{out.Differs[0].Group, out.Differs[0].Metric, out.Differs[0].Verdict})
	assert.InDelta(t, -60, out.Differs[0].Difference, 15)
	assert.Contains(t, out.Summary, "Compared with the other days, beyond chance: Thu: time asleep ")
	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"by":"weekday","where":"asleep_minutes > 300"}`)
	assert.Empty(t, out.Differs, "the condition is about it")
	out = tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"by":"weekday","days":20}`)
	assert.Empty(t, out.Differs)
	assert.NotContains(t, out.Summary, "chance", "too few nights to tell")

	answer := tooltest.Call(t, world(0), "find_nights", `{"by":"weekday"}`)
	assert.Contains(t, string(answer), "No day of the week differs from the others by more than chance allows.")
	assert.NotContains(t, string(answer), `"differs"`)
	assert.LessOrEqual(t, len(tooltest.Call(t, tooltest.Demo(t, tooltest.Morning), "find_nights", `{"by":"weekday"}`)), 2500)
}

// A condition sees the clock times that rows show: 5:59:40 is 06:00 to both.
func TestClockTimesAreComparedAsTheyAreShown(t *testing.T) {
	t.Parallel()
	late := tooltest.Slept("2026-11-21 22:59", "Europe/Paris", "20w 390l 10w") // asleep from 23:19 to 05:49
	late.Start = late.Start.Add(10*time.Minute + 40*time.Second)
	early := tooltest.Slept("2026-11-20 23:59", "Europe/Paris", "20w 390l 10w")
	early.Start = early.Start.Add(45 * time.Second)
	w := tooltest.NewWorld(t, evening, tooltest.Person(early, late))
	for where, want := range map[string]string{
		`wake_time >= "06:00"`: "2026-11-22", `wake_time < "06:00"`: "", `bedtime >= "00:00"`: "2026-11-21", `bedtime == "23:59"`: "", `sleep_onset == "23:30"`: "2026-11-22",
	} {
		if strings.HasPrefix(where, "wake_time") {
			where += ` and night > "2026-11-21"`
		}
		quoted, err := json.Marshal(map[string]any{"days": 7, "where": where, "fields": []string{"night", "bedtime", "wake_time", "sleep_onset"}})
		require.NoError(t, err)
		out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", string(quoted))
		if want == "" {
			assert.Zero(t, out.Matched, where)
			continue
		}
		require.Equal(t, 1, out.Matched, where)
		assert.Equal(t, want, out.Rows[0].Night, where)
	}
}

// The recorded wake of a split night is shown like everywhere; compared with others it would be too little.
func TestWakeOfSplitNights(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person(
		tooltest.Slept("2026-11-21 23:00", "Europe/Paris", "10w 120l 15w 60l"), tooltest.Slept("2026-11-22 03:00", "Europe/Paris", "5w 180l 10w")))
	one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	require.Len(t, one.Parts, 2)
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":7,"where":"awake_minutes > 1"}`)
	require.Equal(t, 1, out.Matched)
	assert.Equal(t, one.Awake, out.Rows[0].Awake)
	assert.InDelta(t, *one.Awake, *tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`).Averages.Awake, 0.05)

	nights := tooltest.Nightly(60, "2026-11-22 22:00", "Europe/Paris", tooltest.Usual)
	for i := range 20 {
		nights[3*i].Stages = tooltest.StagesText("10w 120l 10w")
		nights = append(nights, tooltest.Slept("2026-11-22 01:00", "Europe/Paris", "5w 260l 10w"))
		nights[len(nights)-1].Start = nights[3*i].Start.Add(3 * time.Hour)
	}
	compared := tooltest.AnswerOf[compareNightsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights...)), "compare_nights", `{"days":60,"where":"weekend"}`)
	assert.Equal(t, 60, compared.Group+compared.Others)
	for _, field := range []string{"awake_minutes", "longest_awake_minutes"} {
		assert.Equal(t, 40, compared.Fewer[field], field)
	}
}
