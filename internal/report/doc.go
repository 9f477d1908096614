// Package report writes a page about a range of nights for people who read on paper: a
// doctor, a coach, the sleeper.
//
// # Vocabulary
//
// A [Report] holds what the tools answered about the range. Its page has [Figure]s,
// numbers with their units in the order in which a sleep history asks about them; a
// picture of the nights; a picture of the months up to the range; and notes, which say
// what was not measured, what was left out and where the nights come from.
//
// # Promise
//
// A page computes nothing: each number is taken from an answer. What was not measured
// is named and never left blank. The page is a single HTML file that loads nothing,
// runs no script and shows every text as text. It fits on one sheet, A4 or Letter. It
// does not diagnose.
//
// A PDF is that page as printed by an installed Chromium, see [Browser.Print]. The Go
// libraries that write PDF draw only a small part of SVG, or would need a second layout
// of the page.
package report
