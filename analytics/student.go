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

// A student is Student's distribution with so many degrees of freedom, by [studentZ].
type student struct{ freedom, halved float64 } // halved: what a logarithm is multiplied by

func studentOf(freedom float64) student {
	factor := (8*freedom + 1) / (8*freedom + 3)
	return student{freedom, factor * factor * freedom / 2}
}

// p returns the probability that the square of t is at least this, and by how much the probability
// falls when the square rises.
func (s student) p(square float64) (p, falls float64) {
	over := square / s.freedom
	half := s.halved * math.Log(1+over)
	p, density := tail(half)
	return p, density / math.Sqrt(math.Pi*half) * s.halved / (s.freedom + square)
}

// tail is [normalP] of the z of which this is half the square, within a millionth of itself, and
// exp(-half): it takes a third of the time of [math.Erfc], and weighing wanders asks for hundreds.
//
// Source: M. M. Shepherd and J. G. Laframboise, Mathematics of Computation 36 (1981), for the form.
func tail(half float64) (p, density float64) {
	const near = 2
	x := math.Sqrt(half)
	at, sum := 1-2*near/(x+near), 0.0
	for _, c := range tailTerms {
		sum = sum*at + c
	}
	density = math.Exp(-half)
	return density * sum / (1 + 2*x), density
}

// tailTerms are those of a polynomial, the highest power first.
var tailTerms = [...]float64{
	-0.0009936979918266, 0.0006299220976693, 0.0083374018231947, -0.0076328048360995, -0.0540863306962462,
	0.1639497515898685, -0.1660467991257199, -0.0927566254469539, 1.2769787053871444,
}
