package cohort

import (
	"context"
	"math"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Reasons why a group is suppressed.
const (
	tooSmall = "fewer_than_11_people"
	tooAlike = "differs_by_fewer_than_11_people"
)

// Reasons why a figure of a group that is described is missing.
const (
	tellsOfFew   = "would_tell_about_fewer_than_11_people"
	tooFewToRank = "fewer_than_20_people"
)

// sessionStep is how coarsely sessions are counted: the difference of two answers
// must not count the nights of a few.
const sessionStep = 50

// suppress leaves nothing of the group in an answer.
func (h *GroupHead) suppress(reason, summary string) {
	*h = GroupHead{
		AsOf: h.AsOf, DataSource: h.DataSource, Period: h.Period,
		Suppressed: true, Reason: reason, Minimum: analytics.AggregateRule().People,
		Summary: "No figures: " + summary,
	}
}

// suppressFigures takes out of the figures what stands for too few people.
//
// Counts add up, so that one which is left out alone could be computed from the
// others, and would be known to be small. So either all of them are told or none. The
// share is told only with them: a few shares of one group are enough to find out of
// how many people they are shares.
func (c *Cohort) suppressFigures(h *GroupHead, figures analytics.Cohort, rule analytics.GroupRule) {
	*c.TotalSessions = sessionStep * int(math.Round(float64(*c.TotalSessions)/sessionStep))
	if figures.People < rule.Quartiles {
		c.MedianScore, c.Quartiles = nil, nil
		tool.Lacks(&h.Caveats, tooFewToRank, "median_score", "quartiles")
	}
	if slices.ContainsFunc(slices.Concat(c.Excluded, c.Failures), func(n tool.Exclusion) bool { return rule.Few(n.Count) }) {
		c.suppressCounts(h)
	} else if !rule.Splits(figures.ShortOfSleep, figures.People) {
		c.ShortOfSleep = nil
		tool.Lacks(&h.Caveats, tellsOfFew, "short_of_sleep_percent")
	}
}

func (c *Cohort) suppressCounts(h *GroupHead) {
	c.Size, c.Eligible, c.Excluded, c.Failures, c.ShortOfSleep = nil, nil, nil, nil, nil
	tool.Lacks(&h.Caveats, tellsOfFew, "cohort_size", "eligible", "excluded", "failures", "short_of_sleep_percent")
}

// suppressBeside takes out counts and a share that, less others told before, would count
// a few people. Beside a share that was told, one of the same people and others who
// are all rested, or all short of sleep, would tell that of each of them.
func (g *group) suppressBeside(ctx context.Context, h *GroupHead, c *Cohort, readings []reading, p nights.Days) error {
	if !g.discreet || c.Eligible == nil {
		return nil
	}
	told, _, err := g.admit(ctx, p, nil, g.unused(readings))
	if err != nil {
		return err
	}
	if !told {
		c.suppressCounts(h)
	}
	if c.ShortOfSleep == nil {
		return nil
	}
	short := func(r reading) bool { return r.now.ShortOfSleep(analytics.AdultRecommendation()) }
	told, _, err = g.admit(ctx, p, userIDs(g.others(readings, reading.eligible)), map[string][]string{
		toldShort:  userIDs(g.others(readings, func(r reading) bool { return r.eligible() && short(r) })),
		toldRested: userIDs(g.others(readings, func(r reading) bool { return r.eligible() && !short(r) })),
	})
	if err == nil && !told {
		c.ShortOfSleep = nil
		tool.Lacks(&h.Caveats, tooAlike, "short_of_sleep_percent")
	}
	return err
}

// unused are those who do not stand behind averages, all of them and by reason.
func (g *group) unused(readings []reading) map[string][]string {
	sets := map[string][]string{}
	for _, r := range readings {
		if id, why := r.user.ID(), r.because(); why != "" && id != g.own {
			sets[toldUnused] = append(sets[toldUnused], id)
			sets[toldUnused+" "+why] = append(sets[toldUnused+" "+why], id)
		}
	}
	return sets
}
