// Package windows reduces a person's nights to one row per window, and returns the rows
// of many people in one query. A question about a hundred thousand people then reads a
// hundred thousand rows and no night.
//
// # Vocabulary
//
// A window is a range of night dates that groups are asked about. A rolling window is
// the 7, 14, 30, 90, 180 or 365 dates up to its last date ([Lengths]). A calendar
// window is an ISO 8601 week ("2026-W45") or a month ("2026-10"). To reduce a person is
// to compute all of their rows from their nights. A [Row] holds the means of one person
// in one window and in the window of equal length before it.
//
// A row is fresh if its window ends on the date asked about and its nights were read
// within [FreshFor]; otherwise it is stale. Imported nights are never read again, so
// the rows of a person who has no others are fresh if their window ends on that date.
//
// # Which rows there are
//
// Rolling windows end on the dates that are today or tomorrow in the zones of
// [Options.Zones], so that the rows for tomorrow are there when tomorrow begins.
// Calendar windows are the completed ones of the last year. A window has no row if one
// of its dates was never read, or one of the days before it that decide which sleep is
// a nap.
//
// # Units
//
// Those of package analytics: seconds, shares from 0 to 1, scores from 0 to 100. What
// was not measured is absent, never 0.
//
// # Promise
//
// A row is what [analytics.PersonOf] computes from the nights that a live question
// would be about. All rows of a person are replaced in one transaction, during which
// nobody else can change their nights. Rows of different versions of [analytics.Method]
// exist side by side and are never mixed, so that two versions of the program can run
// at the same time.
//
// The tables are in the archive's database and refer to its people, so anybody
// forgotten there is forgotten here.
package windows
