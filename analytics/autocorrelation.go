package analytics

import "math"

const mostAlike = 0.95 // correlation of neighbours from which on no more is believed

// neighbourCorrelation returns the correlation of values of neighbouring days, of which the trend has been
// removed, in [0, 0.95]. It is moved up by what removing a trend and estimating a mean
// take away on average.
//
// Source: F. H. C. Marriott and J. A. Pope, Biometrika 41 (1954), for the correction.
func neighbourCorrelation(points []Point, values []float64, squares float64) float64 {
	sum, pairs := 0.0, 0
	for i := 1; i < len(points); i++ {
		if points[i].Day == points[i-1].Day+1 {
			sum, pairs = sum+values[i-1]*values[i], pairs+1
		}
	}
	if pairs == 0 || squares <= 0 {
		return 0
	}
	r := sum / float64(pairs) * float64(len(points)) / squares
	up := max(0, r)
	r += (2+4*up)/float64(len(points)) + 1.6*up*math.Sqrt((1-min(1, up*up))/float64(pairs))
	return min(max(r, 0), mostAlike)
}

// inflationOf returns by how much the variance of the mean of the values of these days is
// greater than that of independent ones, when those of days d apart correlate by r to the
// power of d.
//
// Source: as for B. D. Santer et al., Journal of Geophysical Research 105 (2000), whose
// effective number of values is n over this, but for days without a value.
func inflationOf(points []Point, r float64) float64 {
	if r <= 0 {
		return 1
	}
	sum, tail := 0.0, 0.0
	for i := 1; i < len(points); i++ {
		tail = (tail + 1) * math.Pow(r, float64(points[i].Day-points[i-1].Day))
		sum += tail
	}
	return 1 + 2*sum/float64(len(points))
}
