package analytics

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A Point is the value of one day. Day is a day number from any origin, so that
// days without a value count as time.
type Point struct {
	Day   int
	Value float64
}

// A Direction is what a [Trend] says.
type Direction string

// Directions.
const (
	Rising          Direction = "rising"
	Falling         Direction = "falling"
	NoClearTrend    Direction = "no_clear_trend"
	NotEnoughNights Direction = "not_enough_nights"
)

// Directions lists every [Direction], always in the same order.
func Directions() []Direction {
	return []Direction{Rising, Falling, NoClearTrend, NotEnoughNights}
}

const (
	shortSpan      = 14 // days, both ends included
	leastShortSpan = 7  // nights in a span up to that
	leastLongSpan  = 14 // nights in a longer one
	significant    = 0.05
	exactUpTo      = 10 // values: the exact distribution is used
)

// A Trend is a direction with what it rests on.
type Trend struct {
	Direction   Direction
	SlopePerDay *float64 // [TheilSen]; nil with too few nights
	P           *float64 // [MannKendall], two-sided; nil with too few nights
	N           int      // days with a value
}

// TrendOf reports whether values rise or fall with time. Several points of one day
// are averaged. The span is the number of days from the first point to the
// last, both included: it needs 7 days with a value in a span up to 14 days and
// 14 in a longer one. A trend is rising or falling when p is under 0.05 and the
// slope times the span is at least the smallest change that is relevant, in the
// unit of the values; everything else is no clear trend.
func TrendOf(points []Point, relevant float64) Trend {
	days := daily(points)
	trend := Trend{Direction: NotEnoughNights, N: len(days)}
	if len(days) < leastShortSpan {
		return trend
	}
	span := days[len(days)-1].Day - days[0].Day + 1
	slope, _, ok := TheilSen(days)
	if !ok || span > shortSpan && len(days) < leastLongSpan {
		return trend
	}
	values := make([]float64, len(days))
	for i, d := range days {
		values[i] = d.Value
	}
	_, _, _, p := MannKendall(values)
	trend.Direction, trend.SlopePerDay, trend.P = NoClearTrend, &slope, &p
	if p < significant && math.Abs(slope)*float64(span) >= relevant {
		switch {
		case slope > 0:
			trend.Direction = Rising
		case slope < 0:
			trend.Direction = Falling
		}
	}
	return trend
}

// daily is one point a day in order of days: the mean where there are several.
func daily(points []Point) []Point {
	if isDaily(points) {
		return points
	}
	sorted := slices.Clone(points)
	sorted = slices.DeleteFunc(sorted, func(p Point) bool { return !finite(p.Value) })
	slices.SortFunc(sorted, func(a, b Point) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Value, b.Value))
	})
	days := sorted[:0]
	for i := 0; i < len(sorted); {
		day, sum, n := sorted[i].Day, 0.0, 0
		for ; i < len(sorted) && sorted[i].Day == day; i++ {
			sum, n = sum+sorted[i].Value, n+1
		}
		days = append(days, Point{Day: day, Value: sum / float64(n)})
	}
	return days
}

// isDaily reports whether points are one a day, in order.
func isDaily(points []Point) bool {
	for i, p := range points {
		if !finite(p.Value) || i > 0 && p.Day <= points[i-1].Day {
			return false
		}
	}
	return true
}

// TheilSen returns the median of the slopes between all pairs of points of
// different days, per day, and the intercept median(value) - slope * median(day).
// It is not ok without two such points. Values that are not finite are left out.
//
// Source: P. K. Sen, Journal of the American Statistical Association 63 (1968).
func TheilSen(points []Point) (slope, intercept float64, ok bool) {
	days, values := make([]float64, 0, len(points)), make([]float64, 0, len(points))
	for _, p := range points {
		if finite(p.Value) {
			days, values = append(days, float64(p.Day)), append(values, p.Value)
		}
	}
	buffer := slopeBuffers.Get().(*[]float64) //nolint:forcetypeassert // nothing else is put there
	defer slopeBuffers.Put(buffer)
	slopes := slopesOf((*buffer)[:0], days, values)
	*buffer = slopes
	if len(slopes) == 0 {
		return 0, 0, false
	}
	slope = median(slopes)
	intercept = median(values) - slope*median(days)
	if !finite(slope) || !finite(intercept) {
		return 0, 0, false
	}
	return slope, intercept, true
}

