// Package nights reads people's nights. It is the only place where recordings of
// package asleep become nights of package analytics.
//
// # Vocabulary
//
// A [Source] is where recordings come from. A [History] is what is known about one
// person's nights: dated and assembled once, immutable, and shared by all questions
// that it covers. A [Library] keeps histories in memory. A [Person] is somebody who is
// asked about, with the date that is today for them. A [Window] is the part of a
// history that a question is about. A [Detail] is one recording in full, with its
// stages. [Pending] recordings are those of the last two days, finished or not.
//
// # Dates and zones
//
// A night is dated by the local date of the final awakening of its main sleep, in the
// zone in which it was recorded. A recording without a zone has that of the recording
// before it, otherwise that of the one after it, otherwise the [Library]'s home zone.
// A recording of which no sleep is known has the date of the night for which it was made
// (see [analytics.Assembly.DateOf]), which may be that of the night to come: a window that
// ends today holds such recordings too. As long as a night may still be recorded, a short
// one says nothing about it.
// Today is the date in the zone of the person's newest recording, or else in the home
// zone. Nothing else changes a date: neither the zone in which a caller wants to see
// times, nor the window that is asked about.
//
// # Units
//
// Durations are [time.Duration], instants are [time.Time], and shares and efficiencies
// range from 0 to 1.
//
// # Promise
//
// Whether a recording is a nap, a main sleep or part of a split night, and which date
// it has, follows from the person's own sleep around it (see [analytics.Assemble]). A
// window therefore contains the same nights whatever was asked before, and however much
// of the history is in memory.
//
// Histories stay in memory for minutes, and are used only as long as the source would
// still return the same recordings. Nothing is written anywhere.
package nights
