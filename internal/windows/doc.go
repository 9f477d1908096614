// Package windows reduces a person's nights to one row per window, and returns the rows
// of many people in one query. A question about a hundred thousand people then reads a
// hundred thousand rows, and no night.
//
// # Vocabulary
//
// A window is a range of night dates that groups are asked about. A rolling window is the
// 7, 14, 30, 90, 180 or 365 dates up to its last date ([Lengths]). A calendar window is a
// week of ISO 8601 ("2026-W45") or a month ("2026-10"). To reduce somebody is to make all
// of their rows from their nights. A [Row] holds the means of one person in one window,
// and of the window of equal length before it.
//
// A row is fresh if its window ends on the date asked about and its nights were read
// within [FreshFor]; otherwise it is stale. Nights of an import are never read again, so
// the rows of somebody who has no others are fresh if their window ends on that date.
//
// # Which rows there are
//
// Rolling windows end on the dates that are today and tomorrow in the zones of
// [Options.Zones]: what ends tomorrow is there when tomorrow begins. Calendar windows are
// those of the last year that are over. A window of which a date was never read, or one of
// the days before it that decide which sleep is a nap, has no row.
//
// # Units
//
// Those of package analytics: seconds, shares from 0 to 1, scores from 0 to 100. What was
// not measured is nothing, never 0.
//
// # Promise
//
// A row is what [analytics.PersonOf] computes from the nights that a live question would
// be about. All rows of a person are replaced in one transaction, which keeps others from
// changing their nights meanwhile. Rows of different versions of [analytics.Method] stand
// side by side and are never mixed, so that two versions of the program can run at once.
//
// The tables live in the archive's database and refer to its people, so whoever is
// forgotten there is forgotten here.
package windows
