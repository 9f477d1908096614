package analytics

import (
	"math"
	"slices"
)

// A Distribution describes the values of a group, one value per person. Without values
// no field has a value; SD needs two values.
type Distribution struct {
	Mean, SD              Estimate // SD is the sample standard deviation (n-1)
	LowerQuartile, Median Estimate
	UpperQuartile         Estimate
}

// DistributionOf describes values, without modifying them.
func DistributionOf(values []float64) Distribution {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return Distribution{
		Mean:          meanOf(sorted, 1),
		SD:            deviationOf(sorted, 2),
		LowerQuartile: quantile(sorted, 0.25),
		Median:        quantile(sorted, 0.5),
		UpperQuartile: quantile(sorted, 0.75),
	}
}

// quantile returns the sample quantile of type 7 of sorted values: the value at position
// (n-1)p, counted from 0, interpolated between its two neighbours.
//
// Source: R. J. Hyndman and Y. Fan, The American Statistician 50 (1996) 361;
// what R, NumPy and spreadsheets compute by default.
func quantile(sorted []float64, p float64) Estimate {
	n := len(sorted)
	if n == 0 {
		return tooFew(0)
	}
	position := float64(n-1) * p
	below := int(math.Floor(position))
	above := min(below+1, n-1)
	return known(sorted[below]+(position-float64(below))*(sorted[above]-sorted[below]), n)
}
