package analytics

import (
	"math"
	"slices"
)

// A regressor is what values may rise with, such as their place in time or the side of a
// comparison, and what is known of it by each wander. The zero value is used again for values of
// the same nights: most metrics have them.
type regressor struct {
	with    []float64 // of sum 0
	days    []int     // of the values, in order
	squares float64   // of with, added up

	parts     [waves]float64
	weighted  [wanders]float64 // squares, each wave over its mean square
	logs      [wanders]float64 // of the likelihood, but for the values
	variances [wanders]float64 // of a sum of values of variance 1, each times its with, over squares
}

// of takes what the values may rise with.
func (x *regressor) of(l *likeness, with []float64, days []int) *regressor {
	l.on(len(with))
	if slices.Equal(x.with, with) && slices.Equal(x.days, days) {
		return x
	}
	x.with, x.days = append(x.with[:0], with...), append(x.days[:0], days...)
	x.squares, x.parts = dot(with, with), l.parts(with)
	x.weigh(l)
	x.widen()
	return x
}

func (x *regressor) weigh(l *likeness) {
	rest := x.squares
	x.weighted = [wanders]float64{}
	add := func(wave int, square float64) {
		for k, inverse := range l.inverse[wave] {
			x.weighted[k] += square * inverse
		}
	}
	for j, part := range x.parts {
		add(j, part*part)
		rest -= part * part
	}
	add(waves, max(0, rest))
	for k, weighted := range x.weighted {
		x.logs[k] = -(l.logs[k] + math.Log(weighted)) / 2
	}
}

const longGap = 7 // days without a value after which the value before is as long ago as it is

func (x *regressor) widen() {
	var sums, before [len(correlations)]float64
	for at, with := range x.with {
		if gap := x.days[at] - x.days[max(0, at-1)]; gap > longGap {
			for i, r := range correlations {
				before[i] *= math.Pow(r, float64(gap-1))
			}
		}
		for i, r := range correlations {
			so := before[i] * r
			sums[i] += with * (with + 2*so)
			before[i] = so + with
		}
	}
	x.variances[0] = 1
	for i, sum := range sums {
		for s, signal := range signals {
			x.variances[1+i*len(signals)+s] = 1 + signal*(sum/x.squares-1)
		}
	}
}
