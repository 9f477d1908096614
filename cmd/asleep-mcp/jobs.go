package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// upstream are the settings of what jobs may ask of the service.
type upstream struct {
	UpstreamRate  string `placeholder:"N" default:"20" type:"number" variable:"ASLEEP_MCP_UPSTREAM_RATE" help:"Requests a second that jobs may send to Asleep, those of all replicas together; 0 is any number (default 20)."`
	UpstreamDaily string `placeholder:"N" default:"0" type:"number" variable:"ASLEEP_MCP_UPSTREAM_DAILY" help:"Requests a UTC day that may be sent to Asleep before jobs wait for the next day, those of questions counted too; 0 is any number."`
}

func (u upstream) limits(m *mistakes) (l jobs.Limits) {
	const mostRate, mostDaily = 10_000, 1_000_000_000
	var err error
	if l.PerSecond, err = strconv.ParseFloat(u.UpstreamRate, 64); err != nil || !(l.PerSecond >= 0 && l.PerSecond <= mostRate) {
		m.add("--upstream-rate (ASLEEP_MCP_UPSTREAM_RATE)", "%q is not a number from 0 to %d", u.UpstreamRate, mostRate)
	}
	if l.PerDay, err = strconv.Atoi(u.UpstreamDaily); err != nil || l.PerDay < 0 || l.PerDay > mostDaily {
		m.add("--upstream-daily (ASLEEP_MCP_UPSTREAM_DAILY)", "%q is not a whole number from 0 to %d", u.UpstreamDaily, mostDaily)
	}
	return l
}

// jobs returns what keeps nights fresh; nil where none are kept, or there is no key.
func (c config) jobs(dsn string, store *archive.Store, members *lazyDirectory, w *watch.Watch, log *slog.Logger) *jobs.Jobs {
	if !c.keep || c.key == "" {
		return nil
	}
	o := jobs.Options{
		DSN: dsn, Archive: store, Key: c.key, Now: c.now, KeepDays: c.keepDays, Log: log, Directory: members.open,
		Windows: windows.Lazy(dsn, store, windows.Options{Key: c.key, Home: c.zone, Prefer: c.sources, Now: c.now, Zones: members.zones}),
		Client: func(pace func(context.Context) error, ended func(asleep.Code)) (*asleep.Client, error) {
			return c.client(asleep.WithPace(pace), asleep.WithObserver(observer(w, ended, nil)))
		},
	}
	o.Release = func(ctx context.Context, client *asleep.Client) error {
		return c.makeReleases(ctx, client, store, o.Windows, members, log)
	}
	if c.service != nil {
		o.Limits = c.service.limits
	}
	return jobs.New(o)
}

// makeReleases makes the releases of all organizations that are due. One that cannot be made
// holds up no other.
func (c config) makeReleases(ctx context.Context, client *asleep.Client, store *archive.Store, rows *windows.Store, members *lazyDirectory, log *slog.Logger) error {
	people, err := members.open(ctx)
	if err != nil {
		return err
	}
	deps := &tool.Deps{Client: client, Archive: c.archiveFirst(store, client, log), Now: c.now, Zone: c.zone, Prefer: c.sources}
	maker := &releases.Maker{Directory: people, Nights: deps.Nights(), Windows: rows, Now: c.now, Zone: deps.HomeZone()}
	due, err := maker.Due(ctx)
	for _, d := range due {
		_, failed := maker.Make(ctx, d.Organization, d.Period, nil)
		if !errors.Is(failed, directory.ErrOverlap) && !errors.Is(failed, releases.ErrNotAskable) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

// startJobs has jobs worked on, if this is a server that is to, and returns what ends it.
func (c config) startJobs(ctx context.Context, j *jobs.Jobs) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	if c.service != nil {
		done.Go(func() { j.Count(ctx) })
		if c.service.worker {
			done.Go(func() { j.Run(ctx) })
		}
	}
	return func() {
		cancel()
		done.Wait()
		_ = j.Close() // nothing can be done about it any more
	}
}

// jobsAlone is jobs for a command that only has them done.
func (c config) jobsAlone(members *lazyDirectory, log *slog.Logger) (j *jobs.Jobs, stop func()) {
	return c.watchedJobs(members, nil, log)
}

// watchedJobs is jobs for a command that answers no questions.
func (c config) watchedJobs(members *lazyDirectory, w *watch.Watch, log *slog.Logger) (j *jobs.Jobs, stop func()) {
	stop = func() {}
	dsn, err := c.archiveDSN()
	if err != nil || !c.keep || c.demo {
		return nil, stop
	}
	store := archive.Lazy(dsn, c.now)
	j = c.jobs(dsn, store, members, w, log)
	return j, func() {
		if j != nil {
			_ = j.Close()
		}
		_ = store.Close()
	}
}
