// Package asleep is a client of the Asleep REST API (https://api.asleep.ai).
//
// # Vocabulary
//
// A session is one recording of one user, from the moment tracking starts to
// the moment it ends. A slept session is one in which sleep was found, a
// never-slept session one in which it was not. A user is a sleeper known to
// Asleep by a server-issued id. The key belongs to a company and reaches every
// user of one environment (Live or Test). A chunk is what the service lists of a
// user for one of the fixed spans of 100 days that history is read and cached in.
//
// # Units
//
// Durations and latencies are seconds, ratios run from 0 to 1, instants are
// [time.Time] in UTC. The service distinguishes null, 0 and absent, and so does
// this package: a number that may be absent is a pointer, and nil means "not
// measured", never zero. Dates are [civil.Date].
//
// # Promise
//
// Ids are checked against their pattern before a URL is built from them.
// Redirects are refused, because net/http would carry the key to the new host.
// Bodies, lists and strings are bounded, and so is the memory that answers take
// together, whatever the service sends. Reads are retried within the context's
// deadline, by [Client.NightsOfMany] at one pace for all users; writes never are. At
// most [Client.MaxInFlight] requests are in flight at a time. Repeated questions cost
// one request for as long as the answer may be kept. Every failure is an [*Error] whose
// code says what the caller can do, or the context's own error. An error's text holds
// no key, id or health value.
//
// A [Client] may be used by several goroutines at once.
//
// What the vendor's documents leave open is gathered in assumptions.go.
package asleep
