package analytics

// Spread is how much the main sleep varies from night to night, as standard deviations
// in seconds.
type Spread struct {
	Bedtime, Wake Estimate // by [ClockDeviation], without short nights
	Asleep        Estimate // sample standard deviation (n-1), with short nights
}

// SpreadOf returns the spread of nights; each figure needs five. Whether five are
// enough depends on the period: for a month, a stable figure takes eleven (Lau et al.,
// Sleep 2022).
func SpreadOf(nights []Night) Spread {
	nights = counted(nights)
	return Spread{
		Bedtime: ClockDeviation(clocksOf(nights, bedtimeClock)),
		Wake:    ClockDeviation(clocksOf(nights, wakeClock)),
		Asleep:  deviationOf(secondsOf(nights, Night.Asleep), leastSpread),
	}
}
