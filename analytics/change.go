package analytics

import (
	"cmp"
	"math"
	"slices"

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
	certain       = 2.0  // standard errors from which on a difference counts
	neighbours    = 1.3  // times the standard error, where each value shares a night with the next
	foremost      = 3.0  // standard errors from which on a change picked out of all metrics counts
	mostChanges   = 2    // that are worth a sentence
	roundingError = 1e-9 // what the arithmetic of a difference may lose
)

// A Change holds two sets of nights against each other by one metric.
type Change struct {
	Metric        Metric
	First, Second Sample

	// Difference is second less first, for clock times the shorter way, and SE
	// its standard error; both nil where the verdict is [TooFewNights].
	Difference, SE *float64

	Verdict Verdict

	// Missing says why there is no difference: [NoData] or [FewNights] for a
	// side with too few values, [Scattered] for clock times without a mean.
	Missing Reason
}

// Compare reports whether a metric differs between two sets of nights: higher or
// lower when the difference of the means is at least as large as both the
// smallest relevant one and twice its standard error
//
//	SE = sqrt(s1^2/n1 + s2^2/n2)
//
// and within the usual range otherwise. least1 and least2 are the values needed
// on the two sides, never fewer than two, for stage shares never fewer than 14.
// Without any spread the relevant difference alone decides. The error of
// [MetricRegularity] is taken 1.3 times, because neighbouring values share a
// night: without that one week in seven would differ from the four before it by
// chance. So does at most one in twelve now, by any metric; of many metrics looked
// at, only [Foremost] ones deserve a sentence.
//
// A set that lacks the free days of its weeks differs from one that has them;
// that is a difference of the nights recorded, not of the sleeper.
//
// Source: the standard error is B. L. Welch's (Biometrika 34, 1947).
func Compare(m Metric, first, second []Night, least1, least2 int) Change {
	return m.compare(m.Values(first), m.Values(second), least1, least2)
}

// Changes returns [Compare] for each of [Metrics], in their order. Every verdict
// is that of its metric alone.
func Changes(first, second []Night, least1, least2 int) []Change {
	list := make([]Change, 0, len(Metrics()))
	for _, m := range Metrics() {
		list = append(list, Compare(m, first, second, least1, least2))
	}
	return list
}

// Foremost returns the changes worth a sentence: those higher or lower by at least
// three standard errors. With two, at least one of nine metrics would differ by
// chance in every third week; with three it is one week in twenty. At most two are
// returned, the one with the most standard errors first. Time asleep, which is what
// people ask about, comes as a third when it is worth a sentence and two others have
// more. The result is never nil.
func Foremost(changes []Change) []Change {
	list := []Change{}
	for _, c := range changes {
		if c.Verdict.Differs() && c.distance() >= foremost {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.distance(), a.distance()),
			cmp.Compare(math.Abs(*b.Difference)/b.Metric.Relevant, math.Abs(*a.Difference)/a.Metric.Relevant))
	})
	told := list[:min(len(list), mostChanges)]
	asleep := slices.IndexFunc(list, func(c Change) bool { return c.Metric.Name == MetricAsleep })
	if asleep >= mostChanges {
		return append(slices.Clone(told), list[asleep])
	}
	return told
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

func (m Metric) compare(first, second []float64, least1, least2 int) Change {
	least := 2
	if m.Stage {
		least = leastStage
	}
	c := Change{Metric: m, First: m.sample(first), Second: m.sample(second), Verdict: TooFewNights}
	switch {
	case c.First.N < max(least, least1), c.Second.N < max(least, least2):
		c.Missing = tooFew(min(c.First.N, c.Second.N)).Missing
		return c
	case c.First.Mean == nil, c.Second.Mean == nil:
		c.Missing = Scattered
		return c
	}
	difference := m.difference(*c.Second.Mean, *c.First.Mean)
	se := math.Hypot(c.First.standardError(), c.Second.standardError())
	if m.Name == MetricRegularity {
		se *= neighbours
	}
	c.Difference, c.SE, c.Verdict = &difference, &se, verdictOn(difference, se, m.Relevant)
	return c
}

// verdictOn judges a difference: it counts when it is at least as large as both the
// smallest one that matters and twice its standard error.
func verdictOn(difference, se, relevant float64) Verdict {
	switch {
	case math.Abs(difference)+roundingError < max(relevant, certain*se):
		return NoClearDifference
	case difference < 0:
		return Lower
	}
	return Higher
}

// standardError is that of the mean.
func (s Sample) standardError() float64 { return *s.SD / math.Sqrt(float64(s.N)) }

// distance is the difference in standard errors; beyond all bounds without
// spread.
func (c Change) distance() float64 {
	if *c.SE == 0 {
		return math.Inf(1)
	}
	return math.Abs(*c.Difference) / *c.SE
}
