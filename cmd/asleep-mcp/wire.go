package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"slices"
	"sync"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/serve"
	"github.com/asleep-mcp/asleep-mcp/tenants"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// newServer puts the server together that the settings ask for. Call stop when
// it is not needed any more.
func (c config) newServer(ctx context.Context, log *slog.Logger) (s *serve.Server, stop func(), err error) {
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
	deps := &tools.Deps{Now: c.now, Zone: c.zone, BirthYear: c.birthYear, DataSource: "asleep"}
	if c.demo {
		deps.DataSource = "demo"
		log.Info("the nights are made up, and every answer is marked so")
		stopDemo, err := c.startDemo(ctx, log)
		if err != nil {
			return nil, nil, err
		}
		stops = append(stops, stopDemo)
	}
	directory := c.newDirectory()
	deps.Tenants = directory.open
	stops = append(stops, func() {
		if err := directory.close(); err != nil {
			log.Warn("the database was not closed well", slog.String("cause", err.Error()))
		}
	})
	o := serve.Options{
		Version: version(), Tools: tools.Of(c.toolsets, c.asked(directory)), Prompts: prompts.All(), Resources: prompts.Resources(), Deps: deps,
		Principal: c.principal(directory.memberOf), Log: log,
	}
	options := []asleep.Option{asleep.WithClock(c.now), asleep.WithUserAgent(serve.Name + "/" + version())}
	if c.service != nil {
		stopWatch, err := c.watch(ctx, &o)
		if err != nil {
			return nil, nil, err
		}
		stops = append(stops, stopWatch)
		options = append(options, asleep.WithObserver(observer(o.Watch)))
	}
	if c.key == "" {
		log.Warn("no API key is set, so every question will fail: set ASLEEP_API_KEY and start again")
	} else if deps.Client, err = asleep.New(c.baseURL, c.key, options...); err != nil {
		return nil, nil, err
	}
	if c.service != nil {
		if err := c.open(ctx, &o, directory); err != nil {
			return nil, nil, err
		}
	}
	s, err = serve.New(o)
	return s, stopAll, err
}

// startDemo starts a sandbox on a free port and points the settings at it, with
// a key that is made up: the real one never goes there.
func (c *config) startDemo(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	l, err := serve.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.key = rand.Text()
	c.baseURL = "http://" + l.Addr().String()
	c.userID = cmp.Or(c.userID, sandbox.DemoUser)
	options := sandbox.Options{Key: c.key, Now: c.now}
	// The nights take time and room, so there are none until somebody asks for them.
	api := sync.OnceValue(func() *sandbox.Server {
		options.People = append(sandbox.Demo(options.Now(), sandbox.DemoSeed), sandbox.DemoTeam(options.Now(), sandbox.DemoSeed)...)
		return sandbox.New(options)
	})
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := serveSandbox(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api().ServeHTTP(w, r) })); err != nil {
			log.Error("the demo's API stopped", slog.String("cause", err.Error()))
		}
	}()
	return func() { cancel(); <-ended }, nil
}

// principal is who is asking on the doors where callers are not told apart.
func (c config) principal(memberOf access.Directory) access.Principal {
	return access.Of(c.role, c.userID, memberOf, c.ofOrgs...).Named(string(c.role))
}

// asked is who may ask at most: behind a gate anybody, else the one principal.
func (c config) asked(d *directory) access.Principal {
	if c.service.gated() {
		return access.Operator("")
	}
	return c.principal(d.memberOf)
}

// newDirectory is the one that the settings name, or the demo's own.
func (c config) newDirectory() *directory {
	if c.demo {
		return newDemoDirectory()
	}
	return &directory{set: c.database != "", dial: func(ctx context.Context) (*tenants.Store, error) {
		if c.database != "" {
			return tenants.Open(ctx, c.database)
		}
		path, err := c.dataFile()
		if err != nil {
			return nil, err
		}
		return tenants.OpenLater(ctx, path)
	}}
}
