package analytics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// leastCompared is how much of a day must be comparable for its index to stand
// for the day; two thirds, as GGIR asks of a pair of days.
const leastCompared = 16 * time.Hour

// DayRegularity is how much the day of a night date resembles the 24 hours before it.
type DayRegularity struct {
	Date     civil.Date
	Index    float64       // -100 to 100, like [Regularity.Index]
	Compared time.Duration // more than 0; usually 24 hours
}

// RegularityByDay splits [ScheduleRegularity] into the dates whose day could be
// compared with the day before, in order; never nil. The mean of their indices,
// weighted by the time compared, is the index of the whole. Neighbouring values share a
// night and are therefore somewhat correlated. Time that belongs to two days, after a
// change of zone, counts for the day that begins first. Two nights of one date have two
// values, unless they share the day.
func RegularityByDay(nights []Night) []DayRegularity {
	days, base := daysOf(nights)
	own := spansOf(days)
	c := compare(sleepWindows(nights, base), union(slices.Clone(own)))
	cut(own)
	list, sums := make([]DayRegularity, 0, len(days)), make([]comparedTime, len(days))
	c.totals(sums, own)
	for i, d := range days {
		if sums[i].all > 0 {
			list = append(list, DayRegularity{Date: nights[d.night].Date, Index: sums[i].index(), Compared: sums[i].all})
		}
	}
	slices.SortStableFunc(list, func(a, b DayRegularity) int { return a.Date.Compare(b.Date) })
	return list
}

// wholeDays are the days of which enough could be compared to stand for the day.
func wholeDays(nights []Night) []DayRegularity {
	return slices.DeleteFunc(RegularityByDay(nights), func(d DayRegularity) bool { return d.Compared < leastCompared })
}

func regularityValues(nights []Night) []float64 {
	days := wholeDays(nights)
	values := make([]float64, len(days))
	for i, d := range days {
		values[i] = d.Index
	}
	return values
}

// A nightDay is the day of one of several nights, since a base.
type nightDay struct {
	night int
	interval
}

// daysOf is the known days in the order they begin, as in [ScheduleRegularity].
func daysOf(nights []Night) (days []nightDay, base time.Time) {
	center := dayCenter(nights)
	days = make([]nightDay, 0, len(nights))
	for i := range nights {
		if n := &nights[i]; n.counted() {
			day := dayOf(n, center)
			if len(days) == 0 {
				base = day.From
			}
			days = append(days, nightDay{i, day.since(base)})
		}
	}
	slices.SortFunc(days, func(a, b nightDay) int {
		return cmp.Or(cmp.Compare(a.from, b.from), nights[a.night].Date.Compare(nights[b.night].Date))
	})
	return days, base
}

func spansOf(days []nightDay) []interval {
	spans := make([]interval, len(days))
	for i, d := range days {
		spans[i] = d.interval
	}
	return spans
}

// sleepWindows are all sleeps, naps among them, from onset to awakening.
func sleepWindows(nights []Night, base time.Time) []interval {
	windows := make([]interval, 0, len(nights))
	for i := range nights {
		n := &nights[i]
		for i := range n.Main {
			windows = append(windows, n.Main[i].sleep().since(base))
		}
		for i := range n.Naps {
			windows = append(windows, n.Naps[i].sleep().since(base))
		}
	}
	return union(windows)
}

// cut shortens intervals in order of beginning so that none reaches into the one before; one
// that lies inside another becomes empty.
func cut(list []interval) {
	end := time.Duration(math.MinInt64)
	for i, v := range list {
		from := max(v.from, end)
		end = max(v.to, from)
		list[i] = interval{from, end}
	}
}

// totals adds up the time compared in each of the intervals of a cut.
func (c comparison) totals(sums []comparedTime, cuts []interval) {
	inCuts(c.compared, cuts, func(i int, time time.Duration) { sums[i].all += time })
	inCuts(c.now, cuts, func(i int, time time.Duration) { sums[i].differ += time })
	inCuts(c.before, cuts, func(i int, time time.Duration) { sums[i].differ += time })
	inCuts(intersect(c.now, c.before, 0), cuts, func(i int, time time.Duration) { sums[i].differ -= 2 * time })
}

// inCuts tells how much time of a union lies in which of the intervals of a cut.
func inCuts(list, cuts []interval, in func(i int, time time.Duration)) {
	for i, j := 0, 0; i < len(list) && j < len(cuts); {
		if from, to := max(list[i].from, cuts[j].from), min(list[i].to, cuts[j].to); from < to {
			in(j, to-from)
		}
		if list[i].to < cuts[j].to {
			i++
		} else {
			j++
		}
	}
}
