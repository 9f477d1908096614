package disclosure

import (
	"math"
	"slices"
	"time"
)

// How many decimals of a mean are told, so that one person's part in it does not show,
// and the same question cannot be asked in many slightly different ways.
const (
	PointDecimals = 0 // of scores and percentages
	HourDecimals  = 1
)

// RoundSessions is how sessions are counted: the difference of two answers must not
// count the nights of a few.
func RoundSessions(n int) int {
	const step = 50
	return step * int(math.Round(float64(n)/step))
}

// RoundTime is how it is told when nights were read: exactly, it would be when somebody
// asked about one of the people.
func RoundTime(t time.Time) time.Time { return t.Truncate(time.Hour) }

// Periods are the lengths in days that may be asked about, ascending. If any length
// would do, a caller could ask about one night more and subtract: where the same people
// stand behind both answers, what is left is that one night, and with it whoever alone
// recorded it.
var Periods = []int{7, 14, 30, 90, 180, 365}

// PeriodsCompared are those of periods that are compared with the one before them.
var PeriodsCompared = Periods[:len(Periods)-1]

// Reach is the step of [Periods] into which so many days fall.
func Reach(days int) int {
	step, _ := slices.BinarySearch(Periods, days)
	return step
}
