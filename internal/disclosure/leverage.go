package disclosure

import "slices"

// Leverage is how much figures tell about one person: which part of the spread between people the
// best linear estimate of that person's sleep explains, from all figures together, if nobody's
// sleep ever changed. It is the diagonal of the hat matrix of statistics. In one mean of n people it
// is 1/n for each of them. Somebody in many groups whose other people differ stands out
// more and more, although each sum of figures is about many.
const (
	mostLeverage   = 1.0 / 8 // of somebody in a release that adds to it
	mostOfAbsent   = 1.0 / 4 // of somebody who is not in it: who leaves tells, too
	leverageMargin = 1e-9    // of computing
)

// standsOut reports whether the release would tell too much about somebody, after it has left
// out those whom that helps.
func (d *division) standsOut() bool {
	for {
		l, absent, left := d.leverages(), false, 0
		if len(d.newcomers) > 0 && l.newcomers > mostLeverage {
			left, d.newcomers = len(d.newcomers), nil
		}
		for i, c := range d.cells {
			in, out := d.inside[i], d.outside[i]
			absent = absent || len(out) > 0 && l.outside[i] > max(mostOfAbsent, c.Leverage)+leverageMargin
			if len(in) > 0 && l.inside[i] > max(mostLeverage, c.Leverage)+leverageMargin {
				left, d.inside[i], d.outside[i] = left+len(in), nil, slices.Concat(out, in)
			}
		}
		switch {
		case left == 0:
			return absent
		case d.apart() < LeastPeople:
			return true
		}
	}
}

// leverages are those after a release: by cell, of who is in it and who is not, and of newcomers.
type leverages struct {
	inside, outside []float64
	newcomers       float64
}

func (d *division) leverages() leverages {
	nearest := d.nearest()
	distance := float64(len(d.newcomers)) // of the release from all sums of earlier ones, squared
	for i, p := range nearest {
		distance += float64(len(d.inside[i]))*(1-p)*(1-p) + float64(len(d.outside[i]))*p*p
	}
	l := leverages{make([]float64, len(d.cells)), make([]float64, len(d.cells)), 1 / distance}
	for i, p := range nearest {
		l.inside[i] = d.cells[i].Leverage + (1-p)*(1-p)/distance
		l.outside[i] = d.cells[i].Leverage + p*p/distance
	}
	return l
}

// nearest returns the sum of multiples of earlier sets that is nearest to those who are in the
// release, as its weight in each cell: least squares by conjugate gradients.
func (d *division) nearest() []float64 {
	nearest, rest := make([]float64, len(d.cells)), make([]float64, len(d.cells))
	for i := range rest {
		rest[i] = float64(len(d.inside[i])) / d.size(i)
	}
	slope := d.perSet(rest)
	direction, steep := slices.Clone(slope), squared(slope)
	for enough, steps := 1e-24*steep, 4*len(slope)+20; steep > enough && steps > 0; steps-- {
		step, length := d.perCell(direction), 0.0
		for i, v := range step {
			length += d.size(i) * v * v
		}
		for i, v := range step {
			nearest[i] += steep / length * v
			rest[i] -= steep / length * v
		}
		slope = d.perSet(rest)
		next := squared(slope)
		for i, v := range slope {
			direction[i] = v + next/steep*direction[i]
		}
		steep = next
	}
	return nearest
}

func (d *division) size(cell int) float64 { return float64(len(d.inside[cell]) + len(d.outside[cell])) }

// perSet adds up weights of people over each earlier set.
func (d *division) perSet(weights []float64) []float64 {
	sums := make([]float64, d.sets)
	for i, c := range d.cells {
		for _, set := range c.Sets {
			sums[set] += d.size(i) * weights[i]
		}
	}
	return sums
}

// perCell adds up weights of sets for each cell.
func (d *division) perCell(weights []float64) []float64 {
	sums := make([]float64, len(d.cells))
	for i, c := range d.cells {
		for _, set := range c.Sets {
			sums[i] += weights[set]
		}
	}
	return sums
}

func squared(v []float64) (sum float64) {
	for _, x := range v {
		sum += x * x
	}
	return sum
}
