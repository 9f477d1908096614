package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/readable"
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
func tellTool(w io.Writer, t tool.Tool, columns int) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage: asleep-mcp call %s [name=value ...] [flags]\n\n%s\nArguments:\n", t.Name, readable.Paragraph("", t.Description, columns))
	arguments := argumentsIn(t)
	name, kind := 0, 0
	for _, a := range arguments {
		name, kind = max(name, len(a.name)), max(kind, len(a.kind))
	}
	for _, a := range arguments {
		help := a.help
		if len(a.values) > 0 {
			help = strings.TrimSpace(help + " One of " + strings.Join(a.values, ", ") + ".")
		}
		if a.required {
			help = strings.TrimSpace(help + " Required.")
		}
		text.WriteString(readable.Paragraph(fmt.Sprintf("  %-*s  %-*s  ", name, a.name, kind, a.kind), help, columns))
	}
	text.WriteString("\nFlags of call: asleep-mcp call --help\n")
	_, err := io.WriteString(w, text.String())
	return err
}
