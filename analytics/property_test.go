package analytics_test

import (
	"encoding/json"
	"fmt"
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

// anySession draws recordings of every kind within three weeks: whole nights, naps, parts
// of nights, recordings without sleep and inconsistent ones.
func anySession(id int, zones []*time.Location) *rapid.Generator[analytics.Session] {
	return rapid.Custom(func(t *rapid.T) analytics.Session {
		minutes := func(name string, from, to int) time.Duration {
			return time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Minute
		}
		onset := time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC).Add(minutes("onset", 0, 21*1440))
		s := sleeping(fmt.Sprint(id), rapid.SampledFrom(zones).Draw(t, "zone"), onset, onset.Add(minutes("asleep", 5, 700)))
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			s.Onset, s.Wake, s.Asleep = time.Time{}, time.Time{}, 0
		case 1:
			s.Awake = minutes("awake", -10, 700)
		case 2:
			s.REM, s.Latency = nil, nil
		case 3:
			shorten(&s, minutes("unrecorded", 0, 5))
		case 4:
			s.MissingData = new(rapid.Float64().Draw(t, "missing"))
		}
		return s
	})
}

func anySessions(t *rapid.T, zones ...*time.Location) []analytics.Session {
	sessions := make([]analytics.Session, rapid.IntRange(0, 40).Draw(t, "sessions"))
	for i := range sessions {
		sessions[i] = anySession(i, zones).Draw(t, "session")
	}
	return sessions
}

func TestAssembleLosesNothing(t *testing.T) {
	t.Parallel()
	berlin, honolulu := zone(t, "Europe/Berlin"), zone(t, "Pacific/Honolulu")
	rapid.Check(t, func(t *rapid.T) {
		sessions := anySessions(t, berlin, honolulu)
		a := analytics.Assemble(sessions)
		assert.Equal(t, a, analytics.Assemble(rapid.Permutation(sessions).Draw(t, "other order")))

		var ids []string
		for i, n := range a.Nights {
			if i > 0 {
				before := a.Nights[i-1]
				require.False(t, before.Date.After(n.Date))
				if before.Date == n.Date {
					require.Equal(t, []analytics.Reason{"", ""}, []analytics.Reason{before.Excluded, n.Excluded}, "two whole nights")
					require.True(t, before.Onset().Before(n.Onset()))
				}
			}
			for _, list := range [][]analytics.Session{n.Main, n.Naps} {
				assert.True(t, slices.IsSortedFunc(list, func(x, y analytics.Session) int { return x.Start.Compare(y.Start) }))
				for _, s := range list {
					assert.Empty(t, s.Check())
					ids = append(ids, s.ID)
				}
			}
			assert.Equal(t, len(n.Main) > 0, n.Excluded == "" || n.Excluded == analytics.Short)
			assert.Equal(t, n.Excluded == analytics.Short, len(n.Main) > 0 && n.Asleep() < 3*time.Hour)
		}
		for _, d := range a.Dropped {
			assert.NotEmpty(t, d.Reason)
			ids = append(ids, d.ID)
		}
		want := make([]string, len(sessions))
		for i, s := range sessions {
			want[i] = s.ID
		}
		assert.ElementsMatch(t, want, ids)
	})
}

