package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// Options say what jobs work with.
type Options struct {
	DSN     string         // of the archive's database
	Archive *archive.Store // where nights are kept
	Key     string         // the API key
	// Client makes a client of the service that calls pace before each request and end
	// after each.
	Client func(pace func(context.Context) error, end func(asleep.Code)) (*asleep.Client, error)
	// Directory has the people who are to be followed: the members of all organizations.
	Directory func(context.Context) (*directory.Store, error)
	Windows   *windows.Store   // closed with the jobs; reduced when nights arrive, and when a day is over; nil: nothing is
	Now       func() time.Time // of the archive
	// Release makes the releases that are due, for which it asks client, which keeps the
	// budget; nil: nobody does.
	Release  func(ctx context.Context, client *asleep.Client) error
	Limits   Limits
	KeepDays int // nights that began earlier are removed; 0: none are
	Log      *slog.Logger

	times times // zero: the usual ones
}

// times say how often things happen.
type times struct {
	roster    time.Duration // between two readings of who is to be followed
	reconcile time.Duration // between two looks at whose nights are stale
	stale     time.Duration // after which nights are
	probe     time.Duration // between two requests while upstream is halted
	away      time.Duration // before the first retry about somebody who could not be read
}

var usual = times{roster: time.Hour, reconcile: 10 * time.Minute, stale: 20 * time.Hour, probe: 30 * time.Second, away: 30 * time.Second}

// Jobs has nights read. It may be used by several goroutines at once. A program that only
// has something to be done does not call [Jobs.Run].
type Jobs struct {
	Options
	db     *sqldb.DB
	budget *budget

	mu     sync.Mutex
	queue  *queue         // nil: not opened yet
	client *asleep.Client // of queue
}

// New returns jobs; the database is opened when it is first needed.
func New(o Options) *Jobs {
	if o.times == (times{}) {
		o.times = usual
	}
	j := &Jobs{Options: o, db: sqldb.Lazy(o.DSN, plan())}
	j.budget = newBudget(j.db, o.Limits, o.times.probe, j.environment)
	return j
}

// environment returns what stands for the key; the archive is made if need be.
func (j *Jobs) environment(ctx context.Context) (string, error) {
	return j.Archive.EnvironmentToKeep(ctx, j.Key)
}

// opened returns the queue, which is opened once.
func (j *Jobs) opened(ctx context.Context) (*queue, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.queue != nil {
		return j.queue, nil
	}
	client, err := j.Client(j.budget.Wait, j.budget.ended)
	if err != nil {
		return nil, err
	}
	j.client = client
	queue, err := j.open(ctx)
	if err == nil {
		j.queue = queue
	}
	return queue, err
}

// Run works on jobs until ctx ends. While the database is away it tries again.
func (j *Jobs) Run(ctx context.Context) {
	for {
		q, err := j.opened(ctx)
		if err == nil {
			err = q.presence.hold(ctx)
		}
		if err == nil {
			err = q.Start(context.WithoutCancel(ctx))
		}
		if err == nil {
			break
		}
		if ctx.Err() == nil {
			j.Log.Warn("jobs do not run yet: the database cannot be used", slog.String("cause", j.db.Classify(err).Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(reopen):
		}
	}
	j.queue.presence.watch(ctx)
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
	defer cancel()
	if j.queue.Stop(stop) != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
		defer cancel()
		_ = j.queue.StopAndCancel(stop) // what is left running is begun again elsewhere
	}
	j.queue.presence.leave()
}

const (
	reopen     = 5 * time.Second
	stopping   = 5 * time.Second
	countEvery = time.Second
)

// Close is for the end of the program, after Run.
func (j *Jobs) Close() error {
	j.budget.close()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.queue != nil {
		j.queue.close()
	}
	if j.Windows != nil {
		return errors.Join(j.Windows.Close(), j.db.Close())
	}
	return j.db.Close()
}

// Hint has the nights of a user fetched, if they are kept or followed.
func (j *Jobs) Hint(ctx context.Context, userID string) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	key, err := j.Archive.Hint(ctx, archive.Who{Environment: environment, Tracker: archive.Asleep, User: userID})
	if err != nil || key == 0 {
		return err
	}
	return j.insert(ctx, fetch{key})
}

// Joined has a user followed, and their history read. Whatever is missed, the next reading
// of the roster finds.
func (j *Jobs) Joined(ctx context.Context, userID string) error {
	environment, err := j.environment(ctx)
	if err != nil {
		return err
	}
	entered, err := j.Archive.Follow(ctx, environment, []string{userID})
	if err != nil {
		return err
	}
	for _, key := range entered {
		if err := j.insert(ctx, backfill{key}); err != nil {
			return err
		}
	}
	return nil
}

// Count notes the requests of questions, until ctx ends; see [Jobs.Counted].
func (j *Jobs) Count(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(countEvery):
		}
		if err := j.budget.flush(ctx); err != nil && ctx.Err() == nil {
			j.Log.Debug("requests were not counted", slog.String("cause", err.Error()))
		}
	}
}

// Counted notes a request that did not wait for the budget, as those of questions do not.
func (j *Jobs) Counted() { j.budget.counts() }
