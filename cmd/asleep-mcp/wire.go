package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/serve"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// demoSeed makes the demo's nights; another one makes others.
const demoSeed = 1

// newServer puts the server together that the settings ask for. Call stop when
// it is not needed any more.
func (c config) newServer(ctx context.Context, log *slog.Logger) (s *serve.Server, stop func(), err error) {
	stop = func() {}
	deps := &tools.Deps{Now: c.now, Zone: c.zone, BirthYear: c.birthYear, DataSource: "asleep"}
	if c.demo {
		deps.DataSource = "demo"
		if stop, err = c.startDemo(ctx, log); err != nil {
			return nil, nil, err
		}
	}
	if c.key != "" {
		deps.Client, err = asleep.New(c.baseURL, c.key, asleep.WithClock(c.now), asleep.WithUserAgent(serve.Name+"/"+version()))
	}
	if err == nil {
		s, err = serve.New(serve.Options{
			Version: version(), Tools: tools.All(), Deps: deps, Principal: access.Operator(c.userID), Log: log,
		})
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return s, stop, nil
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
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// The nights take a while to make. The first request waits for them,
		// what else happens at the start does not.
		options.People = sandbox.Demo(options.Now(), demoSeed)
		api := sandbox.New(options)
		if err := serveSandbox(ctx, l, api); err != nil {
			log.Error("the demo's API stopped", slog.String("cause", err.Error()))
		}
	}()
	return func() { cancel(); <-ended }, nil
}
