package analytics

// A Recommendation is how much sleep in 24 hours suits an age, in hours: Low to High is
// recommended, MayLow to MayHigh may be appropriate.
//
// Source: National Sleep Foundation 2015 (Hirshkowitz et al., Sleep Health 1:40 and
// 1:233).
type Recommendation struct {
	MayLow, Low, High, MayHigh float64
	Minor                      bool // under 18: durations are never scored
}

const (
	adultAge      = 18
	adultRowAge   = 26
	appropriate   = 60.0 // points where a duration leaves what may be appropriate
	pointsPerHour = 30.0 // lost for each hour beyond that
	leastScored   = 3    // nights
)

// recommendations holds the row of each age from its first year of life on. The
// first year has two rows, for the time before and after four months; this one
// spans both.
var recommendations = []struct {
	from int
	Recommendation
}{
	{65, Recommendation{MayLow: 5, Low: 7, High: 8, MayHigh: 9}},
	{adultRowAge, Recommendation{MayLow: 6, Low: 7, High: 9, MayHigh: 10}},
	{adultAge, Recommendation{MayLow: 6, Low: 7, High: 9, MayHigh: 11}},
	{14, Recommendation{MayLow: 7, Low: 8, High: 10, MayHigh: 11, Minor: true}},
	{6, Recommendation{MayLow: 7, Low: 9, High: 11, MayHigh: 12, Minor: true}},
	{3, Recommendation{MayLow: 8, Low: 10, High: 13, MayHigh: 14, Minor: true}},
	{1, Recommendation{MayLow: 9, Low: 11, High: 14, MayHigh: 16, Minor: true}},
	{0, Recommendation{MayLow: 10, Low: 12, High: 17, MayHigh: 19, Minor: true}},
}

// Recommended returns the recommendation for an age in whole years. A negative age
// counts as 0.
func Recommended(age int) Recommendation {
	age = max(age, 0)
	for _, row := range recommendations {
		if age >= row.from {
			return row.Recommendation
		}
	}
	return AdultRecommendation()
}

// AdultRecommendation returns the recommendation for 26 to 64 years, for people whose
// age is not known.
func AdultRecommendation() Recommendation { return Recommended(adultRowAge) }

// DurationScore rates the hours slept in 24 hours from 0 to 100: 100 inside the
// recommended range, falling linearly to 60 at the limits of what may be appropriate,
// and by 30 per hour beyond them. A duration that is not finite scores 0. The ranges
// are the National Sleep Foundation's, see [Recommendation]; the points are a choice of
// this package.
func DurationScore(hours float64, r Recommendation) float64 {
	switch {
	case !finite(hours):
		return 0
	case hours < r.Low:
		return fallingScore(r.Low-hours, r.Low-r.MayLow)
	case hours > r.High:
		return fallingScore(hours-r.High, r.MayHigh-r.High)
	}
	return 100
}

// fallingScore is the score at a distance in hours outside the recommended
// range; margin is how far beyond it may be appropriate.
func fallingScore(distance, margin float64) float64 {
	if distance < margin {
		return 100 - (100-appropriate)*distance/margin
	}
	return max(0, appropriate-pointsPerHour*(distance-margin))
}

// DurationOf returns the mean of the nights' duration scores, 0 to 100. Each is
// [DurationScore] of the sleep in 24 hours: the main sleep and the naps of the night
// date. Because nights are scored before they are averaged, a long night does not make
// up for a short one. It needs three nights, and is [Minor] for a minor's
// recommendation.
func DurationOf(nights []Night, r Recommendation) Estimate {
	if r.Minor {
		return missing(Minor, numberCounted(nights))
	}
	var scores sum
	for i := range nights {
		if n := &nights[i]; n.counted() {
			scores.add(DurationScore(n.Asleep24().Hours(), r))
		}
	}
	return scores.meanOf(leastScored)
}
