package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// addPrompts registers the prompts whose tools are served: a text must not send
// a model to a tool that is not there.
func (s *Server) addPrompts(all []prompts.Prompt) error {
	for _, p := range all {
		if slices.ContainsFunc(p.Tools, func(name string) bool { return !s.serves(name) }) {
			continue
		}
		if _, err := prompts.Find(s.prompts, p.Name); err == nil {
			return fmt.Errorf("prompt %q: the name is taken", p.Name)
		}
		s.prompts = append(s.prompts, p)
	}
	if len(s.prompts) == 0 {
		return nil
	}
	server.WithPromptCapabilities(false)(s.mcp)
	server.WithCompletions()(s.mcp)
	server.WithPromptCompletionProvider(completions{s})(s.mcp)
	for _, p := range s.prompts {
		s.mcp.AddPrompt(describePrompt(p), s.promptHandler(p))
	}
	return nil
}

// serves says whether there is a tool of that name.
func (s *Server) serves(tool string) bool {
	_, ok := s.tools[tool]
	return ok
}

func describePrompt(p prompts.Prompt) mcp.Prompt {
	described := mcp.Prompt{Name: p.Name, Title: p.Title, Description: p.Description}
	for _, a := range p.Arguments {
		described.Arguments = append(described.Arguments, mcp.PromptArgument{Name: a.Name, Description: a.Description, Required: a.Required})
	}
	return described
}

// promptHandler is p as mcp-go calls it, after [Server.refuses] has let the
// request pass.
func (s *Server) promptHandler(p prompts.Prompt) server.PromptHandlerFunc {
	return func(ctx context.Context, request mcp.GetPromptRequest) (result *mcp.GetPromptResult, err error) {
		defer s.recoverAs(ctx, p.Name, &err)
		args, err := s.resolve(s.asking(ctx), p, request.Params.Arguments)
		if err != nil {
			return nil, err
		}
		text, err := p.Render(args)
		if err != nil {
			return nil, &tool.Failure{Code: tool.Internal, Text: "asleep-mcp failed on this prompt. Try again.", Cause: err}
		}
		s.log.LogAttrs(ctx, slog.LevelDebug, "prompt answered", slog.String("prompt", p.Name))
		message := mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text))
		return mcp.NewGetPromptResult(p.Description, []mcp.PromptMessage{message}), nil
	}
}

// recoverAs, deferred, makes an error of a panic.
func (s *Server) recoverAs(ctx context.Context, what string, err *error) {
	if p := recover(); p != nil {
		*err = s.panicked(ctx, what, p)
	}
}

// resolve checks the arguments and that the caller may see whom they name.
func (s *Server) resolve(ctx context.Context, p prompts.Prompt, args map[string]string) (map[string]string, error) {
	given, err := p.Check(args)
	if err != nil {
		return nil, err
	}
	if s.deps != nil && s.deps.Now != nil {
		if err := p.CheckMonth(given, s.localNow()); err != nil {
			return nil, err
		}
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

// notAllowed is a refusal in these words, unless it is not known who may see what.
func notAllowed(err error, words string) error {
	if forbidden(err) {
		return &prompts.Mistake{Text: words}
	}
	return &tool.Failure{Code: tool.Internal, Text: "It cannot be told at the moment whom this caller may see. Try again in a few minutes.", Cause: err}
}

func forbidden(err error) bool {
	return errors.Is(err, access.ErrStranger) || errors.Is(err, access.ErrNotAllowed)
}
