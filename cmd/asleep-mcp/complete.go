package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// candidate is a word that may stand where the cursor is.
type candidate struct{ word, help string }

// candidates returns what may stand in the place of the last of the words after the program's
// name, which may be "", in the order of its help.
func candidates(words []string) []candidate {
	if len(words) == 0 {
		words = []string{""}
	}
	before, prefix := words[:len(words)-1], words[len(words)-1]
	parser, err := new(commandLine).parser()
	if err != nil {
		return nil
	}
	command, rest := selected(parser.Model.Node, before)
	var all []candidate
	switch {
	case strings.HasPrefix(prefix, "-"):
		all = flagsOf(parser.Model.Node, command)
	case command == nil:
		for _, child := range parser.Model.Children {
			if !child.Hidden {
				all = append(all, candidate{child.Name, child.Help})
			}
		}
	default:
		all = valuesOf(command.Name, rest, prefix)
	}
	return slices.DeleteFunc(all, func(c candidate) bool { return !strings.HasPrefix(c.word, prefix) })
}

// selected returns the command that is among the words, nil if there is none yet, and the words
// after it that are no flags.
func selected(program *kong.Node, words []string) (command *kong.Node, rest []string) {
	for _, word := range words {
		switch {
		case strings.HasPrefix(word, "-"):
		case command != nil:
			rest = append(rest, word)
		default:
			if at := slices.IndexFunc(program.Children, func(n *kong.Node) bool { return n.Name == word }); at >= 0 {
				command = program.Children[at]
			}
		}
	}
	return command, rest
}

func flagsOf(program, command *kong.Node) (all []candidate) {
	flags := program.Flags
	if command != nil {
		flags = command.Flags
		for _, f := range program.Flags {
			if used := command.Tag.Get("uses"); !command.Tag.Has("uses") || !f.Tag.Has("variable") || slices.Contains(listed(used), f.Name) {
				flags = append(flags, f)
			}
		}
	}
	for _, f := range flags {
		if !f.Hidden {
			all = append(all, candidate{"--" + f.Name, f.Help})
		}
	}
	return all
}

// valuesOf returns the words that a command takes after those already there.
func valuesOf(command string, given []string, prefix string) (all []candidate) {
	switch {
	case command == "call" && len(given) == 0:
		for _, t := range tools.All() {
			all = append(all, candidate{t.Name, t.Title})
		}
	case command == "call":
		return argumentCandidates(given, prefix)
	case command == "setup" && len(given) == 0:
		for _, c := range clients.All() {
			all = append(all, candidate{c.Name, c.Title})
		}
	case command == "completion" && len(given) == 0:
		for _, shell := range shells() {
			all = append(all, candidate{shell, ""})
		}
	}
	return all
}

// argumentCandidates returns the arguments of a tool, of which the first word is the name, as name=,
// and behind that the values where there are only some.
func argumentCandidates(given []string, prefix string) (all []candidate) {
	at := slices.IndexFunc(tools.All(), func(t tool.Tool) bool { return t.Name == given[0] })
	if at < 0 {
		return nil
	}
	for _, a := range argumentsIn(tools.All()[at]) {
		name, _, chosen := strings.Cut(prefix, "=")
		switch {
		case chosen && name == a.name:
			for _, v := range a.values {
				all = append(all, candidate{name + "=" + v, ""})
			}
		case !slices.ContainsFunc(given, func(word string) bool { return strings.HasPrefix(word, a.name+"=") }):
			all = append(all, candidate{a.name + "=", a.help})
		}
	}
	return all
}

type completeCommand struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints the candidates for shells, a line each: the word, a tab, what it is.
func (k completeCommand) Run(p *program) error {
	return k.print(p.stdout)
}

func (k completeCommand) print(w io.Writer) error {
	words := k.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	// Since version 7.3 PowerShell passes the quotes on that it used to need for an empty word.
	if last := len(words) - 1; last >= 0 && words[last] == `""` {
		words[last] = ""
	}
	for _, c := range candidates(words) {
		help, _, _ := strings.Cut(c.help, "\n")
		if _, err := fmt.Fprintf(w, "%s\t%s\n", c.word, help); err != nil {
			return err
		}
	}
	return nil
}
