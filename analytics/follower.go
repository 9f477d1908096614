package analytics

import (
	"math"
	"slices"

	"cloud.google.com/go/civil"
)

// A follower reads the values of one metric after another from the same nights.
type follower struct {
	nights []Night
	from   civil.Date
	days   []int   // of the nights, since from
	center float64 // what clock times of the metric are deviations from, minutes

	lines                    lines
	values, ranks, residuals []float64
	order                    ordering
	likeness                 likeness
}

// followerOf puts nights in order of their dates.
func followerOf(nights []Night) *follower {
	if !slices.IsSortedFunc(nights, byDate) {
		nights = slices.Clone(nights)
		slices.SortStableFunc(nights, byDate)
	}
	f := &follower{nights: nights, days: make([]int, len(nights))}
	for i := range nights {
		if i == 0 {
			f.from = nights[0].Date
		}
		f.days[i] = nights[i].Date.DaysSince(f.from)
	}
	return f
}

func byDate(a, b Night) int { return a.Date.Compare(b.Date) }

// evidenceOf is a course before the family is known, and what it is judged by.
type evidenceOf struct {
	course    Course  // without direction
	span      int     // days
	inflation float64 // of the variance of means
	effective float64 // number of independent values that say as much
	error     float64 // standard error of the slope of a straight line
	low, high float64 // 95 % interval of the slope
	shape     Shape
	step      *Step // nil unless that is the shape, or
	returned  bool  // it changed back later, or had before
}

// follow computes everything about a metric that does not depend on others.
func (f *follower) follow(m Metric) evidenceOf {
	f.read(m)
	points := f.lines.points
	e := evidenceOf{course: Course{Metric: m, N: len(points), Direction: NotEnoughNights}, inflation: 1}
	if len(points) < leastShortSpan {
		return e
	}
	e.span = points[len(points)-1].Day - points[0].Day + 1
	if e.span > shortSpan && len(points) < leastLongSpan {
		return e
	}
	k := kendallOf(f.values, &f.order)
	f.ranks = slices.Grow(f.ranks[:0], len(points))[:len(points)]
	squares := f.order.ranks(f.ranks)
	steps, line := scanOf(f.ranks, squares), lineOf(points, f.ranks, squares)
	e.inflation = f.inflation(steps, line)
	e.effective = float64(len(points)) / e.inflation
	freedom, root := e.freedom(), math.Sqrt(e.inflation)
	drift := max(k.p, studentP(k.z/root, freedom))
	step := steps.p(normalQuantile(studentP(steps.z/root, freedom)))
	e.course.P = new(min(1, drift/trendPart, step/(1-trendPart)))
	if e.tooAlike() {
		e.course.P = new(1.0)
	}

	n := f.lines.pairs()
	middle := f.lines.slopes((n-1)/2, n/2)
	e.course.SlopePerDay = new(middle[0] + (middle[1]-middle[0])/2)
	e.error = f.slopeError() * root
	if *e.course.P > familyError {
		return e // nor will it be less with the family's correction
	}
	gain := math.Inf(-1)
	if steps.cut > 0 {
		gain = e.effective / 2 * math.Log((1-line.explained)/(1-steps.explained()))
	}
	switch {
	case gain > clearStep:
		switch f.another(steps, root, freedom) {
		case 0:
			e.shape, e.step = StepShape, f.step(m, steps, e.inflation)
			return e
		case math.Copysign(1, steps.z):
			e.shape = EitherWay
		default:
			e.returned, e.step = true, f.step(m, steps, e.inflation)
			return e
		}
	case gain > clearDrift:
		e.shape = EitherWay
	default:
		e.shape = Drift
	}
	e.bound(&f.lines, k.variance)
	return e
}

// Log likelihoods by which a step must explain values better than a drift to be told as
// one, and up to which it is told as a drift.
const (
	clearStep  = 4
	clearDrift = 0
)

const surelyAnother = 0.01 // p of a second step

// another looks for a second step on either side of the best one: 0 for none, else the sign
// of its z.
func (f *follower) another(steps scan, root, freedom float64) (sign float64) {
	least := surelyAnother / 2
	for _, side := range [][]float64{f.values[:steps.cut], f.values[steps.cut:]} {
		f.residuals = slices.Grow(f.residuals[:0], len(side))[:len(side)]
		f.order.sort(side)
		part := scanOf(f.residuals, f.order.ranks(f.residuals))
		if p := part.p(normalQuantile(studentP(part.z/root, freedom))); p < least {
			least, sign = p, math.Copysign(1, part.z)
		}
	}
	return sign
}

// read takes the values of a metric, one a date: the mean where there are several.
func (f *follower) read(m Metric) {
	f.center = 0
	if m.Clock {
		var c circle
		for i := range f.nights {
			if v, ok := m.of(&f.nights[i]); ok {
				c.add(v * 60)
			}
		}
		if mean := c.mean(); mean.Value != nil {
			f.center = *mean.Value / 60
		}
	}
	points, values := f.lines.points[:0], f.values[:0]
	several := 0
	for i := range f.nights {
		v, ok := m.of(&f.nights[i])
		if !ok || !finite(v) {
			continue
		}
		if m.Clock {
			v = m.difference(v, f.center)
		}
		if last := len(points) - 1; last >= 0 && points[last].Day == f.days[i] {
			several++
			points[last].Value += (v - points[last].Value) / float64(several+1)
			values[last] = points[last].Value
			continue
		}
		several = 0
		points, values = append(points, Point{f.days[i], v}), append(values, v)
	}
	f.lines.points, f.values = points, values
}

