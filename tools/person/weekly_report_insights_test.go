package person

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// evening is late enough for the longest of the nights below to be over.
var evening = tooltest.InstantOf("2026-11-23T20:00:00+01:00")

// weekAfter returns four weeks of usual nights and then, up to 23 November, a week of
// others.
func weekAfter(usually, thisWeek string) []sandbox.Recording {
	return append(tooltest.Nightly(28, "2026-11-15 23:00", "Europe/Paris", usually), tooltest.Nightly(7, "2026-11-22 23:00", "Europe/Paris", thisWeek)...)
}

// moved delays the recordings that of selects by the date on which they begin.
func moved(recordings []sandbox.Recording, by time.Duration, of func(time.Weekday, int) bool) []sandbox.Recording {
	for i, r := range recordings {
		if of(r.Start.In(tooltest.MustLoad("Europe/Paris")).Weekday(), i) {
			recordings[i].Start = r.Start.Add(by)
		}
	}
	return recordings
}

func everyOther(_ time.Weekday, i int) bool { return i%2 == 0 }

func beforeFreeDays(d time.Weekday, _ int) bool { return d == time.Friday || d == time.Saturday }

// snoring gives the newest nights a share of epochs with snoring.
func snoring(recordings []sandbox.Recording, nights int, share float64) []sandbox.Recording {
	for i := range recordings {
		r := &recordings[i]
		r.Snoring = make([]int8, len(r.Stages))
		for j, stage := range r.Stages {
			if i >= len(recordings)-nights && stage > 0 && float64(j%100) < 100*share {
				r.Snoring[j] = 1
			}
		}
	}
	return recordings
}

