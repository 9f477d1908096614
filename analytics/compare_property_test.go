package analytics_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// anyNights draws up to seven weeks with untracked dates, short nights, naps, nights left
// out, missing measurements and two zones.
func anyNights(zones ...*time.Location) *rapid.Generator[[]analytics.Night] {
	return rapid.Custom(func(t *rapid.T) []analytics.Night {
		var list []analytics.Night
		spread := rapid.SampledFrom([]int{0, 30, 120, 720}).Draw(t, "spread")
		for i := range rapid.IntRange(0, 49).Draw(t, "dates") {
			kind := rapid.IntRange(0, 12).Draw(t, "kind")
			if kind == 0 {
				continue
			}
			d := draw{
				onset:   float64(rapid.IntRange(-spread, spread).Draw(t, "onset")),
				period:  float64(480 + rapid.IntRange(-min(120, spread), min(120, spread)).Draw(t, "period")),
				latency: float64(rapid.IntRange(0, 90).Draw(t, "latency")),
				awake:   float64(rapid.IntRange(0, 90).Draw(t, "awake")),
				deep:    0.2, rem: 0.1 + float64(spread)/4000,
			}
			if kind == 1 {
				d.period = d.awake + 100
			}
			midnight := time.Date(2026, 3, 2+i, 0, 0, 0, 0, rapid.SampledFrom(zones).Draw(t, "zone"))
			n := d.night(midnight)
			if len(list) > 0 && !list[len(list)-1].Date.Before(n.Date) {
				continue // one night a date
			}
			switch kind {
			case 2:
				n.Excluded = analytics.Inconsistent
			case 3:
				n.Main, n.Excluded = nil, analytics.NoSleep
			case 4:
				noon := midnight.Add(14 * time.Hour)
				n.Naps = []analytics.Session{sleeping("nap", midnight.Location(), noon, noon.Add(time.Hour))}
			case 5:
				if len(n.Main) > 0 {
					n.Main[0].Latency, n.Main[0].REM, n.Main[0].LongestWake = nil, nil, nil
				}
			}
			list = append(list, n)
		}
		return list
	})
}

// sixthWeek begins where the baseline of anyNights may be complete.
var sixthWeek = civil.Date{Year: 2026, Month: time.April, Day: 6}

// comparing computes everything that compares nights, those from a date on with those
// before it.
func comparing(nights []analytics.Night, today civil.Date) map[string]any {
	baseline, week := analytics.Baseline(nights, today), []analytics.Night{}
	unusual := map[string]any{}
	for _, n := range nights {
		if !n.Date.Before(today) {
			week = append(week, n)
			found, _ := analytics.UnusualOf(n, baseline)
			unusual[n.Date.String()] = found
		}
	}
	changes := analytics.Changes(baseline, week, analytics.LeastBaseline, analytics.LeastWeek)
	scores := map[string]any{}
	adult := analytics.AdultRecommendation()
	if best, hardest := analytics.BestAndHardest(nights, adult); best != nil {
		scores["best"], _ = analytics.NightScore(*best, adult)
		scores["hardest"], _ = analytics.NightScore(*hardest, adult)
	}
	return map[string]any{
		"changes": changes, "foremost": analytics.Foremost(changes), "unusual": unusual, "scores": scores,
		"weekend":   analytics.WeekendShiftOf(nights, nil),
		"shortfall": analytics.ShortfallOf(nights, today, 7),
		"days":      analytics.RegularityByDay(nights),
		"insights":  analytics.InsightsOf(week, baseline, nil),
		"month":     analytics.InsightsOf(nights, baseline, new(70)),
	}
}

