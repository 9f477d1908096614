package analytics

// Spread says how much the main sleep differs from night to night: standard
// deviations in seconds.
type Spread struct {
	Bedtime, Wake Estimate // by [ClockDeviation]; short nights left out
	Asleep        Estimate // n-1 standard deviation; short nights counted
}

// SpreadOf needs five nights for each of its figures. Whether five are enough
// depends on the period: for a month, eleven make a steady figure (Lau et al.,
// Sleep 2022).
func SpreadOf(nights []Night) Spread {
	nights = counted(nights)
	return Spread{
		Bedtime: ClockDeviation(clocksOf(nights, bedtimeClock)),
		Wake:    ClockDeviation(clocksOf(nights, wakeClock)),
		Asleep:  deviationOf(secondsOf(nights, Night.Asleep), leastSpread),
	}
}
