package analytics

import "time"

const (
	leastChronotypeFree = 4 // nights: two weekends
	leastChronotypeWork = 8 // nights: two weeks, two of them missing
	daysOfWeek          = 7
)

// Chronotype is when a person sleeps on days on which they are free to choose.
type Chronotype struct {
	// Midsleep is MSFsc: the midpoint of sleep on free days, in seconds after midnight,
	// minus half the time by which sleep on free days is longer than on the average day
	// of a week.
	Midsleep Estimate

	FreeNights, WorkNights int
}

// ChronotypeOf returns
//
//	MSFsc = MSF - (SDf - SDweek) / 2 where SDf > SDweek, else MSF
//
// MSF is the circular mean of the midpoints of sleep on free days. SDf, SDw and SDweek
// are the mean times from sleep onset to final awakening on free days, on the other
// days and over a week of both. free is as in [WeekendShiftOf]. The result needs four
// free and eight other nights. It is [Scattered] if the standard deviation of the
// midpoints is more than two hours on either kind of day, or if there is a
// [SleepDrift], because the day of the week then does not show when the person is
// free. It is valid for people who wake without an alarm on free days, which the nights
// cannot show.
//
// Source: Roenneberg et al., Biology 8:54 (2019).
func ChronotypeOf(nights []Night, free []time.Weekday) Chronotype {
	freeNights, workNights := byFreeDay(nights, free)
	c := Chronotype{FreeNights: len(freeNights), WorkNights: len(workNights)}
	n := c.FreeNights + c.WorkNights
	if c.FreeNights < leastChronotypeFree || c.WorkNights < leastChronotypeWork {
		c.Midsleep = tooFew(n)
		return c
	}
	onFree, onOthers := clocksOf(freeNights, midsleepClock), clocksOf(workNights, midsleepClock)
	msf, msw := ClockMean(onFree), ClockMean(onOthers)
	if msf.Value == nil || msw.Value == nil || spread(onFree, *msf.Value) > widestUsual || spread(onOthers, *msw.Value) > widestUsual ||
		drifts(nights) {
		c.Midsleep = missing(Scattered, n)
		return c
	}
	days := float64(len(freeDays(free)))
	longer := mean(secondsOf(freeNights, Night.period)) - mean(secondsOf(workNights, Night.period))
	c.Midsleep = known(fold(*msf.Value-max(0, longer)*(daysOfWeek-days)/daysOfWeek/2), n)
	return c
}

// period is the time from sleep onset to final awakening.
func (n Night) period() time.Duration { return n.Wake().Sub(n.Onset()) }
