// Package importers reads nights out of the exports of other trackers.
//
// # Vocabulary
//
// An [Input] is what somebody names: a file, a zip or a folder. An [Export] is what one
// tracker has in it; [Input.Detect] finds them by the content of files, not by their names.
// A record is one sleep as a file has it. A [Finding] is what the reader of the report must
// know: records that were left out, or read in a certain way, counted, with the first of
// them and what to do. A source is a tracker together with the app or device that wrote
// the record, because an export may hold the nights of several.
//
// # Units
//
// Sessions are those of package asleep: seconds, instants in UTC, a zone for the clock.
// What a file does not tell is nil and never 0: not the latency of trackers that notice no
// going to bed, not REM sleep where a device has no such stage. Efficiency is time asleep over
// time in bed, computed from these; a tracker's own score is [asleep.Origin.Score] and nothing
// else. Time asleep is light, deep and REM sleep, or what the tracker calls asleep where it tells no
// stages; awake, restless, out of bed and in bed are not sleep.
//
// # Zones
//
// An instant, the zone of the clock and the tracker's date are kept apart. Where a file
// has instants, they are right even where its offset is not: Apple writes the offset of the day
// of the export, WHOOP that of the day before. Local times without a zone, and instants
// without one, are read in [Options.Zone], and without it refused with a [ZoneError]: the
// zone of this machine says nothing about a sleeper. A file that has offsets and no names is
// read in Options.Zone where that has the same offset, else in one that fits the file's own changes
// of the clock, else in the offset itself.
//
// # Promise
//
// Files are read as streams: memory depends on the number of nights, not on the size of the
// file. Sizes of records, numbers of files and the growth of a zip are bounded; nothing is
// unpacked to disk; names in a zip and links in a folder lead nowhere else. A file that is
// cut, damaged or of an unknown layout is an error, and then there are no nights at all. A record
// that makes no sense is counted and left out. Records of one source that overlap are
// united, or the better one is kept; different sources are left as they are, for the history to choose from.
//
// The id of a session follows from its source and from the tracker's own id, or else from its start, so
// that a later export of the same nights has the same ids.
package importers
