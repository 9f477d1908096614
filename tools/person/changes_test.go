package person

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// plain returns a change far beyond its standard error.
func plain(metric string, difference float64) analytics.Change {
	verdict := analytics.Higher
	if difference < 0 {
		verdict = analytics.Lower
	}
	se := 1.0
	return analytics.Change{Metric: analytics.MetricNamed(metric), Difference: &difference, SE: &se, Verdict: verdict}
}

// Words of every metric, higher and lower.
var changeWords = map[string][2]string{
	analytics.MetricAsleep:     {"Time asleep 40 min longer than in the four weeks before.", "Time asleep 40 min shorter than in the four weeks before."},
	analytics.MetricEfficiency: {"Sleep efficiency 40 points higher than in the four weeks before.", "Sleep efficiency 40 points lower than in the four weeks before."},
	analytics.MetricAwake:      {"Time awake in the night 40 min longer than in the four weeks before.", "Time awake in the night 40 min shorter than in the four weeks before."},
	analytics.MetricLatency:    {"Time to fall asleep 40 min longer than in the four weeks before.", "Time to fall asleep 40 min shorter than in the four weeks before."},
	analytics.MetricSnoring:    {"Time with snoring sound 40 min longer than in the four weeks before.", "Time with snoring sound 40 min shorter than in the four weeks before."},
	analytics.MetricOnset:      {"Sleep onset 40 min later than in the four weeks before.", "Sleep onset 40 min earlier than in the four weeks before."},
	analytics.MetricWake:       {"Final awakening 40 min later than in the four weeks before.", "Final awakening 40 min earlier than in the four weeks before."},
	analytics.MetricDeep:       {"The estimate of deep sleep 40 points higher than in the four weeks before.", "The estimate of deep sleep 40 points lower than in the four weeks before."},
	analytics.MetricREM:        {"The estimate of REM sleep 40 points higher than in the four weeks before.", "The estimate of REM sleep 40 points lower than in the four weeks before."},
	analytics.MetricRegularity: {"Regularity 40 points higher than in the four weeks before.", "Regularity 40 points lower than in the four weeks before."},
}

func TestWordsOfChanges(t *testing.T) {
	t.Parallel()
	for _, m := range analytics.Metrics() {
		words, ok := changeWords[m.Name]
		require.True(t, ok, "%s: no words", m.Name)
		assert.Equal(t, words[0], changesText([]analytics.Change{plain(m.Name, 40)}, "in "+fourWeeks))
		assert.Equal(t, words[1], changesText([]analytics.Change{plain(m.Name, -40)}, "in "+fourWeeks))
	}
	same := plain(analytics.MetricOnset, 10)
	same.Verdict, same.Detectable = analytics.NoClearDifference, new(90.0)
	slept := plain(analytics.MetricAsleep, -10)
	slept.Verdict, slept.Detectable = analytics.NoClearDifference, new(61.4)
	few := analytics.Change{Metric: analytics.MetricNamed(analytics.MetricWake), Verdict: analytics.TooFewNights}
	all := []analytics.Change{plain(analytics.MetricEfficiency, 4), few, plain(analytics.MetricAsleep, -46), plain(analytics.MetricOnset, 90), same}
	assert.Equal(t, "Time asleep 46 min shorter, sleep onset 90 min later and sleep efficiency 4 points higher than in June.", capital(changesText([]analytics.Change{all[0], all[2], all[3]}, "in June")),
		"what matters most to people comes first")
	all = append(all, plain(analytics.MetricAwake, 20), plain(analytics.MetricSnoring, 20))
	assert.Equal(t, "Time asleep 46 min shorter, sleep onset 90 min later and sleep efficiency 4 points higher than in June; also time awake in the night longer and time with snoring sound longer.", changesText(all, "in June"))
	assert.Empty(t, changesText([]analytics.Change{same, few}, "in June"))
	assert.Equal(t, "No clear difference from June in 1 measure.", nothingDiffers([]analytics.Change{same, few}, "June"), "what was not compared is not covered")
	assert.Equal(t, "No clear difference from June in 2 measures; a difference in time asleep under about 61 min would have gone unnoticed.", nothingDiffers([]analytics.Change{slept, same, few}, "June"))
	assert.Empty(t, nothingDiffers([]analytics.Change{few}, "June"))
}

