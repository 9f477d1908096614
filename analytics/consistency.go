package analytics

import "time"

// What a consistency score is based on.
const (
	ScheduleSRI = "schedule_sri" // the Sleep Regularity Index of sleep windows
	ClockSpread = "clock_spread" // an estimate from the spread of sleep onset and wake
)

const (
	comparedDays = 5

	// oneClockChange keeps five days that lost an hour to a clock change from
	// counting as fewer than five.
	oneClockChange = time.Hour
)

// Consistency says how alike the days are, and what that is based on.
type Consistency struct {
	Score          Estimate // 0 to 100
	Basis          string   // [ScheduleSRI] or [ClockSpread]; "" without a score
	ComparableDays float64  // days that could be compared with the day before; may be fractional
}

// ConsistencyOf returns the index of [ScheduleRegularity] if there are five comparable
// days, otherwise the estimate of [RegularityFromSpread], each raised to at least 0,
// otherwise no score. Five days that lack an hour because of a clock change count as
// five.
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
