// Package nights knows a person's nights. It is the only place where the recordings
// of package asleep become the nights of package analytics.
//
// # Vocabulary
//
// A [Source] is where recordings come from. A [History] is what is known of one
// person's nights: dated and assembled once, never changed, shared by every question
// that it covers. A [Window] is the part of a history that a question is about. A
// [Detail] is one recording in full, with its stages.
//
// # Dates and zones
//
// A night is dated by the local date of the final awakening of its main sleep, in the
// zone in which it was recorded. A recording without a zone is read in that of the
// recording before it, else of the one after it, else in the [Library]'s home zone.
// Today is the date in the zone of the person's newest recording. Nothing else moves a
// date: not the zone that a caller wants to see, and not the window that is asked about.
//
// # Promise
//
// What is a nap, a main sleep or a part of a split night, and which date it has, follow
// from the person's own sleep around it (see [analytics.Assemble]). A window therefore
// holds the same nights whatever else was asked before, and however much of the history
// is in memory.
//
// Histories stay in memory for minutes, and only as long as the source would tell the
// same again. Nothing is written anywhere.
package nights
