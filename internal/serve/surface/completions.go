package surface

import (
	"context"
	"encoding/json"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
)

// Completions suggests values for the arguments of prompts.
type Completions struct {
	calls   *calls
	tools   *Tools
	prompts *Prompts
}

// Suggest returns values for an argument of a prompt that go on with what was
// typed, and how many there are in all. given are the arguments already there.
// What cannot be suggested is an empty list, never an error.
func (c *Completions) Suggest(ctx context.Context, prompt, argument, typed string, given map[string]string) (values []string, total int) {
	p, err := prompts.Find(c.prompts.offered, prompt)
	if err == nil {
		values, total, err = c.suggest(ctx, p, argument, typed, given[p.Of(prompts.User)])
	}
	if err != nil {
		return []string{}, 0
	}
	return values, total
}

func (c *Completions) suggest(ctx context.Context, p prompts.Prompt, argument, typed, user string) (values []string, total int, err error) {
	defer c.calls.recoverAs(ctx, p.Name, &err)
	values, total = p.Complete(argument, typed, c.sources(ctx, user))
	return values, total, nil
}

// sources are what a caller may be suggested who has named this user, "" for
// nobody yet.
func (c *Completions) sources(ctx context.Context, user string) prompts.Sources {
	from := prompts.Sources{
		Users:    func() []string { return c.ownUser(ctx) },
		Sessions: func() []string { return c.recentSessions(ctx, user) },
	}
	deps := c.calls.deps
	if deps == nil {
		return from
	}
	if deps.Now != nil {
		from.Now = c.calls.now
	}
	if deps.Directory != nil {
		from.Organizations = func() []string { return c.organizations(ctx) }
	}
	if deps.Zone != nil {
		from.Zones = func() []string { return []string{deps.Zone.String()} }
	}
	return from
}

func (c *Completions) ownUser(ctx context.Context) []string {
	own, err := access.Resolve(c.calls.identify(ctx), "")
	if err != nil {
		return nil
	}
	return []string{own.ID()}
}

// organizations are the ids of those the caller may ask about.
func (c *Completions) organizations(ctx context.Context) (ids []string) {
	store, err := c.calls.deps.Directory(ctx)
	if err != nil {
		return nil
	}
	all, err := store.Organizations(ctx)
	if err != nil {
		return nil
	}
	for _, o := range all {
		if _, err := access.ResolveGroup(c.calls.identify(ctx), o.ID); err == nil {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// sessionLister is the tool that knows the ids of sessions, and who may see them.
const sessionLister = "list_sessions"

// recentSessions are ids of sessions of a user, or of the caller, newest first.
func (c *Completions) recentSessions(ctx context.Context, user string) []string {
	lister, served := c.tools.byName[sessionLister]
	if !served {
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
	answer, failure := c.calls.run(ctx, lister, encoded)
	if failure != nil {
		return nil
	}
	var listed struct {
		Sessions []struct {
			ID string `json:"session_id"`
		} `json:"sessions"`
	}
	if json.Unmarshal(answer.JSON, &listed) != nil {
		return nil
	}
	ids := make([]string, len(listed.Sessions))
	for i, session := range listed.Sessions {
		ids[i] = session.ID
	}
	return ids
}
