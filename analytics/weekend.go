package analytics

import (
	"slices"
	"time"
)

const (
	leastWork = 3 // nights
	leastFree = 2 // nights
)

// WeekendShift is how much later a person sleeps on free days, also called social
// jetlag, as far as the day of the week shows which days are free.
type WeekendShift struct {
	// Shift is the midpoint of sleep on free days minus that on the others, in seconds,
	// the shorter way round, in (-43200, 43200]: positive if free days are later.
	Shift Estimate

	FreeMidsleep, WorkMidsleep Estimate // by [ClockMean], seconds after midnight
	FreeAsleep, WorkAsleep     Estimate // means in seconds
	FreeNights, WorkNights     int
}

// WeekendShiftOf compares the midpoint of sleep, halfway between sleep onset and final
// awakening, on free days with that on the other days, by the weekday of the night
// date. Free days are Saturday and Sunday if free is nil; if free is empty, there are
// none. It needs two free and three other nights, not counting [Short] ones. It is
// [Scattered] if the standard deviation of the midpoints on the other days is more than
// two hours, or if there is a [SleepDrift]: a person without a usual time on working days
// works at changing hours or follows another clock, and the weekday does not show when
// they are free.
//
// Sources: Wittmann et al., Chronobiology International 23 (2006); Roenneberg et al.,
// Biology 8:54 (2019).
func WeekendShiftOf(nights []Night, free []time.Weekday) WeekendShift {
	freeNights, workNights := byFreeDay(nights, free)
	w := WeekendShift{
		FreeMidsleep: ClockMean(clocksOf(freeNights, midsleepClock)), WorkMidsleep: ClockMean(clocksOf(workNights, midsleepClock)),
		FreeAsleep: meanOf(secondsOf(freeNights, Night.Asleep), 1), WorkAsleep: meanOf(secondsOf(workNights, Night.Asleep), 1),
		FreeNights: len(freeNights), WorkNights: len(workNights),
	}
	n := w.FreeNights + w.WorkNights
	switch {
	case w.FreeNights < leastFree, w.WorkNights < leastWork:
		w.Shift = tooFew(n)
	case w.FreeMidsleep.Value == nil, w.WorkMidsleep.Value == nil, spread(clocksOf(workNights, midsleepClock), *w.WorkMidsleep.Value) > widestUsual,
		drifts(nights):
		w.Shift = missing(Scattered, n)
	default:
		w.Shift = known(ClockDifference(*w.FreeMidsleep.Value, *w.WorkMidsleep.Value), n)
	}
	return w
}

// byFreeDay returns the nights whose clock times count, those of free days separately.
func byFreeDay(nights []Night, free []time.Weekday) (freeNights, workNights []Night) {
	free = freeDays(free)
	list := make([]Night, 0, len(nights))
	on := func(wanted bool) []Night {
		from := len(list)
		for i := range nights {
			if n := &nights[i]; n.timed() && slices.Contains(free, n.Date.Weekday()) == wanted {
				list = append(list, *n)
			}
		}
		return slices.Clip(list[from:]) // appending to one does not reach the other
	}
	return on(true), on(false)
}

// freeDays are those that were asked for, Saturday and Sunday if that is nil.
func freeDays(asked []time.Weekday) []time.Weekday {
	if asked == nil {
		return []time.Weekday{time.Saturday, time.Sunday}
	}
	return asked
}
