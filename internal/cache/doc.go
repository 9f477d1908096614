// Package shelf keeps what was read or answered in memory for as long as it may be
// given again, and no longer: it is about people's health.
//
// # Promise
//
// A [Shelf] is bounded, a value that is over is never returned, and a minute later
// it is gone from memory, also when nobody asks any more. Nothing has to be closed:
// a Shelf runs no goroutine of its own, and an empty one no timer.
//
// A [Shelf] may be used by several goroutines at once.
package cache
