// Package watch lets an operator see what the server does: numbers for
// Prometheus, traces for OpenTelemetry, and the audit.
//
// # Vocabulary
//
// A call is one run of a tool, whichever door it came through. An attempt is one
// request sent to Asleep; its route is a pattern, never an address. An outcome is
// "ok" or the constant word of a failure. The audit is a line in the log for each
// call that changes something, or asks about somebody else than the caller.
//
// # Promise
//
// No id, token, key, argument or health value is in a number's label, a span or
// a line. Who is in the audit is a pseudonym: the same for the same caller on
// every replica with the same key, and not to be turned back without that key.
//
// All methods do nothing on a nil [*Watch].
package watch
