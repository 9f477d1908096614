package surface

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Resources are the resources offered.
type Resources struct {
	calls   *calls
	tools   *Tools
	offered []prompts.Resource
}

// newResources keeps the resources whose tools, if they have any, are served.
func newResources(c *calls, served *Tools, all []prompts.Resource) (*Resources, error) {
	offers := &Resources{calls: c, tools: served}
	taken := map[string]bool{}
	for _, r := range all {
		if slices.ContainsFunc(toolsOf(r), func(name string) bool { return !served.has(name) }) {
			continue
		}
		if taken[r.URI] || taken[r.Name] {
			return nil, fmt.Errorf("resource %q: the address or the name is taken", r.URI)
		}
		taken[r.URI], taken[r.Name] = true, true
		offers.offered = append(offers.offered, r)
	}
	return offers, nil
}

// All returns the resources in the order they were given.
func (o *Resources) All() []prompts.Resource { return o.offered }

// Visible reports whether the caller's role may use a resource.
func (o *Resources) Visible(ctx context.Context, uri string) bool {
	return o.tools.Visible(ctx, o.ToolsOf(uri)...)
}

// ToolsOf returns the tools whose answer a resource is or that it is about, if any.
func (o *Resources) ToolsOf(uri string) []string {
	for _, r := range o.offered {
		if r.URI == uri {
			return toolsOf(r)
		}
	}
	return nil
}

func toolsOf(r prompts.Resource) []string {
	if r.Tool != "" {
		return []string{r.Tool}
	}
	return r.Needs
}

// NotFound is the mistake of asking for a resource that is not there.
type NotFound struct{ URI, text string }

func (n *NotFound) Error() string { return n.text }

// Check fails with a [*NotFound] for a resource that is not there, or not for this caller.
// What a tool answers is the tool's to refuse.
func (o *Resources) Check(ctx context.Context, uri string) error {
	var known []string
	for _, r := range o.offered {
		switch visible := o.tools.Visible(ctx, toolsOf(r)...); {
		case r.URI == uri && (visible || r.Tool != ""):
			return nil
		case visible:
			known = append(known, r.URI)
		}
	}
	return &NotFound{uri, fmt.Sprintf("There is no resource %s. Known: %s. Nights of other users or dates are read with tools.",
		errtext.Text(uri), strings.Join(known, ", "))}
}

// Read returns the text of a resource.
func (o *Resources) Read(ctx context.Context, r prompts.Resource) (text string, err error) {
	text = r.Text
	if r.Tool != "" {
		if text, err = o.readTool(ctx, r.Tool); err != nil {
			return "", err
		}
	}
	o.calls.log.LogAttrs(ctx, slog.LevelDebug, "resource answered", slog.String("resource", r.Name))
	return text, nil
}

// readTool is the answer of a tool about the caller's own nights.
func (o *Resources) readTool(ctx context.Context, name string) (string, error) {
	ctx = o.calls.identify(ctx)
	if _, err := access.Resolve(ctx, ""); errors.Is(err, access.ErrNobody) && !access.From(ctx).SeesAggregatesOnly() {
		next := `Call the tool ` + name + ` with "user_id"`
		if !o.calls.gated { // behind a gate, callers cannot change the server's settings
			next += ", or set ASLEEP_USER_ID for the server"
		}
		return "", &tool.Failure{Code: tool.InvalidArgument, Text: "This resource is about the caller's own nights, and this caller has no Asleep user. " + next + "."}
	}
	answer, failure := o.calls.run(ctx, o.tools.byName[name], nil)
	if failure != nil {
		return "", failure
	}
	return string(answer.JSON), nil
}
