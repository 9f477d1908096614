package jobs

import (
	"context"
	"database/sql"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// State is how jobs are getting on, all replicas together.
type State struct {
	Waiting int           // jobs that can begin
	Later   int           // jobs that begin later, after a failure or because they have to wait
	Running int           // jobs under way
	Failed  int           // jobs of the last week that were given up; reconciliation begins them anew
	Done    int           // jobs of the last hour
	Oldest  time.Duration // for how long the oldest waiting job could have begun
	Used    int           // requests of this UTC day
	Left    int           // requests that are left of this UTC day; -1: any number
	Slow    float64       // how many times slower than allowed requests are made, as the service demands; 1: not
	Halted  asleep.Code   // why nothing is asked; "": it is
	People  archive.Following
}

// Following counts those of users of whom something is kept, by how much; everybody who is
// followed without any.
func (j *Jobs) Following(ctx context.Context, users ...string) (f archive.Following, err error) {
	environment, err := j.environment(ctx)
	if err != nil {
		return f, err
	}
	return j.Archive.Following(ctx, environment, users...)
}

// State returns how jobs are getting on.
func (j *Jobs) State(ctx context.Context) (s State, err error) {
	environment, err := j.environment(ctx)
	if err != nil {
		return s, err
	}
	if _, err = j.opened(ctx); err != nil {
		return s, err
	}
	if s.People, err = j.Archive.Following(ctx, environment); err != nil {
		return s, err
	}
	err = j.db.Read(ctx, nil, func(ctx context.Context, db sqldb.Rows) error {
		type count struct {
			state string
			n     int
		}
		all, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (c count, err error) { return c, row.Scan(&c.state, &c.n) },
			`SELECT CAST(state AS TEXT), COUNT(*) FROM river_job GROUP BY state`)
		if err != nil {
			return err
		}
		for _, c := range all {
			*s.of(c.state) += c.n
		}
		return j.oldest(ctx, db, &s.Oldest)
	})
	if err != nil {
		return s, err
	}
	err = j.budget.change(ctx, func(a *account, now time.Time) {
		a.asked(now, 0, j.Limits)
		s.Used, s.Left, s.Slow, s.Halted = a.used, -1, a.factor(now), a.halted
		if j.Limits.PerDay > 0 {
			s.Left = max(0, j.Limits.PerDay-a.used)
		}
	})
	return s, err
}

// of returns the counter of a state of the queue.
func (s *State) of(state string) *int {
	switch state {
	case "available":
		return &s.Waiting
	case "running":
		return &s.Running
	case "completed":
		return &s.Done
	case "discarded":
		return &s.Failed
	case "retryable", "scheduled", "pending":
		return &s.Later
	}
	return new(int)
}

func (j *Jobs) oldest(ctx context.Context, db sqldb.Rows, age *time.Duration) error {
	since := `EXTRACT(EPOCH FROM clock_timestamp() - MIN(scheduled_at))`
	if !j.db.Server() {
		since = `86400 * (julianday('now') - julianday(MIN(scheduled_at)))`
	}
	var seconds sql.Null[float64]
	err := db.QueryRowContext(ctx, `SELECT `+since+` FROM river_job WHERE state = 'available'`).Scan(&seconds)
	*age = max(0, time.Duration(seconds.V*float64(time.Second)))
	return err
}
