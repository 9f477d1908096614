package analytics

import "time"

const leastNeed = 5 // nights

// SleepNeed is how long before waking somebody has to go to bed to sleep for so many hours.
type SleepNeed struct {
	Before Estimate // mean time from going to bed to the final awakening, in seconds
	Spread Estimate // its standard deviation from night to night, in seconds
}

// SleepNeedOf returns for hours of sleep the mean over the nights of
//
//	latency + hours × (time from onset to final awakening ÷ time asleep) + time out of bed
//
// because falling asleep takes as long before a short sleep, as does getting up between the parts
// of a night, and lying awake grows with it. [Night.OutOfBed] is counted once, in the last term.
// [Short] nights and those without a measured latency are left out. It needs five nights. A night
// on which latency and wake were as usual thus gives the hours asked for; on about half of the
// nights it is less.
//
// The formula is this package's choice.
func SleepNeedOf(nights []Night, hours float64) SleepNeed {
	var times []float64
	timed := 0
	for i := range nights {
		n := &nights[i]
		if !n.timed() {
			continue
		}
		timed++
		if latency := n.Latency(); latency != nil && n.AwakeMeasured() {
			awake := (n.period() - n.OutOfBed()).Seconds() / n.Asleep().Seconds()
			times = append(times, latency.Seconds()+hours*time.Hour.Seconds()*max(1, awake)+n.OutOfBed().Seconds())
		}
	}
	if len(times) == 0 && timed > 0 {
		return SleepNeed{missing(NotMeasured, 0), missing(NotMeasured, 0)}
	}
	return SleepNeed{meanOf(times, leastNeed), deviationOf(times, leastNeed)}
}
