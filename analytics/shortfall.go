package analytics

import "cloud.google.com/go/civil"

const (
	shortfallDays  = 14
	leastShortfall = 10 // nights
)

// ShortfallOf returns how far the sleep of the 14 days up to and including a date is below
// a need in hours of sleep in 24 hours: the sum of need minus sleep, naps included, over
// the nights with a main sleep, in seconds, not below 0. Long nights make up for short
// ones. Nights that were not recorded are not filled in, so that it is a sum over N nights
// and not over 14. It needs ten nights and a need that is a positive number.
//
// No such sum is validated; that deficits add up over two weeks is from Van
// Dongen et al., Sleep 26:117 (2003).
func ShortfallOf(nights []Night, ending civil.Date, needHours float64) Estimate {
	first := ending.AddDays(1 - shortfallDays)
	sum, n := 0.0, 0
	for _, night := range nights {
		if night.counted() && !night.Date.Before(first) && !night.Date.After(ending) {
			sum += needHours*3600 - night.Asleep24().Seconds()
			n++
		}
	}
	switch {
	case !finite(sum), needHours <= 0:
		return missing(NoData, n)
	case n < leastShortfall:
		return tooFew(n)
	}
	return known(max(0, sum), n)
}
