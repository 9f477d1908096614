package disclosure

import "math"

// The number of decimals that a mean is given with, so that one person's part in it does
// not show.
const (
	PointDecimals = 0 // of scores and percentages
	HourDecimals  = 1
)

// RoundSessions rounds a count of sessions: the difference of two answers must not count
// the nights of a few people.
func RoundSessions(n int) int {
	const step = 50
	return step * int(math.Round(float64(n)/step))
}

// Share returns which part of a group some of them are, in percent, and the step it is
// rounded to: 5, 10, 20, 25 or 50, so that a step is at least [MinimumPeople]. There is
// none where the part or the rest is fewer than [LeastPeople]: a part that is nobody or
// everybody tells about each person.
func Share(part, whole int) (percent, step float64, ok bool) {
	if part < LeastPeople || whole-part < LeastPeople {
		return 0, 0, false
	}
	for _, step = range []float64{5, 10, 20, 25, 50} {
		if step*float64(whole) >= 100*MinimumPeople {
			break
		}
	}
	return step * math.Round(100*float64(part)/float64(whole)/step), step, true
}
