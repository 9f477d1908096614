package disclosure

import (
	"math"
	"slices"
	"time"
)

// The number of decimals that a mean is given with, so that one person's part in it does
// not show, and the same question cannot be asked in many slightly different ways.
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

// RoundTime rounds the time at which nights were read: the exact one would reveal when
// somebody asked about one of the people.
func RoundTime(t time.Time) time.Time { return t.Truncate(time.Hour) }

// Periods are the lengths in days that may be asked about, ascending. If any length were
// allowed, a caller could ask about one night more and subtract: if the same people are
// behind both answers, that one night is left, and with it perhaps the only person who
// recorded it.
var Periods = []int{7, 14, 30, 90, 180, 365}

// PeriodsCompared are the lengths of periods that are compared with the one before them.
var PeriodsCompared = Periods[:len(Periods)-1]

// Reach returns the step of [Periods] that a number of days falls into.
func Reach(days int) int {
	step, _ := slices.BinarySearch(Periods, days)
	return step
}
