package analytics

import (
	"cmp"
	"math"
	"slices"
)

// TheilSen returns the median of the slopes between all pairs of points on different
// days, per day, and the intercept, median(value) - slope * median(day). ok is false
// without such a pair. Values that are not finite are ignored.
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
	points []Point
	found  []float64

	// The points, sorted by how high they lie above a line of the slope at through the
	// origin, and how many slopes are smaller.
	order ordering
	at    float64
	below int
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
	mostBrackets = 12
	fewSlopes    = 48 // a bracket reaches so many slopes farther than it probably must
)

// slopes returns the slopes that would stand at two neighbouring or equal places if all
// were sorted.
//
// Half a year of nights has 16,000 slopes, and few of them are computed. A slope is under
// b exactly when value - b * day falls between its points, so sorting the points by that
// counts the slopes under b. Points that are sorted by a b nearby are nearly in order: their
// exchanges are the slopes between the two (Cole, Salowe, Steiger and Szemerédi, SIAM Journal
// on Computing 18, 1989, with b guessed from long lines instead of a network).
func (l *lines) slopes(place, next int) [2]float64 {
	if len(l.points) > fewPoints {
		if found, ok := l.bracketed(place, next); ok {
			return found
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

// bracketed looks for the slopes at two places between two others that are closer and closer.
// It is not ok if it gives up.
func (l *lines) bracketed(place, next int) (found [2]float64, ok bool) {
	pairs := l.pairs()
	guess, density, least := l.guess(float64(place)/float64(pairs), float64(pairs))
	if !finite(guess) || !finite(density) {
		return found, false
	}
	l.sortAt(guess)
	for range mostBrackets {
		off := float64(place - l.below)
		room := max(least*density, fewSlopes+math.Abs(off)/4)
		low, high := l.at+(off-room)/density, l.at+(off+float64(next-place)+room)/density
		if !finite(low) || !finite(high) {
			return found, false
		}
		l.turn(low)
		below := l.below
		l.turn(high)
		if below <= place && next < l.below {
			return placesIn(l.found, place-below, next-below), true
		}
		density = max(float64(len(l.found)), 1) / (high - low)
	}
	return found, false
}

// guess returns the slope at a share of all, and how many slopes there are to one unit
// around it, from the lines between points half the series apart; least is what rounding may
// move a slope by.
func (l *lines) guess(share, pairs float64) (slope, density, least float64) {
	half := len(l.points) / 2
	long := slices.Grow(l.found[:0], 4*len(l.points))
	lowest, highest := math.Inf(1), math.Inf(-1)
	for i, p := range l.points {
		lowest, highest = min(lowest, p.Value), max(highest, p.Value)
		if i >= half && p.Day != l.points[i-half].Day {
			long = append(long, slopeOf(l.points[i-half], p))
		}
	}
	l.found = long
	if len(long) == 0 {
		return math.Inf(1), 0, 0
	}
	n := float64(len(long))
	at := func(place float64) float64 { return nth(long, int(min(max(place, 0), n-1))) }
	reach := math.Sqrt(n)
	low, high := at(share*n-reach), at(share*n+reach)
	least = 1e-9 * (math.Abs(low) + math.Abs(high) + (highest-lowest)/float64(l.points[len(l.points)-1].Day-l.points[0].Day))
	// All lines together are shorter, and their slopes so much less dense.
	density = 2.0 / 3 * pairs * min(1, 2*reach/n) / max(high-low, least)
	return at(share * n), density, least
}

// sortAt sorts the points for a slope.
func (l *lines) sortAt(slope float64) {
	list := l.order.room(len(l.points))
	for i, p := range l.points {
		list[i] = ranked{p.Value - slope*float64(p.Day), i}
	}
	l.at, l.below = slope, l.order.count()
}

// turn sorts the points for another slope and finds the slopes between the two.
func (l *lines) turn(slope float64) {
	l.found = l.found[:0]
	list := l.order.list
	for i, one := range list {
		p, j := l.points[one.at], i
		one.value = p.Value - slope*float64(p.Day)
		for ; j > 0 && list[j-1].value > one.value; j-- {
			l.found = append(l.found, slopeOf(l.points[list[j-1].at], p))
			list[j] = list[j-1]
		}
		list[j] = one
	}
	if slope < l.at {
		l.below -= len(l.found)
	} else {
		l.below += len(l.found)
	}
	l.at = slope
}

// placesIn returns the values at two neighbouring or equal places. It reorders values.
func placesIn(values []float64, place, next int) [2]float64 {
	upper := nth(values, next)
	if place == next {
		return [2]float64{upper, upper}
	}
	return [2]float64{slices.Max(values[:next]), upper}
}
