package analytics

import (
	"cmp"
	"math"
	"slices"

	"cloud.google.com/go/civil"
)

// A Direction is the result of following a metric over time, see [Course].
type Direction string

// Directions. A clock time rises when it gets later.
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

// A Shape is how a metric rises or falls.
type Shape string

// Shapes.
const (
	Drift     Shape = "drift"   // gradually
	StepShape Shape = "step"    // on one date
	EitherWay Shape = "unclear" // a drift and a step explain the values about equally well
)

// Reasons for [NoClearTrend].
const (
	PerhapsChance Reason = "may_be_chance" // nights that do not change would look like this too often
	SmallChange   Reason = "small_change"  // not chance, but smaller than what matters
	NotLasting    Reason = "not_lasting"   // a step that was followed by one back
	NightsAlike   Reason = "nights_alike"  // nights resemble the previous ones so much that no trend could be told from chance
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
	Shape     Shape  // "" unless it is rising or falling
	Why       Reason // "" unless there is no clear trend

	// SlopePerDay is that of [TheilSen], in the metric's unit per day; nil with too few
	// nights. SlopeLow and SlopeHigh are its 95 % interval; nil unless the metric is
	// rising or falling other than in a step.
	SlopePerDay, SlopeLow, SlopeHigh *float64

	// Visible is the smallest slope, up or down, that would be found with a power of
	// 80 %; nil if no slope would be.
	Visible *float64

	// P is the family-wise p-value: the probability of something as clear in any
	// comparison of the family if nothing changes; nil with too few nights.
	P *float64

	Step *Step // nil unless the shape is a step
}

// A Step is a change on one date.
type Step struct {
	Date     civil.Date // of the first value after the step
	From, To civil.Date // 95 % interval of Date

	Before, After         Sample  // the values before the step and since
	Difference, Low, High float64 // after minus before, and its 95 % interval given the date
}

// Ranges are two sets of nights to compare.
type Ranges struct{ Earlier, Later []Night }

// A RangeChange compares the time asleep of two sets of nights.
type RangeChange struct {
	// Difference is the mean of the later nights minus that of the earlier ones, in
	// minutes, and Low and High are its 95 % interval, for this comparison alone; nil
	// with too few nights.
	Difference, Low, High *float64

	P       *float64 // family-wise, as in [Course]
	Verdict Verdict
}

// CourseMetrics returns the metrics meant for [Courses], always in the same order.
// Their relevant differences are a choice of this package, not a finding.
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

// Courses follows metrics over nights and compares ranges of nights by time asleep. All
// of it is one family: for people whose sleep does not change, the probability of any
// trend or changed range is at most 5 %, even if nights resemble those before them;
// docs/metrics.md names the people for whom it is a little higher.
//
// For each metric, a drift is tested with [MannKendall] and a step with
// [ChangePointOf]. Both allow for habits that wander under the noise of single nights:
// autocorrelations of AR(1) and noise are weighted by the likelihood of the values, with a
// line or the step removed, and by what the person's other metrics say. The p-value of a
// drift or a step is the weighted mean over all of them, by Student's t; that of a metric
// is the smaller of p / 0.65 for the drift and p / 0.35 for the step. Ranges are compared
// in the same way. A finding must also matter: the step, or the slope multiplied by
// the days from the first to the last date with a value, must be at least the smallest
// relevant difference. The family-wise p-value is the expected number of such findings,
// at least as clear, among all that are not clearer if nothing changes: the sum of
// min(p, q), where q is the probability that the other one looks relevant by chance.
// With q = 1 throughout, this is Holm's correction.
//
// The shape is decided by how much a step increases the log likelihood of the ranks
// compared with a drift: above 4 it is a step, below 0 a drift. A second step with p <
// 0.01 means that there is no lasting change if it goes the other way, and that the
// shape is unclear if it goes the same way.
//
// A metric needs 7 dates with a value in a span of up to 14 days, and 14 dates in a
// longer one. Both sides of a range need at least as many values as least says. Clock
// times are analysed as deviations from their circular mean.
//
// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
func Courses(nights []Night, metrics []Metric, ranges []Ranges, least int) ([]Course, []RangeChange) {
	var f follower
	f.of(nights)
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
	f.two.of(r.Earlier, r.Later)
	column := f.two.column(m, f.room(len(f.two.nights)))
	if column.change(least, least).Difference == nil {
		return RangeChange{Verdict: TooFewNights}, 0
	}
	a := column.alongside(&f.like, &f.side)
	a.weigh(prior)
	low, high := a.interval()
	return RangeChange{Difference: new(a.slope), Low: new(low), High: new(high), P: new(a.p(a.slope / a.error))}, a.p(m.Relevant / a.error)
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
