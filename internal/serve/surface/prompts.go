package surface

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Prompts are the prompts offered.
type Prompts struct {
	calls   *calls
	tools   *Tools
	offered []prompts.Prompt
}

// newPrompts keeps the prompts whose tools are all served: a text must not send
// a model to a tool that is not there.
func newPrompts(c *calls, served *Tools, all []prompts.Prompt) (*Prompts, error) {
	offers := &Prompts{calls: c, tools: served}
	for _, p := range all {
		if slices.ContainsFunc(p.Tools, func(name string) bool { return !served.has(name) }) {
			continue
		}
		if _, err := prompts.Find(offers.offered, p.Name); err == nil {
			return nil, fmt.Errorf("prompt %q: the name is taken", p.Name)
		}
		offers.offered = append(offers.offered, p)
	}
	return offers, nil
}

// All returns the prompts in the order they were given.
func (o *Prompts) All() []prompts.Prompt { return o.offered }

// Visible reports whether the caller's role may use a prompt.
func (o *Prompts) Visible(ctx context.Context, name string) bool {
	return o.tools.Visible(ctx, o.ToolsOf(name)...)
}

// ToolsOf returns the tools that a prompt sends a model to.
func (o *Prompts) ToolsOf(name string) []string {
	for _, p := range o.offered {
		if p.Name == name {
			return p.Tools
		}
	}
	return nil
}

// Check fails for what [Prompts.Render] could not render for this caller.
func (o *Prompts) Check(ctx context.Context, name string, args map[string]string) (err error) {
	p, err := prompts.Find(o.offered, name)
	if err != nil {
		return err
	}
	defer o.calls.recoverAs(ctx, p.Name, &err)
	_, err = o.resolve(o.calls.identify(ctx), p, args)
	return err
}

// Render returns the text of a prompt.
func (o *Prompts) Render(ctx context.Context, p prompts.Prompt, given map[string]string) (text string, err error) {
	defer o.calls.recoverAs(ctx, p.Name, &err)
	args, err := o.resolve(o.calls.identify(ctx), p, given)
	if err != nil {
		return "", err
	}
	text, err = p.Render(args)
	if err != nil {
		return "", &tool.Failure{Code: tool.Internal, Text: "asleep-mcp failed on this prompt. Try again.", Cause: err}
	}
	o.calls.log.LogAttrs(ctx, slog.LevelDebug, "prompt answered", slog.String("prompt", p.Name))
	return text, nil
}

// resolve checks the arguments and that the caller may see whom they name.
func (o *Prompts) resolve(ctx context.Context, p prompts.Prompt, args map[string]string) (map[string]string, error) {
	given, err := p.Check(args, o.calls.now())
	if err != nil {
		return nil, err
	}
	if name := p.Of(prompts.User); name != "" {
		user, err := access.Resolve(ctx, given[name])
		if err != nil {
			return given, nobodyNamed(ctx, given[name], err)
		}
		if given[name] != "" {
			given[name] = user.ID()
		}
	}
	if name := p.Of(prompts.Organization); name != "" {
		group, err := access.ResolveGroup(ctx, given[name])
		if err != nil {
			return nil, notAllowed(err, "This caller may not see that organization, or there is no such organization.")
		}
		given[name] = group.ID()
	}
	return given, nil
}

// nobodyNamed is the error for a caller whose prompt is about nobody they may see. It
// is nil where the text is of use all the same: it tells the model to ask whose nights
// are meant, and tools say what is wrong with the server's own setting.
func nobodyNamed(ctx context.Context, requested string, err error) error {
	switch {
	case errors.Is(err, access.ErrNobody) && access.From(ctx).SeesAggregatesOnly():
		return &prompts.Mistake{Text: "This caller sees groups only, never one person's nights. Use a prompt about an organization."}
	case requested != "":
		return notAllowed(err, "This caller may not see the nights of that user, or there is no such user.")
	case forbidden(err):
		return notAllowed(err, "This caller may not see anybody's nights.")
	}
	return nil
}

// notAllowed refuses in these words, unless it is not known who may see what.
func notAllowed(err error, words string) error {
	if forbidden(err) {
		return &prompts.Mistake{Text: words}
	}
	return &tool.Failure{Code: tool.Internal, Text: "It cannot be determined at the moment whose nights this caller may see. Try again in a few minutes.", Cause: err}
}

func forbidden(err error) bool {
	return errors.Is(err, access.ErrStranger) || errors.Is(err, access.ErrNotAllowed)
}
