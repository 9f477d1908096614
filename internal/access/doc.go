// Package access decides who is asking and whose nights they may see.
//
// # Vocabulary
//
// A [Principal] is who is asking; it travels in the context. An operator holds the API
// key and may see everybody. A person sees only themself. A coach also sees the members
// of the organizations that they coach; an analyst sees only aggregates about theirs. A
// [Scope] is what a caller's token may be used for; no scope allows more than the role
// does.
//
// A [User] is an Asleep user whose nights the principal may see, and a [Group] is an
// organization that they may be told about. Only the Resolve functions create them, and
// everything that reads nights takes a User or a Group, so that no entry point can skip
// the check.
//
// # Promise
//
// A refusal does not reveal whether the user, organization or session exists.
package access
