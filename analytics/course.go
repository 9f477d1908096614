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
	trendPart   = 0.8  // of a metric's error that is spent on drifts, the rest on steps
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
// trend or changed range is at most 5 %, even if each night resembles the one before.
//
// For each metric, a drift is tested with [MannKendall] and a step with
// [ChangePointOf]. Both use the standard error and the degrees of freedom that remain
// after allowing for the correlation of neighbouring dates, which is estimated from the
// residuals of the better-fitting of the two. If the nights are worth fewer than seven
// independent ones, nothing can be found. The p-value of a metric is the smaller of p /
// 0.8 for the drift and p / 0.2 for the step. Ranges are compared by Welch's t, with
// the same allowance. A finding must also matter: the step, or the slope multiplied by
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
// Sources: S. Holm, Scandinavian Journal of Statistics 6 (1979); B. D. Santer et al.,
// Journal of Geophysical Research 105 (2000), for the degrees of freedom.
func Courses(nights []Night, metrics []Metric, ranges []Ranges, least int) ([]Course, []RangeChange) {
	f := followerOf(nights)
	trials := make([]trial, 0, len(metrics)+len(ranges))
	courses, evidence := make([]Course, len(metrics)), make([]evidenceOf, len(metrics))
	for i, m := range metrics {
		evidence[i] = f.follow(m)
		courses[i] = evidence[i].course
		if p := courses[i].P; p != nil {
			trials = append(trials, trial{p, evidence[i].matters()})
		}
	}
	changes := make([]RangeChange, len(ranges))
	if len(ranges) > 0 {
		inflation := f.inflationOfAsleep(evidence)
		for i, r := range ranges {
			var matters float64
			if changes[i], matters = changeOf(r, inflation, least); changes[i].P != nil {
				trials = append(trials, trial{changes[i].P, matters})
			}
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

// inflationOfAsleep is that of time asleep, whether or not it is among what was followed.
func (f *follower) inflationOfAsleep(followed []evidenceOf) float64 {
	for _, e := range followed {
		if e.course.Metric.Name == MetricAsleep {
			return e.inflation
		}
	}
	return f.follow(MetricNamed(MetricAsleep)).inflation
}

// changeOf compares two ranges. matters is the probability that a change looks relevant.
func changeOf(r Ranges, inflation float64, least int) (c RangeChange, matters float64) {
	m := MetricNamed(MetricAsleep)
	earlier, later := m.sample(m.Values(r.Earlier)), m.sample(m.Values(r.Later))
	if min(earlier.N, later.N) < max(2, least) {
		return RangeChange{Verdict: TooFewNights}, 0
	}
	w := welchOf(earlier, later, inflation)
	low, high := w.interval()
	return RangeChange{Difference: &w.difference, Low: &low, High: &high, P: new(w.p(w.difference))}, w.p(m.Relevant)
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

// A welch compares two means, for values whose means have a variance that is so many times
// that of independent ones.
//
// Source: B. L. Welch, Biometrika 34 (1947).
type welch struct{ difference, error, freedom, effective float64 }

func welchOf(a, b Sample, inflation float64) welch {
	va, vb := *a.SD**a.SD/float64(a.N), *b.SD**b.SD/float64(b.N)
	w := welch{difference: *b.Mean - *a.Mean, error: math.Sqrt((va + vb) * inflation), freedom: math.Inf(1), effective: float64(a.N+b.N) / inflation}
	if w.error > 0 {
		w.freedom = max(1, (va+vb)*(va+vb)/(va*va/float64(a.N-1)+vb*vb/float64(b.N-1))/inflation)
	}
	return w
}

// p is the probability of a difference as large as this when there is none.
func (w welch) p(difference float64) float64 {
	switch {
	case w.error == 0:
		return float64(oneIf(difference == 0))
	case w.effective < leastEffective:
		return 1
	}
	return studentP(difference/w.error, w.freedom)
}

// interval bounds the difference with a confidence of 95 %.
func (w welch) interval() (low, high float64) {
	if w.error == 0 {
		return w.difference, w.difference
	}
	reach := studentQuantile(1-coverage, w.freedom) * w.error
	return w.difference - reach, w.difference + reach
}
