package cohort

import (
	"context"
	"fmt"
	"slices"

	"cloud.google.com/go/civil"

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