// uneven makes nights differ a little, so that a difference has an error. It repeats
// every seven nights, so that weeks stay alike.
func uneven(recordings []sandbox.Recording) []sandbox.Recording {
	for i := range recordings {
		r, day := &recordings[i], 3*i%7
		r.Start = r.Start.Add(time.Duration(day*day) * time.Minute)
		onset := slices.Index(r.Stages, 1)
		r.Stages = slices.Concat(tooltest.StagesText(fmt.Sprintf("%dw", day%3)), r.Stages[:onset], tooltest.StagesText(fmt.Sprintf("%dl", 4*(day%4))), r.Stages[onset:])
	}
	return recordings
}

// changeOf returns a week's change of one metric; nil if there is none.
func changeOf(week weeklyReportOut, metric string) *usualChange {
	for i := range week.Changes {
		if week.Changes[i].Metric == metric {
			return &week.Changes[i]
		}
	}
	return nil
}

// The four weeks hold the night on which clocks went back, whose awakening was an
// hour earlier.
func TestAWeekAgainstTheUsual(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		thisWeek string
		moved    time.Duration
		metric   string
		verdict  string
		summary  string
	}{
		"as usual":         {tooltest.Usual, 0, "asleep_minutes", "no_clear_difference", "No clear difference from the four weeks before in"},
		"less sleep":       {"20w 150l 80d 10w 130r 10w", 0, "asleep_minutes", "lower", "Time asleep 80 min shorter and final awakening 78 min earlier than in the four weeks before."},
		"more sleep":       {"20w 240l 100d 10w 180r 10w", 0, "asleep_minutes", "higher", "ime asleep 80 min longer"},
		"less efficient":   {"20w 200l 80d 10w 160r 60w", 0, "efficiency_percent", "lower", "Sleep efficiency 9 points lower than in the four weeks before."},
		"awake for longer": {"20w 200l 80d 50w 160r 10w", 0, "awake_minutes", "higher", "ime awake in the night 40 min longer"},
		"slower to sleep":  {"50w 200l 80d 10w 160r 10w", -30 * time.Minute, "latency_minutes", "higher", "ime to fall asleep 30 min longer"},
		"later":            {tooltest.Usual, 90 * time.Minute, "sleep_onset", "higher", "leep onset 90 min later"},
		"earlier":          {tooltest.Usual, -90 * time.Minute, "sleep_onset", "lower", "leep onset 90 min earlier"},
		"a little later":   {tooltest.Usual, 20 * time.Minute, "sleep_onset", "no_clear_difference", "No clear difference from"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recordings := uneven(weekAfter(tooltest.Usual, c.thisWeek))
			moved(recordings[28:], c.moved, everyNight)
			week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "weekly_report", `{}`)
			change := changeOf(week, c.metric)
			require.NotNil(t, change)
			assert.Equal(t, c.verdict, change.Verdict)
			assert.Equal(t, 7, change.Nights)
			assert.Equal(t, 28, change.BaselineNights)
			assert.Contains(t, week.Summary, c.summary)
			for metric := range alwaysShown {
				assert.NotNil(t, changeOf(week, metric), "%s is always shown", metric)
			}
			if c.metric == "sleep_onset" {
				assert.Nil(t, change.ThisWeek)
				assert.InDelta(t, c.moved.Minutes(), *change.Difference, 0.1)
				assert.InDelta(t, *change.Difference, minutesFrom(t, change.UsualClock, change.ThisWeekClock), 1)
			} else {
				assert.Empty(t, change.ThisWeekClock)
				assert.InDelta(t, *change.ThisWeek-*change.Usual, *change.Difference, 0.11)
			}
		})
	}
}

