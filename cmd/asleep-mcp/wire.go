package main

import (
	"context"
	"log/slog"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// newServer puts together the server that the settings ask for. Call stop when it is no
// longer needed.
func (c config) newServer(ctx context.Context, log *slog.Logger) (s *serve.Server, stop func(), err error) {
	c = c.withOnlyUser(ctx)
	var stops []func()
	stopAll := func() {
		for _, f := range slices.Backward(stops) {
			f()
		}
	}
	defer func() {
		if err != nil {
			stopAll()
		}
	}()
	deps := &tool.Deps{Now: c.now, Zone: c.zone, BirthYear: c.birthYear, DataSource: "asleep", Prefer: c.sources}
	if c.demo {
		deps.DataSource = "demo"
		log.Info("the nights are made up, and every answer is marked so")
		stopDemo, err := c.startDemo(ctx, log)
		if err != nil {
			return nil, nil, err
		}
		stops = append(stops, stopDemo)
	}
	members := c.newDirectory()
	deps.Directory = members.open
	stops = append(stops, func() {
		if err := members.close(); err != nil {
			log.Warn("the database was not closed well", slog.String("cause", err.Error()))
		}
	})
	toolsets := c.toolsets
	if c.service != nil && c.service.issuer != "" {
		toolsets = append(slices.Clone(toolsets), tool.ToolsetAccount)
	}
	o := serve.Options{
		Version: version(), Tools: tools.Enabled(toolsets, c.asked(members)), Prompts: prompts.All(), Resources: prompts.Resources(), Skills: skills.All(), Deps: deps,
		Principal: c.principal(members.memberOf), Log: log,
	}
	var options []asleep.Option
	if c.service != nil {
		stops = append(stops, c.watch(ctx, &o))
		options = append(options, asleep.WithObserver(observer(o.Watch, nil, func() {
			if deps.Jobs != nil {
				deps.Jobs.Counted()
			}
		})))
	}
	if c.key == "" {
		log.Warn("no API key is set, so only nights that were kept or imported can be asked about: set ASLEEP_API_KEY and start again, or import the export of another tracker")
	} else if deps.Client, err = c.client(options...); err != nil {
		return nil, nil, err
	}
	if a := c.openArchive(log); a != nil {
		deps.Archive = c.archiveFirst(a.Store, deps.Client, log)
		stops = append(stops, func() { a.close(log) })
		if deps.Jobs = c.jobs(a.dsn, a.Store, members, o.Watch, log); deps.Jobs != nil {
			deps.Windows = deps.Jobs.Windows
			stops = append(stops, c.startJobs(ctx, deps.Jobs))
			if o.Watch != nil {
				o.Watch.Jobs(deps.Jobs.State)
			}
		}
		if deps.Jobs == nil || c.service == nil {
			a.expireAtTimes(ctx, c.keepDays, log)
		}
	}
	if c.service != nil {
		if err := c.openHTTP(ctx, &o, members); err != nil {
			return nil, nil, err
		}
	}
	s, err = serve.New(o)
	return s, stopAll, err
}

// client returns a client of the service with the key that is set.
func (c config) client(more ...asleep.Option) (*asleep.Client, error) {
	options := []asleep.Option{asleep.WithClock(c.now), asleep.WithUserAgent(serve.Name + "/" + version())}
	if c.plain {
		options = append(options, asleep.WithPlainHTTP())
	}
	return asleep.New(c.baseURL, c.key, append(options, more...)...)
}
