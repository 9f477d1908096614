// Package sandbox is a local Asleep API over real HTTP.
//
// It serves the documented endpoints with the documented bodies, error texts,
// time zones, paging and limits, so that a client can be tried and tested
// without an account. The nights of its people come from a seeded generator or
// a file of hypnograms; what the vendor computes from a hypnogram, the sandbox
// computes by the vendor's published rules, independently of any other package
// of this module.
//
//	server := sandbox.New(sandbox.Options{People: sandbox.Demo(time.Now(), 1)})
//	defer server.Close()
//	http.ListenAndServe("127.0.0.1:9090", server)
//
// # People
//
// [Demo] is one person with planted facts (a trip, a clock change, a nap, a
// split night and more), placed relative to the given time; [DemoFacts] says
// where they are. [DemoTeam] is a group to ask about. [Generate] makes plain
// sleepers, [ReadNights] reads people from a file. A session exists from its
// start: before its end it is OPEN, then CLOSED until it is analysed, then
// COMPLETE, all by the server's own clock.
//
// # Vocabulary and units
//
// A recording is one session. An epoch is 30 s of it, and a hypnogram has one
// value for each: -1 unknown, 0 wake, 1 light, 2 deep, 3 REM. The sleep period
// runs from the first to the last epoch asleep. Durations are whole seconds,
// ratios run from 0 to 1 over the sleep period (efficiency: over time in bed).
//
// # Faults
//
// [Server.SetFault] makes the sandbox answer as on a bad day, for a number of
// requests or until cleared; [Faults] lists the ways. The same over HTTP, without
// a key:
//
//	PUT    /_sandbox/fault  {"name":"rate_limited_429","times":1,"retry_after_seconds":5,"route":"GET /data/v1/sessions"}
//	DELETE /_sandbox/fault
//
// Deleting all sessions at once (DELETE /ai/v1/sessions) answers 405 here and
// deletes nothing.
//
// # Promise
//
// Nothing here is a real person's data, and nothing here has been compared with
// the live service; what the vendor's documents leave open is gathered in
// assumptions.go.
package sandbox
