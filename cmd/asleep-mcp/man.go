package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Run prints the manual page, from what --help says.
func (manCommand) Run(p *program) error {
	parser, err := new(commandLine).parser()
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.stdout, manual(parser.Model))
	return err
}

// manual is the page in the macros of man(7).
func manual(program *kong.Application) string {
	var page strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n", args...) }
	flags := func(all []*kong.Flag) {
		for _, f := range all {
			if f.Hidden {
				continue
			}
			line(".TP\n.B %s", roff("--"+f.Name))
			line("%s", roff(f.Help))
			if variable := f.Tag.Get("variable"); variable != "" {
				line("Variable: %s.", roff(variable))
			}
		}
	}
	line(`.TH ASLEEP-MCP 1 "" "asleep-mcp %s" "User Commands"`, version())
	line(".SH NAME\nasleep-mcp \\- answers questions about sleep over MCP")
	line(".SH SYNOPSIS\n.B asleep-mcp\n[command] [flags]")
	line(".SH DESCRIPTION\n%s", strings.ReplaceAll(roff(about), "\n\n", "\n.PP\n"))
	line(".SH COMMANDS")
	for _, command := range program.Children {
		if command.Hidden {
			continue
		}
		line(".SS %s", roff(strings.TrimPrefix(command.Summary(), program.Name+" ")))
		line("%s", roff(command.Help))
		for _, argument := range command.Positional {
			line(".TP\n.I %s\n%s", roff(argument.Name), roff(argument.Help))
		}
		flags(command.Flags)
	}
	line(".SH OPTIONS")
	flags(program.Flags)
	line(".SH EXIT STATUS\n0 when it did what was asked, 1 when a tool answered with an error or something failed, 2 when the command line or the settings are wrong.")
	return page.String()
}

// roff escapes what the formatter would take for its own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return strings.NewReplacer("\n.", "\n\\&.", "\n'", "\n\\&'").Replace(text)
}
