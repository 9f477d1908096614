// Package sqldb opens the program's databases, SQLite files and PostgreSQL servers, and
// runs the same statements on both.
//
// # Vocabulary
//
// A [Plan] is what a database contains: its migrations, and the table that counts them.
// A database is opened lazily if nobody asked for it by name: the first write creates
// it, and until then it is empty.
//
// # Promise
//
// [Open] migrates the database to the version that the plan knows, forward only, even
// if several programs open it at once; a newer version is refused. Several plans can
// share a server, each with its own table of migrations; a SQLite file holds one plan
// and those built upon it. A SQLite file is readable by its owner alone, and is no
// longer used once it has been moved or replaced. A [*DB] may be used by many
// goroutines and many processes at once. Every call respects its context, and gives up
// after ten seconds in any case.
//
// Errors are [*Invalid], [*Unavailable], the context's, or those of the function that
// was passed to a call, if [Plan.Own] recognises them. None of the first three repeats
// a path, an address, a password or a value.
package sqldb
