package main

import (
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/serve"
)

const defaultHTTPAddr = serve.DefaultAddr

type httpCommand struct {
	Addr string `placeholder:"HOST:PORT" default:"${addr}" help:"Where to listen; loopback only, port 0 is any free one (default ${addr})."`
}

func (h httpCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	if err := serve.CheckAddr(h.Addr); err != nil {
		return usageError{err}
	}
	log := c.logger(p.stderr, slog.LevelInfo)
	s, stop, err := c.newServer(ctx, log)
	if err != nil {
		return err
	}
	defer stop()
	l, err := serve.Listen(ctx, h.Addr)
	if err != nil {
		return err
	}
	log.Info("serving MCP over HTTP", slog.String("url", "http://"+l.Addr().String()+"/mcp"),
		slog.String("version", version()), slog.Bool("demo", c.demo))
	return s.Serve(ctx, l)
}
