package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// registry returns the people in the directory and at Asleep, for a command that needs
// both. Call stop when it is no longer needed.
func (c config) registry(log *slog.Logger) (r members.Registry, stop func(), err error) {
	if c.key == "" {
		return r, nil, usageError{errors.New("set ASLEEP_API_KEY: this command needs the Asleep API key")}
	}
	client, err := c.client()
	if err != nil {
		return r, nil, err
	}
	d := c.newDirectory()
	r = members.Registry{Directory: d.open, Asleep: client}
	j, stopJobs := c.jobsAlone(d, log)
	if j != nil {
		r.Joined = func(ctx context.Context, userID string) { _ = j.Joined(ctx, userID) } // what is missed is found later
	}
	return r, func() { stopJobs(); _ = d.close() }, nil
}
