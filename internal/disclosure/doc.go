// Package disclosure decides what may be told about a group to callers who see no
// single person in it.
//
// # Vocabulary
//
// A release is the figures of one period of one organization: made once, the same for
// every caller, and never changed. Behind it are the people its means are about.
// Differencing means adding and subtracting figures until what is left is about a few
// people. A cell is a set of people such that each release so far is about all of them
// or none.
//
// # Promise
//
// However long somebody waits, whoever they collude with, and whatever they know about
// who joined and left: no sum of multiples of released means is about fewer than eleven
// people besides the caller. This assumes that nobody's sleep ever changes, which is
// the worst case, since figures about different nights can be subtracted only as far as
// people sleep the same. Nor does any sum tell more about one person than the mean of four
// people would, or of eight while that person is behind figures: [Choose] bounds
// everybody's leverage. Three rules ensure both:
//
//   - Enough people: no figure is about fewer than eleven people besides the caller,
//     who may be one of them ([LeastPeople], [LeastRanked]).
//   - Coarse figures: they are rounded, and shares are told in steps of as many people
//     ([Share]).
//   - Changes in batches: the people behind figures are chosen so that enough of them
//     distinguish each release from all others, and so that nobody stands out ([Choose]).
//
// Anybody left out by the last rule is behind figures again once enough others join or
// leave.
package disclosure
