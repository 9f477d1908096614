package analytics

// Spread is how much the main sleep differs from night to night, as standard deviations in
// seconds.
type Spread struct {
	Bedtime, Wake Estimate // by [ClockDeviation]; short nights left out
	Asleep        Estimate // n-1 standard deviation; short nights counted
}

// SpreadOf returns the spread of nights; each figure needs five. Whether five are enough
// depends on the period: for a month, a stable figure takes eleven (Lau et al., Sleep
// 2022).
func SpreadOf(nights []Night) Spread {
	nights = counted(nights)
	return Spread{
		Bedtime: ClockDeviation(clocksOf(nights, bedtimeClock)),
		Wake:    ClockDeviation(clocksOf(nights, wakeClock)),
		Asleep:  deviationOf(secondsOf(nights, Night.Asleep), leastSpread),
	}
}
