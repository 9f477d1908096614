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
	hidden := slices.ContainsFunc(slices.Concat(c.Excluded, c.Failures), func(n Exclusion) bool { return rule.Few(n.Count) })
	if hidden {
		c.Size, c.Eligible, c.Excluded, c.Failures = nil, nil, nil, nil
		h.lacks(tellsOfFew, "cohort_size", "eligible", "excluded", "failures")
	}
	if hidden || !rule.Splits(figures.ShortOfSleep, figures.People) {
		c.ShortOfSleep = nil
		h.lacks(tellsOfFew, "short_of_sleep_percent")
	}
}

// hushShare takes out a share that, beside others told before, would show that a few
// people crossed its bound.
func (g *group) hushShare(ctx context.Context, h *GroupHead, c *Cohort, readings []reading, p span) error {
	if !g.discreet || c.ShortOfSleep == nil {
		return nil
	}
	short := g.others(readings, func(r reading) bool {
		return r.eligible() && r.now.ShortOfSleep(analytics.AdultRecommendation())
	})
	told, _, err := g.admit(ctx, p, map[string][]string{toldShort: userIDs(short)})
	if err == nil && !told {
		c.ShortOfSleep = nil
		h.lacks(tooAlike, "short_of_sleep_percent")
	}
	return err
}
