package person

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// between returns the arguments for two periods.
func between(firstFrom, firstTo, secondFrom, secondTo string) string {
	return fmt.Sprintf(`{"first_from":%q,"first_to":%q,"second_from":%q,"second_to":%q}`, firstFrom, firstTo, secondFrom, secondTo)
}

// twoWeeks are the fortnights up to 14 and up to 28 November.
var twoWeeks = between("2026-11-01", "2026-11-14", "2026-11-15", "2026-11-28")

// compared14 compares fourteen nights with fourteen others, each moved by some minutes
// from 23:00.
func compared14(t *testing.T, first, second string, moveFirst, moveSecond int) comparePeriodsOut {
	t.Helper()
	nights := append(
		moved(uneven(tooltest.Nightly(14, "2026-11-13 23:00", "Europe/Paris", first)), time.Duration(moveFirst)*time.Minute, everyNight),
		moved(uneven(tooltest.Nightly(14, "2026-11-27 23:00", "Europe/Paris", second)), time.Duration(moveSecond)*time.Minute, everyNight)...)
	return tooltest.AnswerOf[comparePeriodsOut](t, tooltest.NewWorld(t, tooltest.InstantOf("2026-11-28T20:00:00+01:00"), tooltest.Person(nights...)), "compare_periods", twoWeeks)
}

func everyNight(time.Weekday, int) bool { return true }

// verdictsOf returns the verdicts by metric.
func verdictsOf(got comparePeriodsOut) map[string]string {
	verdicts := map[string]string{}
	for _, c := range got.Changes {
		verdicts[c.Metric] = c.Verdict
	}
	return verdicts
}

func TestComparedPeriods(t *testing.T) {
	t.Parallel()
	const head = "2026-11-15 to 2026-11-28 against 2026-11-01 to 2026-11-14: "
	for name, c := range map[string]struct {
		first, second         string
		moveFirst, moveSecond int
		summary               string
		differ                map[string]string // all other metrics are within the usual range
	}{
		"the same": {tooltest.Usual, tooltest.Usual, 0, 0, "No clear difference from the first period in 9 measures", nil},
		"less sleep": {
			tooltest.Usual, "20w 140l 80d 10w 160r 10w", 0, 0, "Time asleep 60 min shorter, final awakening 60 min earlier and the estimate of REM sleep 6 points higher than in the first period.",
			map[string]string{"asleep_minutes": "lower", "wake_time": "lower", "rem_percent": "higher"},
		},
		"later": {
			tooltest.Usual, tooltest.Usual, 0, 45, "Sleep onset 45 min later and final awakening 45 min later than in the first period.",
			map[string]string{"sleep_onset": "higher", "wake_time": "higher"},
		},
		"earlier, across midnight": {
			tooltest.Usual, tooltest.Usual, 70, 10, "Sleep onset 60 min earlier and final awakening 60 min earlier than in the first period.",
			map[string]string{"sleep_onset": "lower", "wake_time": "lower"},
		},
		"more deep sleep": {
			"20w 280l 10w 160r 10w", "20w 200l 80d 10w 160r 10w", 0, 0, "The estimate of deep sleep 18 points higher than in the first period.",
			map[string]string{"deep_percent": "higher"},
		},
		"longer awake": {
			tooltest.Usual, "20w 100l 20w 100l 80d 10w 160r 10w", 0, 0, "",
			map[string]string{"awake_minutes": "higher", "efficiency_percent": "lower"},
		},
		"falls asleep sooner": {
			"60w 200l 80d 10w 160r 10w", "5w 200l 80d 10w 160r 10w", -55, 0, "",
			map[string]string{"latency_minutes": "lower", "efficiency_percent": "higher"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compared14(t, c.first, c.second, c.moveFirst, c.moveSecond)
			want := map[string]string{}
			for _, m := range analytics.Metrics() {
				want[m.Name] = "no_clear_difference"
				if m.Name == analytics.MetricSnoring {
					want[m.Name] = "not_enough_nights" // none was measured
				}
				if v, differs := c.differ[m.Name]; differs {
					want[m.Name] = v
				}
			}
			assert.Equal(t, want, verdictsOf(got))
			assert.Contains(t, got.Summary, head+c.summary)
			assert.Equal(t, tool.Nights{Tracked: 28, Used: 28, Excluded: []tool.Exclusion{}}, got.Nights)
			for _, change := range got.Changes {
				checkPeriodChange(t, change)
			}
		})
	}
}

// checkPeriodChange checks that a change agrees with its own numbers.
func checkPeriodChange(t *testing.T, c periodChange) {
	t.Helper()
	if c.Verdict == string(analytics.TooFewNights) {
		assert.Nil(t, c.Difference, c.Metric)
		return
	}
	require.NotNil(t, c.Difference, c.Metric)
	require.NotNil(t, c.FirstSpread, c.Metric)
	require.NotNil(t, c.SecondSpread, c.Metric)
	if analytics.MetricNamed(c.Metric).Clock {
		assert.Nil(t, c.First)
		assert.InDelta(t, *c.Difference, minutesFrom(t, c.FirstClock, c.SecondClock), 1.1)
		return
	}
	assert.Empty(t, c.FirstClock+c.SecondClock)
	assert.InDelta(t, *c.Difference, *c.Second-*c.First, 0.11, c.Metric)
}

