// Package jobs keeps people's nights fresh with durable jobs in the archive's database,
// on one machine or with any number of replicas.
//
// # Vocabulary
//
// A person is followed if their nights are to be fresh before anybody asks; members of
// organizations are. A hint says that the service may have new nights of a person;
// nothing else in it is believed. To fetch is to read a person's newest nights, to
// refresh is to fetch several people, and to backfill is to read a person's whole
// history, 100 days at a time. The roster lists who is to be followed. To reconcile is
// to find out whose nights are stale and have them refreshed. Upstream is the service;
// its budget is what all replicas together may ask of it. It is halted while it refuses
// everybody, for example because the key was revoked.
//
// # Units
//
// Requests per second and requests per UTC day. Instants of the budget are the
// database's, because the clocks of replicas may differ. Instants of nights are those
// of the archive.
//
// # Promise
//
// A job holds the number of a row in the archive and nothing about the person. What has
// been done is known from the archive alone, so a job may run twice or be lost: the
// next reconciliation finds again what it was for. A process may be killed at any
// moment, and on PostgreSQL the others take over its jobs within seconds. However many
// hints arrive, there is at most one job of a kind per person.
//
// A person whose nights cannot be read does not hold up anybody else: they are tried
// again, less and less often. People whom the service does not know are left alone. If
// the service asks for fewer requests, all jobs send fewer. While it refuses the key or
// the plan, nothing is sent except a probe from time to time; once that succeeds,
// everything continues.
//
// The jobs are those of riverqueue/river: on PostgreSQL with a pool of its own, which
// is notified of new jobs, and on SQLite in the file of nights.
package jobs
