package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
)

const (
	defaultSandboxAddr = "127.0.0.1:8081"
	sandboxKey         = "sandbox-key" // an example: the sandbox accepts any key
)

type sandboxCommand struct {
	Addr   string `placeholder:"HOST:PORT" default:"${sandbox_addr}" help:"Loopback address to listen on (default ${sandbox_addr}). Port 0 picks a free port."`
	Nights string `placeholder:"FILE" help:"Serve the nights in this file (JSON lines) instead of made-up ones."`
	Fault  string `placeholder:"NAME" help:"Answer every request with this fault: ${faults}."`
}

func (s sandboxCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	people, err := s.people(c.now())
	if err != nil {
		return usageError{err}
	}
	api := sandbox.New(sandbox.Options{Now: c.now, People: people})
	if s.Fault != "" {
		if err := api.SetFault(sandbox.Fault{Name: s.Fault}); err != nil {
			return usageError{fmt.Errorf("--fault: %w", err)}
		}
	}
	if err := web.CheckAddr(s.Addr); err != nil {
		return usageError{err}
	}
	l, err := web.Listen(ctx, s.Addr)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(p.stdout, howToUse(l.Addr(), people, p.settings.Now)); err != nil {
		return errors.Join(err, l.Close())
	}
	c.logger(p.stderr, slog.LevelInfo).Info("serving the Asleep sandbox", slog.Int("people", len(people)))
	return serveSandbox(ctx, l, api)
}

// people returns those of the file, or the demo's.
func (s sandboxCommand) people(now time.Time) ([]sandbox.Person, error) {
	if s.Nights == "" {
		return sandbox.Demo(now, sandbox.DemoSeed), nil
	}
	f, err := os.Open(s.Nights)
	if err != nil {
		return nil, fmt.Errorf("--nights: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	people, err := sandbox.ReadNights(f)
	if err != nil {
		return nil, fmt.Errorf("--nights: %w", err)
	}
	return people, nil
}

// howToUse says how to reach the sandbox, in lines that a shell can run.
func howToUse(addr net.Addr, people []sandbox.Person, now string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Asleep sandbox at http://%s, with the users\n", addr)
	for _, person := range people {
		fmt.Fprintf(&b, "#   %s\n", person.ID)
	}
	fmt.Fprintf(&b, "# Use it with\nexport ASLEEP_BASE_URL=http://%s\nexport ASLEEP_API_KEY=%s\nexport ASLEEP_USER_ID=%s\n",
		addr, sandboxKey, people[0].ID)
	if now != "" {
		fmt.Fprintf(&b, "export ASLEEP_MCP_NOW=%s\n", now)
	}
	return b.String()
}

// serveSandbox answers on l until ctx ends.
func serveSandbox(ctx context.Context, l net.Listener, api http.Handler) error {
	srv := &http.Server{Handler: api, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() }) // cuts off waiting clients
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
