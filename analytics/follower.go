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
	dates  []int // of the nights, days since from

	lines       lines
	two         pool
	like        likeness
	place, side regressor // what values may rise with: the line, and the step
	with        []float64 // the next of these
	scratch     []float64 // ranks, or the values of two ranges, while they are looked at
	days        [][]int   // of the values of metrics
	spare       []int     // days that may be those of a metric before
}

// of takes nights and puts them in order of their dates.
func (f *follower) of(nights []Night) {
	if !slices.IsSortedFunc(nights, byDate) {
		nights = slices.Clone(nights)
		slices.SortStableFunc(nights, byDate)
	}
	f.nights, f.dates = nights, make([]int, len(nights))
	if len(nights) > 0 {
		f.from = nights[0].Date
	}
	for i := range nights {
		f.dates[i] = dayNumber(nights[i].Date) - dayNumber(f.from)
	}
}

func byDate(a, b Night) int { return a.Date.Compare(b.Date) }

// evidenceOf is what the values of one metric say before the family is known.
type evidenceOf struct {
	course Course // without direction
	span   int    // days

	days   []int // of the values
	values []float64
	center float64 // what clock times are deviations from, minutes

	kendall    kendall
	steps      scan
	line, step alongside // of the ranks with their order, and with the best cut
	error      float64   // standard error of the slope of a straight line, of independent values

	low, high float64 // 95 % interval of the slope
	shape     Shape
	found     *Step // nil unless that is the shape, or
	returned  bool  // it changed back later, or had before
}

// follow computes what a metric says by itself. Its course has no P where there are too few
// values.
func (f *follower) follow(m Metric) evidenceOf {
	e := f.read(m)
	n := len(e.days)
	e.course = Course{Metric: m, N: n, Direction: NotEnoughNights}
	if n < leastShortSpan {
		return e
	}
	e.span = e.days[n-1] - e.days[0] + 1
	if e.span > shortSpan && n < leastLongSpan {
		return e
	}
	e.course.P = new(1.0)
	e.kendall = kendallOf(e.values, &f.lines.order)
	ranks := f.room(n)
	e.steps = scanOf(ranks, f.lines.order.ranks(ranks))
	e.error = slopeError(e.days, e.values)
	order := slices.Grow(f.with[:0], n)[:n]
	for i := range order {
		order[i] = float64(i) - float64(n-1)/2
	}
	f.with = order
	e.line = f.like.alongside(ranks, f.place.of(&f.like, order, e.days))
	if e.steps.cut > 0 {
		e.step = f.like.alongside(ranks, f.side.of(&f.like, f.across(e.steps), e.days))
	}
	return e
}

// across is what values rise with in a step at the best cut.
func (f *follower) across(s scan) []float64 {
	n := s.n
	f.with = slices.Grow(f.with[:0], n)[:n]
	for i := range f.with {
		f.with[i] = float64(oneIf(i >= s.cut)) - float64(n-s.cut)/float64(n)
	}
	return f.with
}

// weigh computes what depends on how the person's habits may wander.
func (f *follower) weigh(e *evidenceOf, prior [paces]float64) {
	e.line.weigh(prior)
	drift, step := max(e.kendall.p, e.line.p(e.line.t(e.kendall.z))), 1.0
	if e.steps.cut > 0 {
		e.step.weigh(prior)
		step = max(e.steps.p(math.Abs(e.steps.z)), e.step.largest(e.steps, e.step.t(e.steps.z)))
	}
	e.course.P = new(min(1, drift/trendPart, step/(1-trendPart)))
	f.lines.points = slices.Grow(f.lines.points[:0], len(e.days))
	for i, day := range e.days {
		f.lines.points = append(f.lines.points, Point{day, e.values[i]})
	}
	n := f.lines.pairs()
	middle := f.lines.slopes((n-1)/2, n/2)
	e.course.SlopePerDay = new(middle[0] + (middle[1]-middle[0])/2)
	if *e.course.P <= familyError { // nor will it be less with the family's correction
		f.describe(e, prior)
	}
}

