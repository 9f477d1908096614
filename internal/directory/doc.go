// Package directory stores organizations, their members, the Asleep users that logins
// stand for, and what was released about organizations, in a SQLite file or in
// PostgreSQL.
//
// # Vocabulary
//
// An organization is a group of people with an id and a name. A member is one person in
// it: an e-mail, unique within the organization whatever its case, and the Asleep user
// that belongs to it. The number of members is counted on demand, never stored. A
// subject is a login, identified by the issuer and the subject of its token. A release
// is the figures of a closed period of an organization; the people behind it are stored
// as salted hashes. A cadence says how long such periods are.
//
// # Unfinished changes
//
// A member exists here and at Asleep. What is about to happen there is recorded here
// first, so that the records here always say what may have happened there. Package
// members knows the order.
//
// A reservation ([Store.Reserve]) is a member without an Asleep user. [Store.Confirm]
// gives it one; [Store.Release] frees the e-mail if none was created, and
// [Store.Withdraw] if one was created that cannot be kept. An abandoned reservation
// answers [*PendingError] until an operator ends it with [Store.TakeOver]. In the same
// way [Store.BeginSignUp] holds a login until [Store.FinishSignUp] or
// [Store.CancelSignUp].
//
// A deletion ([Store.BeginDelete]) ends the memberships of an Asleep user, while their
// e-mails stay taken, until [Store.FinishDelete] or [Store.CancelDelete].
//
// [Store.Pending] lists what is unfinished. However often a call is repeated, it does
// not create a second member.
//
// # Promise
//
// [Open] migrates the database to the version that this program knows, forward only,
// even if several programs open it at once; a newer version is refused. [OpenLazy]
// writes nothing until something is stored. Constraints of the database, not code,
// ensure that ids and an organization's e-mails are unique and that a member's
// organization exists. A [*Store] may be used by many goroutines and many processes at
// once. Every call respects its context, and those of a Store give up after ten seconds
// in any case. Times are UTC, in microseconds.
//
// Errors are [ErrNotFound], [ErrExists], [*PendingError], [*Invalid], [*Unavailable],
// or the context's. None of them repeats an id, an e-mail, a path, an address or a
// password.
package directory
