package analytics

import (
	"math"

	"cloud.google.com/go/civil"
)

// A Verdict is what a [Change] says.
type Verdict string

// Verdicts. Of clock times the higher one is the later one.
const (
	Higher            Verdict = "higher"
	Lower             Verdict = "lower"
	NoClearDifference Verdict = "no_clear_difference"
	TooFewNights      Verdict = "not_enough_nights"
)

// Verdicts lists every [Verdict], that on groups included, always in the same order.
func Verdicts() []Verdict {
	return []Verdict{Higher, Lower, NoClearDifference, TooFewNights, TooFewPeople}
}

// Differs reports whether it is [Higher] or [Lower].
func (v Verdict) Differs() bool { return v == Higher || v == Lower }

// The own baseline and how many nights a comparison with it needs.
const (
	BaselineDays  = 28
	LeastBaseline = 14
	LeastWeek     = 5
)

const (
	leastStage    = 14   // nights on each side
	neighbours    = 1.3  // times the standard error, where each value shares a night with the next
	power         = 0.84 // standard errors beyond the critical one: found four times in five
	roundingError = 1e-9 // what the arithmetic of a difference may lose
)

// A Change holds two sets of nights against each other by one metric.
type Change struct {
	Metric        Metric
	First, Second Sample

	// Difference is second less first, for clock times the shorter way, and SE its
	// standard error, with what nights share with those before them. Low and High bound it, all metrics of the answer at once.
	// Detectable is the smallest difference that would be found four times in five. All
	// are in the unit of the metric, and nil where the verdict is [TooFewNights].
	Difference, SE, Low, High, Detectable *float64

	Verdict Verdict

	// Missing says why there is no difference: [NoData] or [FewNights] for a
	// side with too few values, [Scattered] for clock times without a mean.
	Missing Reason
}

// FalseAlarms is the share of answers about unchanged nights in which [Changes] may say
// of any metric that it differs. The rest of one in twenty is for [UnusualNights].
const FalseAlarms = 0.04

// Changes compares two sets of nights by each of [Metrics], in their order. All of them
// together are one question: of nights that nothing but chance tells apart, at most
// [FalseAlarms] get any verdict higher or lower.
func Changes(first, second []Night, least1, least2 int) []Change {
	return ChangesOf(metrics, FalseAlarms, first, second, least1, least2)
}

// Compare is [ChangesOf] one metric, with [FalseAlarms].
func Compare(m Metric, first, second []Night, least1, least2 int) Change {
	return ChangesOf([]Metric{m}, FalseAlarms, first, second, least1, least2)[0]
}

// ChangesOf compares two sets of nights by some metrics, in their order: the family of
// one answer, of which at most a share risk, 0 to 1, of answers about unchanged nights
// says that anything differs. least1 and least2 are the values needed on the two sides,
// never fewer than two, for stage shares never fewer than 14.
//
// A metric is higher or lower when the difference of the means is at least the smallest
// relevant one, and t, the difference over its standard error as that of independent nights
//
//	SE = s sqrt(1/n1 + 1/n2),  s^2 = ((n1-1) s1^2 + (n2-1) s2^2) / (n1+n2-2)
//
// exceeds a critical value twice. The first is the one that the largest t of any metric exceeds
// in a share risk of 399 random deals of the same nights to sides of the same sizes: it holds for
// any distribution of the nights, for few of them and for metrics that go together. The primary
// metrics have one of their own for three quarters of the risk, the others for a quarter. The
// second is the t that is as rare when habits wander: of each metric, every autocorrelation of
// AR(1) and noise is weighed by how likely it makes the nights, and by what the other metrics
// of the same person say of it. The interval is difference ± the larger one of the two times SE,
// the detectable difference that reach and 0.84 standard errors, and no less than the relevant
// one. For [MetricRegularity], whose values share a night, a variance is at least 1.69 times that
// of independent ones.
//
// Stage shares are compared between nights of one source, the [StageSource] of the second set.
//
// A set that lacks the free days of its weeks differs from one that has them;
// that is a difference of the nights recorded, not of the sleeper.
//
// Source: Westfall and Young, Resampling-Based Multiple Testing (1993); Student's t for a
// common variance.
func ChangesOf(metrics []Metric, risk float64, first, second []Night, least1, least2 int) []Change {
	all := poolOf(first, second)
	changes, found := make([]Change, len(metrics)), make([]alongside, len(metrics))
	f, n := newFamily(len(first), len(second)), len(all.nights)
	values := make([]float64, len(metrics)*n)
	var like likeness
	var who sleeper
	for i, m := range metrics {
		column := all.column(m, values[i*n:(i+1)*n])
		if changes[i] = column.change(least1, least2); changes[i].Difference != nil {
			deviations := column.deviations(*changes[i].First.Mean)
			found[i] = column.alongside(&like)
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

// Foremost returns the changes that are higher or lower, the primary metrics first and
// otherwise in the order given. The result is never nil.
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

// Baseline returns the nights of the 28 days before a date: what is usual for a
// person at the time.
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
