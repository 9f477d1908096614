// Package nights reads people's nights. It is the only place where the recordings of
// package asleep become the nights of package analytics.
//
// # Vocabulary
//
// A [Source] is where recordings come from. A [History] is what is known of one
// person's nights: dated and assembled once, never changed, shared by every question
// that it covers. A [Library] keeps histories in memory. A [Person] is somebody who is
// asked about, with the date that is today for them. A [Window] is the part of a history
// that a question is about. A [Detail] is one recording in full, with its stages.
// [Pending] recordings are those of the last two days, finished or not.
//
// # Dates and zones
//
// A night is dated by the local date of the final awakening of its main sleep, in the
// zone in which it was recorded. A recording without a zone is read in that of the
// recording before it, else of the one after it, else in the [Library]'s home zone.
// Today is the date in the zone of the person's newest recording, else in the home zone.
// Nothing else moves a date: neither the zone that a caller wants times shown in, nor
// the window that is asked about.
//
// # Units
//
// Durations are [time.Duration], instants are [time.Time], shares and efficiency run
// from 0 to 1.
//
// # Promise
//
// Whether a recording is a nap, a main sleep or part of a split night, and which date it
// has, follows from the person's own sleep around it (see [analytics.Assemble]). A window
// therefore holds the same nights whatever was asked before, and however much of the
// history is in memory.
//
// Histories stay in memory for minutes, and are used only as long as the source would
// still return the same recordings. Nothing is written anywhere.
package nights