// everything computes all metrics of a set of nights.
func everything(nights []analytics.Night) map[string]any {
	adult := analytics.AdultRecommendation()
	var points []analytics.Point
	var clocks, lengths []float64
	for _, n := range nights {
		points = append(points, analytics.Point{Day: n.Date.Day, Value: n.Asleep().Minutes()})
		clocks = append(clocks, analytics.ClockOf(n.Wake(), n.Zone()))
		lengths = append(lengths, n.Asleep().Minutes())
	}
	slope, intercept, ok := analytics.TheilSen(points)
	s, variance, z, p := analytics.MannKendall(lengths)
	courses, changes := analytics.Courses(nights, analytics.CourseMetrics(), []analytics.Ranges{{Earlier: nights, Later: nights}}, 2)
	return map[string]any{
		"averages":    analytics.Average(nights),
		"spread":      analytics.SpreadOf(nights),
		"regularity":  analytics.ScheduleRegularity(nights),
		"from spread": analytics.RegularityFromSpread(nights),
		"consistency": analytics.ConsistencyOf(nights),
		"duration":    analytics.DurationOf(nights, adult),
		"efficiency":  analytics.EfficiencyScore(nights),
		"score":       analytics.ScoreOf(nights, adult),
		"courses":     courses,
		"ranges":      changes,
		"theil-sen":   []any{slope, intercept, ok},
		"kendall":     []any{s, variance, z, p},
		"weekend":     analytics.WeekendShiftOf(nights, nil),
		"chronotype":  analytics.ChronotypeOf(nights, nil),
		"sleep need":  analytics.SleepNeedOf(nights, 7.5),
		"clock": []analytics.Estimate{
			analytics.ClockMean(clocks), analytics.ClockDeviation(clocks),
		},
	}
}

// numbers lists every number inside a value with its path.
func numbers(path string, v reflect.Value, found map[string]float64) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			numbers(path, v.Elem(), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			numbers(path+"."+v.Type().Field(i).Name, v.Field(i), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			numbers(fmt.Sprintf("%s.%d", path, i), v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			numbers(path+key.String(), v.MapIndex(key), found)
		}
	case reflect.Float64:
		found[path] = v.Float()
	case reflect.Int, reflect.Int64:
		found[path] = float64(v.Int())
	default:
	}
}

func within(t *rapid.T, from, to float64, e analytics.Estimate) {
	t.Helper()
	if e.Value == nil {
		assert.Contains(t, analytics.Reasons(), e.Missing)
		return
	}
	assert.Empty(t, e.Missing)
	assert.GreaterOrEqual(t, *e.Value, from)
	assert.LessOrEqual(t, *e.Value, to)
}

func TestResultsAreInRange(t *testing.T) {
	t.Parallel()
	berlin, honolulu := zone(t, "Europe/Berlin"), zone(t, "Pacific/Honolulu")
	rapid.Check(t, func(t *rapid.T) {
		nights := analytics.Assemble(anySessions(t, berlin, honolulu)).Nights
		all := map[string]float64{}
		numbers("", reflect.ValueOf(everything(nights)), all)
		for path, v := range all {
			assert.False(t, math.IsNaN(v) || math.IsInf(v, 0), path)
		}
		got := analytics.Average(nights)
		for _, e := range []analytics.Estimate{got.Bedtime, got.Onset, got.Wake} {
			within(t, 0, math.Nextafter(86400, 0), e)
		}
		for _, e := range []analytics.Estimate{got.Efficiency, got.LightShare, got.DeepShare, got.REMShare} {
			within(t, 0, 1+1e-9, e)
		}
		score := analytics.ScoreOf(nights, analytics.AdultRecommendation())
		for _, e := range []analytics.Estimate{score.Overall, score.Efficiency, score.Duration, score.Consistency.Score} {
			within(t, 0, 100+1e-9, e)
		}
		weights := score.Weights.Efficiency + score.Weights.Consistency + score.Weights.Duration
		if score.Overall.Value != nil {
			assert.InDelta(t, 1, weights, 1e-12)
		} else {
			assert.Zero(t, weights)
		}
		if index := analytics.ScheduleRegularity(nights).Index; index != nil {
			assert.GreaterOrEqual(t, *index, -100.0)
			assert.LessOrEqual(t, *index, 100.0)
		}
		within(t, -100, 100, analytics.RegularityFromSpread(nights))
	})
}

func assertSame(t *rapid.T, want, got any) {
	t.Helper()
	before, after := map[string]float64{}, map[string]float64{}
	numbers("", reflect.ValueOf(want), before)
	numbers("", reflect.ValueOf(got), after)
	require.Len(t, after, len(before))
	for path, v := range before {
		require.Contains(t, after, path)
		assert.InDelta(t, v, after[path], 1e-6*max(1, math.Abs(v)), path)
	}
}

