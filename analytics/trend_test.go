package analytics_test

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func points(values ...float64) []analytics.Point {
	list := make([]analytics.Point, len(values))
	for i, v := range values {
		list[i] = analytics.Point{Day: i, Value: v}
	}
	return list
}

// The example of Sen's paper of 1968.
func TestTheilSen(t *testing.T) {
	t.Parallel()
	days := []int{1, 2, 3, 4, 10, 12, 18}
	list := points(9, 15, 19, 20, 45, 55, 78)
	for i := range list {
		list[i].Day = days[i]
	}
	slope, intercept, ok := analytics.TheilSen(list)
	require.True(t, ok)
	assert.InDelta(t, 4, slope, 1e-12)
	assert.InDelta(t, 4, intercept, 1e-12)

	two, _, ok := analytics.TheilSen([]analytics.Point{{Day: 0, Value: 0}, {Day: 1, Value: 1}, {Day: 1, Value: 5}})
	require.True(t, ok)
	assert.InDelta(t, 3, two, 1e-12, "points of one day have no slope")

	list = append(list, analytics.Point{Day: 5, Value: math.NaN()}, analytics.Point{Day: 6, Value: math.Inf(1)})
	again, _, ok := analytics.TheilSen(list)
	require.True(t, ok)
	assert.InDelta(t, slope, again, 0, "what is no number is left out")
}

// The definition, with every slope sorted.
func TestTheilSenAgainstSorting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(-9, 9), 2, 30).Draw(t, "values")
		var list []analytics.Point
		var slopes []float64
		for i, v := range values {
			list = append(list, analytics.Point{Day: i, Value: float64(v)})
			for j, w := range values[:i] {
				slopes = append(slopes, float64(v-w)/float64(i-j))
			}
		}
		slices.Sort(slopes)
		n := len(slopes)
		slope, _, ok := analytics.TheilSen(list)
		require.True(t, ok)
		assert.InDelta(t, (slopes[n/2]+slopes[(n-1)/2])/2, slope, 1e-12)
	})
}

func TestTheilSenWithoutASlope(t *testing.T) {
	t.Parallel()
	for _, list := range [][]analytics.Point{
		nil, points(1),
		{{Day: 3, Value: 1}, {Day: 3, Value: 2}},
		points(1, math.NaN()),
		points(-math.MaxFloat64, math.MaxFloat64),
	} {
		slope, intercept, ok := analytics.TheilSen(list)
		assert.False(t, ok)
		assert.Zero(t, slope)
		assert.Zero(t, intercept)
	}
}

// rankedSeries returns a series of n different values with the given S: it rises except
// for the inversions made by moving values forward.
func rankedSeries(n, s int) []float64 {
	inversions := (n*(n-1)/2 - s) / 2
	var series []float64
	for i := range n {
		back := min(inversions, i)
		inversions -= back
		at := len(series) - back
		series = append(series[:at], append([]float64{float64(i)}, series[at:]...)...)
	}
	return series
}

// Figures of the exact distribution from published tables, in steps of the
// smallest p a length allows.
func TestMannKendallIsExactForTenValues(t *testing.T) {
	t.Parallel()
	cases := []struct {
		n, s int
		p    float64
	}{
		{3, 1, 1},
		{3, 3, 1.0 / 3},
		{4, 0, 1},
		{4, 2, 0.75},
		{4, 6, 1.0 / 12},
		{5, 8, 1.0 / 12},
		{5, 10, 1.0 / 60},
		{6, 7, 0.2722222222222222},
		{6, 13, 1.0 / 60},
		{7, -3, 0.77261904762},
		{7, 13, 0.06904761904761905},
		{7, 15, 0.03015873015873016},
		{8, 0, 1},
		{8, 18, 0.03115079365079365},
		{8, 28, 4.96031746031746e-05},
		{9, 18, 0.07517636684303351},
		{9, 20, 0.04461529982363316},
		{10, 1, 1},
		{10, 21, 0.07255015432098766},
		{10, 23, 0.04662257495590829},
		{10, 41, 2.97619047619e-05},
		{10, 43, 5.511463844797e-06},
		{10, 45, 5.511463844797e-07},
		{10, -45, 5.511463844797e-07},
	}
	for _, c := range cases {
		s, _, _, p := analytics.MannKendall(rankedSeries(c.n, c.s))
		require.Equal(t, c.s, s, "n %d", c.n)
		assert.InEpsilon(t, c.p, p, 1e-10, "n %d, S %d", c.n, c.s)
	}
}

func TestMannKendallNormal(t *testing.T) {
	t.Parallel()
	// Eleven values: no longer exact. Var = 11*10*27/18 = 165.
	s, variance, z, p := analytics.MannKendall(rankedSeries(11, 23))
	assert.Equal(t, 23, s)
	assert.InDelta(t, 165, variance, 1e-12)
	assert.InDelta(t, 22/math.Sqrt(165), z, 1e-12)
	assert.InDelta(t, math.Erfc(22/math.Sqrt(330)), p, 1e-12)

	// Ties: (5*4*15 - 2*1*9 - 2*1*9) / 18 = 44/3, S = 8.
	s, variance, z, p = analytics.MannKendall([]float64{1, 1, 2, 2, 3})
	assert.Equal(t, 8, s)
	assert.InDelta(t, 44.0/3, variance, 1e-12)
	assert.InDelta(t, 7/math.Sqrt(44.0/3), z, 1e-12)
	assert.InDelta(t, 0.0675773, p, 1e-6)

	_, _, z, _ = analytics.MannKendall([]float64{3, 2, 2, 1, 1})
	assert.InDelta(t, -7/math.Sqrt(44.0/3), z, 1e-12)
}

func TestMannKendallWithoutAnything(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{nil, {1}, {2, 2, 2, 2}, {math.NaN(), 1}} {
		s, variance, z, p := analytics.MannKendall(values)
		assert.Zero(t, s)
		assert.Zero(t, variance)
		assert.Zero(t, z)
		assert.InDelta(t, 1, p, 0)
	}
}

func TestGoldenTrend(t *testing.T) {
	t.Parallel()
	var file struct {
		PyMannKendall struct {
			Y    []float64
			S    int
			VarS float64 `json:"var_s"`
			Z, P float64
		}
		ExactTable map[string]map[string]float64 `json:"exact_table"`
	}
	golden(t, "trend.json", &file)
	require.Len(t, file.PyMannKendall.Y, 353)
	s, variance, z, p := analytics.MannKendall(file.PyMannKendall.Y)
	assert.Equal(t, file.PyMannKendall.S, s)
	assert.InDelta(t, file.PyMannKendall.VarS, variance, 1e-6)
	assert.InDelta(t, file.PyMannKendall.Z, z, 1e-12)
	assert.InDelta(t, file.PyMannKendall.P, p, 1e-12)
	for length, row := range file.ExactTable {
		n, err := strconv.Atoi(length)
		require.NoError(t, err)
		for sum, want := range row {
			s, err := strconv.Atoi(sum)
			require.NoError(t, err)
			_, _, _, p := analytics.MannKendall(rankedSeries(n, s))
			assert.InEpsilon(t, want, p, 1e-12, "n %d, S %d", n, s)
		}
	}
}
