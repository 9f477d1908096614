// Package disclosure decides what may be told about a group to a caller who is given
// aggregates only.
//
// # Vocabulary
//
// A release is a set of figures given to a caller, each over a set of people and the
// nights of a period. Differencing is to add and subtract released figures until what
// is left is about a few people. An audit decides about a release beside all that the
// caller was given before; what it allows the directory records, as salted hashes.
//
// # Promise
//
// Whatever can be had by differencing, within one answer or between several, counts as
// told. Five rules keep it from being about fewer than eleven people:
//
//   - Enough people: no figure stands for fewer than eleven ([Rule]).
//   - Coarse figures: they are rounded until one person's part in them does not show
//     ([HourDecimals], [PointDecimals], [RoundSessions], [RoundTime]).
//   - All counts or none: one that is left out alone could be had from the others
//     ([Rule.AllowsCounts]).
//   - Few periods: none that differ by a few nights ([Periods]).
//   - A memory: nothing that differencing with earlier releases brings down to fewer
//     than eleven ([Audit]).
package disclosure
