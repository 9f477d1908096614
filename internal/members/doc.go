// Package members adds, removes and deletes people who exist in two systems: as rows of
// the directory and as users of the Asleep service.
//
// # Vocabulary
//
// A reservation holds an e-mail of an organization, or a login, while an Asleep user is
// created for it. To confirm a reservation is to link it to that user; to release it is
// to free the e-mail because no user was created; to withdraw it is to free the e-mail
// and record that the user who was created must be deleted. A change is unfinished if
// it was begun and the directory does not know how it ended; [directory.Store.Pending]
// lists those.
//
// # Promise
//
// Asleep creates another user each time it is asked, and deletes permanently. So what
// is about to happen there is recorded here first:
//
//	add      reserve    → create user → confirm
//	         on failure   withdraw    → delete user → forget
//	delete   begin      → delete user → forget
//	sign up  reserve    → create user → confirm
//	         on failure   begin delete → release → delete user → forget
//
// A process that is killed between any two of these steps leaves one unfinished change.
// No user is lost: each is in the directory, or the change says when one may have been
// created. Nor is any user created twice: while a change is unfinished, nobody else can
// begin the same one.
//
// A change is released or cancelled only if Asleep is certain to have done nothing
// ([asleep.Unchanged]). Adding a member never deletes a user who existed before. A
// change that has begun continues even if its caller leaves, see [Uninterrupted].
//
// Errors are [*Error], which says what the change left behind, and those of
// [directory.Store] and [asleep.Client], after which nothing has changed.
package members