// Six nights of alternately 400 and 440 minutes compared with six of 460 and 500: 60
// minutes more, with a standard deviation of 21.9 on both sides.
func TestPeriodsByHand(t *testing.T) {
	t.Parallel()
	nights := tooltest.Nightly(12, "2026-11-11 23:00", "Europe/Paris", "400l")
	for i := range nights {
		minutes := 400 + 40*(i%2)
		if i >= 6 {
			minutes += 60
		}
		nights[i].Stages = tooltest.StagesText(fmt.Sprintf("%dl", minutes))
	}
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(nights...))
	got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-01", "2026-11-06", "2026-11-07", "2026-11-12"))
	assert.Equal(t, periodChange{
		Metric: "asleep_minutes", First: new(420.0), Second: new(480.0), Difference: new(60.0),
		// A standard error of 21.9 × √(2/6) = 12.65; 2.69 of them are exceeded by 3 % of deals,
		// 3.08 as rarely if habits wander.
		Interval: []float64{21.1, 98.9}, Detectable: new(50.9), FirstSpread: new(21.9), SecondSpread: new(21.9),
		FirstNights: 6, SecondNights: 6, Verdict: "higher",
	}, got.Changes[0])
	assert.Equal(t, tool.Period{From: "2026-11-01", To: "2026-11-06", Days: 6}, got.First.Period)
	assert.InDelta(t, 7, *got.First.Averages.SleepHours, 0)
	assert.InDelta(t, 8, *got.Second.Averages.SleepHours, 0)
	turned := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-07", "2026-11-12", "2026-11-01", "2026-11-06"))
	assert.Equal(t, "lower", turned.Changes[0].Verdict, "the second is compared with the first, whichever came earlier")
	assert.InDelta(t, -60, *turned.Changes[0].Difference, 0)
}

func TestPeriodsThatShareNights(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(40, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...))
	for arguments, overlap := range map[string]bool{
		between("2026-11-01", "2026-11-10", "2026-11-11", "2026-11-20"): false,
		between("2026-11-01", "2026-11-10", "2026-11-10", "2026-11-19"): true,
		between("2026-11-10", "2026-11-19", "2026-11-01", "2026-11-10"): true,
		between("2026-11-01", "2026-11-20", "2026-11-05", "2026-11-09"): true,
		between("2026-11-01", "2026-11-10", "2026-11-01", "2026-11-10"): true,
	} {
		got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", arguments)
		warned := false
		for _, one := range got.Warnings {
			warned = warned || one.Code == "overlap"
		}
		assert.Equal(t, overlap, warned, arguments)
		distinct := got.First.Nights.Used + got.Second.Nights.Used
		if !overlap {
			assert.Equal(t, distinct, got.Nights.Used)
		} else {
			assert.Less(t, got.Nights.Used, distinct, "a night that both share is one night")
		}
	}
}

func TestPeriodsWithTooFewNights(t *testing.T) {
	t.Parallel()
	nights := append(tooltest.Nightly(4, "2026-11-09 23:00", "Europe/Paris", tooltest.Usual), tooltest.Nightly(7, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...)
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(nights...))
	got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-01", "2026-11-14", "2026-11-15", "2026-11-22"))
	for metric, verdict := range verdictsOf(got) {
		assert.Equal(t, "not_enough_nights", verdict, metric)
	}
	assert.Equal(t, "2026-11-15 to 2026-11-22 against 2026-11-01 to 2026-11-14: not enough nights to judge a difference: "+
		"4 nights in the first period, 7 in the second.", got.Summary)
	assert.NotNil(t, got.First.Averages.SleepHours, "the averages are there all the same")
	assert.Equal(t, 4, got.Changes[0].FirstNights)
	assert.Equal(t, []string{"Of the first period: Only 4 nights: averages of fewer than 5 say little about what is usual."}, textsOf(got.Warnings, "few_nights"))
	assert.Equal(t, "not_measured", got.Missing["first.avg_snoring_minutes"])

	none := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-09-01", "2026-09-14", "2026-11-15", "2026-11-22"))
	assert.Equal(t, "no_data", none.Missing["first.averages"])
	assert.NotContains(t, none.Missing, "second.averages")
	assert.Equal(t, Averages{}, none.First.Averages)

	// Seven nights are enough for a fortnight and too few for a month.
	for days, least := range map[int]int{1: 5, 7: 5, 14: 5, 15: 10, 31: 10, 365: 10} {
		assert.Equal(t, least, leastNights(days), "%d days", days)
	}
}

