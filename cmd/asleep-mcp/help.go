package main

import (
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// settingsGroup holds, in the help of a command, what is not the command's own.
var settingsGroup = &kong.Group{Key: "settings", Title: "Settings, which every command shares:"}

// help lists a command's own flags first, and leaves out the settings that it does not use; a
// command that does not list any uses them all. Behind the name of a tool it is about the tool.
func help(o kong.HelpOptions, line *kong.Context) error {
	if command := line.Selected(); command != nil {
		if command.Name == "call" {
			for _, t := range tools.All() {
				if slices.Contains(line.Args, t.Name) {
					return tellTool(line.Stdout, t, columnsOf(line.Stdout))
				}
			}
		}
		used := listed(command.Tag.Get("uses"))
		for _, flag := range line.Model.Flags {
			if flag.Tag.Has("variable") {
				flag.Group = settingsGroup
				flag.Hidden = command.Tag.Has("uses") && !slices.Contains(used, flag.Name)
			}
		}
	}
	return kong.DefaultHelpPrinter(o, line)
}

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"A command or a tool."`
}

// Run prints what --help prints.
func (k helpCommand) Run(p *program) error {
	if len(k.Command) == 1 {
		if at := slices.IndexFunc(tools.All(), func(t tool.Tool) bool { return t.Name == k.Command[0] }); at >= 0 {
			return tellTool(p.stdout, tools.All()[at], columnsOf(p.stdout))
		}
	}
	parser, err := new(commandLine).parser(kong.Writers(p.stdout, p.stderr), kong.Exit(func(int) {}))
	if err != nil {
		return err
	}
	_, _ = parser.Parse(append(k.Command, "--help")) // it says no more than what the next finds
	if len(k.Command) == 0 || slices.ContainsFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == k.Command[0] }) {
		return nil
	}
	return usageError{fmt.Errorf("there is no command %q; see asleep-mcp --help", k.Command[0])}
}
