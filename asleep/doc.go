// Package asleep is a client for the Asleep REST API (https://api.asleep.ai).
//
// # Vocabulary
//
// A session is one recording of one user, from the start of tracking to its end. A
// slept session is one in which sleep was found; in a never-slept session it was not. A
// user is a sleeper, whom Asleep knows by an id that it issued. An API key belongs to a
// company and reaches all users of one environment (Live or Test). A user's history is
// read and cached in chunks: the sessions that the service lists for fixed spans of 100
// days.
//
// # Units
//
// Durations and latencies are in seconds, ratios range from 0 to 1, and instants are
// [time.Time] in UTC. The service distinguishes null, 0 and absent, and so does this
// package: a number that may be absent is a pointer, and nil means "not measured",
// never zero. Dates are [civil.Date].
//
// # Promise
//
// Ids are checked against their pattern before they become part of a URL. Redirects are
// refused, because net/http would carry the key to the new host. Bodies, lists and
// strings are bounded, and so is the memory that all answers use together, whatever the
// service sends. Reads are retried within the context's deadline; writes never are. At
// most [Client.MaxInFlight] requests are in flight at a time. Repeated questions cost
// one request for as long as the answer may be cached. Every failure is an [*Error],
// whose code says what the caller can do, or the context's own error. The text of an
// error contains no key, id or health value.
//
// A [Client] may be used by several goroutines at once.
//
// What the vendor's documents leave open is collected in assumptions.go.
package asleep