// describe finds the shape of what is no chance.
func (f *follower) describe(e *evidenceOf, prior [paces]float64) {
	gain := math.Inf(-1)
	if e.steps.cut > 0 {
		better := &e.line
		if e.step.clarity > e.line.clarity {
			better = &e.step
		}
		gain = float64(len(e.values)) / better.inflation() * math.Log(e.step.clarity/e.line.clarity)
	}
	if gain <= clearDrift {
		e.shape = Drift
		e.bound(&f.lines)
		return
	}
	second := f.another(e, prior)
	switch e.returned = second*e.steps.z < 0; {
	case e.returned:
		e.found = f.stepOf(e, prior)
	case second == 0 && gain > clearStep:
		e.shape, e.found = StepShape, f.stepOf(e, prior)
	default:
		e.shape = EitherWay
		e.bound(&f.lines)
	}
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
func (f *follower) another(e *evidenceOf, prior [paces]float64) (sign float64) {
	least, cut := surelyAnother/2, e.steps.cut
	for _, side := range [][2]int{{0, cut}, {cut, len(e.values)}} {
		values, days := e.values[side[0]:side[1]], e.days[side[0]:side[1]]
		f.lines.order.sort(values)
		ranks := f.room(len(values))
		part := scanOf(ranks, f.lines.order.ranks(ranks))
		if part.cut == 0 {
			continue
		}
		a := f.like.alongside(ranks, f.side.of(&f.like, f.across(part), days))
		a.weigh(prior)
		if p := a.largest(part, a.t(part.z)); p < least {
			least, sign = p, math.Copysign(1, part.z)
		}
	}
	return sign
}

// read takes the values of a metric, one a date: the mean where there are several.
func (f *follower) read(m Metric) (e evidenceOf) {
	if m.Clock {
		var c circle
		for i := range f.nights {
			if v, ok := m.of(&f.nights[i]); ok {
				c.add(v * 60)
			}
		}
		if mean := c.mean(); mean.Value != nil {
			e.center = *mean.Value / 60
		}
	}
	days, values := slices.Grow(f.spare[:0], len(f.nights)), make([]float64, 0, len(f.nights))
	several := 0
	for i := range f.nights {
		v, ok := m.of(&f.nights[i])
		if !ok || !finite(v) {
			continue
		}
		if m.Clock {
			v = m.difference(v, e.center)
		}
		if last := len(days) - 1; last >= 0 && days[last] == f.dates[i] {
			several++
			values[last] += (v - values[last]) / float64(several+1)
			continue
		}
		several = 0
		days, values = append(days, f.dates[i]), append(values, v)
	}
	f.spare = days
	e.days, e.values = f.kept(days), values
	return e
}

// kept returns days that are not overwritten: most metrics have the same.
func (f *follower) kept(days []int) []int {
	for _, before := range f.days {
		if slices.Equal(before, days) {
			return before
		}
	}
	f.days = append(f.days, slices.Clone(days))
	return f.days[len(f.days)-1]
}

// room returns the scratch for n values.
func (f *follower) room(n int) []float64 {
	f.scratch = slices.Grow(f.scratch[:0], n)[:n]
	return f.scratch
}

// slopeError is the standard error of the slope by least squares, of independent values.
func slopeError(days []int, values []float64) float64 {
	n, center, middle := float64(len(days)), mean(values), 0.0
	for _, day := range days {
		middle += float64(day) / n
	}
	var spread, squares, covered float64
	for i, day := range days {
		d, v := float64(day)-middle, values[i]-center
		spread, squares, covered = spread+d*d, squares+v*v, covered+d*v
	}
	return math.Sqrt(max(0, squares-covered*covered/spread) / (n - 2) / spread)
}

// stepOf describes the best cut in the unit of the metric.
func (f *follower) stepOf(e *evidenceOf, prior [paces]float64) *Step {
	cut := e.steps.cut
	before, after := Metric{}.sample(e.values[:cut]), Metric{}.sample(e.values[cut:])
	f.lines.order.sort(e.values)
	ranks := f.room(len(e.values))
	f.lines.order.ranks(ranks)
	first, last := e.steps.interval(ranks, e.step.inflation())
	out := &Step{Date: f.date(e, cut), From: f.date(e, first-1).AddDays(1), To: f.date(e, last)}
	a := f.like.alongside(e.values, f.side.of(&f.like, f.across(e.steps), e.days))
	a.weigh(prior)
	out.Difference = a.slope
	out.Low, out.High = a.interval()
	if e.course.Metric.Clock {
		*before.Mean, *after.Mean = fold((*before.Mean+e.center)*60)/60, fold((*after.Mean+e.center)*60)/60
	}
	out.Before, out.After = before, after
	return out
}

func (f *follower) date(e *evidenceOf, i int) civil.Date { return f.from.AddDays(e.days[i]) }

// bound adds the interval of a slope to a course.
//
// Source: P. K. Sen (1968), as [TheilSen].
func (e *evidenceOf) bound(l *lines) {
	n := l.pairs()
	reach := e.line.reach(1-coverage) * math.Sqrt(e.kendall.variance)
	low := int(max(0, (float64(n)-reach)/2))
	e.low = l.slopes(low, low)[0]
	e.high = l.slopes(n-1-low, n-1-low)[0]
}

// matters is the probability that what is no trend looks like one that is relevant.
func (e *evidenceOf) matters() float64 {
	// The error of a step near the end is about that of the slope times the span.
	return min(1, 2*e.line.p(e.course.Metric.Relevant/(e.error*float64(e.span))))
}

// effective is the number of independent values that say as much.
func (e *evidenceOf) effective() float64 { return float64(len(e.days)) / e.line.inflation() }

// judge decides what a course says, once its probability has been corrected for the
// family.
func (e *evidenceOf) judge(c *Course, trials []trial) {
	if c.P == nil {
		return
	}
	c.Direction = NoClearTrend
	relevant, span := c.Metric.Relevant, float64(e.span)
	critical := e.line.reach(familyError * trendPart / float64(len(trials)))
	c.Visible = new(max(relevant/span, (critical+powerZ*math.Sqrt(e.line.inflation()))*e.error))
	size := *c.SlopePerDay * span
	if e.found != nil {
		size = e.found.Difference
	}
	switch {
	case *c.P > familyError:
		c.Why = PerhapsChance
		if e.effective() < leastEffective {
			c.Why, c.Visible = NightsAlike, nil
		}
		return
	case math.Abs(size)+roundingError < relevant:
		c.Why = SmallChange
		return
	case e.returned:
		c.Why = NotLasting
		return
	}
	c.Direction, c.Shape, c.Step = Rising, e.shape, e.found
	if size < 0 {
		c.Direction = Falling
	}
	if e.found == nil {
		c.SlopeLow, c.SlopeHigh = &e.low, &e.high
	}
}
