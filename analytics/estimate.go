package analytics

import "math"

// An Estimate is a value or nothing. N is the number of observations, usually nights,
// that it is based on or, without a value, that there were.
type Estimate struct {
	Value   *float64 // nil: Missing says why
	N       int
	Missing Reason // empty when there is a value
}

func known(value float64, n int) Estimate {
	return Estimate{Value: &value, N: n}
}

func missing(why Reason, n int) Estimate {
	return Estimate{N: n, Missing: why}
}

// tooFew returns an estimate without a value because n observations are not enough.
func tooFew(n int) Estimate {
	if n == 0 {
		return missing(NoData, 0)
	}
	return missing(FewNights, n)
}

// meanOf returns the arithmetic mean, nothing for fewer than least values.
func meanOf(values []float64, least int) Estimate {
	n := len(values)
	if n == 0 || n < least {
		return tooFew(n)
	}
	return known(mean(values), n)
}

// deviationOf returns the n-1 standard deviation, nothing for fewer than least values.
func deviationOf(values []float64, least int) Estimate {
	n := len(values)
	if n < 2 || n < least {
		return tooFew(n)
	}
	center, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - center) * (v - center)
	}
	return known(math.Sqrt(sum/float64(n-1)), n)
}

// mean needs at least one value.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func finite(v float64) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0)
}
