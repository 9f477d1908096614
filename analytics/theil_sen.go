package analytics

import (
	"cmp"
	"math"
	"slices"
)

// TheilSen returns the median of the slopes between all pairs of points of
// different days, per day, and the intercept median(value) - slope * median(day).
// It is not ok without two such points. Values that are not finite are left out.
//
// Source: P. K. Sen, Journal of the American Statistical Association 63 (1968).
func TheilSen(points []Point) (slope, intercept float64, ok bool) {
	l := linesThrough(points)
	n := l.pairs()
	if n == 0 {
		return 0, 0, false
	}
	middle := l.slopes((n-1)/2, n/2)
	slope = middle[0] + (middle[1]-middle[0])/2
	intercept = median(l.values()) - slope*l.medianDay()
	if !finite(slope) || !finite(intercept) {
		return 0, 0, false
	}
	return slope, intercept, true
}

// lines are the lines between all pairs of points of different days. The points are sorted
// by day and, within a day, by value.
type lines struct {
	points       []Point
	order, spare []ranked // for sorting
	found        []float64
}

func linesThrough(points []Point) *lines {
	sorted := slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return !finite(p.Value) })
	slices.SortFunc(sorted, func(a, b Point) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Value, b.Value)) })
	return &lines{points: sorted}
}

// pairs returns how many lines there are.
func (l *lines) pairs() (n int) {
	before, day := 0, 0 // points of earlier days, and of this one so far
	for i, p := range l.points {
		if i > 0 && p.Day != l.points[i-1].Day {
			before, day = before+day, 0
		}
		n, day = n+before, day+1
	}
	return n
}

func (l *lines) values() []float64 {
	list := make([]float64, len(l.points))
	for i, p := range l.points {
		list[i] = p.Value
	}
	return list
}

func (l *lines) medianDay() float64 {
	n := len(l.points)
	return float64(l.points[(n-1)/2].Day+l.points[n/2].Day) / 2
}

const (
	fewPoints    = 24 // up to which all slopes are computed
	mostBrackets = 6
)

// slopes returns the slopes that would stand at two neighbouring or equal places if all
// were sorted.
//
// Half a year of nights has 16,000 slopes, and few of them are computed. A slope is under
// b exactly when value - b * day falls between its points, so sorting the points by that
// counts the slopes under b. With a bracket on both sides of the places, those inside are
// the exchanges between the two orders (Cole, Salowe, Steiger and Szemerédi, SIAM Journal
// on Computing 18, 1989, with a bracket guessed from long lines instead of a network).
func (l *lines) slopes(place, next int) [2]float64 {
	if len(l.points) > fewPoints {
		low, high := l.guess(float64(place) / float64(l.pairs()))
		for range mostBrackets {
			if !finite(low) || !finite(high) {
				break
			}
			below, through := l.between(low, high)
			if below <= place && next < through {
				return placesIn(l.found, place-below, next-below)
			}
			width := 2 * (high - low)
			if below > place {
				low -= width
			} else {
				high += width
			}
		}
	}
	l.found = l.found[:0]
	for i, p := range l.points {
		for _, q := range l.points[:i] {
			if p.Day != q.Day {
				l.found = append(l.found, slopeOf(q, p))
			}
		}
	}
	return placesIn(l.found, place, next)
}

func slopeOf(p, q Point) float64 { return (q.Value - p.Value) / float64(q.Day-p.Day) }

// guess returns a bracket for the slope at a share of all: that share of the lines between
// points half the series apart, with room for their being few.
func (l *lines) guess(share float64) (low, high float64) {
	half := len(l.points) / 2
	long := l.found[:0]
	least, most := math.Inf(1), math.Inf(-1)
	for i, p := range l.points {
		least, most = min(least, p.Value), max(most, p.Value)
		if i >= half && p.Day != l.points[i-half].Day {
			long = append(long, slopeOf(l.points[i-half], p))
		}
	}
	l.found = long
	if len(long) == 0 {
		return math.Inf(-1), math.Inf(1)
	}
	room := 0.8 * math.Sqrt(float64(len(long)))
	at := func(place float64) float64 {
		return nth(long, int(min(max(place, 0), float64(len(long)-1))))
	}
	n := share * float64(len(long))
	low, high = at(n-room), at(n+room)
	// Points on one line have one slope, but for rounding.
	slack := 1e-9 * (math.Abs(low) + math.Abs(high) + (most-least)/float64(l.points[len(l.points)-1].Day-l.points[0].Day))
	return low - slack, high + slack
}

// between finds the slopes from low to high. below of all slopes are smaller, through less
// below are found.
func (l *lines) between(low, high float64) (below, through int) {
	n := len(l.points)
	l.order, l.spare = slices.Grow(l.order[:0], n)[:n], slices.Grow(l.spare[:0], n)[:n]
	for i, p := range l.points {
		l.order[i] = ranked{p.Value - low*float64(p.Day), i}
	}
	below = sortCounting(l.order, l.spare)
	for i, one := range l.order {
		l.order[i].value = l.points[one.at].Value - high*float64(l.points[one.at].Day)
	}
	l.found = l.found[:0]
	for i := 1; i < n; i++ {
		one, j := l.order[i], i
		p := l.points[one.at]
		for ; j > 0 && l.order[j-1].value > one.value; j-- {
			l.found = append(l.found, slopeOf(l.points[l.order[j-1].at], p))
			l.order[j] = l.order[j-1]
		}
		l.order[j] = one
	}
	return below, below + len(l.found)
}

// placesIn returns the values at two neighbouring or equal places. It reorders values.
func placesIn(values []float64, place, next int) [2]float64 {
	upper := nth(values, next)
	if place == next {
		return [2]float64{upper, upper}
	}
	return [2]float64{slices.Max(values[:next]), upper}
}
