package surface

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Tools are the tools offered.
type Tools struct {
	calls   *calls
	offered []tool.Tool // in the order given
	byName  map[string]tool.Tool
}

func newTools(c *calls, all []tool.Tool) (*Tools, error) {
	t := &Tools{calls: c, offered: all, byName: make(map[string]tool.Tool, len(all))}
	var problems []error
	for _, tool := range all {
		if t.has(tool.Name) {
			problems = append(problems, fmt.Errorf("tool %q: the name is taken", tool.Name))
		}
		t.byName[tool.Name] = tool
	}
	return t, errors.Join(problems...)
}

// All returns the tools in the order they were given.
func (t *Tools) All() []tool.Tool { return t.offered }

// Run calls a tool for whoever is asking in ctx.
func (t *Tools) Run(ctx context.Context, tool tool.Tool, arguments json.RawMessage) (tool.Answer, *tool.Failure) {
	return t.calls.run(ctx, tool, arguments)
}

// Picture encodes what an answer looks like, for the app that hosts show; nil: it has no
// picture, or none could be made, which is logged and costs nobody the answer.
func (t *Tools) Picture(ctx context.Context, tool tool.Tool, answer tool.Answer) (encoded json.RawMessage) {
	if answer.Picture == nil {
		return nil
	}
	var err error
	defer func() {
		if err != nil {
			encoded = nil
		}
	}()
	defer t.calls.recoverAs(ctx, tool.Name, &err)
	encoded, err = charts.Encode(answer.Picture())
	return encoded
}

func (t *Tools) has(name string) bool {
	_, ok := t.byName[name]
	return ok
}

// Visible reports whether the caller's role may ever use all these tools.
func (t *Tools) Visible(ctx context.Context, names ...string) bool {
	if !t.calls.gated {
		return true
	}
	p := access.From(ctx)
	for _, name := range names {
		if !t.byName[name].Serves(p) {
			return false
		}
	}
	return true
}

// Check fails for a tool that is not there, or not for this caller, and names
// those that are.
func (t *Tools) Check(ctx context.Context, name string) error {
	if t.has(name) && t.Visible(ctx, name) {
		return nil
	}
	var known []string
	for _, tool := range t.offered {
		if t.Visible(ctx, tool.Name) {
			known = append(known, tool.Name)
		}
	}
	hint := ""
	if near := tool.Closest(name, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %s?", near)
	}
	return &prompts.Mistake{Text: fmt.Sprintf("There is no tool %s.%s Known: %s.", errtext.Text(name), hint, strings.Join(known, ", "))}
}

// Scopes returns the scopes that these tools need together. Tools that are not
// there need none.
func (t *Tools) Scopes(names ...string) []access.Scope {
	var needed []access.Scope
	for _, name := range names {
		if tool, ok := t.byName[name]; ok && !slices.Contains(needed, tool.Scope()) {
			needed = append(needed, tool.Scope())
		}
	}
	return needed
}
