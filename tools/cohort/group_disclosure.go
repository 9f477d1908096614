package cohort

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// withheld reports whether the answer that h begins must be suppressed, and then
// suppresses it: because too few people are behind the figures, or because of what the
// caller was told before. Three sets of people are compared with earlier ones: those
// behind the figures, who differ from period to period; the same people with their
// nights; and all members, so that nobody who joins or leaves shows in the counts.
func (g *group) withheld(ctx context.Context, h *GroupHead, readings []reading, p nights.Days) (bool, error) {
	if !g.aggregatesOnly {
		return false, nil
	}
	behind := g.others(readings, reading.eligible)
	if len(behind) < disclosure.MinimumPeople {
		besides := ""
		if g.includesCaller() {
			besides = " besides you"
		}
		h.suppress(tooSmall, "fewer than 11 people"+besides+" stand behind them, and somebody's own could be guessed.")
		return true, nil
	}
	allowed, free, err := g.audit(ctx, p, nil, map[string][]string{
		disclosure.Behind:  userIDs(behind),
		disclosure.Reaches: reaches(behind, p),
		disclosure.Members: userIDs(g.others(readings, func(reading) bool { return true })),
	})
	if err == nil && !allowed {
		h.suppress(tooAlike, "the people behind them, or their nights, differ too little from those behind figures you were given about some of the same nights; "+
			"comparing the two would tell about fewer than 11. "+g.askAgain(p, free))
	}
	return !allowed, err
}

// reaches returns the people behind figures, each with how far back their nights in the
// period reach, in steps of the periods that may be asked about. Say ten of eleven people
// began to record a month ago: then the figures of the last month and of the last three
// differ only by the older nights of the eleventh.
func reaches(behind []reading, p nights.Days) []string {
	list := make([]string, len(behind))
	for i, r := range behind {
		list[i] = fmt.Sprintf("%s/%d", r.user.ID(), disclosure.Reach(p.To.DaysSince(r.first)+1))
	}
	return list
}

// askAgain names the questions about the group that have no night in common with the
// figures that are in the way; free is the first night after those.
func (g *group) askAgain(p nights.Days, free civil.Date) string {
	days := p.To.DaysSince(p.From) + 1
	again := fmt.Sprintf("Ask about %d days again from %s on", days, free.AddDays(days-1))
	left := g.today.DaysSince(free) + 1
	for _, shorter := range slices.Backward(disclosure.Periods) {
		if shorter <= left {
			return fmt.Sprintf(`%s, or with "days":%d today.`, again, shorter)
		}
	}
	return again + "."
}

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
