// Package releases makes and keeps the figures about organizations that are told to
// callers who see no single person.
//
// # Vocabulary
//
// A period is a calendar week or month. The cadence of an organization says which of
// the two; organizations that share members use the cadence of the oldest one. A
// release is the figures of one closed period. It is due 72 hours after the period's
// end in the organization's zone, when the last night has certainly been recorded and
// uploaded.
//
// # Promise
//
// A release is made once, by a job or by the first question about it, and never
// changes, whatever arrives or is deleted afterwards; that includes a release without
// figures. Programs that make the same release at the same time make one. It is based
// on the nights that can be read when it is made, of everybody who is a member then. If
// nights cannot be read for a reason other than the member's own, no release is made.
// Where rows of package windows are kept, they replace the nights of people whose
// period was already settled when it was last read. Of everything that was read only
// the figures are kept, with salted hashes of the people behind them.
//
// A person counts with the means of their nights in the period. If those nights are too
// few, the means of the period before count instead, but for no more than one person in
// five. So nobody leaves the group because of a holiday, which would allow two releases
// to be subtracted. Package disclosure decides who is behind the figures.
//
// If organizations share members, the release of the oldest one is made first.
package releases
