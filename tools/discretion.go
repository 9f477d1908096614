package tools

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// What a caller who sees aggregates only is told, and what not. Whatever can be had
// by subtracting one told figure from another, of the same answer or of another one,
// counts as told.

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

// asOfStep is how coarsely it is said when nights were read: exactly, it would be
// when somebody asked about one of the people.
const asOfStep = time.Hour

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

// withheld says whether the answer that h begins has to be suppressed, and then
// suppresses it: because too few people stand behind the figures, or because of
// what the caller was told before. It is judged by those who stand behind the
// figures, who may be others in another period, and by the members, so that nobody
// who joins or leaves shows.
func (g *group) withheld(ctx context.Context, h *GroupHead, readings []reading, p span) (bool, error) {
	if !g.discreet {
		return false, nil
	}
	behind := g.ids(readings, reading.eligible)
	if len(behind) < analytics.AggregateRule().People {
		h.suppress(tooSmall, "fewer than 11 people stand behind them, and somebody's own could be guessed.")
		return true, nil
	}
	members := g.ids(readings, func(reading) bool { return true })
	told, free, err := g.admit(ctx, p, map[string][]string{toldPeople: behind, toldMembers: members})
	if err == nil && !told {
		h.suppress(tooAlike, "the people behind them differ too little from those behind figures you were given about some of the same nights; "+
			"comparing the two would tell about fewer than 11. "+g.askAgain(p, free))
	}
	return !told, err
}

// askAgain says which question about the group has no night in common with the
// figures that are in the way; free is the first night after those.
func (g *group) askAgain(p span, free civil.Date) string {
	days := p.to.DaysSince(p.from) + 1
	again := fmt.Sprintf("Ask about %d days again from %s on", days, free.AddDays(days-1))
	if left := g.today.DaysSince(free) + 1; left >= analytics.LeastPersonNights {
		return fmt.Sprintf(`%s, or with "days":%d today.`, again, left)
	}
	return again + "."
}

// units is how finely figures of a group are told: to who may see each person
// nearly as those are, to who may not so that one person's part in a mean does not
// show, and the same question cannot be asked in many slightly different ways.
type units struct{ score, hours, efficiency unit }

func (g *group) units() units {
	points, hours := 1, 2
	if g.discreet {
		points, hours = 0, 1
	}
	return units{unit{1, points}, unit{secondsPerHour, hours}, unit{percent, points}}
}

// sleep writes hours of sleep in a sentence, no more finely than they are told.
func (u units) sleep(hours float64) string {
	if u.hours.decimals < 2 {
		return fmt.Sprintf("%.1f hours", hours)
	}
	return hoursText(hours)
}

// small says whether a group can have no figures that the caller may be told, so
// that nothing is read of it: even how long that takes would count it.
func (g *group) small() bool {
	return g.discreet && len(g.users) < analytics.AggregateRule().People
}

// Kinds of sets of people: what is told of those of one kind is never subtracted
// from what is told of the other.
const (
	toldPeople  = "people"  // behind averages
	toldMembers = "members" // behind counts
)

// admit says whether the caller may be told figures over these sets, of nights of
// the period, beside all that they were told before, and the first night from which
// on nothing is in the way.
//
// Only what was told about some of the same nights is in the way. From other nights
// one person cannot be told well. Say eleven people have a mean over seven nights,
// and twelve over the next seven: twelve times the second mean less eleven times the
// first is the twelfth's, give or take what the nights of the eleven differ by and
// what rounding took. With an hour between the nights of one person that is
// √11·√(2/7) h = 1.8 h, and for tenths of an hour √(12²+11²)·0.1/√12 h = 0.5 h, 1.8 h
// together, where people are within about an hour of each other to begin with. Of
// thirty nights it is 1.0 h. Half a year of answers before, and as many after, come
// to 0.4 h if none of the eleven changes meanwhile: only silence would help there.
func (g *group) admit(ctx context.Context, p span, groups map[string][]string) (bool, civil.Date, error) {
	caller := sha256.Sum256([]byte(access.From(ctx).Name()))
	t := tenants.Telling{Caller: hex.EncodeToString(caller[:]), From: p.from, To: p.to, Groups: groups}
	return g.store.Admit(ctx, t, analytics.AggregateRule().People)
}

// hush takes out of the figures what stands for too few people. asked is how many
// the group has.
func (c *Cohort) hush(h *GroupHead, figures analytics.Cohort, asked int) {
	rule := analytics.AggregateRule()
	hide := func(fields ...string) { h.lacks(tellsOfFew, fields...) }
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
		h.lacks(tooFewToRank, "median_score", "quartiles")
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
