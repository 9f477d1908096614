// Package charts draws sleep: a night, several nights on one clock, months, a
// comparison of two sets of nights, figures of a group.
//
// # Vocabulary
//
// A [Picture] says what is to be seen, in the words and units of the answer that it
// belongs to: dates as YYYY-MM-DD, instants as RFC 3339 with the offset of the local
// clock, clock times in minutes after midnight, durations in minutes. It contains no
// pixels, so the same picture can be drawn as SVG and PNG ([Draw]), in block characters
// for a terminal ([Blocks]) and, sent as JSON ([Encode]), by the app that hosts show.
//
// # Promise
//
// Drawing a picture never fails, whatever is missing in it; an empty one says what is
// missing. The same picture gives the same bytes. Nothing is conveyed by colour alone,
// and colours also differ in lightness. Text is drawn as text: markup, links and
// scripts in it have no effect. A PNG has at most 60 KB.
package charts
