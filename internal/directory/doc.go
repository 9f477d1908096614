// Package directory stores organizations, their members, which Asleep user a login
// stands for, and what was released about organizations. They are rows of a SQLite file or
// of PostgreSQL.
//
// # Vocabulary
//
// An organization is a group of people with an id and a name. A member is one person
// in it: an e-mail, unique in the organization whatever its case, and the Asleep user
// that belongs to it. The number of members is counted on demand, never stored. A
// subject is a login, named by the issuer and the subject of its token. A release is
// the figures of a closed period of an organization; whom they are about is stored as
// salted hashes. A cadence says how long such periods are.
//
// # Unfinished changes
//
// A member exists here and at Asleep. What is about to happen there is recorded here
// first, so that the records here always say what may have happened there. Package
// members knows in which order.
//
// A reservation ([Store.Reserve]) is a member without an Asleep user. [Store.Confirm]
// gives it one, [Store.Release] frees the e-mail when none was created, and
// [Store.Withdraw] when one was created that cannot be kept. An abandoned reservation
// answers [*PendingError] until an operator ends it with [Store.TakeOver]. Likewise,
// [Store.BeginSignUp] holds a login until [Store.FinishSignUp] or [Store.CancelSignUp].
//
// A deletion ([Store.BeginDelete]) ends the memberships of an Asleep user, while their
// e-mails stay taken, until [Store.FinishDelete] or [Store.CancelDelete].
//
// [Store.Pending] lists what is unfinished. However often a call is repeated, it does
// not make a second member.
//
// # Promise
//
// [Open] migrates the database to the version this program knows, forward only,
// also when several programs open it at once; a newer one is refused. With
// [OpenLazy] nothing is written until something is stored. Database constraints, not
// code, ensure that ids and an organization's e-mails are unique and that a member's
// organization exists. A [*Store] may be used by many goroutines and many processes at
// once. Every call honours its context; those of a Store give up after ten seconds
// anyway. Times are UTC, in microseconds.
//
// Errors are [ErrNotFound], [ErrExists], [*PendingError], [*Invalid],
// [*Unavailable], or the context's. None of them repeats an id, an e-mail, a
// path, an address or a password.
package directory
