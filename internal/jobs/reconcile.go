package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

const (
	page     = 1000             // people that are looked at together
	perBatch = 50               // people that one job refreshes
	margin   = 15 * time.Minute // by which clocks of replicas may differ
)

// follow has the members of all organizations followed, and nobody else.
func (j *Jobs) follow(ctx context.Context) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	directory, err := j.Directory(ctx)
	if err != nil {
		return err
	}
	organizations, err := directory.Organizations(ctx)
	if err != nil {
		return err
	}
	began := j.Now()
	for _, o := range organizations {
		users := make([]string, 0, page)
		for m, err := range directory.Members(ctx, o.ID) {
			if err != nil {
				return err
			}
			if users = append(users, m.UserID); len(users) == page {
				if _, err := j.Archive.Follow(ctx, environment, users); err != nil {
					return err
				}
				users = users[:0]
			}
		}
		if _, err := j.Archive.Follow(ctx, environment, users); err != nil {
			return err
		}
	}
	if err := j.Archive.Unfollow(ctx, environment, began.Add(-margin)); err != nil {
		return err
	}
	return j.complete(ctx)
}

// complete has histories read that are not complete.
func (j *Jobs) complete(ctx context.Context) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		keys, err := j.Archive.Incomplete(ctx, environment, after, page)
		if err != nil || len(keys) == 0 {
			return err
		}
		all := make([]river.JobArgs, len(keys))
		for i, key := range keys {
			all[i] = backfill{key}
		}
		if err := j.insert(ctx, all...); err != nil {
			return err
		}
		after = keys[len(keys)-1]
	}
}

// reconcile has stale nights refreshed.
func (j *Jobs) reconcile(ctx context.Context) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	if waiting, err := j.unfinished(ctx, refresh{}.Kind()); err != nil || waiting {
		return err // most of those who are stale are among them
	}
	since := j.Now().Add(-j.times.stale)
	for after := int64(0); ; {
		stale, err := j.Archive.Stale(ctx, environment, since, after, page)
		if err != nil || len(stale) == 0 {
			return err
		}
		var all []river.JobArgs
		batch := refresh{Since: since}
		for _, f := range stale {
			if f.Read.IsZero() && f.Hinted.IsZero() {
				continue // a backfill is on its way
			}
			if batch.People = append(batch.People, f.Key); len(batch.People) == perBatch {
				all, batch.People = append(all, batch), nil
			}
		}
		if len(batch.People) > 0 {
			all = append(all, batch)
		}
		if err := j.insert(ctx, all...); err != nil {
			return err
		}
		after = stale[len(stale)-1].Key
	}
}