func TestPeriodsOfASparseDeployment(t *testing.T) {
	t.Parallel()
	w := tooltest.StartWorld(t, sandbox.Options{
		Now: func() time.Time { return tooltest.Morning }, People: []sandbox.Person{tooltest.Person(tooltest.Nightly(30, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...)}, Sparse: true,
	})
	got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-01", "2026-11-10", "2026-11-11", "2026-11-20"))
	assert.Equal(t, []periodChange{}, got.Changes)
	assert.Equal(t, "no_nightly_numbers", got.Missing["changes"])
	assert.InDelta(t, 440/60.0, *got.First.Averages.SleepHours, 0.01)
	assert.Len(t, textsOf(got.Warnings, "service_averages"), 1, "what holds of both is said once")
	assert.Contains(t, got.Summary, "no difference can be judged")
}

func TestMistakesInPeriods(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(3, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)...))
	for name, c := range map[string]struct{ arguments, says string }{
		"first the wrong way round":  {between("2026-11-10", "2026-11-01", "2026-11-11", "2026-11-20"), `"first_from" must not be after "first_to", received "first_from":"2026-11-10"`},
		"second the wrong way round": {between("2026-11-01", "2026-11-10", "2026-11-20", "2026-11-11"), `"second_from" must not be after "second_to"`},
		"first in the future":        {between("2026-11-24", "2026-11-30", "2026-11-01", "2026-11-10"), `lies in the future: it begins on 2026-11-24. Today is 2026-11-23; for the last week use {"first_from":"2026-11-17","first_to":"2026-11-30","second_from":"2026-11-01","second_to":"2026-11-10"}`},
		"second in the future":       {between("2026-11-01", "2026-11-10", "2027-01-01", "2027-01-10"), `"second_from":"2026-11-17","second_to":"2027-01-10"}`},
		"too early":                  {between("2009-12-31", "2010-01-10", "2026-11-01", "2026-11-10"), "No night was recorded before 2010-01-01"},
		"too long":                   {between("2011-01-01", "2026-11-10", "2026-11-01", "2026-11-10"), "too long: 5793 days"},
		"no such date":               {between("2026-02-29", "2026-03-10", "2026-11-01", "2026-11-10"), `"first_from" must be a date that exists`},
		"a date in words":            {between("2026-11-01", "yesterday", "2026-11-01", "2026-11-10"), `"first_to" must be a date that exists, written YYYY-MM-DD, received "yesterday". For example {"first_from":"2026-11-01","first_to":"2026-11-22","second_from":"2026-11-01","second_to":"2026-11-10"}. Today is 2026-11-23`},
		"after the other end":        {between("2026-11-20T07:00:00Z", "2026-11-10", "2026-11-01", "2026-11-10"), `{"first_from":"2026-11-20","first_to":"2026-11-20",`},
		"before the other end":       {between("2026-11-20", "2026/11/10", "2026-11-01", "2026-11-10"), `{"first_from":"2026-11-10","first_to":"2026-11-10",`},
		"a misspelt name":            {`{"first_form":"2026-11-01"}`, `Did you mean "first_from"?`},
		"a number":                   {`{"second_to":20261110}`, `"second_to" must be a date that exists`},
		"null":                       {`{"second_to":null}`, `"second_to" is missing`},
	} {
		f := tooltest.Fails(t, w, "compare_periods", c.arguments)
		assert.Equal(t, tool.InvalidArgument, f.Code, name)
		assert.Contains(t, f.Text, c.says, name)
		if f.Example != nil {
			tooltest.Call(t, w, "compare_periods", string(f.Example))
		}
	}
	for _, missing := range []string{"first_from", "first_to", "second_from", "second_to"} {
		var sent string
		for _, a := range tooltest.Required["compare_periods"] {
			if a[0] != missing {
				sent += fmt.Sprintf(",%q:%q", a[0], a[1])
			}
		}
		_, err := tooltest.ToolNamed(t, "compare_periods").Call(w.Ctx, w.Deps, []byte("{"+sent[1:]+"}"))
		require.ErrorContains(t, err, fmt.Sprintf(`%q is missing. Give it, for example {"first_from":"2026-`, missing))
	}
	assert.Zero(t, requestsFor(t, between("2026-11-10", "2026-11-01", "2026-11-11", "2026-11-20")), "a contradiction costs no request")
}

// requestsFor returns how many requests a mistaken question costs.
func requestsFor(t *testing.T, arguments string) int {
	t.Helper()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person())
	_ = tooltest.Fails(t, w, "compare_periods", arguments)
	return w.Requests()
}

// A journey between the periods moves clock times by itself.
func TestPeriodsInDifferentZones(t *testing.T) {
	t.Parallel()
	nights := append(tooltest.Nightly(7, "2026-11-07 23:00", "Europe/Paris", tooltest.Usual), tooltest.Nightly(7, "2026-11-14 23:00", "Asia/Seoul", tooltest.Usual)...)
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(nights...))
	got := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-02", "2026-11-08", "2026-11-09", "2026-11-15"))
	require.Len(t, got.Warnings, 1)
	assert.Equal(t, tool.Warning{Code: "zone_change", Text: "The first period was recorded in Europe/Paris, the second in Asia/Seoul; clock times are local to each."}, got.Warnings[0])
	got = tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", between("2026-11-02", "2026-11-05", "2026-11-06", "2026-11-08"))
	for _, warning := range got.Warnings {
		assert.NotEqual(t, "zone_change", warning.Code)
	}
}
