// Package analytics turns recorded nights into numbers.
//
// # Vocabulary
//
// A session is one recording. Time in bed runs from its start to its end.
// Sleep onset is the first sleep, final awakening the end of the last sleep,
// the sleep period what lies between. Wake after sleep onset (WASO) is wake
// inside the sleep period. Sleep efficiency is time asleep over time in bed. A
// night is what belongs to one night date: the local date of the final
// awakening of the main sleep. A nap is sleep other than the main one. An epoch
// is 30 seconds of a hypnogram. A baseline is the nights of the 28 days before
// what is compared with it. A cohort is a group of people, each described by the
// means of their own nights.
//
// # Units
//
// Durations are [time.Duration] on the way in and seconds as float64 in
// results, shares and efficiency run from 0 to 1, scores and the Sleep
// Regularity Index from 0 or -100 to 100, clock times are seconds after
// midnight in [0, 86400). Nothing is rounded here.
//
// # Promise
//
// Every function is pure: the same input gives the same output, no argument is
// changed, the machine's clock and zone are not read. A metric is a value or
// nothing, with the number of nights it is based on and, if there is no value,
// the reason; it is never NaN, never infinite and never a default. The order of
// nights does not matter. Clock times are averaged on the circle, durations are
// differences of instants. Each metric's comment gives its formula and source.
package analytics
