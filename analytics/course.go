package analytics

import (
	"cmp"
	"math"
	"slices"

	"cloud.google.com/go/civil"
)

// A Direction is what a [Course] says.
type Direction string

// Directions. Clock times rise when they get later.
const (
	Rising          Direction = "rising"
	Falling         Direction = "falling"
	NoClearTrend    Direction = "no_clear_trend"
	NotEnoughNights Direction = "not_enough_nights"
)

// Directions lists every [Direction], always in the same order.
func Directions() []Direction {
	return []Direction{Rising, Falling, NoClearTrend, NotEnoughNights}
}

// A Shape is how something rises or falls.
type Shape string

// Shapes.
const (
	Drift     Shape = "drift"   // little by little
	StepShape Shape = "step"    // on one date
	EitherWay Shape = "unclear" // a drift and a step explain the values about as well
)

// Reasons of [NoClearTrend].
const (
	PerhapsChance Reason = "may_be_chance" // such nights in another order would look like it too often
	SmallChange   Reason = "small_change"  // no chance, but smaller than what matters
	NotLasting    Reason = "not_lasting"   // it stepped, and stepped back
	NightsAlike   Reason = "nights_alike"  // nights are so much like those before them that nothing could be told from chance
)

const (
	shortSpan      = 14 // days, both ends included
	leastShortSpan = 7  // nights in a span up to that
	leastLongSpan  = 14 // nights in a longer one

	familyError = 0.05 // of saying anything about nights that do not change
	trendPart   = 0.65 // of a metric's error that is spent on drifts, the rest on steps
	// leastEffective is how many independent values the nights must be worth for anything to
	// be found in them.
	leastEffective = 7

	powerZ = 0.84 // normal quantile: what is found four times in five
)

// A Course is how a metric moved over a period.
type Course struct {
	Metric    Metric
	N         int // dates with a value
	Direction Direction
	Shape     Shape  // of rising and falling
	Why       Reason // of no clear trend

	// SlopePerDay is [TheilSen]'s, in the unit of the metric; nil with too few nights.
	// SlopeLow and SlopeHigh bound it with a confidence of 95 %; nil unless it rises or
	// falls, and not in a step.
	SlopePerDay, SlopeLow, SlopeHigh *float64

	// Visible is the slope, up or down, that would be found four times in five; nil where
	// none would be.
	Visible *float64

	// P is the probability of something as clear in any comparison of the family when
	// nothing changes; nil with too few nights.
	P *float64

	Step *Step // nil unless the shape is a step
}

// A Step is a change on one date.
type Step struct {
	Date     civil.Date // first date after it that has a value
	From, To civil.Date // 95 % interval of the change

	Before, After         Sample  // of the values before and since
	Difference, Low, High float64 // after less before, with its 95 % interval if the date were known
}

// Ranges are two sets of nights to compare.
type Ranges struct{ Earlier, Later []Night }

// A RangeChange compares the time asleep of two sets of nights.
type RangeChange struct {
	// Difference is that of the means, later less earlier, in minutes, and Low and High
	// its 95 % interval, of this comparison alone; nil with too few nights.
	Difference, Low, High *float64

	P       *float64 // as that of [Course]
	Verdict Verdict
}

// CourseMetrics lists what [Courses] is meant to follow, always in the same order. The
// relevant differences are this package's choice, no finding.
func CourseMetrics() []Metric {
	return []Metric{
		MetricNamed(MetricAsleep),
		MetricNamed(MetricEfficiency),
		{Name: MetricBedtime, Relevant: relevantMinutes, Clock: true},
		MetricNamed(MetricLatency),
		MetricNamed(MetricAwake),
		{Name: MetricAwakenings, Relevant: 1},
		MetricNamed(MetricSnoring),
	}
}

