// Package tenants remembers who belongs where: organizations, their members,
// which Asleep user a login stands for, and which groups a caller was told
// about. It keeps them in one SQLite file, or in PostgreSQL.
//
// # Vocabulary
//
// An organization is a group of people with an id and a name. A member is one
// person of it: an e-mail, unique in the organization whatever its case, and
// the Asleep user that was made for it. How many members an organization has is
// counted when asked, never kept. A subject is a login, named by the issuer and
// the subject of its token. A group is the set of Asleep users behind one
// aggregate answer; of groups only salted hashes are kept, and what they could give
// away together is decided in isolates.go.
//
// # Two systems, one at a time
//
// A member exists in two systems, here and at Asleep, which makes another user
// every time it is asked. So what is about to happen there is written here
// first, and what is written here always says what may have happened there:
//
//	r, err := store.Reserve(ctx, member)   // nobody else can add this e-mail now
//	id, err := …                           // make the Asleep user
//	err = store.Confirm(ctx, r, id)        // the member is there
//
// When no Asleep user was made, [Store.Release] frees the e-mail. When it is
// not known whether one was made, the reservation stays, [Store.Reserve]
// answers [*PendingError], and an operator ends it with [Store.TakeOver]. When
// one was made but cannot be kept, [Store.Withdraw] writes that down; then it is
// removed there, and [Store.FinishDelete] forgets it. A user is deleted in the
// same order: [Store.BeginDelete], removal there, [Store.FinishDelete], or
// [Store.CancelDelete] when it was refused there. A user whose deletion has
// begun is no member for anybody, but their e-mails stay taken.
//
// Killed at any point, a program leaves at most one entry that [Store.Pending]
// reports, and no call can be repeated into a second member.
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
