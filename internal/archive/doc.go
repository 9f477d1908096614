// Package archive keeps nights: rows of a SQLite file on one machine, or of PostgreSQL in
// a company. It answers from them, reads again what is due, and answers alone when the
// service is away.
//
// # Vocabulary
//
// An environment is what one API key reaches (Live or Test); it is named by a salted
// digest. A tracker is what recorded a night, "asleep" where the service did; nights of
// other trackers are imported. [Who] is a user of an environment, as one tracker knows
// them. A span is the range of UTC dates of one chunk ([asleep.Chunk]) that was read, with
// the time of the last reading. A date is settled if it ended more than two days before
// it was read: its nights hardly change any more. A mark is a salted digest of a user who
// was forgotten.
//
// # Units
//
// As in package asleep: seconds, ratios from 0 to 1, instants in UTC, dates in UTC. An
// instant is kept in microseconds.
//
// # How nights get in
//
//   - [Source] keeps what questions read live, if it is told to.
//   - [Sync] reads a person's whole history, and from then on what is new. A job that has
//     to catch up with a person calls it too; what is settled costs no request.
//   - [Store.Import] puts in nights of another tracker: sessions in the form of package
//     asleep, each with its [asleep.Origin], under any id that the tracker itself keeps.
//     One call is one transaction. It may be repeated: a session replaces the one of the
//     same id and those of the same app that it overlaps, and what has not changed is not written. They have no environment, since no
//     key reaches them, and no freshness: they change when they are imported again.
//     [Store.Imported] returns them.
//   - [Store.TagNights] keeps what people write about their nights, with or without nights of
//     theirs: it belongs to the user, in whatever environment and of whatever tracker the nights
//     are. [Store.StartTrial] likewise keeps the plans of trials that they make on themselves.
//
// # Promise
//
// What was read is kept in one transaction with the span that says so, so a process that
// is killed loses and doubles nothing. A reading replaces what it covers: a session that
// was analysed again, marked differently or deleted is never kept twice. A reading never
// replaces a later one. Equal pointers to chunks mean that nothing has changed. Nights of
// one environment are never seen through a key of another.
//
// [Store.Forget] removes everything about a user in every environment and of every
// tracker, and everything of other packages whose tables refer to people (person) ON
// DELETE CASCADE. In a SQLite file no page holds it afterwards.
//
// Nothing here decides who may see what: that is package access, before anybody asks.
// Errors of the database are those of package sqldb and repeat no id and no value.
package archive