// TestInsights: each insight once, for a person who gets no other.
func TestInsights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recordings []sandbox.Recording
		birthYear  int
		want       insight
	}{
		"short sleep": {
			weekAfter("20w 360l 10w", "20w 360l 10w"), 0,
			insight{"short_sleep", "Sleep in 24 hours was 6 h 00 min on average over 7 nights; 7 h 00 min or more of reported sleep is recommended for adults, and measured sleep is shorter. " +
				"If you feel rested, this needs no action.", 360, "minutes", 7, analytics.SourceDuration},
		},
		"far too short": {
			weekAfter("20w 300l 10w", "20w 300l 10w"), 0,
			insight{"short_sleep", "Sleep in 24 hours was 5 h 00 min on average over 7 nights; 7 h 00 min or more of reported sleep is recommended for adults, and measured sleep is shorter. " +
				seeAboutShort, 300, "minutes", 7, analytics.SourceDuration},
		},
		"an older person's five hours and a minute": {
			weekAfter("20w 301l 10w", "20w 301l 10w"), 1950,
			insight{"short_sleep", "Sleep in 24 hours was 5 h 01 min on average over 7 nights; 7 h 00 min or more of reported sleep is recommended for adults, and measured sleep is shorter. " +
				restedIsEnough, 301, "minutes", 7, analytics.SourceDuration},
		},
		"low efficiency, hardly": {
			weekAfter("20w 440l 127w", "20w 440l 127w"), 0,
			insight{"low_efficiency", "74.96 % of the time in bed was sleep, on average over 7 nights; sleep researchers count under 75 % as low. " +
				seeAboutSleep, 75, "percent", 7, analytics.SourceQuality},
		},
		"low efficiency": {
			weekAfter("20w 440l 140w", "20w 440l 140w"), 0,
			insight{"low_efficiency", "73.3 % of the time in bed was sleep, on average over 7 nights; sleep researchers count under 75 % as low. " +
				seeAboutSleep, 73.3, "percent", 7, analytics.SourceQuality},
		},
		"low efficiency at 70": {
			weekAfter("20w 420l 170w", "20w 420l 170w"), 1956,
			insight{"low_efficiency", "68.9 % of the time in bed was sleep, on average over 7 nights; sleep researchers count under 75 % as low. " +
				seeAboutSleep, 68.9, "percent", 7, analytics.SourceQuality},
		},
		"long latency": {
			weekAfter("50w 440l", "50w 440l"), 0,
			insight{"latency_long", "Falling asleep took 50 minutes on average over 7 nights; sleep researchers count over 45 as long. " +
				seeAboutSleep, 50, "minutes", 7, analytics.SourceQuality},
		},
		"once awake for long": {
			weekAfter(tooltest.Usual, "10w 200l 35w 240l 5w"), 0,
			insight{"awake_long", "The longest time awake in the night was 35 minutes on average over 7 nights, more than 30. " +
				seeAboutSleep, 35, "minutes", 7, analytics.SourceConvention},
		},
		"awake for long, compared with their own usual": {
			weekAfter(tooltest.Usual, "10w 100l 22w 100l 22w 240l"), 0,
			insight{"awake_long", "Time awake between falling asleep and the final awakening was 44 minutes on average over 7 nights, more than 40. " +
				seeAboutSleep, 44, "minutes", 7, analytics.SourceQuality},
		},
		"irregular": { // four of seven nights four hours later
			moved(weekAfter(tooltest.Usual, tooltest.Usual), 4*time.Hour, everyOther), 0,
			insight{
				"irregular", "Sleep began at very different times, from 23:20 to 03:20 (7 nights).",
				33.3, "points", 7, analytics.SourceRegularity,
			},
		},
		"irregular around the clock": {
			aroundTheClock(), 0,
			insight{"irregular", "Sleep times differed a lot from day to day (7 nights).", 0, "points", 7, analytics.SourceRegularity},
		},
		"later at weekends": {
			moved(weekAfter(tooltest.Usual, tooltest.Usual), 3*time.Hour, beforeFreeDays), 0,
			insight{"weekend_shift", "On Saturdays and Sundays the middle of sleep was 3 h 00 min later: 06:05 instead of 03:05.", 180, "minutes", 7, analytics.SourceWeekend},
		},
		"earlier at weekends": {
			moved(weekAfter(tooltest.Usual, tooltest.Usual), -150*time.Minute, beforeFreeDays), 0,
			insight{"weekend_shift", "On Saturdays and Sundays the middle of sleep was 2 h 30 min earlier: 00:35 instead of 03:05.", -150, "minutes", 7, analytics.SourceWeekend},
		},
		"less efficient than usual": {
			weekAfter(tooltest.Usual, "20w 440l 90w"), 0,
			insight{
				"efficiency_fell", "80 % of the time in bed was sleep, less than your usual 91.7 % (7 nights).",
				80, "percent", 7, analytics.SourceOwnBaseline,
			},
		},
		"snoring": {
			snoring(weekAfter(tooltest.Usual, tooltest.Usual), 4, 0.4), 0,
			insight{"snoring", "Snoring sound was recorded during 30 % of sleep or more on 4 of 7 nights. The microphone hears everybody in the room. " +
				seeAboutSnoring, 4, "nights", 7, analytics.SourceConvention},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, evening, tooltest.Person(c.recordings...)).Born(c.birthYear)
			got := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`).Insights
			require.Len(t, got, 1, "%v", got)
			if c.want.Value == 0 {
				got[0].Value = 0 // only that the index is low matters
			}
			assert.Equal(t, c.want, got[0])
		})
	}
}

// aroundTheClock returns the recordings of somebody who sleeps enough, at three times of
// day, on weekends as on other days.
func aroundTheClock() []sandbox.Recording {
	recordings := weekAfter("410l", "410l")
	for i := range recordings {
		recordings[i].Start = recordings[i].Start.Add(8 * time.Hour * []time.Duration{0, 1, 2, 0, 1, 2, 1}[i%7])
	}
	return recordings
}

// TestNoInsights: nothing is said about healthy or uncertain values, or too few nights.
func TestNoInsights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recordings []sandbox.Recording
		birthYear  int
	}{
		"healthy":                        {weekAfter(tooltest.Usual, tooltest.Usual), 0},
		"a few minutes short":            {weekAfter("20w 391l 10w", "20w 391l 10w"), 0},
		"long sleep":                     {weekAfter("20w 700l 10w", "20w 700l 10w"), 0},
		"an uncertain efficiency":        {weekAfter("20w 440l 90w", "20w 440l 90w"), 0},
		"an uncertain latency":           {weekAfter("45w 440l", "45w 440l"), 0},
		"asleep at once":                 {weekAfter("440l 10w", "440l 10w"), 0},
		"awake for long, as always":      {weekAfter("10w 100l 22w 100l 22w 240l", "10w 100l 22w 100l 22w 240l"), 0},
		"hardly any deep sleep":          {weekAfter("20w 435l 5d 10w", "20w 435l 5d 10w"), 0},
		"awake for a moment, many times": {weekAfter("10w "+strings.Repeat("20l 1w ", 22), "10w "+strings.Repeat("20l 1w ", 22)), 0},
		"a long latency of an older one": {weekAfter("60w 440l", "60w 440l"), 1956},
		"an hour and a half at weekends": {moved(weekAfter(tooltest.Usual, tooltest.Usual), 90*time.Minute, beforeFreeDays), 0},
		"one night at another time":      {moved(weekAfter(tooltest.Usual, tooltest.Usual), 4*time.Hour, func(_ time.Weekday, i int) bool { return i == 31 }), 0},
		"snoring on two nights":          {snoring(weekAfter(tooltest.Usual, tooltest.Usual), 2, 0.9), 0},
		"a little snoring every night":   {snoring(weekAfter(tooltest.Usual, tooltest.Usual), 7, 0.25), 0},
		"four nights":                    {tooltest.Nightly(4, "2026-11-22 23:00", "Europe/Paris", "60w 200l 200w"), 0},
		"a minor who sleeps badly":       {snoring(weekAfter(tooltest.Usual, "60w 200l 200w"), 7, 0.9), 2010},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, evening, tooltest.Person(c.recordings...)).Born(c.birthYear)
			assert.Equal(t, []insight{}, tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`).Insights)
		})
	}
}

