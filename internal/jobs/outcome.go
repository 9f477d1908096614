package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// isTheirs reports whether an error is about the person who was read, and may be over when
// they are tried again.
func isTheirs(err error) bool {
	switch asleep.CodeOf(err) {
	case asleep.Unavailable, asleep.BadResponse, asleep.Forbidden, asleep.Invalid, asleep.BadID:
		return true
	}
	return false
}

// isEverybodys reports whether an error is the same for everybody, until somebody acts.
func isEverybodys(err error) bool {
	switch asleep.CodeOf(err) {
	case asleep.BadKey, asleep.PlanExpired, asleep.Quota:
		return true
	}
	return false
}

// isOver reports whether an error ends a job well: the archive knows that somebody was
// forgotten, or that the service does not know them.
func isOver(err error) bool {
	return errors.Is(err, archive.ErrForgotten) || asleep.CodeOf(err) == asleep.NotFound
}

// heard notes how reading somebody ended. What says nothing about them is not noted.
func (j *Jobs) heard(ctx context.Context, f archive.Followed, err error) error {
	if err != nil && !isTheirs(err) && !isOver(err) {
		return nil
	}
	return j.Archive.Heard(context.WithoutCancel(ctx), f, string(asleep.CodeOf(err)))
}

// outcome tells the queue how a job ended. soft is the context that it had.
func (j *Jobs) outcome(ctx, soft context.Context, err error) error {
	code := asleep.CodeOf(err)
	_, away := errors.AsType[*sqldb.Unavailable](err)
	switch {
	case err == nil, isOver(err):
		return nil
	case soft.Err() != nil: // what was read is kept
		return river.JobSnooze(0)
	case isEverybodys(err):
		if err := j.halt(ctx, code); err != nil {
			return err
		}
		return river.JobSnooze(again(j.times.probe))
	case code == asleep.RateLimited:
		wait := waitOf(err)
		if !errors.Is(err, errNotNow) {
			if err := j.budget.rest(ctx, wait); err != nil {
				return err
			}
		}
		return river.JobSnooze(again(max(wait, leastWait)))
	case code == asleep.Unavailable && j.budget.isAway():
		return cmp.Or(j.budget.rest(ctx, j.times.away), river.JobSnooze(again(j.times.away)))
	case away:
		return river.JobSnooze(again(leastWait))
	case code == asleep.Invalid, code == asleep.BadID:
		return river.JobCancel(err)
	}
	return err
}

const (
	leastWait = 5 * time.Second
	mostWait  = time.Hour // however long the budget says: it may be raised
)

// again spreads what would all be done at the same moment.
func again(wait time.Duration) time.Duration {
	return min(wait, mostWait) + time.Duration(rand.Int64N(int64(leastWait)))
}

func waitOf(err error) time.Duration {
	if e, ok := errors.AsType[*asleep.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// halt stops the asking: every replica pauses, and a probe is made now and then.
func (j *Jobs) halt(ctx context.Context, code asleep.Code) error {
	first, err := j.budget.halt(ctx, code)
	if err != nil {
		return err
	}
	if first {
		j.Log.Error("jobs have stopped: the service refuses everybody", slog.String("code", string(code)))
	}
	if err := j.insert(ctx, probe{}); err != nil { // before the pause, which only it ends
		return err
	}
	return j.eachQueue(ctx, client.QueuePause)
}

func (j *Jobs) eachQueue(ctx context.Context, do func(client, context.Context, string, *river.QueuePauseOpts) error) error {
	q, err := j.opened(ctx)
	if err != nil {
		return err
	}
	return j.db.Classify(errors.Join(do(q.client, ctx, newQueue, nil), do(q.client, ctx, backfillQueue, nil)))
}

// nobody is a user whom the service does not know: if it says so, it takes the key.
const nobody = "asleep-mcp-probe"

// probe finds out whether the service takes the key again.
func (j *Jobs) probe(ctx context.Context) error {
	_, err := j.client.User(ctx, nobody)
	if err != nil && asleep.CodeOf(err) != asleep.NotFound && asleep.CodeOf(err) != asleep.BadID {
		return err
	}
	if err := j.budget.resume(ctx); err != nil {
		return err
	}
	if err := j.eachQueue(ctx, client.QueueResume); err != nil {
		return err
	}
	j.Log.Info("jobs go on: the service answers again")
	return nil
}
