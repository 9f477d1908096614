package analytics

import "cloud.google.com/go/civil"

const (
	shortfallDays  = 14
	leastShortfall = 10 // nights
)

// ShortfallOf returns by how much the sleep of the 14 days up to and including a date
// falls short of a need, given in hours of sleep per 24 hours: the sum of need minus
// sleep, naps included, over the nights with a main sleep, in seconds, but not below 0.
// Long nights make up for short ones. Nights that were not recorded are not filled in,
// so it is a sum over N nights rather than 14. It needs ten nights. It is [NoData] if
// the need is not a positive number.
//
// No such sum has been validated. That deficits accumulate over two weeks is from Van
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
