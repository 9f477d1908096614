package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

type workerCommand struct {
	Addr     string `placeholder:"HOST:PORT" variable:"ASLEEP_MCP_ADDR" help:"Address for /metrics and /healthz, which need no token and tell nothing about anybody; none unless set."`
	Status   bool   `help:"Print how far the jobs are, and how fast they go on at a terminal, instead of running any."`
	upstream `embed:""`
}

// Help says when the command is of use.
func (workerCommand) Help() string {
	return "asleep-mcp http does the same in each of its processes. Where questions and jobs are to run apart, servers run with --no-worker, and this command runs beside them, as often as you like. It keeps nights even without --keep-nights."
}

// Run works on jobs until it is stopped.
func (w workerCommand) Run(p *program, ctx bound) error {
	m := mistakes{p.settings.unread}
	c := p.settings.read(&m, p.getenv)
	c.service = &service{limits: w.limits(&m), worker: true}
	if err := m.err(); err != nil {
		return err
	}
	switch {
	case c.demo:
		return usageError{errors.New("made-up nights are not kept: leave out --demo")}
	case c.key == "":
		return usageError{errors.New("no API key is set: set ASLEEP_API_KEY")}
	case !c.archived:
		return usageError{errKeepNothing}
	}
	c.keep = true
	log := c.logger(p.stderr, slog.LevelInfo)
	counts := watch.New(watch.Options{Log: log})
	directory := c.newDirectory()
	defer func() { _ = directory.close() }()
	j, stop := c.watchedJobs(directory, counts, log)
	if j == nil {
		return errors.New("nights cannot be kept: there is no folder for them; set ASLEEP_MCP_DATABASE_URL")
	}
	defer stop()
	if w.Status {
		return showProgress(ctx, p, j)
	}
	counts.Jobs(j.State)
	if w.Addr != "" {
		closeMetrics, err := serveMetrics(ctx, w.Addr, counts, log)
		if err != nil {
			return fmt.Errorf("--addr (ASLEEP_MCP_ADDR): %w", err)
		}
		defer closeMetrics()
	}
	log.Info("jobs run", slog.String("version", version()), slog.Float64("requests_per_second", c.service.limits.PerSecond))
	j.Run(ctx)
	return nil
}

// showProgress prints how far histories are; at a terminal until all are read.
func showProgress(ctx context.Context, p *program, j *jobs.Jobs) error {
	bar := &progressBar{}
	if isTerminal(p.stderr) {
		bar.out = p.stderr
	}
	for {
		s, err := j.State(ctx)
		if err != nil {
			return err
		}
		open := s.People.Waiting + s.People.Failing
		bar.show(s.People.All-open, s.People.All)
		if bar.out == nil || open == 0 || s.Halted != "" {
			bar.end()
			text := progressText(s)
			if s.Halted != "" {
				text += fmt.Sprintf("; stopped, as the service refuses everybody (%s)", s.Halted)
			}
			_, err := fmt.Fprintln(p.stdout, text)
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

// serveMetrics lets an operator see what a process without any other door does.
func serveMetrics(ctx context.Context, addr string, w *watch.Watch, log *slog.Logger) (stop func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", w.Handler())
	routes.HandleFunc("GET /healthz", func(out http.ResponseWriter, _ *http.Request) { _, _ = out.Write([]byte("ok\n")) })
	server := &http.Server{Handler: routes, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	log.Info("serving metrics", slog.String("url", "http://"+l.Addr().String()+"/metrics"))
	go func() { _ = server.Serve(l) }() // until it is closed
	return func() { _ = server.Close() }, nil
}
