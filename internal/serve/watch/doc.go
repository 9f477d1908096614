// Package watch lets an operator see what the server does: metrics for Prometheus,
// traces for OpenTelemetry, and the audit.
//
// # Vocabulary
//
// A call is one run of a tool, on any transport. An attempt is one request sent to
// Asleep; its route is a pattern, never an address. An outcome is "ok" or the fixed
// word for a failure. The audit is a line in the log for each call that changes
// something or asks about somebody other than the caller.
//
// # Promise
//
// No label of a metric, no span and no line of the log contains an id, token, key,
// argument or health value. The audit names callers by pseudonyms. A caller has the
// same pseudonym on all replicas with the same key, and without that key it cannot be
// reversed.
//
// All methods do nothing on a nil [*Watch].
package watch
