package jobs

import (
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The kinds of jobs. Their names and fields stand in the database.
type (
	// fetch reads somebody's newest nights.
	fetch struct {
		Person int64 `json:"person"`
	}
	// refresh fetches those of several people that are older than an instant.
	refresh struct {
		People []int64   `json:"people"`
		Since  time.Time `json:"since"`
	}
	// backfill reads somebody's whole history.
	backfill struct {
		Person int64 `json:"person"`
	}
	// roster finds out who is to be followed.
	roster struct{}
	// complete has histories read that are not complete.
	complete struct{}
	// reconcile has stale nights refreshed.
	reconcile struct{}
	// reduce makes the windows of a new day, and those of a new version.
	reduce struct{}
	// release makes the releases that are due.
	release struct{}
	// expire removes what is older than nights are to be kept.
	expire struct{}
	// probe asks whether the service takes the key again.
	probe struct{}
)

// Kind implements [river.JobArgs].
func (fetch) Kind() string { return "fetch" }

// Kind implements [river.JobArgs].
func (refresh) Kind() string { return "refresh" }

// Kind implements [river.JobArgs].
func (backfill) Kind() string { return "backfill" }

// Kind implements [river.JobArgs].
func (roster) Kind() string { return "roster" }

// Kind implements [river.JobArgs].
func (complete) Kind() string { return "complete" }

// Kind implements [river.JobArgs].
func (reconcile) Kind() string { return "reconcile" }

// Kind implements [river.JobArgs].
func (reduce) Kind() string { return "reduce" }

// Kind implements [river.JobArgs].
func (release) Kind() string { return "release" }

// Kind implements [river.JobArgs].
func (expire) Kind() string { return "expire" }

// Kind implements [river.JobArgs].
func (probe) Kind() string { return "probe" }

// The priorities within a queue: a smaller number goes first.
const (
	hinted = 1
	due    = 2
)

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (fetch) InsertOpts() river.InsertOpts { return options(newQueue, hinted) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (refresh) InsertOpts() river.InsertOpts { return options(newQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (backfill) InsertOpts() river.InsertOpts { return options(backfillQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (roster) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (complete) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (reconcile) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (reduce) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (release) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (expire) InsertOpts() river.InsertOpts { return options(upkeepQueue, due) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (probe) InsertOpts() river.InsertOpts { return options(upkeepQueue, hinted) }

const attempts = 8 // about two hours; then it waits for the next reconciliation

// options are those of every kind: there is one unfinished job of the same arguments.
func options(queue string, priority int) river.InsertOpts {
	return river.InsertOpts{Queue: queue, Priority: priority, MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}}
}
