package analytics

import (
	"math"

	"cloud.google.com/go/civil"
)

// A Verdict is the result of a comparison.
type Verdict string

// Verdicts. A clock time is higher when it is later.
const (
	Higher            Verdict = "higher"
	Lower             Verdict = "lower"
	NoClearDifference Verdict = "no_clear_difference"
	TooFewNights      Verdict = "not_enough_nights"
)

// Verdicts lists every [Verdict], including those on groups, always in the same order.
func Verdicts() []Verdict {
	return []Verdict{Higher, Lower, NoClearDifference, TooFewNights, TooFewPeople}
}

// Differs reports whether v is [Higher] or [Lower].
func (v Verdict) Differs() bool { return v == Higher || v == Lower }

// A person's baseline, and how many nights a comparison with it needs.
const (
	BaselineDays  = 28 // length of the baseline in days
	LeastBaseline = 14 // nights that the baseline must have
	LeastWeek     = 5  // nights that a week compared with it must have
)

const (
	leastStage    = 14   // nights on each side
	neighbours    = 1.3  // times the standard error, where each value shares a night with the next
	power         = 0.84 // standard errors beyond the critical one: found four times in five
	roundingError = 1e-9 // what the arithmetic of a difference may lose
)

// A Change is the comparison of two sets of nights by one metric.
type Change struct {
	Metric        Metric
	First, Second Sample

	// Difference is second minus first, for clock times the shorter way round, and SE is
	// its standard error, allowing for nights that resemble those before them. Low and High
	// are its interval, simultaneous for all metrics of the answer. Detectable is the
	// smallest difference that would be found with a power of 80 %. All are in the metric's
	// unit, and nil where the verdict is [TooFewNights].
	Difference, SE, Low, High, Detectable *float64

	Verdict Verdict

	// Missing says why Difference is nil: [NoData] or [FewNights] if a side has
	// too few values, [Scattered] if its clock times have no mean.
	Missing Reason
}

// FalseAlarms is the highest share of answers about unchanged nights in which [Changes]
// finds any metric higher or lower. The remaining 1 % of the usual 5 % is for
// [UnusualNights].
const FalseAlarms = 0.04

// Changes compares two sets of nights by each of [Metrics], in that order, as one
// family: if only chance distinguishes the two sets, the probability of any verdict
// higher or lower is at most [FalseAlarms].
func Changes(first, second []Night, least1, least2 int) []Change {
	return ChangesOf(metrics, FalseAlarms, first, second, least1, least2)
}

// Compare is [ChangesOf] for a single metric, with the risk [FalseAlarms].
func Compare(m Metric, first, second []Night, least1, least2 int) Change {
	return ChangesOf([]Metric{m}, FalseAlarms, first, second, least1, least2)[0]
}

// ChangesOf compares two sets of nights by the given metrics, in their order. The
// metrics form one family: if the nights have not changed, the probability that any of
// them is found higher or lower is at most risk, from 0 to 1. least1 and least2 are the
// numbers of values required on the two sides, at least two each, and at least 14 for
// shares of stages.
//
// A metric is higher or lower if the difference between the means is at least the
// smallest relevant one and t, the difference divided by the standard error that it has if
// nights are independent,
//
//	SE = s sqrt(1/n1 + 1/n2),  s^2 = ((n1-1) s1^2 + (n2-1) s2^2) / (n1+n2-2)
//
// exceeds two critical values. In 399 random permutations of the same nights over sides
// of the same sizes, the largest t of any metric exceeds the first with a frequency of
// risk. That is valid for any distribution of the nights, for few nights and for
// correlated metrics. The primary metrics have a critical value of their own, with three
// quarters of the risk; the others share the last quarter. The second is the t that is as
// rare if habits wander: autocorrelations of AR(1) and noise are weighted by the
// likelihood of the nights and by what the person's other metrics say. The interval is
// difference ± the larger value times SE; the detectable difference is 0.84 standard
// errors more, but no less than the relevant one. For [MetricRegularity], whose
// neighbouring values share a night, the variance is at least 1.69 times that of
// independent values.
//
// Shares of stages are compared between nights of one source, the [StageSource] of the
// second set.
//
// A set without the free days of its weeks differs from a set that has them; such a
// difference comes from which nights were recorded, not from the sleeper.
//
// Sources: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993);
// Student's t with a common variance.
func ChangesOf(metrics []Metric, risk float64, first, second []Night, least1, least2 int) []Change {
	var all pool
	all.of(first, second)
	changes, found := make([]Change, len(metrics)), make([]alongside, len(metrics))
	f, n := newFamily(len(first), len(second)), len(all.nights)
	values := make([]float64, len(metrics)*n)
	var like likeness
	var side regressor
	var who sleeper
	for i, m := range metrics {
		column := all.column(m, values[i*n:(i+1)*n])
		if changes[i] = column.change(least1, least2); changes[i].Difference != nil {
			deviations := column.deviations(*changes[i].First.Mean)
			found[i] = column.alongside(&like, &side)
			who.heard(m.paces(&found[i]))
			f.add(m.Primary, deviations)
		}
	}
	if len(f.metrics) == 0 {
		return changes
	}
	primary, other := f.critical(risk)
	for i, m := range metrics {
		if changes[i].Difference == nil {
			continue
		}
		found[i].weigh(who.without(m.paces(&found[i])).prior())
		if m.Primary {
			changes[i].judge(&found[i], primary)
		} else {
			changes[i].judge(&found[i], other)
		}
	}
	return changes
}

// paces is what a metric says of the person: nothing for regularity, whose neighbouring values
// share a night.
func (m Metric) paces(a *alongside) [paces]float64 {
	if m.Name == MetricRegularity {
		return silent
	}
	return a.paces()
}

// judge takes the t that the difference of independent nights must exceed. Without any spread,
// every difference exceeds it.
func (c *Change) judge(a *alongside, critical float64) {
	c.SE = new(a.error * math.Sqrt(a.inflation()))
	reach := 0.0
	if a.error > 0 {
		reach = a.error * max(critical, a.reach(normalP(studentZ(critical, a.freedom))))
	}
	c.Low, c.High = new(*c.Difference-reach), new(*c.Difference+reach)
	c.Detectable = new(max(c.Metric.Relevant, reach+power**c.SE))
	c.Verdict = verdictOn(*c.Difference, max(c.Metric.Relevant, reach))
}

// Foremost returns the changes that are higher or lower, primary metrics first and
// otherwise in the given order; never nil.
func Foremost(changes []Change) []Change {
	list := []Change{}
	for _, primary := range []bool{true, false} {
		for _, c := range changes {
			if c.Verdict.Differs() && c.Metric.Primary == primary {
				list = append(list, c)
			}
		}
	}
	return list
}

// Baseline returns the nights of the 28 days before a date, which show what was usual
// for the person at that time.
func Baseline(nights []Night, before civil.Date) []Night {
	from := before.AddDays(-BaselineDays)
	list := make([]Night, 0, BaselineDays)
	for _, n := range nights {
		if !n.Date.Before(from) && n.Date.Before(before) {
			list = append(list, n)
		}
	}
	return list
}

// verdictOn judges a difference by the least one that counts.
func verdictOn(difference, least float64) Verdict {
	switch {
	case math.Abs(difference)+roundingError < least:
		return NoClearDifference
	case difference < 0:
		return Lower
	}
	return Higher
}
