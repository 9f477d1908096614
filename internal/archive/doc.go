// Package archive keeps nights, in a SQLite file on one machine or in a company's
// PostgreSQL. It answers from them, reads again what is due, and answers alone when the
// service is away.
//
// # Vocabulary
//
// An environment is what one API key reaches (Live or Test); it is named by a salted
// digest. A tracker is what recorded a night: "asleep" if it was the service, otherwise
// the night is imported. [Who] is a user of an environment, as one tracker knows them.
// A span is the range of UTC dates of one chunk ([asleep.Chunk]) that was read, with
// the time of the last reading. A date is settled if it ended more than two days before
// it was read, because its nights hardly change any more. A mark is a salted digest of
// a user who was forgotten.
//
// # Units
//
// As in package asleep: seconds, ratios from 0 to 1, instants in UTC, dates in UTC.
// Instants are stored in microseconds.
//
// # How nights get in
//
//   - [Source] keeps what questions read live, if it is told to.
//   - [Sync] reads a person's whole history, and after that what is new. A job that has
//     to catch up with a person calls it too; settled dates cost no request.
//   - [Store.Import] stores nights of another tracker: sessions in the form of package
//     asleep, each with its [asleep.Origin] and an id that the tracker itself keeps.
//     One call is one transaction, and it may be repeated: a session replaces the one
//     with the same id and those of the same app that it overlaps, and what has not
//     changed is not written. Imported nights have no environment, since no key reaches
//     them, and are never stale: they change when they are imported again.
//     [Store.Imported] returns them.
//   - [Store.TagNights] stores what people write about their nights, whether or not
//     nights of theirs are kept. Tags belong to the user, in every environment and for
//     every tracker. [Store.StartTrial] stores in the same way the plans of trials that
//     people make on themselves.
//
// # Promise
//
// What was read is stored in one transaction with the span that says so, so killing a
// process loses and doubles nothing. A reading replaces what it covers, so a session
// that was analysed again, marked differently or deleted is never kept twice. A reading
// never replaces a later one. Equal pointers to chunks mean that nothing has changed.
// Nights of one environment are never visible through a key of another.
//
// [Store.Forget] removes everything about a user, in every environment and of every
// tracker, including everything in other packages' tables that refer to people (person)
// ON DELETE CASCADE. In a SQLite file no page contains it afterwards.
//
// Nothing here decides who may see what: package access does that before anybody asks.
// Errors of the database are those of package sqldb, and repeat no id and no value.
package archive
