// Package charts draws sleep: a night, several nights on one clock, months, two sets of
// nights held against each other, figures of a group.
//
// # Vocabulary
//
// A [Picture] says what is to be seen, in the words and units of the answer that it belongs
// to: dates as YYYY-MM-DD, instants as RFC 3339 with the offset that the wall clock had,
// clock times in minutes after midnight, durations in minutes. It has no pixels in it, so
// the same picture is drawn as SVG and PNG ([Draw]), in block characters for a terminal
// ([Blocks]), and, sent as JSON ([Encode]), by the app that hosts show.
//
// # Promise
//
// Drawing never fails on a picture, whatever is missing in it: an empty one says what is
// missing. The same picture gives the same bytes. Nothing is told by colour alone, and the
// colours differ in lightness too. Text is drawn as text: no picture holds markup, links or
// scripts that came in with it. A PNG takes at most 60 KB.
package charts
