package main

import (
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// registry returns the people in the directory and at Asleep, for a command that needs
// both. Call stop when it is no longer needed.
func (c config) registry() (r members.Registry, stop func(), err error) {
	if c.key == "" {
		return r, nil, usageError{errors.New("set ASLEEP_API_KEY: this command needs the key of Asleep")}
	}
	client, err := c.client()
	if err != nil {
		return r, nil, err
	}
	d := c.newDirectory()
	return members.Registry{Directory: d.open, Asleep: client}, func() { _ = d.close() }, nil
}
