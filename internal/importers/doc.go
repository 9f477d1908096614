// Package importers reads nights out of the exports of other trackers.
//
// # Vocabulary
//
// An [Input] is what somebody names: a file, a zip or a folder. An [Export] is what one
// tracker has in it; [Input.Detect] finds exports by the content of files, not by their
// names. A record is one sleep as a file describes it. A [Finding] is what a person
// must know about an import: records that were left out, or read in a particular way,
// with their number, the first of them and what to do. A source is a tracker together
// with the app or device that wrote the record, because an export may hold the nights
// of several.
//
// # Units
//
// Sessions are those of package asleep: seconds, instants in UTC, a zone for the clock.
// What a file does not say is nil and never 0, for example the latency of trackers that
// do not notice going to bed, or REM sleep if a device has no such stage. Efficiency is
// time asleep divided by time in bed, computed from these; a tracker's own score is
// only ever [asleep.Origin.Score]. Time asleep is light, deep and REM sleep or, if the
// tracker has no stages, what it calls asleep; awake, restless, out of bed and in bed
// are not sleep.
//
// # Zones
//
// An instant, the zone of the clock and the tracker's date are kept apart. If a file
// has instants, they are right even if its offsets are not: Apple writes the offset of
// the day of the export, WHOOP that of the day before. Local times and instants without
// a zone are read in [Options.Zone], and refused with a [ZoneError] if that is not set,
// because this machine's zone says nothing about a sleeper. A file with offsets but no
// names is read in Options.Zone if that has the same offset, otherwise in a zone that
// fits the file's own clock changes, otherwise in the offset itself.
//
// # Promise
//
// Files are read as streams: memory depends on the number of nights, not on the size of
// the file. The sizes of records, the number of files and the growth of a zip are
// bounded; nothing is unpacked to disk; names in a zip and links in a folder cannot
// lead elsewhere. A file that is cut off, damaged or of an unknown layout is an error,
// and then no nights are returned at all. A record that makes no sense is counted and
// left out. Of overlapping records of one source the better one is kept, or they are
// merged; different sources are left as they are, for the history to choose from.
//
// The id of a session is derived from its source and the tracker's own id, or else its
// start, so that a later export of the same nights gives the same ids.
package importers