// minutesFrom returns the shorter way from one clock time to another.
func minutesFrom(t *testing.T, from, to string) float64 {
	t.Helper()
	d := minutesAt(t, to) - minutesAt(t, from)
	for d > 12*60 {
		d -= 24 * 60
	}
	for d < -12*60 {
		d += 24 * 60
	}
	return d
}

func TestAWeekWithoutABaseline(t *testing.T) {
	t.Parallel()
	for name, recordings := range map[string][]sandbox.Recording{
		"thirteen nights before": tooltest.Nightly(20, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual),
		"four nights this week":  tooltest.Nightly(30, "2026-11-19 23:00", "Europe/Paris", tooltest.Usual),
	} {
		week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "weekly_report", `{}`)
		assert.Equal(t, []usualChange{}, week.Changes, name)
		assert.Equal(t, "not_enough_nights", week.Missing["changes"], name)
		assert.NotContains(t, week.Summary, "four weeks", name)
	}
	least := append(tooltest.Nightly(14, "2026-11-15 23:00", "Europe/Paris", tooltest.Usual), tooltest.Nightly(5, "2026-11-20 23:00", "Europe/Paris", tooltest.Usual)...)
	week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(least...)), "weekly_report", `{}`)
	require.NotNil(t, changeOf(week, "asleep_minutes"), "fourteen before and five this week are enough")
	assert.Nil(t, changeOf(week, "regularity"), "four pairs of days are not")
}

// What is usual around midnight lies around midnight, not around noon.
func TestChangesAcrossMidnight(t *testing.T) {
	t.Parallel()
	early, late := -10*time.Minute, 40*time.Minute
	recordings := moved(weekAfter("455l", "455l"), time.Hour, everyNight)
	for i := range recordings {
		if recordings[i].Start = recordings[i].Start.Add(early); i >= 28 {
			recordings[i].Start = recordings[i].Start.Add(late - early)
		}
	}
	week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "weekly_report", `{}`)
	assert.Equal(t, &usualChange{
		Metric: "sleep_onset", UsualClock: "23:50", ThisWeekClock: "00:40", Difference: new(50.0),
		Interval: []float64{50, 50}, Detectable: new(30.0), Verdict: "higher", Nights: 7, BaselineNights: 28,
	}, changeOf(week, "sleep_onset"))
}

// Two short nights do not show in the mean of a week that they make uneven; they are named.
func TestOddNightsOfAWeekAreListed(t *testing.T) {
	t.Parallel()
	recordings := tooltest.Nightly(35, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)
	for _, i := range []int{30, 33} {
		recordings[i].Stages = tooltest.StagesText("20w 110l 40d 10w 90r 10w")
	}
	week := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "weekly_report", `{}`)
	nights := map[string]bool{}
	for _, u := range week.Unusual {
		nights[u.Night] = true
		if u.Metric == "asleep_minutes" {
			assert.InDelta(t, 240, *u.Value, 0)
			assert.InDelta(t, 440, *u.Usual, 0)
		}
	}
	assert.Equal(t, map[string]bool{"2026-11-19": true, "2026-11-22": true}, nights)
	assert.Contains(t, week.Summary, "Unusual compared with the four weeks before: 2026-11-19 (")
	slept := changeOf(week, "asleep_minutes")
	assert.InDelta(t, -57.1, *slept.Difference, 0.1)
	assert.LessOrEqual(t, slept.Interval[0], *slept.Difference)

	quiet := tooltest.AnswerOf[weeklyReportOut](t, tooltest.NewWorld(t, evening, tooltest.Person(uneven(tooltest.Nightly(35, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual))...)), "weekly_report", `{}`)
	assert.Empty(t, quiet.Unusual)
}
