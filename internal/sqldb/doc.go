// Package sqldb opens the databases of this program: SQLite files and PostgreSQL
// servers, with the same statements for both.
//
// # Vocabulary
//
// A [Plan] is what a database holds: its migrations, and the table that counts them. A
// database is opened lazily if nobody asked for it by name: it is made by the first
// write, and until then it is empty.
//
// # Promise
//
// [Open] migrates the database to the version that the plan knows, forward only, also
// when several programs open it at once; a newer one is refused. Several plans can share
// a server, each with its own table of migrations; a SQLite file has one, and those that
// are built upon it. A SQLite file
// is made for its owner alone, and is no longer used when it was moved or replaced. A
// [*DB] may be used by many goroutines and many processes at once. Every call honours
// its context and gives up after ten seconds anyway.
//
// Errors are [*Invalid], [*Unavailable], the context's, or those of the function that a
// call was given, if [Plan.Own] knows them. None of the first three repeats a path, an
// address, a password or a value.
package sqldb
