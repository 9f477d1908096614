// Package disclosure decides what may be told about a group to callers who see no single
// person of it.
//
// # Vocabulary
//
// A release is the figures of one period of one organization: made once, the same for
// every caller, and never changed. Behind it are the people its means are about.
// Differencing means adding and subtracting figures until what is left is about a few
// people. A cell is people of whom each release so far is about all or none.
//
// # Promise
//
// However long somebody waits, whoever they ask with, and whatever they know of who came
// and went: no sum of multiples of released means is about fewer than eleven people
// besides the caller, as if nobody's sleep ever changed. That is the worst case, since
// figures of different nights can only be subtracted as far as people sleep the same.
// Three rules keep it:
//
//   - Enough people: no figure is about fewer than eleven besides the caller, who may be
//     one of them ([LeastPeople], [LeastRanked]).
//   - Coarse figures: they are rounded, and shares told in steps of as many people
//     ([Share]).
//   - Changes in batches: the people behind figures are chosen so that enough of them
//     tell each release from all others, and that nobody stands out ([Choose]).
//
// Who is left out by the last rule is behind figures again when enough others come or go.
package disclosure
