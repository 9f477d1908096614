// Package analytics turns recorded nights into numbers.
//
// # Vocabulary
//
// A session is one recording. Time in bed runs from its start to its end. Sleep onset
// is the first sleep, final awakening the end of the last sleep, and the sleep period
// is the time between the two. Wake after sleep onset (WASO) is wake inside the sleep
// period. Sleep efficiency is time asleep divided by time in bed. An epoch is 30
// seconds of a hypnogram.
//
// A night is everything slept on one night date: the local date of the final awakening
// of the main sleep. A nap is any other sleep. A person's baseline is the nights of the
// 28 days before those that are compared with it. A cohort is a group of people, each
// described by the means of their own nights.
//
// # Units
//
// Durations are [time.Duration] as input and seconds as float64 in results. Shares and
// efficiencies range from 0 to 1, scores from 0 to 100, and the Sleep Regularity Index
// from -100 to 100. Clock times are seconds after midnight in [0, 86400). Nothing is
// rounded here.
//
// # Promise
//
// Every function is pure: the same input gives the same output, arguments are not
// modified, and the machine's clock and time zone are never read. A metric is a value
// or nothing. It comes with the number of nights it is based on and, if there is no
// value, with the reason; it is never NaN, never infinite and never a default.
// Functions accept nights in any order unless they say otherwise. Clock times are
// averaged on the circle; durations are differences between instants. Each metric's
// comment gives its formula and its source.
package analytics
