package analytics

import "time"

const (
	leastChronotypeFree = 4 // nights: two weekends
	leastChronotypeWork = 8 // nights: two weeks, two of them missing
	daysOfWeek          = 7
)

// Chronotype is when somebody sleeps who is free to choose.
type Chronotype struct {
	// Midsleep is MSFsc: the middle of sleep on free days, in seconds after midnight, less half of
	// what is slept longer on them than on the average day of a week.
	Midsleep Estimate

	FreeNights, WorkNights int
}

// ChronotypeOf returns
//
//	MSFsc = MSF - (SDf - SDweek) / 2 where SDf > SDweek, else MSF
//
// MSF is the circular mean of the middle of sleep on free days; SDf, SDw and SDweek are the mean
// times from sleep onset to final awakening on free days, on the others and in a week of both. Free
// days are as in [WeekendShiftOf]. It needs four free and eight other nights, and is [Scattered]
// where the middle of sleep on either spreads by more than two hours of standard deviation, or the
// time of sleep is a [SleepDrift]: the day of the week then does not say who is free. It holds for people who wake without an alarm on
// free days, which nights do not tell.
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
		driftOf(timedOf(nights)) != 0 {
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
