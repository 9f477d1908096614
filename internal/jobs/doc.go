// Package jobs keeps people's nights fresh: durable jobs in the database of the archive,
// for one machine or for any number of replicas.
//
// # Vocabulary
//
// Somebody is followed if their nights are to be fresh without a question: members of
// organizations are. A hint says that the service may have new nights of somebody; it is
// not believed beyond that. To fetch is to read somebody's newest nights, to refresh is to
// fetch several people, to backfill is to read all of somebody's history, 100 days at a
// time. The roster is who is to be followed. To reconcile is to find out whose nights are
// stale, and have them refreshed. Upstream is the service; its budget is what may be asked
// of it, by all replicas together. It is halted while it refuses everybody, as with a
// revoked key.
//
// # Units
//
// Requests a second and requests a UTC day. Instants of the budget are the database's:
// clocks of replicas may differ. Instants of nights are those of the archive.
//
// # Promise
//
// A job holds the number of a row of the archive and nothing about a person. What was done
// is known from the archive alone, so that a job may be run twice, or be lost: what it
// was for is found again when the next reconciliation begins. A process may be killed at
// any moment, and on PostgreSQL the others take over its jobs within seconds. Somebody has at most one job of a kind, however many hints arrive.
//
// Somebody whose nights cannot be read holds nobody up: they are tried again, less and
// less often. Whom the service does not know is left alone. While it wants less to be
// asked, everybody asks less. While it refuses the key or the plan, nobody is asked but
// for a probe now and then, after which everything goes on.
//
// The jobs are those of riverqueue/river: on PostgreSQL with its own pool, which is told
// of new jobs, on SQLite in the file of nights.
package jobs
