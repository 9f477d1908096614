package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// argument is what a person has to know of one argument of a tool.
type argument struct {
	name, kind, help string
	values           []string // all that it takes, where that is a list
	required         bool
}

// argumentsIn returns the arguments of a tool in the order of its declaration.
func argumentsIn(t tool.Tool) (all []argument) {
	var schema struct {
		Properties jsontext.Value
		Required   []string
	}
	if json.Unmarshal(t.Rules(), &schema) != nil {
		return nil
	}
	required := map[string]bool{}
	for _, name := range schema.Required {
		required[name] = true
	}
	decoder := jsontext.NewDecoder(strings.NewReader(string(schema.Properties)))
	if _, err := decoder.ReadToken(); err != nil {
		return nil
	}
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil
		}
		text := name.String()
		var property struct {
			Type, Description string
			Enum              []string
		}
		value, err := decoder.ReadValue()
		if err != nil {
			return nil
		}
		_ = json.Unmarshal(value, &property) // what it does not say stays empty
		all = append(all, argument{text, property.Type, property.Description, property.Enum, required[text]})
	}
	return all
}

// tellTool prints what a tool is for and what it takes.
func tellTool(w io.Writer, t tool.Tool) error {
	_, _ = fmt.Fprintf(w, "Usage: asleep-mcp call %s [name=value ...] [flags]\n\n%s\n\nArguments:\n", t.Name, t.Description) // Flush returns the error
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, a := range argumentsIn(t) {
		help := a.help
		if len(a.values) > 0 {
			help = strings.TrimSpace(help + " One of " + strings.Join(a.values, ", ") + ".")
		}
		if a.required {
			help = strings.TrimSpace(help + " Required.")
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", a.name, a.kind, help)
	}
	_, _ = fmt.Fprintln(table, "\nFlags of call: asleep-mcp call --help")
	return table.Flush()
}