func TestOrderOfNightsDoesNotMatter(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		nights := analytics.Assemble(anySessions(t, berlin)).Nights
		want, got := everything(nights), everything(rapid.Permutation(nights).Draw(t, "other order"))
		delete(want, "kendall") // it depends on the order
		delete(got, "kendall")
		assertSame(t, want, got)
	})
}

func TestUntrackedDatesChangeNoAverage(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		nights := analytics.Assemble(anySessions(t, berlin)).Nights
		more := append(slices.Clone(nights),
			analytics.Night{Date: civil.Date{Year: 2026, Month: 5, Day: 1}, Excluded: analytics.NoSleep},
			analytics.Night{Date: civil.Date{Year: 2026, Month: 5, Day: 2}, Excluded: analytics.Inconsistent},
		)
		adult := analytics.AdultRecommendation()
		assert.Equal(t, analytics.Average(nights), analytics.Average(more))
		assert.Equal(t, analytics.SpreadOf(nights), analytics.SpreadOf(more))
		assert.Equal(t, analytics.ScoreOf(nights, adult), analytics.ScoreOf(more, adult))
	})
}

func TestLaterByAnHour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "nights")
		starts := rapid.SliceOfN(rapid.IntRange(-180, 120), n, n).Draw(t, "onsets")
		schedule := func(by time.Duration) []analytics.Night {
			return nightly(n, func(i int) (time.Duration, time.Duration) {
				from := time.Duration(starts[i])*time.Minute + by
				return from, from + 7*time.Hour
			})
		}
		before, after := analytics.Average(schedule(0)), analytics.Average(schedule(time.Hour))
		for _, pair := range [][2]analytics.Estimate{{before.Bedtime, after.Bedtime}, {before.Onset, after.Onset}, {before.Wake, after.Wake}} {
			require.NotNil(t, pair[0].Value)
			require.NotNil(t, pair[1].Value)
			assert.InDelta(t, 3600, analytics.ClockDifference(*pair[1].Value, *pair[0].Value), 1e-6)
		}
		assert.Equal(t, before.Asleep, after.Asleep)
		assertSame(t, analytics.SpreadOf(schedule(0)), analytics.SpreadOf(schedule(time.Hour)))
	})
}

// Every exported function is run; afterwards its arguments must be unchanged.
func TestArgumentsAreNotChanged(t *testing.T) {
	t.Parallel()
	rng := func(i int) float64 { return float64(i * 7919 % 86400) }
	var sessions []analytics.Session
	var points []analytics.Point
	var values []float64
	var windows []analytics.Span
	for i := range 30 {
		onset := time.Date(2026, 3, 1+(i*7)%30, 22, i, 0, 0, time.UTC)
		sessions = append(sessions, sleeping(fmt.Sprint(i%28), time.UTC, onset, onset.Add(hours(2+float64(i%9)))))
		points = append(points, analytics.Point{Day: (i * 11) % 20, Value: rng(i)})
		values = append(values, rng(i))
		windows = append(windows, analytics.Span{From: sessions[i].Start, To: sessions[i].End})
	}
	values[3], points[4].Value = math.NaN(), math.NaN()
	nights := analytics.Assemble(slices.Clone(sessions)).Nights
	slices.Reverse(nights)
	hypnogram := stages("0011.22303")

	snapshot := func() string {
		hidden := slices.Clone(points)
		hidden[4].Value = 0 // JSON has no NaN
		plain := slices.Clone(values)
		require.True(t, math.IsNaN(plain[3]))
		plain[3] = 0
		body, err := json.Marshal([]any{sessions, nights, hidden, plain, windows, hypnogram})
		require.NoError(t, err)
		return string(body)
	}
	before := snapshot()
	a := analytics.Assemble(sessions)
	a.Between(a.Nights[1].Date, a.Nights[3].Date)
	everything(nights)
	analytics.ClockMean(values)
	analytics.ClockDeviation(values)
	analytics.SleepRegularity(windows, windows)
	analytics.TheilSen(points)
	analytics.MannKendall(values)
	analytics.ChangePointOf(values)
	analytics.Segments(windows[0].From, epoch, hypnogram)
	analytics.StatsOf(epoch, hypnogram)
	assert.Equal(t, before, snapshot())
}
