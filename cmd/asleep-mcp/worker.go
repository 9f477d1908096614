package main

import (
	"errors"
	"log/slog"
)

type workerCommand struct {
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
	directory := c.newDirectory()
	defer func() { _ = directory.close() }()
	j, stop := c.jobsAlone(directory, log)
	if j == nil {
		return errors.New("nights cannot be kept: there is no folder for them; set ASLEEP_MCP_DATABASE_URL")
	}
	defer stop()
	log.Info("jobs run", slog.String("version", version()), slog.Float64("requests_per_second", c.service.limits.PerSecond))
	j.Run(ctx)
	return nil
}
