// Package directory keeps who belongs where as rows of one SQLite file, or of
// PostgreSQL: organizations, their members, which Asleep user a login stands for, and
// what was released to a caller about groups.
//
// # Vocabulary
//
// An organization is a group of people with an id and a name. A member is one
// person of it: an e-mail, unique in the organization whatever its case, and
// the Asleep user that was made for it. How many members an organization has is
// counted when asked, never kept. A subject is a login, named by the issuer and
// the subject of its token. A release is figures given to a caller about sets of Asleep
// users, of which only salted hashes are kept.
//
// # Unfinished changes
//
// A member exists here and at Asleep. What happens there is written here first, so that
// what is written here always says what may have happened there; in which order, package
// members knows.
//
// A reservation ([Store.Reserve]) is a member without an Asleep user. [Store.Confirm]
// gives it one, [Store.Release] frees the e-mail when none was made, and
// [Store.Withdraw] when one was made that cannot be kept. One that is abandoned answers
// [*PendingError] until an operator ends it with [Store.TakeOver]. Likewise a login is
// taken by [Store.BeginSignUp] until [Store.FinishSignUp] or [Store.CancelSignUp].
//
// A deletion ([Store.BeginDelete]) makes an Asleep user nobody's member, while their
// e-mails stay taken, until [Store.FinishDelete] or [Store.CancelDelete].
//
// [Store.Pending] lists what of this is not finished. No call can be repeated into a
// second member.
//
// # Promise
//
// [Open] brings the database to the version this program knows, forward only,
// also when several programs open it at once; a newer one is refused. With
// [OpenLazy] nothing is written before something is kept. Ids,
// e-mails in an organization, and members' organizations are unique or present
// by constraint, not by care. A [*Store] may be used by many goroutines and many
// processes at once. Every call honours its context; those of a Store give up
// after ten seconds anyway. Times are UTC, in microseconds.
//
// Errors are [ErrNotFound], [ErrExists], [*PendingError], [*Invalid],
// [*Unavailable], or the context's. None of them repeats an id, an e-mail, a
// path, an address or a password.
package directory
