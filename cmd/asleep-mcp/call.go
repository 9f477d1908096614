package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/readable"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type callCommand struct {
	Tool      string   `arg:"" optional:"" help:"Name of the tool, such as weekly_report. Without a name, lists the tools."`
	Arguments string   `arg:"" optional:"" help:"Its arguments as name=value, such as days=14, or as a JSON object, such as '{\"days\":14}'; - reads the object from standard input."`
	More      []string `arg:"" optional:"" help:"More arguments, as name=value."`
	JSON      bool     `name:"json" help:"Print only the structured answer, as one line of JSON."`
	All       bool     `help:"Print every field, row and column of the answer."`
	Chart     string   `name:"chart" placeholder:"FILE" help:"Write a picture of the answer to this file (.svg or .png), readable by you alone."`
}

// toolError is the text of a tool's failure.
type toolError struct{ text string }

func (e toolError) Error() string { return e.text }

func (k callCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	if k.Tool == "" {
		return c.listTools(p.stdout)
	}
	if k.Arguments, err = k.object(p.stdin); err != nil {
		return usageError{err}
	}
	if err := errors.Join(k.check(c), c.offers(k.Tool)); err != nil {
		return usageError{err}
	}
	s, stop, err := c.newServer(ctx, c.logger(p.stderr, slog.LevelError))
	if err != nil {
		return err
	}
	defer stop()
	called, err := s.Show(ctx, k.Tool, k.arguments())
	switch {
	case err != nil:
		return err
	case called.Failure != "":
		return toolError{called.Failure}
	}
	if k.Chart != "" {
		if err := writeChart(k.Chart, called.Image); err != nil {
			return err
		}
	}
	if k.JSON {
		_, err = fmt.Fprintf(p.stdout, "%s\n", called.Answer)
		return err
	}
	text, err := readable.Answer(called.Answer, readable.Options{Columns: p.columns(), All: k.All})
	if err != nil {
		return fmt.Errorf("the answer cannot be shown: %w", err)
	}
	_, err = io.WriteString(p.stdout, p.blocks(called.Picture)+text)
	return err
}

// check reports what is wrong before a server is started.
func (k callCommand) check(c config) error {
	var names, offered []string
	for _, t := range tools.All() {
		names = append(names, t.Name)
	}
	for _, t := range tools.Enabled(c.toolsets, c.principal(nil)) {
		offered = append(offered, t.Name)
	}
	at := slices.Index(names, k.Tool)
	if at < 0 {
		return fmt.Errorf("there is no tool %q%s; the tools are %s", k.Tool, suggestion(k.Tool, names), strings.Join(offered, ", "))
	}
	if k.Chart != "" {
		if err := checkChart(k.Chart, tools.All()[at]); err != nil {
			return err
		}
	}
	if k.Arguments == "" {
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(k.Arguments), &object); err != nil || object == nil {
		return errArguments
	}
	return nil
}

// offers reports why existing tools cannot be called with these settings.
func (c config) offers(names ...string) error {
	for _, t := range tools.All() {
		switch name := t.Name; {
		case !slices.Contains(names, name):
		case !slices.Contains(c.toolsets, t.Toolset):
			return fmt.Errorf("%s belongs to the toolset %s, which is off; add --toolsets %s", name, t.Toolset,
				strings.Join(append(c.toolsets, t.Toolset), ","))
		case !c.principal(nil).May(t.Scope()):
			return fmt.Errorf("the role %s may not use %s", c.role, name)
		}
	}
	return nil
}

// suggestion names the most similar name, if there is one.
func suggestion(wrong string, names []string) string {
	near := tool.Closest(wrong, names)
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", near)
}
