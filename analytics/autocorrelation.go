package analytics

import "math"

// A likeness knows what n values of variance 1 look like by each wander. The zero value knows
// nothing yet; it is used again for as many values.
type likeness struct {
	n       int
	turns   [waves]float64              // twice the cosine of the step of each wave, 0 for none
	halves  [waves]float64              // the first value of each wave
	inverse [waves + 1][wanders]float64 // 1 / mean square of each wave, and of the rest
	logs    [wanders]float64            // sum of the logarithms of all mean squares
}

// waves are the slowest cosines over all values: they are nearly independent, and tell wanders
// apart. What is faster is nearly noise and counts as one.
const waves = 16

// on takes the number of values.
//
// Sources: U. K. Müller and M. W. Watson, Econometrica 76 (2008), for inference from the slowest
// cosines. The mean squares are exact: the inverse of the correlations of AR(1) is diagonal in
// these cosines but for its two ends (Sherman and Morrison's formula).
func (l *likeness) on(n int) {
	if l.n == n {
		return
	}
	*l = likeness{n: n}
	size, used := float64(n), min(waves, n-1)
	for j := range used {
		half := math.Cos(math.Pi / 2 * float64(j+1) / size)
		l.turns[j], l.halves[j] = 4*half*half-2, math.Sqrt(2/size)*half
	}
	for wave := range l.inverse {
		l.inverse[wave][0] = 1
	}
	rest := float64(n - 1 - used)
	for i, r := range correlations {
		once := math.Pow(r, size)
		squares := l.squares(r, once)
		fast := 1.0
		if rest > 0 {
			fast = (size - meanVariance(r, once, size) - float64(used)*mean(squares[:used])) / rest
		}
		for s, signal := range signals {
			k, product := 1+i*len(signals)+s, 1.0
			for wave, square := range squares {
				square = 1 + signal*(square-1)
				l.inverse[wave][k] = 1 / square
				product *= square
			}
			square := 1 + signal*(fast-1)
			l.inverse[waves][k] = 1 / square
			l.logs[k] = math.Log(product) + rest*math.Log(square)
		}
	}
}

// squares returns the mean square of each wave in AR(1) with a correlation r, once to the power of
// n, 1 for no wave.
func (l *likeness) squares(r, once float64) (squares [waves]float64) {
	twice := once * once
	same, other := (1+r)*(1+twice/r)/(1-twice), once*(1/r+2+r)/(1-twice)
	for j, turn := range l.turns {
		if squares[j] = 1; l.halves[j] == 0 {
			continue
		}
		ends := same + other
		if j%2 == 0 { // one end is up when the other is down
			ends = same - other
		}
		inner := 1 - r*turn + r*r
		first := l.halves[j] * l.halves[j]
		squares[j] = (1 - r*r) / inner * (1 - 2*first/inner/(1/(r*(1-r))+ends/(1-r*r)))
	}
	return squares
}

// meanVariance is the variance of the mean of n values of AR(1), in units of that of independent
// ones; once is r to the power of n.
//
// Source: Wilks, Statistical Methods in the Atmospheric Sciences (2011), 5.2.4.
func meanVariance(r, once, n float64) float64 {
	return (1+r)/(1-r) - 2*r*(1-once)/(n*(1-r)*(1-r))
}

// parts returns how much of each wave there is in values: the second half of a wave mirrors the
// first, upside down or not.
//
// Source: G. Goertzel, American Mathematical Monthly 65 (1958).
func (l *likeness) parts(values []float64) (parts [waves]float64) {
	var before [waves]float64
	n := len(values)
	for i := (n+1)/2 - 1; i >= 0; i-- {
		up, down := values[i]+values[n-1-i], values[i]-values[n-1-i]
		if i == n-1-i {
			up = values[i]
		}
		for j := 0; j < waves; j += 2 {
			parts[j], before[j] = down+l.turns[j]*parts[j]-before[j], parts[j]
			parts[j+1], before[j+1] = up+l.turns[j+1]*parts[j+1]-before[j+1], parts[j+1]
		}
	}
	for j, half := range l.halves {
		parts[j] = half * (parts[j] - before[j])
	}
	return parts
}
