package analytics

import (
	"cmp"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// leastCompared is how much of a day must be comparable for its index to stand
// for the day; two thirds, as GGIR asks of a pair of days.
const leastCompared = 16 * time.Hour

// DayRegularity is how much the day of a night date is like the 24 hours before.
type DayRegularity struct {
	Date     civil.Date
	Index    float64       // -100 to 100, as [Regularity.Index]
	Compared time.Duration // more than 0; as a rule 24 hours
}

// RegularityByDay splits [ScheduleRegularity] into the dates whose day could be
// compared with the day before, in order: the mean of the indices weighted by
// the time compared is its index. Neighbouring values share a night and are
// therefore a little alike. Time that belongs to two days, after a change of
// zone, counts for the one that begins first. Two nights of one date have two
// values, unless they share the day.
func RegularityByDay(nights []Night) []DayRegularity {
	days := daysOf(nights)
	if len(days) == 0 {
		return []DayRegularity{}
	}
	own := spansOf(days)
	base := own[0].From
	sleep, inside := union(sleepWindows(nights), base), union(own, base)
	compared := intersect(inside, shift(inside, day))
	now, before := intersect(compared, sleep), intersect(compared, shift(sleep, day))

	cuts := cut(own, base)
	all, nowAsleep, beforeAsleep := totals(compared, cuts), totals(now, cuts), totals(before, cuts)
	bothAsleep := totals(intersect(now, before), cuts)
	list := make([]DayRegularity, 0, len(days))
	for i, d := range days {
		if all[i] <= 0 {
			continue
		}
		differ := nowAsleep[i] + beforeAsleep[i] - 2*bothAsleep[i]
		list = append(list, DayRegularity{
			Date: d.date, Index: 100 - 200*differ.Seconds()/all[i].Seconds(), Compared: all[i],
		})
	}
	slices.SortStableFunc(list, func(a, b DayRegularity) int { return a.Date.Compare(b.Date) })
	return list
}

func regularityValues(nights []Night) []float64 {
	days := RegularityByDay(nights)
	values := make([]float64, 0, len(days))
	for _, d := range days {
		if d.Compared >= leastCompared {
			values = append(values, d.Index)
		}
	}
	return values
}

type nightDay struct {
	date civil.Date
	span Span
}

// daysOf is the known days in the order they begin, as in [ScheduleRegularity].
func daysOf(nights []Night) []nightDay {
	center, days := dayCenter(nights), make([]nightDay, 0, len(nights))
	for i := range nights {
		if n := &nights[i]; n.counted() {
			days = append(days, nightDay{n.Date, dayOf(n, center)})
		}
	}
	slices.SortFunc(days, func(a, b nightDay) int {
		return cmp.Or(a.span.From.Compare(b.span.From), a.date.Compare(b.date))
	})
	return days
}

// sleepWindows are all sleeps, naps among them, from onset to awakening.
func sleepWindows(nights []Night) []Span {
	windows := make([]Span, 0, len(nights))
	for i := range nights {
		n := &nights[i]
		for i := range n.Main {
			windows = append(windows, n.Main[i].sleep())
		}
		for i := range n.Naps {
			windows = append(windows, n.Naps[i].sleep())
		}
	}
	return windows
}

func spansOf(days []nightDay) []Span {
	spans := make([]Span, len(days))
	for i, d := range days {
		spans[i] = d.span
	}
	return spans
}

// cut is spans in order of beginning as intervals of which none reaches into the
// one before; one that lies inside another is empty.
func cut(spans []Span, base time.Time) []interval {
	list := make([]interval, len(spans))
	var end time.Duration
	for i, s := range spans {
		from := max(s.From.Sub(base), end)
		end = max(s.To.Sub(base), from)
		list[i] = interval{from, end}
	}
	return list
}

// totals is how much time of a union lies in each of the intervals of a cut.
func totals(list, cuts []interval) []time.Duration {
	sums := make([]time.Duration, len(cuts))
	for i, j := 0, 0; i < len(list) && j < len(cuts); {
		from, to := max(list[i].from, cuts[j].from), min(list[i].to, cuts[j].to)
		sums[j] += max(0, to-from)
		if list[i].to < cuts[j].to {
			i++
		} else {
			j++
		}
	}
	return sums
}
