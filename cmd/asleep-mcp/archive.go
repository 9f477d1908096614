package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// nightsFile is the SQLite file of kept nights, beside that of organizations.
const nightsFile = "nights.db"

// archiveDSN returns where nights are kept: on the server of organizations, or in a file
// beside theirs.
func (c config) archiveDSN() (string, error) {
	if strings.Contains(c.database, "://") {
		return c.database, nil
	}
	beside := c.database
	if beside == "" {
		var err error
		if beside, err = c.dataFile(); err != nil {
			return "", err
		}
	}
	return filepath.Join(filepath.Dir(beside), nightsFile), nil
}

// withOnlyUser names the user whose nights alone are kept on this machine, where there is no key and nobody is named.
func (c config) withOnlyUser(ctx context.Context) config {
	if c.userID == "" && c.key == "" && c.service == nil {
		c.userID = c.onlyUser(ctx, "")
	}
	return c
}

// onlyUser returns the user whose nights alone are kept, of one tracker or, with "", of any; "" if there is no
// such user.
func (c config) onlyUser(ctx context.Context, tracker string) string {
	if c.demo || !c.archived {
		return ""
	}
	store, err := c.keptNights()
	if err != nil {
		return ""
	}
	user, err := store.OnlyUser(ctx, tracker)
	if errors.Join(err, store.Close()) != nil { // whoever needs the archive says so
		return ""
	}
	return user
}

// nightArchive is the archive of a program that answers questions.
type nightArchive struct {
	*archive.Store
	dsn  string
	stop context.CancelFunc // nil: nothing runs
	done sync.WaitGroup
}

// openArchive returns the archive that the settings name; nil if none is to be used. It is
// opened when it is first needed.
func (c config) openArchive(log *slog.Logger) *nightArchive {
	if c.demo || !c.archived {
		return nil
	}
	dsn, err := c.archiveDSN()
	if err != nil {
		if c.keep {
			log.Warn("nights are not kept: there is no folder for them", slog.String("cause", err.Error()))
		}
		return nil
	}
	a := &nightArchive{Store: archive.Lazy(dsn, c.now), dsn: dsn}
	return a
}

// expireAtTimes removes what has expired, now and then, where no job does it.
func (a *nightArchive) expireAtTimes(ctx context.Context, days int, log *slog.Logger) {
	ctx, a.stop = context.WithCancel(ctx)
	a.done.Go(func() { a.expire(ctx, days, log) })
}

// expire removes what has expired, now and then, for as long as the program runs. A
// program that answers one question ends before it has begun.
func (a *nightArchive) expire(ctx context.Context, days int, log *slog.Logger) {
	for wait := expireFirst; ; wait = expireAgain {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := a.Expire(ctx, days); err != nil && ctx.Err() == nil {
			log.Warn("kept nights that have expired were not removed", slog.String("cause", err.Error()))
		}
	}
}

const (
	expireFirst = 10 * time.Second
	expireAgain = time.Hour
)

// archiveFirst returns what answers from the archive first. client may be nil.
func (c config) archiveFirst(store *archive.Store, client *asleep.Client, log *slog.Logger) *archive.Source {
	o := archive.Options{Key: c.key, Keep: c.keep, Now: c.now, Failed: func(err error) {
		log.Warn("kept nights cannot be used; the service is asked instead", slog.String("cause", err.Error()))
	}}
	if client != nil {
		o.Live = client
	}
	return archive.NewSource(store, o)
}

func (a *nightArchive) close(log *slog.Logger) {
	if a.stop != nil {
		a.stop()
	}
	a.done.Wait()
	if err := a.Close(); err != nil {
		log.Warn("the archive of nights was not closed well", slog.String("cause", err.Error()))
	}
}
