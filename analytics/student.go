package analytics

import "math"

// studentP returns the probability that Student's t with so many degrees of freedom, which
// need not be whole, lies as far from 0 as t.
func studentP(t, freedom float64) float64 {
	if freedom <= 0 || math.IsNaN(t) {
		return 1
	}
	return incompleteBeta(freedom/(freedom+t*t), freedom/2, 0.5)
}

// studentQuantile returns the t that is exceeded, either way, with probability p.
//
// Source: the expansion around the normal quantile of R. A. Fisher and E. A. Cornish,
// Technometrics 2 (1960), within 1 % from five degrees of freedom on.
func studentQuantile(p, freedom float64) float64 {
	z := normalQuantile(p)
	square := z * z
	return z * (1 + (square+1)/(4*freedom) +
		((5*square+16)*square+3)/(96*freedom*freedom) +
		(((3*square+19)*square+17)*square-15)/(384*freedom*freedom*freedom))
}

// normalP returns the probability that a standard normal value lies as far from 0 as z,
// normalQuantile the z of a probability.
func normalP(z float64) float64        { return math.Erfc(math.Abs(z) / math.Sqrt2) }
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfcinv(p) }

// incompleteBeta returns the regularized incomplete beta function of x.
//
// Source: NIST Digital Library of Mathematical Functions, 8.17.22, evaluated by Lentz's
// method.
func incompleteBeta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - incompleteBeta(1-x, b, a)
	}
	const (
		terms = 200
		exact = 1e-15
		tiny  = 1e-300
	)
	nonzero := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1))
	sum := d
	for m := 1.0; m <= terms; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nonzero(1+even*d), nonzero(1+even/c)
		sum *= c * d
		d, c = 1/nonzero(1+odd*d), nonzero(1+odd/c)
		sum *= c * d
		if math.Abs(c*d-1) < exact {
			break
		}
	}
	logGamma := func(v float64) float64 { l, _ := math.Lgamma(v); return l }
	front := a*math.Log(x) + b*math.Log1p(-x) + logGamma(a+b) - logGamma(a) - logGamma(b)
	return math.Exp(front) * sum / a
}
