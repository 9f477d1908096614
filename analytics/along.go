package analytics

import (
	"math"
	"slices"
)

// An alongside is by how much values rise with something else, such as their place in time or
// the side of a comparison, and how much that varies by chance.
type alongside struct {
	slope   float64 // by least squares
	error   float64 // its standard error, of independent values; 0: nothing else is in the values
	freedom float64
	clarity float64 // spread of the values over that of what is left when the slope is taken away

	likely    [wanders]float64 // the likelihood of the values by each wander, over the largest
	weights   [wanders]float64 // the probability of each wander
	variances [wanders]float64 // of the slope, in units of that of independent values
}

// alongside takes values in order of their days, and what they may rise with, of sum 0. The
// weights are not known before [alongside.weigh].
//
// The likelihood is that of normal values less their mean and slope (D. A. Harville, Journal of
// the American Statistical Association 72, 1977), of any variance: by each wander, the slope over
// its standard error has Student's distribution.
func (l *likeness) alongside(values, with []float64, days []int) (a alongside) {
	l.on(len(values))
	center, yy, yx, xx := mean(values), 0.0, 0.0, dot(with, with)
	for i, v := range values {
		v -= center
		yy, yx = yy+v*v, yx+v*with[i]
	}
	a.slope, a.freedom = yx/xx, float64(len(values)-2)
	residual := yy - yx*a.slope
	if residual <= yy*roundingError || a.freedom < 1 {
		for k := range wanders {
			a.likely[k], a.variances[k] = 1, 1
		}
		a.clarity = math.Inf(1)
		return a
	}
	a.error = math.Sqrt(residual / a.freedom / xx)
	a.clarity = math.Sqrt(yy / float64(len(values)-1) * a.freedom / residual)

	var squares, products, withs [wanders]float64
	add := func(wave int, yy, yx, xx float64) {
		for k, inverse := range l.inverse[wave] {
			squares[k] += yy * inverse
			products[k] += yx * inverse
			withs[k] += xx * inverse
		}
	}
	y, x := l.parts(values), l.parts(with)
	for j := range waves {
		add(j, y[j]*y[j], y[j]*x[j], x[j]*x[j])
		yy, yx, xx = yy-y[j]*y[j], yx-y[j]*x[j], xx-x[j]*x[j]
	}
	add(waves, max(0, yy), yx, max(0, xx))
	for k := range wanders {
		left := squares[k] - products[k]*products[k]/withs[k]
		a.likely[k] = -(l.logs[k] + math.Log(withs[k]) + a.freedom*math.Log(left)) / 2
		a.variances[k] = left / residual
	}
	most := slices.Max(a.likely[:])
	for k, log := range a.likely {
		a.likely[k] = math.Exp(log - most)
	}
	a.widen(with, days)
	return a
}

const longGap = 7 // days without a value after which the value before is as long ago as it is

// widen multiplies variances by that of a sum of values of variance 1, each times its with.
func (a *alongside) widen(with []float64, days []int) {
	squares := dot(with, with)
	for i, r := range correlations {
		sum, before := 0.0, 0.0
		for at, x := range with {
			before *= r
			if gap := days[at] - days[max(0, at-1)]; gap > longGap {
				before *= math.Pow(r, float64(gap-1))
			}
			sum += x * (x + 2*before)
			before += x
		}
		for s, signal := range signals {
			a.variances[1+i*len(signals)+s] *= 1 + signal*(sum/squares-1)
		}
	}
}

// paces returns the likelihood of the values by pace.
func (a *alongside) paces() (likely [paces]float64) {
	likely[0] = a.likely[0]
	for pace := 1; pace < paces; pace++ {
		likely[pace] = mean(a.likely[firstOf(pace):firstOf(pace+1)])
	}
	return likely
}

// firstOf is the first wander of a pace.
func firstOf(pace int) int { return 1 + (pace-1)*len(signals) }

// weigh takes the probability of each pace before the values were seen.
func (a *alongside) weigh(prior [paces]float64) {
	a.weights = a.likely
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
// chance moves the values.
func (a *alongside) p(t float64) float64 { return a.chance(t, normalP) }

// largest is that of the largest t of all cuts of a scan.
func (a *alongside) largest(s scan, t float64) float64 { return a.chance(t, s.p) }

// chance is the mean over all wanders of the probability of a t, given as that of a normal z.
func (a *alongside) chance(t float64, p func(z float64) float64) (sum float64) {
	if math.IsNaN(t) {
		return 1
	}
	for k, weight := range a.weights {
		if weight > negligible {
			sum += weight * p(studentZ(t/math.Sqrt(a.variances[k]), a.freedom))
		}
	}
	return sum
}

// reach returns the t that chance exceeds, either way, with probability p, within a thousandth
// of p: by secants, as the logarithm of p falls nearly in a straight line with the square of t.
func (a *alongside) reach(p float64) float64 {
	if p <= 0 {
		return math.Inf(1)
	}
	z := normalQuantile(p)
	last, atLast, square := 0.0, -math.Log(p), z*z*a.inflation()
	for range 30 {
		at := math.Log(a.p(math.Sqrt(square)) / p)
		if math.Abs(at) < 1e-3 {
			break
		}
		next := square + at*(square-last)/(atLast-at)
		last, atLast, square = square, at, max(next, square/4)
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
