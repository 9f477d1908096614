package main

import "log/slog"

type stdioCommand struct{}

func (stdioCommand) Run(p *program, ctx bound) error {
	if p.unasked {
		return p.welcome()
	}
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	log := c.logger(p.stderr, slog.LevelWarn) // clients show what is logged as errors
	s, stop, err := c.newServer(ctx, log)
	if err != nil {
		return err
	}
	defer stop()
	log.Info("serving MCP on standard input and output", slog.String("version", version()), slog.Bool("demo", c.demo))
	return s.Stdio(ctx, p.stdin, p.stdout)
}
