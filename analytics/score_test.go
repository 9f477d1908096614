package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestRecommended(t *testing.T) {
	t.Parallel()
	cases := []struct {
		ages                       []int
		mayLow, low, high, mayHigh float64
		minor                      bool
	}{
		{[]int{-1, 0}, 10, 12, 17, 19, true},
		{[]int{1, 2}, 9, 11, 14, 16, true},
		{[]int{3, 5}, 8, 10, 13, 14, true},
		{[]int{6, 13}, 7, 9, 11, 12, true},
		{[]int{14, 17}, 7, 8, 10, 11, true},
		{[]int{18, 25}, 6, 7, 9, 11, false},
		{[]int{26, 64}, 6, 7, 9, 10, false},
		{[]int{65, 120}, 5, 7, 8, 9, false},
	}
	for _, c := range cases {
		for _, age := range c.ages {
			want := analytics.Recommendation{MayLow: c.mayLow, Low: c.low, High: c.high, MayHigh: c.mayHigh, Minor: c.minor}
			assert.Equal(t, want, analytics.Recommended(age), "age %d", age)
		}
	}
	assert.Equal(t, analytics.Recommended(40), analytics.AdultRecommendation())
}

func TestDurationScore(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	for hours, want := range map[float64]float64{
		0: 0, 4: 0, 5: 30, 5.5: 45, 6: 60, 6.5: 80, 7: 100, 8: 100, 9: 100, 9.5: 80, 10: 60, 11: 30, 12: 0, 24: 0, -1: 0,
	} {
		assert.InDelta(t, want, analytics.DurationScore(hours, adult), 1e-9, "%v h", hours)
	}
	assert.InDelta(t, 80, analytics.DurationScore(10, analytics.Recommended(20)), 1e-9)
	for _, hours := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.Zero(t, analytics.DurationScore(hours, adult))
	}
	narrow := analytics.Recommendation{MayLow: 7, Low: 7, High: 8, MayHigh: 8}
	assert.InDelta(t, 45, analytics.DurationScore(6.5, narrow), 1e-9)
}

func TestDurationOfScoresBeforeAveraging(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	lengths := []float64{4.5, 4.5, 11.5, 11.5, 8, 8, 8} // 8 h on average
	nights := nightly(7, func(i int) (time.Duration, time.Duration) { return hours(0), hours(lengths[i]) })
	wantValue(t, 360.0/7, analytics.DurationOf(nights, adult), 1e-9)
	wantMissing(t, analytics.FewNights, analytics.DurationOf(nights[:2], adult))
	wantMissing(t, analytics.NoData, analytics.DurationOf(nil, adult))
	wantMissing(t, analytics.Minor, analytics.DurationOf(nights, analytics.Recommended(15)))
}

func TestDurationOfCountsNaps(t *testing.T) {
	t.Parallel()
	nights := nightly(3, always(0, 6))
	wantValue(t, 60, analytics.DurationOf(nights, analytics.AdultRecommendation()), 1e-9)
	for i := range nights {
		noon := nights[i].Wake().Add(7 * time.Hour)
		nights[i].Naps = []analytics.Session{sleeping("nap", time.UTC, noon, noon.Add(30*time.Minute))}
	}
	wantValue(t, 80, analytics.DurationOf(nights, analytics.AdultRecommendation()), 1e-9)
	wantValue(t, 6*3600, analytics.Average(nights).Asleep, 1e-9)
}

func TestEfficiencyScore(t *testing.T) {
	t.Parallel()
	nights := nightly(3, always(0, 8))
	for i, inBed := range []float64{10, 10, 16} {
		nights[i].Main[0].InBed = hours(inBed)
	}
	wantValue(t, (80+80+50)/3.0, analytics.EfficiencyScore(nights), 1e-9)
	nights[2].Main[0].InBed = nights[2].Main[0].Asleep - time.Minute
	wantValue(t, (80+80+100)/3.0, analytics.EfficiencyScore(nights), 1e-9)
	wantMissing(t, analytics.FewNights, analytics.EfficiencyScore(nights[:2]))
	wantMissing(t, analytics.NoData, analytics.EfficiencyScore(nil))
}

// efficient sets the efficiency of all nights.
func efficient(nights []analytics.Night, share float64) []analytics.Night {
	for i := range nights {
		main := &nights[i].Main[0]
		main.InBed = time.Duration(float64(main.Asleep) / share)
	}
	return nights
}

func TestScoreOf(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	// Every other night 50.4 minutes later: 100 - 200 * 100.8 / 1440 = 86.
	nights := efficient(nightly(9, func(i int) (time.Duration, time.Duration) {
		by := time.Duration(i%2) * 3024 * time.Second
		return by, 8*time.Hour + by
	}), 0.88)
	got := analytics.ScoreOf(nights, adult)
	wantValue(t, 88, got.Efficiency, 1e-6)
	wantValue(t, 86, got.Consistency.Score, 1e-6)
	wantValue(t, 100, got.Duration, 1e-6)
	wantValue(t, 91.0, got.Overall, 1e-6)
	assert.Equal(t, 9, got.Overall.N)
	assert.Equal(t, analytics.Weights{Efficiency: 0.4, Consistency: 0.3, Duration: 0.3}, got.Weights)
	assert.Equal(t, adult, got.Recommendation)
	assert.Equal(t, "asleep-mcp/3", analytics.Method)
}