func TestComparisonsAreInRange(t *testing.T) {
	t.Parallel()
	berlin, honolulu := zone(t, "Europe/Berlin"), zone(t, "Pacific/Honolulu")
	rapid.Check(t, func(t *rapid.T) {
		nights := anyNights(berlin, honolulu).Draw(t, "nights")
		all := map[string]float64{}
		results := comparing(nights, sixthWeek)
		numbers("", reflect.ValueOf(results), all)
		for path, v := range all {
			require.False(t, math.IsNaN(v) || math.IsInf(v, 0), path)
		}
		for _, c := range results["changes"].([]analytics.Change) {
			assert.Equal(t, c.Verdict == analytics.TooFewNights, c.Difference == nil)
			assert.Equal(t, c.Missing != "", c.Difference == nil)
			assert.Contains(t, analytics.Verdicts(), c.Verdict)
			if c.Difference != nil && c.Metric.Clock {
				assert.LessOrEqual(t, math.Abs(*c.Difference), 720.0)
			}
		}
		weekend := analytics.WeekendShiftOf(nights, nil)
		within(t, -43200, 43200, weekend.Shift)
		within(t, 0, 14*7*3600, analytics.ShortfallOf(nights, sixthWeek, 7))
		for _, i := range analytics.Findings(nights, nights, nil) {
			assert.NotEqual(t, analytics.InsightStages, i.Code, "nothing differs from itself")
			assert.NotEqual(t, analytics.InsightEfficiency, i.Code)
			assert.GreaterOrEqual(t, i.Nights, analytics.LeastWeek)
			assert.NotEmpty(t, i.Source)
			assert.Contains(t, analytics.InsightCodes(), i.Code)
		}
		assert.LessOrEqual(t, len(results["insights"].([]analytics.Insight)), 3)
	})
}

func TestComparisonsDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		nights := anyNights(berlin).Draw(t, "nights")
		other := rapid.Permutation(nights).Draw(t, "other order")
		want, got := comparing(nights, sixthWeek), comparing(other, sixthWeek)
		assertSame(t, want, got)
		assert.Equal(t, codes(want["month"].([]analytics.Insight)), codes(got["month"].([]analytics.Insight)))
	})
}

func TestComparisonsChangeNoArgument(t *testing.T) {
	t.Parallel()
	nights := someone(seeded(5)).nights(seeded(6), 49)
	slices.Reverse(nights)
	snapshot := func() string {
		body, err := json.Marshal(nights)
		require.NoError(t, err)
		return string(body)
	}
	before := snapshot()
	comparing(nights, sixthWeek)
	assert.Equal(t, before, snapshot())
}

// With all clocks an hour later in every zone, comparisons stay the same.
func TestComparisonsAnHourLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steady := ordinary
		steady.onsetSD, steady.periodSD = 20, 20 // a sleep past noon would reach into the next day
		draws := steady.draws(seeded(rapid.Uint64().Draw(t, "seed")), 35)
		before := made(draws)
		for i := range draws {
			draws[i].onset += 60
		}
		after := made(draws)
		split := func(nights []analytics.Night) []analytics.Change {
			return analytics.Changes(nights[:28], nights[28:], 14, 5)
		}
		for i, c := range split(before) {
			later := split(after)[i]
			if c.Difference == nil {
				continue
			}
			assert.InDelta(t, *c.Difference, *later.Difference, 1e-6, c.Metric.Name)
			assert.InDelta(t, *c.SE, *later.SE, 1e-6, c.Metric.Name)
		}
		assert.InDelta(t, *analytics.WeekendShiftOf(before, nil).Shift.Value, *analytics.WeekendShiftOf(after, nil).Shift.Value, 1e-6)
	})
}

// Nights that are alike, or only in when they begin, have numbers, too, whatever arithmetic makes
// of their clock times and however the clocks change.
func TestEqualNightsHaveNumbers(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for onset := -700; onset < 740; onset += 35 {
		for _, longer := range []func(i int) float64{
			func(int) float64 { return 0 },
			func(i int) float64 { return 30 * float64(i%2) },
			func(i int) float64 { return 60 * float64(i/20) },
		} {
			var nights []analytics.Night
			for i := range 62 {
				d := draw{onset: float64(onset) + 0.21667, period: 400 + longer(i), latency: 10, deep: 0.2, rem: 0.25}
				nights = append(nights, d.night(time.Date(2026, time.March, 2+i, 0, 0, 0, 0, berlin)))
			}
			all := map[string]float64{}
			numbers("", reflect.ValueOf(comparing(nights, sixthWeek)), all)
			courses, months := analytics.Courses(nights, analytics.CourseMetrics(), []analytics.Ranges{{Earlier: nights[:30], Later: nights[30:]}}, 10)
			halves := analytics.Changes(nights[11:34], nights[34:], 10, 10)
			numbers("", reflect.ValueOf(map[string]any{"courses": courses, "months": months, "halves": halves}), all)
			for path, v := range all {
				require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "%s of nights from minute %d on", path, onset)
			}
		}
	}
}
