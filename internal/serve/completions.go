package serve

import (
	"context"
	"encoding/json"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
)

// completions suggests values for the arguments of prompts. What cannot be
// suggested is an empty list, never an error.
type completions struct{ s *Server }

// CompletePromptArgument is called by mcp-go.
func (c completions) CompletePromptArgument(ctx context.Context, name string, argument mcp.CompleteArgument, given mcp.CompleteContext) (suggested *mcp.Completion, _ error) {
	p, err := prompts.Find(c.s.prompts, name)
	if err == nil {
		suggested, err = c.s.suggest(ctx, p, argument, given.Arguments[p.Of(prompts.User)])
	}
	if err != nil {
		return &mcp.Completion{Values: []string{}}, nil
	}
	return suggested, nil
}

func (s *Server) suggest(ctx context.Context, p prompts.Prompt, argument mcp.CompleteArgument, user string) (_ *mcp.Completion, err error) {
	defer s.recoverAs(ctx, p.Name, &err)
	values, total := p.Complete(argument.Name, argument.Value, s.sources(ctx, user))
	return &mcp.Completion{Values: values, Total: total, HasMore: total > len(values)}, nil
}

// sources are what a caller may be suggested who has named this user, "" for
// nobody yet.
func (s *Server) sources(ctx context.Context, user string) prompts.Sources {
	from := prompts.Sources{
		Users: func() []string {
			own, err := access.Resolve(s.asking(ctx), "")
			if err != nil {
				return nil
			}
			return []string{own.ID()}
		},
		Sessions: func() []string { return s.recentSessions(ctx, user) },
	}
	if s.deps == nil {
		return from
	}
	if s.deps.Now != nil {
		from.Now = s.localNow
	}
	if s.deps.Directory != nil {
		from.Organizations = func() []string { return s.organizations(ctx) }
	}
	if s.deps.Zone != nil {
		from.Zones = func() []string { return []string{s.deps.Zone.String()} }
	}
	return from
}

// localNow is now in the zone that is set, else in UTC.
func (s *Server) localNow() time.Time {
	if s.deps.Zone == nil {
		return s.deps.Now().UTC()
	}
	return s.deps.Now().In(s.deps.Zone)
}

// organizations are the ids of those the caller may ask about.
func (s *Server) organizations(ctx context.Context) (ids []string) {
	store, err := s.deps.Directory(ctx)
	if err != nil {
		return nil
	}
	all, err := store.Organizations(ctx)
	if err != nil {
		return nil
	}
	for _, o := range all {
		if _, err := access.ResolveGroup(s.asking(ctx), o.ID); err == nil {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// sessionLister is the tool that knows the ids of sessions, and who may see them.
const sessionLister = "list_sessions"

// recentSessions are ids of sessions of a user, or of the caller, newest first.
func (s *Server) recentSessions(ctx context.Context, user string) []string {
	if !s.serves(sessionLister) {
		return nil
	}
	arguments := map[string]any{"limit": 100}
	if user != "" {
		arguments["user_id"] = user
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return nil
	}
	answer, failure := s.run(ctx, s.tools[sessionLister], encoded)
	if failure != nil {
		return nil
	}
	var listed struct {
		Sessions []struct {
			ID string `json:"session_id"`
		} `json:"sessions"`
	}
	if json.Unmarshal(answer, &listed) != nil {
		return nil
	}
	ids := make([]string, len(listed.Sessions))
	for i, session := range listed.Sessions {
		ids[i] = session.ID
	}
	return ids
}
