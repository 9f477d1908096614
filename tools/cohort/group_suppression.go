package cohort

import (
	"context"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
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

// suppress removes everything about the group from an answer.
func (h *GroupHead) suppress(reason, summary string) {
	*h = GroupHead{
		AsOf: h.AsOf, DataSource: h.DataSource, Period: h.Period,
		Suppressed: true, Reason: reason, Minimum: disclosure.MinimumPeople,
		Summary: "No figures: " + summary,
	}
}

// suppressFigures removes the figures that are about too few people. The share is given
// only together with the counts: a few shares of one group are enough to find out how
// many people it has.
func (c *Cohort) suppressFigures(h *GroupHead, figures analytics.Cohort, rule disclosure.Rule) {
	*c.TotalSessions = disclosure.RoundSessions(*c.TotalSessions)
	if figures.People < rule.Quartiles {
		c.MedianScore, c.Quartiles = nil, nil
		tool.Lacks(&h.Caveats, tooFewToRank, "median_score", "quartiles")
	}
	var counts []int
	for _, n := range slices.Concat(c.Excluded, c.Failures) {
		counts = append(counts, n.Count)
	}
	if !rule.AllowsCounts(counts) {
		c.suppressCounts(h)
	} else if !rule.AllowsShare(figures.ShortOfSleep, figures.People) {
		c.ShortOfSleep = nil
		tool.Lacks(&h.Caveats, tellsOfFew, "short_of_sleep_percent")
	}
}

func (c *Cohort) suppressCounts(h *GroupHead) {
	c.Size, c.Eligible, c.Excluded, c.Failures, c.ShortOfSleep = nil, nil, nil, nil, nil
	tool.Lacks(&h.Caveats, tellsOfFew, "cohort_size", "eligible", "excluded", "failures", "short_of_sleep_percent")
}

// suppressBeside takes out counts and a share that, less those of earlier releases, would
// count a few people. Beside a share that was told, one of the same people and others who
// are all rested, or all short of sleep, would tell that of each of them.
func (g *group) suppressBeside(ctx context.Context, h *GroupHead, c *Cohort, readings []reading, p nights.Days) error {
	if !g.aggregatesOnly || c.Eligible == nil {
		return nil
	}
	allowed, _, err := g.audit(ctx, p, nil, g.unused(readings))
	if err != nil {
		return err
	}
	if !allowed {
		c.suppressCounts(h)
	}
	if c.ShortOfSleep == nil {
		return nil
	}
	short := func(r reading) bool { return r.now.ShortOfSleep(analytics.AdultRecommendation()) }
	allowed, _, err = g.audit(ctx, p, userIDs(g.others(readings, reading.eligible)), map[string][]string{
		disclosure.Short:  userIDs(g.others(readings, func(r reading) bool { return r.eligible() && short(r) })),
		disclosure.Rested: userIDs(g.others(readings, func(r reading) bool { return r.eligible() && !short(r) })),
	})
	if err == nil && !allowed {
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
			sets[disclosure.Unused] = append(sets[disclosure.Unused], id)
			sets[disclosure.Unused+" "+why] = append(sets[disclosure.Unused+" "+why], id)
		}
	}
	return sets
}
