package cohort

import (
	"context"
	"slices"
	"strconv"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// small reports whether a group is too small for any figures that the caller may be told.
// Nothing is then read of it, as even the time that takes would reveal its size.
func (g *group) small() bool {
	return g.aggregatesOnly && len(g.users) < g.rule().People
}

// includesCaller reports whether the caller, who sees only aggregates, is in the group.
func (g *group) includesCaller() bool {
	return g.aggregatesOnly && slices.ContainsFunc(g.users, func(u access.User) bool { return u.ID() == g.own })
}

func (g *group) rule() disclosure.Rule { return disclosure.RuleFor(g.includesCaller()) }

// audit reports whether the caller may be given figures over these sets about nights of
// the period, and returns the first night from which on nothing is in the way. Each set
// is a part of whole unless that is nil.
func (g *group) audit(ctx context.Context, p nights.Days, whole []string, sets map[string][]string) (bool, civil.Date, error) {
	return disclosure.Audit(ctx, g.store, directory.Release{
		Caller: access.From(ctx).Name(), From: p.From, To: p.To, Sets: sets, Whole: whole,
	})
}

// checkDays refuses all but some periods to callers who see only aggregates.
func (g *group) checkDays(days int, allowed []int) error {
	if !g.aggregatesOnly || slices.Contains(allowed, days) {
		return nil
	}
	words := make([]string, len(allowed))
	for i, d := range allowed {
		words[i] = strconv.Itoa(d)
	}
	return tool.Mistake("%s must be one of %s for a caller who is told about groups only, received %s: "+
		"periods of nearly the same nights would tell about single people. For example %s.",
		tool.Argument("days"), tool.InWords(words), tool.Received(strconv.Itoa(days)), tool.ExampleOf("days"))
}
