// Package disclosure decides what a caller who sees only aggregates may be told about a
// group.
//
// # Vocabulary
//
// A release is a set of figures given to a caller, each over a set of people and the
// nights of a period. Differencing means adding and subtracting released figures until
// what is left is about a few people. An audit decides about a release in view of
// everything the caller was given before; the directory records what it allows, as
// salted hashes.
//
// # Promise
//
// Whatever can be derived by differencing, within one answer or between several, counts
// as told. Five rules keep that from being about fewer than eleven people:
//
//   - Enough people: no figure is about fewer than eleven ([Rule]).
//   - Coarse figures: they are rounded until one person's part in them does not show
//     ([HourDecimals], [PointDecimals], [RoundSessions], [RoundTime]).
//   - All counts or none: a single one left out could be derived from the others
//     ([Rule.AllowsCounts]).
//   - Few periods: none that differ by only a few nights ([Periods]).
//   - A memory: nothing that differencing with earlier releases could bring down to fewer
//     than eleven people ([Audit]).
package disclosure