// A line is the straight line through ranks by least squares.
type line struct{ center, slope, explained float64 }

func lineOf(points []Point, ranks []float64, squares float64) (l line) {
	days, covered := 0.0, 0.0
	for _, p := range points {
		l.center += float64(p.Day)
	}
	l.center /= float64(len(points))
	for i, p := range points {
		d := float64(p.Day) - l.center
		days, covered = days+d*d, covered+d*ranks[i]
	}
	if days > 0 && squares > 0 {
		l.slope, l.explained = covered/days, covered*covered/(days*squares)
	}
	return l
}

// inflation is that of the means of ranks from which the better of a step and a line has
// been removed.
func (f *follower) inflation(steps scan, l line) float64 {
	points := f.lines.points
	f.residuals = slices.Grow(f.residuals[:0], len(points))[:len(points)]
	if steps.cut > 0 && steps.explained() > l.explained {
		before := mean(f.ranks[:steps.cut])
		after := mean(f.ranks[steps.cut:])
		for i, r := range f.ranks {
			f.residuals[i] = r - before
			if i >= steps.cut {
				f.residuals[i] = r - after
			}
		}
	} else {
		for i, r := range f.ranks {
			f.residuals[i] = r - l.slope*(float64(points[i].Day)-l.center)
		}
	}
	return f.likeness.on(points).inflationOf(f.residuals)
}

// slopeError is the standard error of the slope by least squares, of independent values.
func (f *follower) slopeError() float64 {
	n := float64(len(f.values))
	center, days := mean(f.values), 0.0
	var sumDay, squares, covered float64
	for _, p := range f.lines.points {
		sumDay += float64(p.Day)
	}
	for _, p := range f.lines.points {
		d, v := float64(p.Day)-sumDay/n, p.Value-center
		days, squares, covered = days+d*d, squares+v*v, covered+d*v
	}
	return math.Sqrt(max(0, squares-covered*covered/days) / (n - 2) / days)
}

// step describes the best cut in the unit of the metric.
func (f *follower) step(m Metric, s scan, inflation float64) *Step {
	before, after := Metric{}.sample(f.values[:s.cut]), Metric{}.sample(f.values[s.cut:])
	first, last := s.interval(inflation)
	out := &Step{Date: f.date(s.cut), From: f.date(first - 1).AddDays(1), To: f.date(last)}
	w := welchOf(before, after, inflation)
	out.Difference = w.difference
	out.Low, out.High = w.interval()
	if m.Clock {
		*before.Mean, *after.Mean = fold((*before.Mean+f.center)*60)/60, fold((*after.Mean+f.center)*60)/60
	}
	out.Before, out.After = before, after
	return out
}

func (f *follower) date(i int) civil.Date { return f.from.AddDays(f.lines.points[i].Day) }

// bound adds the interval of a slope to a course.
//
// Source: P. K. Sen (1968), as [TheilSen].
func (e *evidenceOf) bound(l *lines, variance float64) {
	n := l.pairs()
	reach := normalQuantile(1-coverage) * math.Sqrt(variance*e.inflation)
	low := int(max(0, (float64(n)-reach)/2))
	e.low = l.slopes(low, low)[0]
	e.high = l.slopes(n-1-low, n-1-low)[0]
}

// matters is the probability that what is no trend looks like one that is relevant.
func (e *evidenceOf) matters() float64 {
	relevant := e.course.Metric.Relevant
	line := studentP(relevant/(e.error*float64(e.span)), e.freedom())
	// The error of a step near the end is about that of the slope times the span.
	return min(1, 2*line)
}

func (e *evidenceOf) tooAlike() bool { return e.effective < leastEffective }

func (e *evidenceOf) freedom() float64 { return max(1, e.effective-2) }

// judge decides what a course says, once its probability has been corrected for the
// family.
func (e *evidenceOf) judge(c *Course, trials []trial) {
	if c.P == nil {
		return
	}
	c.Direction = NoClearTrend
	if e.tooAlike() {
		c.Why = NightsAlike
		return
	}
	relevant, span := c.Metric.Relevant, float64(e.span)
	critical := studentQuantile(familyError*trendPart/float64(len(trials)), e.freedom())
	c.Visible = new(max(relevant/span, (critical+powerZ)*e.error))
	size := *c.SlopePerDay * span
	if e.step != nil {
		size = e.step.Difference
	}
	switch {
	case *c.P > familyError:
		c.Why = PerhapsChance
		return
	case math.Abs(size)+roundingError < relevant:
		c.Why = SmallChange
		return
	case e.returned:
		c.Why = NotLasting
		return
	}
	c.Direction, c.Shape, c.Step = Rising, e.shape, e.step
	if size < 0 {
		c.Direction = Falling
	}
	if e.step == nil {
		c.SlopeLow, c.SlopeHigh = &e.low, &e.high
	}
}
