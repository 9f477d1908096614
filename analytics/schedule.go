package analytics

import (
	"math"
)

const (
	nightFrom = 21 * 3600 // midsleep from here ...
	nightTo   = 9 * 3600  // ... to here: days are cut at noon
)

// ScheduleRegularity returns the [SleepRegularity] of sleep windows: a person counts as
// asleep from onset to final awakening of each session of a main sleep and of each nap.
// Wake inside a window counts as sleep, because its position is not known; the gap of a
// split night counts as wake. The known time is the day of every night date with a main
// sleep, even a short one. A date with only naps or without sleep is unknown.
//
// The day of a night ends at the following noon, local time. If the mean midpoint of
// sleep lies outside 21:00 to 09:00, days end twelve hours from it instead, so that a
// shift worker's sleep is not divided. Two nights of one date have a day each.
//
// Windows hide short periods of wake: this index is some points higher than one
// computed from epochs, and cannot be compared with published risks.
func ScheduleRegularity(nights []Night) Regularity {
	days, base := daysOf(nights)
	return compare(sleepWindows(nights, base), union(spansOf(days))).regularity()
}

// RegularityFromSpread estimates the index from the standard deviations of sleep onset
// and final awakening, for nights that do not follow one another:
//
//	100 - 200/1440 * 2/sqrt(pi) * (SD of onset + SD of wake), in minutes
//
// This is the expected index if both vary independently and normally from night to
// night. It needs five nights, not counting [Short] ones. On real months it was 3
// points lower than the index itself.
func RegularityFromSpread(nights []Night) Estimate {
	onset := ClockDeviation(clocksOf(nights, onsetClock))
	wake := ClockDeviation(clocksOf(nights, wakeClock))
	for _, part := range []Estimate{onset, wake} {
		if part.Value == nil {
			return part
		}
	}
	minutes := (*onset.Value + *wake.Value) / 60
	return known(100-200.0/1440*2/math.Sqrt(math.Pi)*minutes, onset.N)
}

// dayCenter is the clock time in the middle of the days: midnight, which cuts
// them at noon, or the mean midsleep, in whole seconds, of a person who does
// not sleep by night.
func dayCenter(nights []Night) float64 {
	var c circle
	for i := range nights {
		if n := &nights[i]; n.timed() {
			c.add(n.moments().midsleepClock)
		}
	}
	center := c.mean()
	if center.Value == nil || *center.Value >= nightFrom || *center.Value <= nightTo {
		return 0
	}
	return math.Round(*center.Value)
}

// dayOf is the day of a night: from twelve hours before the center on its date
// to twelve hours after, on the clock. It is the date of the center that midsleep
// lies next to: the date of the night is another one where a sleep from one
// evening to shortly after midnight ends, and for the second of two nights of a
// date. Only around midnight a sleep by day is that of its date: whoever stayed
// up all night was awake on the day that ended at noon.
func dayOf(n *Night, center float64) Span {
	m := n.moments()
	if center != 0 {
		return m.dayAround(n.Date, center)
	}
	return m.day
}