func TestScoreOfWithoutConsistency(t *testing.T) {
	t.Parallel()
	// Days apart, and onsets all round the clock.
	all := efficient(nightly(9, func(i int) (time.Duration, time.Duration) {
		from := time.Duration(i/2) * 24 * time.Hour / 5
		return from, 8*time.Hour + from
	}), 0.88)
	nights := []analytics.Night{all[0], all[2], all[4], all[6], all[8]}
	got := analytics.ScoreOf(nights, analytics.AdultRecommendation())
	wantMissing(t, analytics.Scattered, got.Consistency.Score)
	wantValue(t, 65.2/0.7, got.Overall, 1e-6)
	assert.InDelta(t, 93.1, math.Round(*got.Overall.Value*10)/10, 1e-9)
	assert.InDelta(t, 1, got.Weights.Efficiency+got.Weights.Duration, 1e-12)
	assert.Zero(t, got.Weights.Consistency)
}

func TestScoreOfNeedsFiveNights(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	nights := nightly(5, always(-1, 7))
	require.NotNil(t, analytics.ScoreOf(nights, adult).Overall.Value)
	four := analytics.ScoreOf(nights[:4], adult)
	wantMissing(t, analytics.FewNights, four.Overall)
	assert.Equal(t, 4, four.Overall.N)
	assert.NotNil(t, four.Efficiency.Value)
	assert.NotNil(t, four.Duration.Value)
	assert.Zero(t, four.Weights)
	wantMissing(t, analytics.NoData, analytics.ScoreOf(nil, adult).Overall)
}

func TestScoreOfAMinor(t *testing.T) {
	t.Parallel()
	got := analytics.ScoreOf(nightly(7, always(-1, 7)), analytics.Recommended(17))
	for _, e := range []analytics.Estimate{got.Overall, got.Efficiency, got.Duration, got.Consistency.Score} {
		wantMissing(t, analytics.Minor, e)
		assert.Equal(t, 7, e.N)
	}
	assert.Empty(t, got.Consistency.Basis)
	assert.Zero(t, got.Weights)
}

// A part far outside its range is not made up for by the others.
func TestScoreIsLimitedByAPart(t *testing.T) {
	t.Parallel()
	adult := analytics.AdultRecommendation()
	for _, c := range []struct {
		name              string
		efficiency, hours float64
		want              float64
		lowest, limitedBy string
	}{
		{"all in range", 0.90, 8, 96, "efficiency", ""},
		{"a little short", 0.94, 6.5, 85, "duration", "duration"}, // of 91.6
		{"at the bound of what may be appropriate", 0.94, 6, 70, "duration", "duration"},
		{"five hours", 0.95, 5, 40, "duration", "duration"}, // of 77
		{"at the bound of efficiency", 0.75, 8, 70, "efficiency", "efficiency"},
		{"awake in bed for long", 0.70, 7, 65, "efficiency", "efficiency"}, // of 88
		{"in between", 0.80, 8, 85, "efficiency", "efficiency"},
		{"the lowest is not what limits", 0.78, 6.4, 79, "duration", "efficiency"},
		{"no sleep to speak of", 0.95, 3.5, 10, "duration", "duration"},
	} {
		got := analytics.ScoreOf(efficient(nightly(10, always(0, c.hours)), c.efficiency), adult)
		require.NotNil(t, got.Overall.Value, c.name)
		assert.InDelta(t, c.want, *got.Overall.Value, 1e-6, c.name)
		assert.Equal(t, []string{c.lowest, c.limitedBy}, []string{got.Lowest, got.LimitedBy}, c.name)
	}
	irregular := analytics.ScoreOf(efficient(nightly(21, func(i int) (time.Duration, time.Duration) {
		by := time.Duration(i%2) * 6 * time.Hour
		return by, 8*time.Hour + by
	}), 0.95), adult)
	wantValue(t, 20+*irregular.Consistency.Score.Value, irregular.Overall, 1e-6)
	assert.Less(t, *irregular.Consistency.Score.Value, 1.0)
	assert.Equal(t, "consistency", irregular.LimitedBy)
}

// A point less of one part never moves the score by more than three: there are no steps.
func TestScoreHasNoSteps(t *testing.T) {
	t.Parallel()
	adult, before := analytics.AdultRecommendation(), 0.0
	for percent := 30.0; percent <= 100; percent += 0.25 {
		score := *analytics.ScoreOf(efficient(nightly(10, always(0, 8)), percent/100), adult).Overall.Value
		if before > 0 {
			assert.GreaterOrEqual(t, score, before-1e-9, "%v %%", percent)
			assert.LessOrEqual(t, score-before, 0.76, "%v %%", percent)
		}
		before = score
	}
}
