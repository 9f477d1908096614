// Package releases makes and keeps the figures of organizations that callers are told who
// see no single person.
//
// # Vocabulary
//
// A period is a calendar week or month. The cadence of an organization says which of the
// two; organizations that share members share the cadence of the oldest. A release is the
// figures of one closed period. It is due 72 hours after the period's end in the
// organization's zone, when the last night has surely been recorded and uploaded.
//
// # Promise
//
// A release is made once, by a job or by the first question about it, and never changes,
// whatever arrives or is deleted afterwards; a release without figures neither. Several
// programs that make one at the same time make one. It rests on the nights that can be read
// when it is made, of all members at that time: if they cannot all be read, for a reason
// that is not their own, no release is made. Where rows of package windows are kept, they are
// read instead of the nights of those whose period was settled when it was last read. Of what was read only the figures are kept,
// and salted hashes of who is behind them.
//
// Somebody counts with the means of their nights in the period, or with those of the period
// before while they have too few, as long as that is at most one person in five. So a
// holiday takes nobody out of the group, which would let two releases be subtracted. Who is
// behind the figures is for package disclosure to say.
//
// Where organizations share members, the oldest one's release of a period is made first.
package releases
