package analytics

import "math"

// studentZ returns the normal z that is as far out as Student's t with so many degrees of freedom,
// with its sign taken away.
//
// Source: D. L. Wallace, Annals of Mathematical Statistics 30 (1959).
func studentZ(t, freedom float64) float64 {
	return (8*freedom + 1) / (8*freedom + 3) * math.Sqrt(freedom*math.Log1p(t*t/freedom))
}

// normalP returns the probability that a standard normal value lies as far from 0 as z,
// normalQuantile the z of a probability.
func normalP(z float64) float64        { return math.Erfc(math.Abs(z) / math.Sqrt2) }
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfcinv(p) }
