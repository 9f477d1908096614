package tools

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// What a caller who sees aggregates only is told, and what not. Whatever can be had
// by subtracting one told figure from another, of the same answer or of another one,
// counts as told.

// Reasons why a group is suppressed.
const (
	tooSmall = "fewer_than_11_people"
	tooAlike = "differs_by_fewer_than_11_people"
)

// sessionStep is how coarsely sessions are counted: the difference of two answers
// must not count the nights of a few.
const sessionStep = 50

// suppress leaves nothing of the group in an answer.
func (h *GroupHead) suppress(reason string) {
	*h = GroupHead{
		AsOf: h.AsOf, DataSource: h.DataSource, Period: h.Period,
		Suppressed: true, Reason: reason, Minimum: analytics.AggregateRule().People,
		Summary: "No figures: fewer than 11 people stand behind them, and somebody's own could be guessed.",
	}
	if reason == tooAlike {
		h.Summary = "No figures: the people behind them differ from those of an earlier answer by fewer than 11, whose own could be told by comparing. " +
			"The same group as before can be asked about."
	}
}

// admits says why a group may not be described to the caller; "" when it may, and
// then it is remembered. It is judged by those who stand behind the figures, who may
// be others in another period, and by its members, so that nobody who joins or
// leaves shows. Groups of other organizations count as well: some people may be in
// several.
func (g *group) admits(ctx context.Context, readings []reading) (reason string, err error) {
	behind := g.ids(readings, reading.eligible)
	if len(behind) < analytics.AggregateRule().People {
		return tooSmall, nil
	}
	// In this order, because whoever joins has no nights at first: a refusal leaves
	// no memory of a group that nothing was told about.
	if ok, err := g.admit(ctx, "people", behind); err != nil || !ok {
		return tooAlike, err
	}
	members := g.ids(readings, func(reading) bool { return true })
	if ok, err := g.admit(ctx, "members", members); err != nil || !ok {
		return tooAlike, err
	}
	return "", nil
}

// small says whether a group can have no figures that the caller may be told, so
// that nothing is read of it: even how long that takes would count it.
func (g *group) small() bool {
	return g.discreet && len(g.users) < analytics.AggregateRule().People
}

// admit compares a set of people with those of earlier answers of its kind to this
// caller, here and everywhere.
func (g *group) admit(ctx context.Context, kind string, ids []string) (bool, error) {
	caller := sha256.Sum256([]byte(access.From(ctx).Name()))
	name := hex.EncodeToString(caller[:]) + " " + kind
	apart := analytics.AggregateRule().People
	ok, err := g.store.Admit(ctx, name, g.organization.ID, ids, apart)
	if !ok || err != nil {
		return false, err
	}
	oldest, err := g.oldest(ctx)
	if err != nil {
		return false, err
	}
	return g.store.Admit(ctx, name+" anywhere", oldest, ids, apart)
}

// oldest is the organization under which groups are remembered across all of them.
// There is at least the one that is asked about.
func (g *group) oldest(ctx context.Context) (string, error) {
	all, err := g.store.Organizations(ctx)
	if err != nil {
		return "", err
	}
	first := g.organization
	for _, o := range all {
		if cmp.Or(o.Created.Compare(first.Created), cmp.Compare(o.ID, first.ID)) < 0 {
			first = o
		}
	}
	return first.ID, nil
}

// hush takes out of the figures what stands for too few people. asked is how many
// the group has.
func (c *Cohort) hush(h *GroupHead, figures analytics.Cohort, asked int) {
	rule := analytics.AggregateRule()
	hide := func(fields ...string) { h.lacks(tooSmall, fields...) }
	*c.TotalSessions = sessionStep * int(math.Round(float64(*c.TotalSessions)/sessionStep))
	size := *c.Size
	if rule.Few(asked - size) {
		c.Size = nil
		hide("cohort_size")
	}
	if rule.Few(asked-figures.People) || rule.Few(size-figures.People) {
		c.Eligible = nil
		hide("eligible")
	}
	if figures.People < rule.Quartiles {
		c.MedianScore, c.Quartiles = nil, nil
		h.lacks(fmt.Sprintf("fewer_than_%d_people", rule.Quartiles), "median_score", "quartiles")
	}
	if !rule.Splits(figures.ShortOfSleep, figures.People) {
		c.ShortOfSleep = nil
		hide("short_of_sleep_percent")
	}
	// The counts of both lists add to what is left over, so one that is hidden
	// could be had from the others.
	if slices.ContainsFunc(slices.Concat(c.Excluded, c.Failures), func(n groupCount) bool { return rule.Few(n.Count) }) {
		hushCounts(c.Excluded, rule)
		hushCounts(c.Failures, rule)
	}
}

func hushCounts(counts []groupCount, rule analytics.GroupRule) {
	for i, n := range counts {
		counts[i].Count = 0
		if rule.Few(n.Count) {
			counts[i].Under = rule.People
		}
	}
}
