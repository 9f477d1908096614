package analytics

import "math"

// A ChangePoint is the cut that best separates the larger from the smaller values of a
// time series.
type ChangePoint struct {
	Before int     // values before the cut
	Z      float64 // standardized rank sum of the values before the cut; positive when they are the larger ones
	P      float64 // two-sided p-value of the largest |Z| over all cuts, 0 to 1

	First, Last int // 95 % confidence interval of Before
}

const (
	leastSide = 7    // values on each side of a cut
	sidesPart = 0.1  // or this part of all
	coverage  = 0.95 // of the interval of a cut
)

// ChangePointOf looks for a single step in values, which are in order of time. It is
// the cut with the largest standardized Wilcoxon rank sum, of all cuts that leave at
// least seven values and a tenth of the values on either side; P is that of the maximum
// over all of these cuts. ok is false if there is no such cut or if all values are
// equal. Neighbouring values are assumed to be independent; for nights, which are not,
// see [Courses].
//
// Sources: T. Lausen and M. Schumacher, Biometrics 48 (1992), for the statistic; R.
// Miller and D. Siegmund, Biometrics 38 (1982), and B. Lausen, W. Sauerbrei and M.
// Schumacher (in Computational Statistics, 1994) for the distribution of its maximum;
// D. Siegmund, Annals of Statistics 16 (1988), for the interval, which holds all cuts
// that a likelihood ratio test does not reject. A. N. Pettitt's statistic (Applied
// Statistics 28, 1979) is the same rank sum, not standardized.
func ChangePointOf(values []float64) (c ChangePoint, ok bool) {
	in := new(ordering)
	in.sort(values)
	ranks := make([]float64, len(values))
	squares := in.ranks(ranks)
	scan := scanOf(ranks, squares)
	if scan.cut == 0 {
		return ChangePoint{}, false
	}
	c = ChangePoint{Before: scan.cut, Z: scan.z, P: scan.p(math.Abs(scan.z))}
	c.First, c.Last = scan.interval(ranks, 1)
	return c, true
}

// A scan is what all cuts of a series of ranks, less their mean, say.
type scan struct {
	n       int     // ranks
	squares float64 // sum of the squared ranks
	side    int     // least values on either side
	cut     int     // values before the best cut; 0: none
	z       float64 // of the best cut

	moves, cubes float64 // how far the rank sum moves from each cut to the next, and the cubes of that, added up
}

func scanOf(ranks []float64, squares float64) scan {
	n := len(ranks)
	s := scan{n: n, squares: squares, side: max(leastSide, int(math.Ceil(sidesPart*float64(n))))}
	if n < 2*s.side || squares <= 0 {
		return s
	}
	best, sum := 0.0, 0.0
	for i, r := range ranks[:n-s.side] {
		sum += r
		if i+1 < s.side {
			continue
		}
		if explained := sum * sum / float64((i+1)*(n-i-1)); explained > best {
			best, s.cut, s.z = explained, i+1, math.Copysign(math.Sqrt(explained), sum)
		}
	}
	s.z *= math.Sqrt(float64(n) * float64(n-1) / squares)
	for cut := s.side; cut < n-s.side; cut++ {
		t := math.Sqrt(1 - float64(cut)*float64(n-cut-1)/(float64(n-cut)*float64(cut+1)))
		s.moves, s.cubes = s.moves+t, s.cubes+t*t*t
	}
	return s
}

// p is the probability of a maximum as large as z: the smaller one of two that are
// somewhat too large, the first for long and the second for short series.
func (s scan) p(z float64) float64 {
	if z < 1 {
		return 1
	}
	end := float64(s.side) / float64(s.n)
	density := math.Exp(-z * z / 2)
	long := density / math.Sqrt(2*math.Pi) * (4/z + (z-1/z)*2*math.Log((1-end)/end))
	short := s.moves - (z*z/4-1)*s.cubes/6
	return min(1, long, normalP(z)+density/math.Pi*short)
}

// explained is the part of the squared ranks that the best cut explains.
func (s scan) explained() float64 { return s.z * s.z / float64(s.n-1) }

// interval returns the first and the last cut that cannot be told from the best one, for the
// ranks, whose means have a variance that is so many times that of independent ones.
//
// Twice the log likelihood ratio of the best cut and the true one is the larger of two
// independent exponentially distributed values of mean 2.
func (s scan) interval(ranks []float64, inflation float64) (first, last int) {
	n := s.n
	total := s.explained() * s.squares
	limit := -2 * math.Log(1-math.Sqrt(coverage)) * inflation * (s.squares - total) / float64(max(1, n-2))
	first, last = s.cut, s.cut
	sum := 0.0
	for i, r := range ranks[:n-1] {
		sum += r
		before := i + 1
		if explained := sum * sum * float64(n) / float64(before*(n-before)); total-explained <= limit {
			first, last = min(first, before), max(last, before)
		}
	}
	return first, last
}
