package analytics

import (
	"cmp"
	"slices"
	"time"
)

const day = 24 * time.Hour

// A Span is the time from From until just before To; it is empty unless To is after
// From.
type Span struct{ From, To time.Time }

// Regularity is a Sleep Regularity Index.
type Regularity struct {
	// Index is 100 if the state is the same at all pairs of moments 24 hours apart, 0 if
	// it is at half of them, and -100 if it is at none; nil if nothing can be compared.
	Index *float64

	// Compared is how much time could be compared with the time 24 hours later.
	Compared time.Duration
}

// SleepRegularity compares sleep and wake at moments 24 hours apart:
//
//	index = -100 + 200 * (time in the same state 24 h later) / (time compared)
//
// Both moments must lie in known time; outside it, the state is unknown, not awake. The
// 24 hours are elapsed time, so a clock change counts as the shift that it is. Spans
// may overlap and be in any order. Any length of time gives an index, even one too
// short to say anything about a person.
//
// Source: Phillips et al., Scientific Reports 7:3210 (2017); computed from intervals
// rather than epochs, which is the limit for ever shorter epochs.
func SleepRegularity(asleep, known []Span) Regularity {
	var base time.Time
	if len(known) > 0 {
		base = known[0].From
	}
	return compare(unionOf(asleep, base), unionOf(known, base)).regularity()
}

// An interval is a [Span] in time since a base.
type interval struct{ from, to time.Duration }

func (s Span) since(base time.Time) interval { return interval{s.From.Sub(base), s.To.Sub(base)} }

func unionOf(spans []Span, base time.Time) []interval {
	list := make([]interval, len(spans))
	for i, s := range spans {
		list[i] = s.since(base)
	}
	return union(list)
}

// union turns intervals into separate ones in order, of the time in any of them.
func union(list []interval) []interval {
	slices.SortFunc(list, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	joined := list[:0]
	for _, next := range list {
		last := len(joined) - 1
		switch {
		case next.from >= next.to:
		case last >= 0 && next.from <= joined[last].to:
			joined[last].to = max(joined[last].to, next.to)
		default:
			joined = append(joined, next)
		}
	}
	return joined
}

// intersect is the time in both of two unions, of which the second is moved.
func intersect(a, b []interval, moved time.Duration) []interval {
	both := make([]interval, 0, min(len(a), len(b))+1)
	eachShared(a, b, moved, func(shared interval) { both = append(both, shared) })
	return both
}

// eachShared tells the intervals of [intersect].
func eachShared(a, b []interval, moved time.Duration, in func(interval)) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if from, to := max(a[i].from, b[j].from+moved), min(a[i].to, b[j].to+moved); from < to {
			in(interval{from, to})
		}
		if a[i].to < b[j].to+moved {
			i++
		} else {
			j++
		}
	}
}

// A comparison is of time with the time 24 hours before, each a union.
type comparison struct {
	compared    []interval
	now, before []interval // of it: asleep, and asleep 24 hours before
}

// compare compares where both moments are known.
func compare(asleep, known []interval) (c comparison) {
	c.compared = intersect(known, known, day)
	c.now, c.before = intersect(c.compared, asleep, 0), intersect(c.compared, asleep, day)
	return c
}

func (c comparison) regularity() Regularity {
	sum := comparedTime{total(c.compared), total(c.now) + total(c.before)}
	eachShared(c.now, c.before, 0, func(both interval) { sum.differ -= 2 * (both.to - both.from) })
	if sum.all <= 0 {
		return Regularity{}
	}
	return Regularity{Index: new(sum.index()), Compared: sum.all}
}

// comparedTime is how much time was compared, and how much of it differs.
type comparedTime struct{ all, differ time.Duration }

func (t comparedTime) index() float64 { return 100 - 200*t.differ.Seconds()/t.all.Seconds() }

func total(list []interval) (sum time.Duration) {
	for _, v := range list {
		sum += v.to - v.from
	}
	return sum
}