// Courses follows how metrics move over nights, and compares ranges of them by time asleep.
// All of it is one family: of people whose sleep does not change, at most one in twenty is
// told of any trend or changed range, also when nights are like those before them; docs/metrics.md
// has the people of whom a few more are.
//
// Of each metric a drift is tested by [MannKendall] and a step by [ChangePointOf], allowing for
// habits that wander under the noise of single nights: every autocorrelation of AR(1) and noise
// is weighed by how likely it makes the values, with a line or the step taken away, and by what
// the other metrics say of the same person. p is the mean of what it is by each, by Student's t;
// the smaller one of p / 0.65 of the drift and p / 0.35 of the step counts. Ranges are compared
// by the same means. Nights that are worth fewer than seven independent ones say nothing, unless
// what they say is no chance even so. What is found must also matter: the slope times the
// span, the days from the first date with a value to the last, or the step, is at least
// the smallest difference that is relevant. The p of the family is how many such findings
// as clear are expected among all that are not clearer, when nothing changes: the sum
// of min(p, q), where q is the probability that the other one looks relevant by chance.
// With every q 1 that is Holm's correction.
//
// The shape is decided by the gain in the log likelihood of a step over a drift, from the
// ranks: over 4 it is a step, under 0 a drift. A second step, of p under 0.01, the other way
// makes it no lasting change, and one the same way an unclear shape.
//
// A metric needs 7 dates with a value in a span up to 14 days and 14 in a longer one, and
// a range least values. Clock times are deviations from their circular mean.
//
// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
func Courses(nights []Night, metrics []Metric, ranges []Ranges, least int) ([]Course, []RangeChange) {
	f := followerOf(nights)
	trials := make([]trial, 0, len(metrics)+len(ranges))
	courses, evidence := make([]Course, len(metrics)), make([]evidenceOf, len(metrics))
	var who, others sleeper // others: what all metrics but time asleep say
	for i, m := range metrics {
		evidence[i] = f.follow(m)
		if e := &evidence[i]; e.course.P != nil {
			who.heard(e.line.paces())
			if m.Name != MetricAsleep {
				others.heard(e.line.paces())
			}
		}
	}
	for i := range evidence {
		if e := &evidence[i]; e.course.P != nil {
			f.weigh(e, who.without(e.line.paces()).prior())
			trials = append(trials, trial{e.course.P, e.matters()})
		}
		courses[i] = evidence[i].course
	}
	changes := make([]RangeChange, len(ranges))
	for i, r := range ranges {
		var matters float64
		if changes[i], matters = f.changeOf(r, others.prior(), least); changes[i].P != nil {
			trials = append(trials, trial{changes[i].P, matters})
		}
	}
	correct(trials)
	for i := range courses {
		evidence[i].judge(&courses[i], trials)
	}
	for i := range changes {
		changes[i].judge()
	}
	return courses, changes
}

// A trial is one comparison of a family.
type trial struct {
	p       *float64
	matters float64 // probability that it looks relevant when nothing changes
}

// correct corrects probabilities in place for how many findings as clear are expected.
func correct(trials []trial) {
	slices.SortStableFunc(trials, func(a, b trial) int { return cmp.Compare(*a.p, *b.p) })
	least := 0.0
	for i, one := range trials {
		expected := *one.p
		for _, other := range trials[i+1:] {
			expected += min(*one.p, other.matters)
		}
		least = max(least, min(1, expected))
		*one.p = least
	}
}

// changeOf compares two ranges. matters is the probability that a change looks relevant.
func (f *follower) changeOf(r Ranges, prior [paces]float64, least int) (c RangeChange, matters float64) {
	m := MetricNamed(MetricAsleep)
	all := poolOf(r.Earlier, r.Later)
	column := all.column(m, make([]float64, len(all.nights)))
	if column.change(least, least).Difference == nil {
		return RangeChange{Verdict: TooFewNights}, 0
	}
	a := column.alongside(&f.likeness)
	a.weigh(prior)
	low, high := a.interval()
	return RangeChange{Difference: &a.slope, Low: &low, High: &high, P: new(a.p(a.slope / a.error))}, a.p(m.Relevant / a.error)
}

func (c *RangeChange) judge() {
	switch {
	case c.P == nil:
	case *c.P > familyError || math.Abs(*c.Difference)+roundingError < MetricNamed(MetricAsleep).Relevant:
		c.Verdict = NoClearDifference
	case *c.Difference < 0:
		c.Verdict = Lower
	default:
		c.Verdict = Higher
	}
}
