package analytics

import "time"

// Basis of a consistency score.
const (
	ScheduleSRI = "schedule_sri" // from the Sleep Regularity Index of sleep windows
	ClockSpread = "clock_spread" // estimated from the spread of onset and wake
)

const (
	comparedDays = 5

	// oneClockChange keeps five days that lost an hour to a clock change from
	// counting as fewer than five.
	oneClockChange = time.Hour
)

// Consistency says how alike the days are, and what that rests on.
type Consistency struct {
	Score          Estimate // 0 to 100
	Basis          string   // [ScheduleSRI], [ClockSpread], or empty without a score
	ComparableDays float64  // days that could be compared with the day before
}

// ConsistencyOf returns the [ScheduleRegularity] index from five comparable
// days on, else the estimate of [RegularityFromSpread], each no lower than 0,
// else nothing. Five days short of one hour are five: a clock change takes it.
func ConsistencyOf(nights []Night) Consistency {
	regularity := ScheduleRegularity(nights)
	c := Consistency{ComparableDays: regularity.Compared.Hours() / 24}
	if regularity.comparable() {
		c.Basis = ScheduleSRI
		c.Score = known(max(0, *regularity.Index), numberCounted(nights))
		return c
	}
	c.Score = RegularityFromSpread(nights)
	if c.Score.Value != nil {
		c.Basis = ClockSpread
		c.Score = known(max(0, *c.Score.Value), c.Score.N)
	}
	return c
}

// comparable reports whether the index rests on five days.
func (r Regularity) comparable() bool {
	return r.Index != nil && r.Compared+oneClockChange >= comparedDays*day
}
