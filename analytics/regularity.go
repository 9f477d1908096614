package analytics

import (
	"cmp"
	"slices"
	"time"
)

const day = 24 * time.Hour

// A Span of time runs from From to just before To. One that does not is empty.
type Span struct{ From, To time.Time }

// Regularity is a Sleep Regularity Index.
type Regularity struct {
	// Index is 100 when every two moments 24 hours apart are alike, 0 when half
	// of them are and -100 when none is; nil when nothing can be compared.
	Index *float64

	// Compared is how much time could be compared with the time 24 hours later.
	Compared time.Duration
}

// SleepRegularity compares asleep and awake 24 hours apart:
//
//	index = -100 + 200 * (time in the same state 24 h later) / (time compared)
//
// Both moments must lie in known time; outside of it the state is unknown, not
// awake. The 24 hours are elapsed time, so that a clock change counts as the
// shift it is. Spans may overlap and stand in any order. It has a value for any
// length of time, also one too short to say anything about a person.
//
// Source: Phillips et al., Scientific Reports 7:3210 (2017); from intervals
// rather than epochs, which gives its value for epochs of length zero.
func SleepRegularity(asleep, known []Span) Regularity {
	var base time.Time
	if len(known) > 0 {
		base = known[0].From
	}
	sleep, inside := union(asleep, base), union(known, base)
	compared := intersect(inside, shift(inside, -day))
	now, later := intersect(compared, sleep), intersect(compared, shift(sleep, -day))
	all := total(compared)
	if all <= 0 {
		return Regularity{}
	}
	differ := total(now) + total(later) - 2*total(intersect(now, later))
	index := 100 - 200*differ.Seconds()/all.Seconds()
	return Regularity{Index: &index, Compared: all}
}

// interval is a [Span] in time since a base.
type interval struct{ from, to time.Duration }

// union is the time in any of the spans, as separate intervals in order.
func union(spans []Span, base time.Time) []interval {
	list := make([]interval, 0, len(spans))
	for _, s := range spans {
		if s.From.Before(s.To) {
			list = append(list, interval{s.From.Sub(base), s.To.Sub(base)})
		}
	}
	slices.SortFunc(list, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	joined := list[:0]
	for _, next := range list {
		if last := len(joined) - 1; last >= 0 && next.from <= joined[last].to {
			joined[last].to = max(joined[last].to, next.to)
			continue
		}
		joined = append(joined, next)
	}
	return joined
}

// intersect is the time in both of two unions.
func intersect(a, b []interval) []interval {
	both := make([]interval, 0, min(len(a), len(b))+1)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		from, to := max(a[i].from, b[j].from), min(a[i].to, b[j].to)
		if from < to {
			both = append(both, interval{from, to})
		}
		if a[i].to < b[j].to {
			i++
		} else {
			j++
		}
	}
	return both
}

func shift(list []interval, by time.Duration) []interval {
	moved := make([]interval, len(list))
	for i, v := range list {
		moved[i] = interval{v.from + by, v.to + by}
	}
	return moved
}

func total(list []interval) (sum time.Duration) {
	for _, v := range list {
		sum += v.to - v.from
	}
	return sum
}
