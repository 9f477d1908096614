package analytics

import (
	"math"
	"slices"
)

// An alongside is by how much values rise with a [regressor], and how much that varies by chance.
type alongside struct {
	slope   float64 // by least squares
	error   float64 // its standard error, of independent values; 0: nothing else is in the values
	freedom float64
	clarity float64 // spread of the values over that of what is left when the slope is taken away

	weights   [wanders]float64 // of each wander: the likelihood of the values over the largest, its probability once weighed
	variances [wanders]float64 // of the slope, in units of that of independent values
}

// alongside takes values, in order of their days. The weights are not known before
// [alongside.weigh].
//
// The likelihood is that of normal values less their mean and slope (D. A. Harville, Journal of
// the American Statistical Association 72, 1977), of any variance: by each wander, the slope over
// its standard error has Student's distribution.
func (l *likeness) alongside(values []float64, x *regressor) (a alongside) {
	center, yy, yx := mean(values), 0.0, 0.0
	for i, v := range values {
		v -= center
		yy, yx = yy+v*v, yx+v*x.with[i]
	}
	a.slope, a.freedom = yx/x.squares, float64(len(values)-2)
	residual := yy - yx*a.slope
	if residual <= max(yy, roundingError)*roundingError || a.freedom < 1 {
		for k := range wanders {
			a.weights[k], a.variances[k] = 1, 1
		}
		a.clarity = math.Inf(1)
		return a
	}
	a.error = math.Sqrt(residual / a.freedom / x.squares)
	a.clarity = math.Sqrt(yy / float64(len(values)-1) * a.freedom / residual)

	var squares, products [wanders]float64
	add := func(wave int, yy, yx float64) {
		for k, inverse := range l.inverse[wave] {
			squares[k] += yy * inverse
			products[k] += yx * inverse
		}
	}
	for j, y := range l.parts(values) {
		add(j, y*y, y*x.parts[j])
		yy, yx = yy-y*y, yx-y*x.parts[j]
	}
	add(waves, max(0, yy), yx)
	for k := range wanders {
		left := max(squares[k]-products[k]*products[k]/x.weighted[k], squares[k]*roundingError) // what is left of rounding may be negative
		a.weights[k] = x.logs[k] - a.freedom/2*math.Log(left)
		a.variances[k] = left / residual * x.variances[k]
	}
	most := slices.Max(a.weights[:])
	for k, log := range a.weights {
		a.weights[k] = math.Exp(log - most)
	}
	return a
}

// paces returns the likelihood of the values by pace.
func (a *alongside) paces() (likely [paces]float64) {
	likely[0] = a.weights[0]
	for pace := 1; pace < paces; pace++ {
		likely[pace] = mean(a.weights[firstOf(pace):firstOf(pace+1)])
	}
	return likely
}

// firstOf is the first wander of a pace.
func firstOf(pace int) int { return 1 + (pace-1)*len(signals) }

// weigh takes the probability of each pace before the values were seen.
func (a *alongside) weigh(prior [paces]float64) {
	a.weights[0] *= prior[0]
	for k := 1; k < wanders; k++ {
		a.weights[k] *= prior[1+(k-1)/len(signals)] / float64(len(signals))
	}
	all := float64(wanders) * mean(a.weights[:])
	for k := range a.weights {
		a.weights[k] /= all
	}
}

// inflation is the mean variance of the slope, in units of that of independent values.
func (a *alongside) inflation() float64 { return dot(a.weights[:], a.variances[:]) }

const negligible = 1e-5 // weight

// t is that of a z which takes all of the spread for chance.
func (a *alongside) t(z float64) float64 { return z * a.clarity }

// p is the probability of a t, the slope over its error, as far from 0 as this, when nothing but
// chance moves the values: the mean over all wanders.
func (a *alongside) p(t float64) float64 {
	if math.IsNaN(t) {
		return 1
	}
	p, _ := a.tail(t * t)
	return p
}

// tail is p of the square of a t, and by how much it falls when the square rises.
func (a *alongside) tail(square float64) (p, falls float64) {
	chance := studentOf(a.freedom)
	for k, weight := range a.weights {
		if weight > negligible {
			one, fall := chance.p(square / a.variances[k])
			p, falls = p+weight*one, falls+weight*fall/a.variances[k]
		}
	}
	return p, falls
}

// largest is that of the largest t of all cuts of a scan.
func (a *alongside) largest(s scan, t float64) (p float64) {
	if math.IsNaN(t) {
		return 1
	}
	for k, weight := range a.weights {
		if weight > negligible {
			p += weight * s.p(studentZ(t/math.Sqrt(a.variances[k]), a.freedom))
		}
	}
	return p
}

// reach returns the t that chance exceeds, either way, with probability p, within a thousandth
// of p: by Newton's method, as the logarithm of p falls nearly in a straight line with the square
// of t.
func (a *alongside) reach(p float64) float64 {
	if p <= 0 {
		return math.Inf(1)
	}
	z := normalQuantile(p)
	square := z * z * a.inflation()
	for range 30 {
		now, falls := a.tail(square)
		off := math.Log(now / p)
		square = max(square+off*now/falls, square/4)
		if math.Abs(off) < 0.01 { // which the step has squared
			break
		}
	}
	return math.Sqrt(square)
}

// interval bounds the slope with a confidence of 95 %.
func (a *alongside) interval() (low, high float64) {
	reach := 0.0
	if a.error > 0 {
		reach = a.error * a.reach(1-coverage)
	}
	return a.slope - reach, a.slope + reach
}
