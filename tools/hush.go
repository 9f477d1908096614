package tools

import (
	"context"
	"math"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// Reasons why a figure of a group that is described is missing.
const (
	tellsOfFew   = "would_tell_about_fewer_than_11_people"
	tooFewToRank = "fewer_than_20_people"
)

// sessionStep is how coarsely sessions are counted: the difference of two answers
// must not count the nights of a few.
const sessionStep = 50

// hush takes out of the figures what stands for too few people.
//
// Every count is the rest of others, and which of them are missing would tell which
// is small. So either all are told or none, and a share, which in a few answers
// gives away of how many it is one, only with them.
func (c *Cohort) hush(h *GroupHead, figures analytics.Cohort, rule analytics.GroupRule) {
	*c.TotalSessions = sessionStep * int(math.Round(float64(*c.TotalSessions)/sessionStep))
	if figures.People < rule.Quartiles {
		c.MedianScore, c.Quartiles = nil, nil
		h.lacks(tooFewToRank, "median_score", "quartiles")
	}
	if slices.ContainsFunc(slices.Concat(c.Excluded, c.Failures), func(n groupCount) bool { return rule.Few(n.Count) }) {
		c.hushCounts(h)
	} else if !rule.Splits(figures.ShortOfSleep, figures.People) {
		c.ShortOfSleep = nil
		h.lacks(tellsOfFew, "short_of_sleep_percent")
	}
}

func (c *Cohort) hushCounts(h *GroupHead) {
	c.Size, c.Eligible, c.Excluded, c.Failures, c.ShortOfSleep = nil, nil, nil, nil, nil
	h.lacks(tellsOfFew, "cohort_size", "eligible", "excluded", "failures", "short_of_sleep_percent")
}

// hushBeside takes out counts and a share that, less others told before, would count
// a few people. Beside a share that was told, one of the same people and others who
// are all rested, or all short of sleep, would tell that of each of them.
func (g *group) hushBeside(ctx context.Context, h *GroupHead, c *Cohort, readings []reading, p span) error {
	if !g.discreet || c.Eligible == nil {
		return nil
	}
	told, _, err := g.admit(ctx, p, nil, g.unused(readings))
	if err != nil {
		return err
	}
	if !told {
		c.hushCounts(h)
	}
	if c.ShortOfSleep == nil {
		return nil
	}
	short := func(r reading) bool { return r.now.ShortOfSleep(analytics.AdultRecommendation()) }
	told, _, err = g.admit(ctx, p, g.others(readings, reading.eligible), map[string][]string{
		toldShort:  g.others(readings, func(r reading) bool { return r.eligible() && short(r) }),
		toldRested: g.others(readings, func(r reading) bool { return r.eligible() && !short(r) }),
	})
	if err == nil && !told {
		c.ShortOfSleep = nil
		h.lacks(tooAlike, "short_of_sleep_percent")
	}
	return err
}

// unused are those who do not stand behind averages, all of them and by reason.
func (g *group) unused(readings []reading) map[string][]string {
	sets := map[string][]string{}
	for i, r := range readings {
		if id, why := g.users[i].ID(), r.because(); why != "" && id != g.own {
			sets[toldUnused] = append(sets[toldUnused], id)
			sets[toldUnused+" "+why] = append(sets[toldUnused+" "+why], id)
		}
	}
	return sets
}
