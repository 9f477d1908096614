package disclosure

import "math"

// A Unit is how a figure about a group is told: as a multiple of its size, with so many
// decimals.
type Unit struct {
	Size     float64
	Decimals int
}

// The units of means that are so coarse that one person's part in them does not show.
var (
	Points  = Unit{1, 0}
	Percent = Unit{0.01, 0}
	Hours   = Unit{3600, 1} // of seconds
)

// Of returns a value in the unit.
func (u Unit) Of(value float64) float64 {
	scale := math.Pow10(u.Decimals)
	return math.Round(value/u.Size*scale)/scale + 0 // never -0
}

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
