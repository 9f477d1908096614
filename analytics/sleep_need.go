package analytics

import "time"

const leastNeed = 5 // nights

// SleepNeed is how long before waking a person has to go to bed to get a given amount
// of sleep.
type SleepNeed struct {
	Before Estimate // mean time from going to bed to the final awakening, in seconds
	Spread Estimate // standard deviation of that time from night to night, in seconds
}

// SleepNeedOf returns, for a number of hours of sleep, the mean over the nights of
//
//	latency + hours × (time from onset to final awakening ÷ time asleep) + time out of bed
//
// because falling asleep, and getting up between the parts of a night, takes as long
// before a short sleep as before a long one, while time awake grows with the time
// asleep. [Night.OutOfBed] is counted once, in the last term. [Short] nights and nights
// without a measured latency are left out. It needs five nights. A night with the usual
// latency and the usual wake gives the hours asked for; about half of all nights give
// fewer.
//
// The formula is a choice of this package.
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
