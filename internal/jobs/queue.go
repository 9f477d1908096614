package jobs

import (
	"context"
	"crypto/rand"
	"embed"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

//go:embed migrations
var migrations embed.FS

// plan is what this package keeps in the database, beside the queue's own tables.
func plan() sqldb.Plan {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is valid
	}
	upon := archive.Plan()
	return sqldb.Plan{Migrations: files, Versions: "asleep_mcp_jobs_versions", Lock: planLock, Pragmas: upon.Pragmas, Upon: &upon}
}

const planLock = 0x6a6f6273

// The queues: each has workers of its own, so that none waits for another.
const (
	newQueue      = "new"      // newest nights
	backfillQueue = "backfill" // histories
	upkeepQueue   = "upkeep"   // what asks the service for next to nothing
)

const (
	connections = 7 // to PostgreSQL, one of which hears of new jobs, and one holds a lock
	jobTime     = 40 * time.Second
	upkeepTime  = 5 * time.Minute  // of jobs about everybody
	rescueAfter = 45 * time.Second // when a job that still runs is taken from who died
	grace       = 10 * time.Second // before its time is over, a job stops by itself and goes on later
)

// queue is a client of the queue, whose own type names the driver's transactions.
type queue struct {
	client
	presence *presence // nil: SQLite
	close    func()
}

type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	InsertMany(ctx context.Context, all []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	QueuePause(ctx context.Context, name string, o *river.QueuePauseOpts) error
	QueueResume(ctx context.Context, name string, o *river.QueuePauseOpts) error
}

// open opens the database, makes the tables of the queue and returns its client.
func (j *Jobs) open(ctx context.Context) (*queue, error) {
	if err := j.budget.make(ctx); err != nil { // which also opens and migrates
		return nil, err
	}
	if !j.db.Server() {
		_, write := j.db.Pools()
		return openQueue(ctx, j, "", riversqlite.New(write), func() {})
	}
	settings, err := pgxpool.ParseConfig(j.DSN)
	if err != nil {
		return nil, &sqldb.Invalid{Field: "database", Problem: "is no readable postgres:// URL"} // the parser's own words repeat it
	}
	settings.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, j.db.Classify(err)
	}
	unlock, err := locked(ctx, pool)
	if err != nil {
		pool.Close()
		return nil, j.db.Classify(err)
	}
	defer unlock()
	id := named + rand.Text()
	q, err := openQueue(ctx, j, id, riverpgxv5.New(pool), pool.Close)
	if err == nil {
		q.presence = &presence{pool: pool, id: id}
	}
	return q, err
}

// locked lets one program at a time make tables.
func locked(ctx context.Context, pool *pgxpool.Pool) (unlock func(), err error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock($1)`, planLock+1); err != nil {
		c.Release()
		return nil, err
	}
	return func() {
		if _, err := c.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, planLock+1); err != nil {
			_ = c.Conn().Close(context.WithoutCancel(ctx)) // which unlocks, too
		}
		c.Release()
	}, nil
}

// openQueue returns a client of an id; "": of any.
func openQueue[TTx any](ctx context.Context, j *Jobs, id string, driver riverdriver.Driver[TTx], closePool func()) (*queue, error) {
	log := slog.New(quiet{j.Log.Handler()})
	if err := migrate(ctx, driver, log); err != nil {
		closePool()
		return nil, j.db.Classify(err)
	}
	most := j.Limits.mostAtOnce()
	c, err := river.NewClient(driver, &river.Config{
		ID: id, Logger: log, Workers: j.workers(), PeriodicJobs: j.periodic(), RetryPolicy: later{j.times.away},
		JobTimeout: jobTime, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: stopping,
		CompletedJobRetentionPeriod: time.Hour, CancelledJobRetentionPeriod: time.Hour,
		FetchOnlyKnownKinds: true, // a newer replica may know more
		Queues:              map[string]river.QueueConfig{newQueue: {MaxWorkers: most}, backfillQueue: {MaxWorkers: most}, upkeepQueue: {MaxWorkers: 2}},
	})
	if err != nil {
		closePool()
		return nil, err
	}
	return &queue{client: c, close: closePool}, nil
}

// migrate makes the tables of the queue. Another program may make them at the same time in
// the same file, and then they are there the second time.
func migrate[TTx any](ctx context.Context, driver riverdriver.Driver[TTx], log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil && ctx.Err() == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	return err
}

// quiet leaves out what the queue says of its everyday life.
type quiet struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError && q.Handler.Enabled(ctx, level)
}

// WithAttrs implements [slog.Handler].
func (q quiet) WithAttrs(all []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(all)} }

// WithGroup implements [slog.Handler].
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }

// insert has jobs done, except those that are waiting already.
func (j *Jobs) insert(ctx context.Context, all ...river.JobArgs) error {
	if len(all) == 0 {
		return nil
	}
	q, err := j.opened(ctx)
	if err != nil {
		return err
	}
	many := make([]river.InsertManyParams, len(all))
	for i, args := range all {
		many[i].Args = args
	}
	_, err = q.InsertMany(ctx, many)
	return j.db.Classify(err)
}

// unfinished reports whether a job of a kind is not finished.
func (j *Jobs) unfinished(ctx context.Context, kind string) (found bool, err error) {
	err = j.db.Read(ctx, nil, func(ctx context.Context, db sqldb.Rows) error {
		return db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM river_job WHERE kind = $1
			AND state IN ('available', 'pending', 'running', 'retryable', 'scheduled'))`, kind).Scan(&found)
	})
	return found, err
}

// later is when what failed is tried again: after a while that doubles each time, up to
// some hours.
type later struct{ first time.Duration }

// NextRetry implements [river.ClientRetryPolicy].
func (l later) NextRetry(job *rivertype.JobRow) time.Time {
	const mostDoublings = 9
	return time.Now().Add(l.first << min(max(0, len(job.Errors)), mostDoublings))
}
