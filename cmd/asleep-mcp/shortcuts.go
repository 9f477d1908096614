package main

import (
	"github.com/alecthomas/kong"
)

// lastNightCommand is the question that people ask first.
type lastNightCommand struct{}

func (lastNightCommand) Run(p *program, ctx bound) error {
	return callCommand{Tool: "get_session"}.Run(p, ctx)
}

// weekCommand is the question that they ask next.
type weekCommand struct{}

func (weekCommand) Run(p *program, ctx bound) error {
	return callCommand{Tool: "weekly_report"}.Run(p, ctx)
}

// versionFlag prints the version, wherever it stands on the command line.
type versionFlag bool

// BeforeReset is called before the command line is checked any further.
func (versionFlag) BeforeReset(k *kong.Kong) error {
	if err := (versionCommand{}).Run(&program{stdout: k.Stdout}); err != nil {
		return err
	}
	k.Exit(exitOK)
	return nil
}
