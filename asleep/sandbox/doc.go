// Package sandbox is a local Asleep API over real HTTP.
//
// It serves the documented endpoints with the documented bodies, error texts, time
// zones, paging and limits, so that a client can be tried and tested without an
// account. The nights of its people come from a seeded generator or from a file of
// hypnograms. What the vendor computes from a hypnogram, the sandbox computes by the
// vendor's published rules, independently of every other package of this module.
//
//	server := sandbox.New(sandbox.Options{People: sandbox.Demo(time.Now(), 1)})
//	defer server.Close()
//	http.ListenAndServe("127.0.0.1:9090", server)
//
// # People
//
// [Demo] is one person with planted facts (a trip, a clock change, a nap, a split night
// and more), placed relative to a given time; [DemoFacts] says where they are.
// [DemoTeam] is a group. [Generate] makes people who sleep plainly, and [ReadNights]
// reads people from a file. A session exists from its start on: it is OPEN until its
// end, CLOSED until it has been analysed, and then COMPLETE, all by the server's own
// clock.
//
// # Vocabulary and units
//
// A recording is one session. An epoch is 30 s of it, and a hypnogram has one value per
// epoch: -1 unknown, 0 wake, 1 light, 2 deep, 3 REM. The sleep period runs from the
// first to the last epoch asleep. Durations are whole seconds. Ratios range from 0 to 1
// and are relative to the sleep period, except that efficiency is relative to the time
// in bed.
//
// # Faults
//
// [Server.SetFault] makes the sandbox answer as on a bad day, for a number of requests
// or until the fault is cleared; [Faults] lists the ways. The same is possible over
// HTTP, without a key:
//
//	PUT    /_sandbox/fault  {"name":"rate_limited_429","times":1,"retry_after_seconds":5,"route":"GET /data/v1/sessions"}
//	DELETE /_sandbox/fault
//
// Deleting all sessions at once (DELETE /ai/v1/sessions) answers 405 here and deletes
// nothing.
//
// # Promise
//
// Nothing here is a real person's data, and nothing here has been compared with the
// live service. What the vendor's documents leave open is collected in assumptions.go.
package sandbox
