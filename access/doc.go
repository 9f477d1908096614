// Package access decides who is asking and whose nights they may see.
//
// A [Principal] is who is asking; it travels in the context. A [User] is an
// Asleep user whose nights this principal may see. Only [Resolve] makes one,
// and everything that reads nights takes a User, so that no door can forget to
// ask.
package access
