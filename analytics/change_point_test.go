package analytics_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// nile is the yearly flow of the Nile at Aswan from 1871 to 1970, which fell in 1899, the
// 29th year (G. W. Cobb, Biometrika 65, 1978).
var nile = []float64{
	1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
	1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
	831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
	781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
	744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
}

// pettitt is his statistic by its definition: for a cut, pairs across it that fall less
// those that rise.
func pettitt(values []float64, cut int) (u float64) {
	for _, a := range values[:cut] {
		for _, b := range values[cut:] {
			u += float64(compareTo(a, b))
		}
	}
	return u
}

func compareTo(a, b float64) int {
	switch {
	case a > b:
		return 1
	case a < b:
		return -1
	}
	return 0
}

// bestCut standardizes Pettitt's statistic of every cut by the variance of Wilcoxon's
// rank sum with ties, and returns the largest.
func bestCut(values []float64, side int) (cut int, z float64) {
	n := float64(len(values))
	sorted := slices.Sorted(slices.Values(values))
	ties := 0.0
	for i := 0; i < len(sorted); {
		t := 1
		for i+t < len(sorted) && sorted[i+t] == sorted[i] {
			t++
		}
		ties, i = ties+float64(t*t*t-t), i+t
	}
	for c := side; c <= len(values)-side; c++ {
		k := float64(c)
		variance := k * (n - k) / 12 * (n + 1 - ties/(n*(n-1)))
		// Pettitt's statistic is twice the rank sum less its mean.
		if one := pettitt(values, c) / 2 / math.Sqrt(variance); math.Abs(one) > math.Abs(z)*(1+1e-12) {
			cut, z = c, one
		}
	}
	return cut, z
}

// leastSquaresCut is the cut that leaves the least sum of squares, the first change of binary
// segmentation and of PELT with one change.
func leastSquaresCut(values []float64, side int) (cut int) {
	rest := math.Inf(1)
	for c := side; c <= len(values)-side; c++ {
		sum := 0.0
		for _, part := range [][]float64{values[:c], values[c:]} {
			center := 0.0
			for _, v := range part {
				center += v / float64(len(part))
			}
			for _, v := range part {
				sum += (v - center) * (v - center)
			}
		}
		if sum < rest {
			rest, cut = sum, c
		}
	}
	return cut
}

func TestPublishedChangePoints(t *testing.T) {
	t.Parallel()
	sum := 0.0
	for _, v := range nile {
		sum += v
	}
	require.InDelta(t, 919.35, sum/100, 1e-9, "the published mean")
	got, ok := analytics.ChangePointOf(nile)
	require.True(t, ok)
	assert.Equal(t, 28, got.Before)
	assert.Positive(t, got.Z)
	assert.Less(t, got.P, 1e-6)
	// The interval of Bai and Perron's method, as R's strucchange has it, is 25 to 32.
	assert.InDelta(t, 25, got.First, 2)
	assert.InDelta(t, 32, got.Last, 3)
	assert.Equal(t, 28, leastSquaresCut(nile, 10))
}

func TestChangePointByItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := make([]float64, rapid.IntRange(14, 60).Draw(t, "n"))
		for i := range values {
			values[i] = float64(rapid.IntRange(-6, 6).Draw(t, "value"))
		}
		got, ok := analytics.ChangePointOf(values)
		cut, z := bestCut(values, max(7, int(math.Ceil(float64(len(values))/10))))
		require.Equal(t, cut > 0, ok)
		if ok {
			assert.InDelta(t, math.Abs(z), math.Abs(got.Z), 1e-9)
			assert.True(t, got.First <= got.Before && got.Before <= got.Last)
			assert.True(t, got.P >= 0 && got.P <= 1)
		}
	})
}

func TestNoChangePoint(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{nil, {1, 2, 3}, make([]float64, 13), make([]float64, 50)} {
		_, ok := analytics.ChangePointOf(values)
		assert.False(t, ok)
	}
}

// How often a level series gives p under 0.05, and how often the interval of a step has the
// true cut.
func TestChangePointRates(t *testing.T) {
	t.Parallel()
	const series = 1000
	r := seeded(31)
	alarms, near, covered, exact := 0.0, 0.0, 0.0, 0.0
	for range series {
		values := make([]float64, 120)
		for i := range values {
			values[i] = r.NormFloat64()
		}
		if c, ok := analytics.ChangePointOf(values); ok && c.P < 0.05 {
			alarms++
		}
		for i := 80; i < len(values); i++ {
			values[i]++
		}
		c, _ := analytics.ChangePointOf(values)
		if math.Abs(float64(c.Before-80)) <= 5 {
			near++
		}
		if math.Abs(float64(c.Before-leastSquaresCut(values, 12))) <= 2 {
			exact++
		}
		if c.First <= 80 && c.Last >= 80 {
			covered++
		}
	}
	t.Logf("alarms %.3f, within 5 of the cut %.3f, of least squares' within 2 %.3f, covered %.3f", alarms/series, near/series, exact/series, covered/series)
	assert.LessOrEqual(t, alarms/series, 0.05)
	assert.GreaterOrEqual(t, alarms/series, 0.01, "rare, not never")
	assert.GreaterOrEqual(t, near/series, 0.75)
	assert.GreaterOrEqual(t, exact/series, 0.75)
	assert.GreaterOrEqual(t, covered/series, 0.92)
}

// Slopes of long series are not all computed: the definition, with every slope sorted.
func TestTheilSenOfManyPoints(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		var list []analytics.Point
		var slopes []float64
		day := 0
		for i := range 25 + r.IntN(180) {
			day += r.IntN(3) // some days twice
			value := r.NormFloat64() * 60
			switch seed % 4 {
			case 1:
				value = float64(r.IntN(3))
			case 2:
				value = 0.1 * float64(day)
			case 3:
				value = value*value*value + float64(10*i)
			}
			p := analytics.Point{Day: day, Value: value}
			for _, q := range list {
				if q.Day != p.Day {
					slopes = append(slopes, (p.Value-q.Value)/float64(p.Day-q.Day))
				}
			}
			list = append(list, p)
		}
		slices.Sort(slopes)
		n := len(slopes)
		want := (slopes[n/2] + slopes[(n-1)/2]) / 2
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		got, _, ok := analytics.TheilSen(list)
		require.True(t, ok)
		assert.InDelta(t, want, got, 1e-9, "seed %d", seed)
	}
}
