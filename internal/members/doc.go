// Package members adds, removes and deletes people who exist in two systems: as
// rows of the directory and as users of the Asleep service.
//
// # Vocabulary
//
// A reservation holds an e-mail of an organization, or a login, while an Asleep
// user is made for it. To confirm is to tie the two together; to release, to let go
// of the e-mail because no user was made; to withdraw, to let go of it and record
// that the user who was made has to go. An unfinished change is one that was begun
// and of which the directory does not know how it ended: [directory.Store.Pending]
// lists them.
//
// # Promise
//
// Asleep makes another user each time it is asked, and deletes for good. So what is
// about to happen there is written here first:
//
//	add      reserve    → create user → confirm
//	         on failure   withdraw    → delete user → forget
//	delete   begin      → delete user → forget
//	sign up  reserve    → create user → confirm
//	         on failure   begin delete → release → delete user → forget
//
// A process that is killed between any two of these steps leaves one unfinished
// change. It loses no user: each stands in the directory, or the change says when one
// may have been made. And it makes none twice: while the change stands, nobody else
// can begin the same one.
//
// A change is released or cancelled only when Asleep certainly did nothing
// ([asleep.Unchanged]). A user who was there before is never deleted by an addition.
// A change that has begun goes on when its caller leaves, see [Uninterrupted].
//
// Errors are [*Error], which says what the change left behind, and those of
// [directory.Store] and [asleep.Client]: then nothing was changed.
package members