// slopeBuffers are used again: half a year of nights has 16,000 slopes.
var slopeBuffers = sync.Pool{New: func() any { return new([]float64) }}

// slopesOf appends the slopes between all pairs of different days.
func slopesOf(slopes, days, values []float64) []float64 {
	slopes = slices.Grow(slopes, len(days)*max(0, len(days)-1)/2)
	for i, value := range values {
		day := days[i]
		for j, earlier := range values[:i] {
			if apart := day - days[j]; apart != 0 {
				slopes = append(slopes, (value-earlier)/apart)
			}
		}
	}
	return slopes
}

// MannKendall tests values in order of time for a trend. S is the number of
// pairs that rise minus those that fall; variance allows for ties; z is S, one
// nearer to 0, over the square root of the variance; p is two-sided: exact for
// up to ten values without ties, else from the normal distribution. A constant
// series has z 0 and p 1. Values that are not finite are left out.
//
// Source: M. G. Kendall, Rank Correlation Methods (1975).
func MannKendall(values []float64) (s int, variance, z, p float64) {
	inOrder := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !finite(v) })
	sorted := slices.Clone(inOrder)
	slices.Sort(sorted)
	s = risesLessFalls(inOrder, sorted)
	n := len(sorted)
	variance = kendallTerm(n)
	ties := false
	for i := 0; i < n; {
		t := 1
		for i+t < n && sorted[i+t] == sorted[i] {
			t++
		}
		variance, ties, i = variance-kendallTerm(t), ties || t > 1, i+t
	}
	variance /= 18
	if s == 0 || variance <= 0 {
		return s, max(0, variance), 0, 1
	}
	z = (float64(s) - math.Copysign(1, float64(s))) / math.Sqrt(variance)
	if n <= exactUpTo && !ties {
		return s, variance, z, exactKendall(n, s)
	}
	return s, variance, z, math.Erfc(math.Abs(z) / math.Sqrt2)
}

// risesLessFalls counts pairs by how many of the values before each one are below and
// above it, which a Fenwick tree over the places in sorted knows.
func risesLessFalls(values, sorted []float64) (s int) {
	seen := make([]int, len(sorted)+1)
	upTo := func(place int) (n int) {
		for ; place > 0; place -= place & -place {
			n += seen[place]
		}
		return n
	}
	for before, v := range values {
		place, _ := slices.BinarySearch(sorted, v)
		below, through := upTo(place), upTo(place+1) // equal values share the first place
		s += below - (before - through)
		for place++; place <= len(sorted); place += place & -place {
			seen[place]++
		}
	}
	return s
}

func kendallTerm(n int) float64 {
	return float64(n) * float64(n-1) * float64(2*n+5)
}

// exactKendall is the share of the permutations of n values whose S is at least
// as far from 0. S is n(n-1)/2 less twice the inversions, and the permutations
// by number of inversions follow from those of one value fewer: the new value
// can stand in n places and makes 0 to n-1 inversions.
func exactKendall(n, s int) float64 {
	counts := []int{1}
	for size := 2; size <= n; size++ {
		next := make([]int, len(counts)+size-1)
		for inversions, count := range counts {
			for more := range size {
				next[inversions+more] += count
			}
		}
		counts = next
	}
	far, all := 0, 0
	for inversions, count := range counts {
		all += count
		if d := len(counts) - 1 - 2*inversions; max(d, -d) >= max(s, -s) {
			far += count
		}
	}
	return float64(far) / float64(all)
}