// TestFewInsights: of many insights only two are given, and the remark on snoring.
func TestFewInsights(t *testing.T) {
	t.Parallel()
	everything := snoring(moved(weekAfter(tooltest.Usual, "60w 100l 60w 100l 100w"), 4*time.Hour, everyOther), 7, 0.9)
	var codes []string
	for _, i := range tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(everything...)), "weekly_report", `{}`).Insights {
		codes = append(codes, i.Code)
	}
	assert.Equal(t, []string{"short_sleep", "low_efficiency", "snoring"}, codes)
}

// Short nights alone have no usual clock time to mention.
func TestIrregularShortNights(t *testing.T) {
	t.Parallel()
	recordings := moved(weekAfter("150l", "150l"), 4*time.Hour, everyOther)
	got := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "weekly_report", `{}`)
	assert.Equal(t, []tool.Exclusion{{Reason: "short", Count: 7}}, got.Nights.Excluded)
	require.Len(t, got.Insights, 2)
	assert.Equal(t, "Sleep times differed a lot from day to day (7 nights).", got.Insights[1].Text)
}

func TestWordsOfAStageEstimate(t *testing.T) {
	t.Parallel()
	share, before := 12.3, 20.4
	got := insightsOf([]analytics.Insight{{
		Code: analytics.InsightStages, Metric: analytics.MetricDeep, Value: share, Usual: &before, Unit: "percent", Nights: 20, Source: analytics.SourceOwnBaseline,
	}}, 0)
	assert.Equal(t, []insight{{
		"stage_estimate_changed", "The estimate of deep sleep changed to 12 % of sleep from your usual 20 %. " +
			"Stages are estimated from sound and differ between methods, so this alone says little.", 12.3, "percent", 20, "own baseline",
	}}, got)
}

// allInsightTexts returns the words of every code, in each of their forms.
func allInsightTexts() map[string]string {
	texts := map[string]string{}
	for code, write := range insightTexts {
		for _, metric := range []string{analytics.MetricAwake, analytics.MetricDeep, analytics.MetricREM} {
			for _, value := range []float64{-130, 130} {
				i := analytics.Insight{Code: code, Value: value, Unit: "minutes", Nights: 6, Metric: metric, Limit: new(40.0), Usual: new(20.0), From: new(0.0), To: new(3600.0), Longer: new(value)}
				texts[fmt.Sprint(code, metric, value)] = write(i)
				i.From, i.To = nil, nil
				if code == analytics.InsightIrregular {
					texts[code+"scattered"] = write(i)
				}
			}
		}
	}
	return texts
}
