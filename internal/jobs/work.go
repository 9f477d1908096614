package jobs

import (
	"cmp"
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// workers returns what does each kind of job.
func (j *Jobs) workers() *river.Workers {
	w := river.NewWorkers()
	add(w, j, jobTime, func(ctx context.Context, a fetch) error { return j.one(ctx, a.Person, newestNights) })
	add(w, j, jobTime, func(ctx context.Context, a backfill) error { return j.one(ofHistories(ctx), a.Person, history) })
	add(w, j, jobTime, j.refresh)
	add(w, j, upkeepTime, func(ctx context.Context, _ roster) error { return j.follow(ctx) })
	add(w, j, upkeepTime, func(ctx context.Context, _ complete) error { return j.complete(ctx) })
	add(w, j, upkeepTime, func(ctx context.Context, _ reconcile) error { return j.reconcile(ctx) })
	add(w, j, upkeepTime, func(ctx context.Context, _ reduce) error { return j.reduceDue(ctx) })
	add(w, j, upkeepTime, func(ctx context.Context, _ release) error { return j.Release(ofHistories(ctx), j.client) })
	add(w, j, upkeepTime, func(ctx context.Context, _ expire) error { return j.Archive.Expire(ctx, j.KeepDays) })
	add(w, j, jobTime, func(ctx context.Context, _ probe) error { return j.probe(ctx) })
	return w
}

// worker does one kind of job.
type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	jobs *Jobs
	time time.Duration
	work func(context.Context, T) error
}

func add[T river.JobArgs](w *river.Workers, j *Jobs, limit time.Duration, work func(context.Context, T) error) {
	river.AddWorker(w, &worker[T]{jobs: j, time: limit, work: work})
}

// Timeout implements [river.Worker].
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.time }

// Work implements [river.Worker].
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	soft, cancel := context.WithTimeout(ctx, w.time-grace)
	defer cancel()
	return w.jobs.outcome(ctx, soft, w.work(soft, job.Args))
}

// periodic returns what begins by itself, on whichever replica the queue elects.
func (j *Jobs) periodic() []*river.PeriodicJob {
	every := func(d time.Duration, args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) { return args, nil }, &river.PeriodicJobOpts{RunOnStart: true})
	}
	all := []*river.PeriodicJob{every(j.times.roster, roster{}), every(j.times.reconcile, reconcile{}), every(j.times.reconcile, reduce{}), every(time.Hour, expire{})}
	if j.Release != nil {
		all = append(all, every(j.times.roster, release{}))
	}
	return all
}

func newestNights(ctx context.Context, y archive.Sync, who archive.Who) error {
	return y.Newest(ctx, who)
}

func history(ctx context.Context, y archive.Sync, who archive.Who) error {
	_, err := y.Resume(ctx, who)
	return err
}

// one reads something of one person. A person of another environment is left to replicas
// that have its key.
func (j *Jobs) one(ctx context.Context, key int64, read func(context.Context, archive.Sync, archive.Who) error) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	for {
		f, ok, err := j.Archive.FollowedAs(ctx, key)
		if err != nil || !ok || f.Environment != environment {
			return err
		}
		j.client.Forget(f.User)
		err = read(ctx, archive.Sync{Store: j.Archive, Service: j.client, Key: j.Key, NightsOnly: true}, f.Who)
		if err == nil && j.Windows != nil {
			err = j.Windows.Reduce(ctx, f.User)
		}
		if noted := j.heard(ctx, f, err); err != nil || noted != nil {
			return cmp.Or(err, noted)
		}
		// A hint that came meanwhile found this job unfinished, and made no other.
		if f, ok, err = j.Archive.FollowedAs(ctx, key); err != nil || !ok || f.Hinted.IsZero() {
			return err
		}
	}
}

// reduceDue reduces everybody whose windows are not those of today or of this version.
func (j *Jobs) reduceDue(ctx context.Context) error {
	if j.Windows == nil {
		return nil
	}
	var failed atomic.Int64
	_, err := j.Windows.ReduceDue(ctx, together, func(string, error) { failed.Add(1) })
	if n := failed.Load(); n > 0 && ctx.Err() == nil {
		j.Log.Warn("windows of some people could not be made; they are tried again", slog.Int64("people", n))
	}
	return err
}

// together is how many people of one job are read at a time.
const together = 4

// refresh fetches several people. Those who cannot be read get a job of their own, so that
// they hold up nobody else.
func (j *Jobs) refresh(ctx context.Context, a refresh) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(together)
	for _, key := range a.People {
		group.Go(func() error {
			f, ok, err := j.Archive.FollowedAs(ctx, key)
			if err != nil || !ok || f.Gone || f.Read.After(a.Since) && f.Hinted.IsZero() {
				return err
			}
			switch err = j.one(ctx, key, newestNights); {
			case isOver(err):
				return nil
			case isTheirs(err) && !j.budget.isAway():
				return j.insert(ctx, fetch{key})
			}
			return err
		})
	}
	return group.Wait()
}
