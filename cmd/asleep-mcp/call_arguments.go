package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// errArguments says how arguments may be written.
var errArguments = errors.New(`the arguments must be name=value, such as days=14, or a JSON object in quotes, such as '{"days":14}', or - to read one from standard input`)

// longestInput bounds a JSON object on standard input, in bytes.
const longestInput = 1 << 20

// object returns the arguments of a call as the text of a JSON object; "" when there are
// none. They are a JSON object, - for one on standard input, or words name=value.
func (k callCommand) object(stdin io.Reader) (string, error) {
	words := append([]string{k.Arguments}, k.More...)
	switch {
	case k.Arguments == "" && len(k.More) == 0:
		return "", nil
	case len(words) == 1 && k.Arguments == "-":
		text, err := io.ReadAll(io.LimitReader(stdin, longestInput))
		return strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")), err
	case len(words) == 1 && strings.HasPrefix(strings.TrimSpace(k.Arguments), "{"):
		return k.Arguments, nil
	}
	given := map[string]string{}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		name = strings.ReplaceAll(strings.TrimLeft(name, "-"), "-", "_")
		if !ok || name == "" {
			return "", errArguments
		}
		if _, again := given[name]; again {
			return "", fmt.Errorf("the argument %s is given twice", name)
		}
		given[name] = value
	}
	text, err := json.Marshal(given)
	return string(text), err
}

// withoutToolFlags returns the words of a command line, in which the arguments of the tool that is
// called may be written as flags, such as --days 14, with these as name=value. What the program
// has a flag for itself stays one.
func withoutToolFlags(program *kong.Node, words []string) (plain []string) {
	command, rest := selected(program, words)
	if command == nil || command.Name != "call" {
		return words
	}
	at := slices.IndexFunc(tools.All(), func(t tool.Tool) bool { return slices.Contains(rest, t.Name) })
	if at < 0 {
		return words
	}
	underscored := func(flag string) (name string, is bool) {
		return strings.CutPrefix(strings.ReplaceAll(flag, "-", "_"), "__")
	}
	kinds := map[string]string{}
	for _, a := range argumentsIn(tools.All()[at]) {
		kinds[a.name] = a.kind
	}
	for _, own := range flagsOf(program, command) {
		name, _ := underscored(own.word)
		delete(kinds, name)
	}
	for i := 0; i < len(words); i++ {
		name, value, given := strings.Cut(words[i], "=")
		flag, is := underscored(name)
		kind, takes := kinds[flag]
		switch {
		case !is || !takes:
			plain = append(plain, words[i])
			continue
		case given:
		case kind == "boolean":
			value = "true"
		case i+1 < len(words) && !strings.HasPrefix(words[i+1], "--"):
			i++
			value = words[i]
		default: // without a value
			plain = append(plain, words[i])
			continue
		}
		plain = append(plain, flag+"="+value)
	}
	return plain
}

// listTools prints the tools that these settings offer, a line each.
func (c config) listTools(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, t := range tools.Enabled(c.toolsets, c.principal(nil)) {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", t.Name, t.Title) // Flush returns the error
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\nCall one with its arguments: asleep-mcp call sleep_score days=14")
	return err
}
