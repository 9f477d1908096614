package cohort

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// What a caller who sees aggregates only is told about a group, and what not.
// Whatever can be had by subtracting one told figure from another, of the same answer
// or of another one, counts as told. Five rules see to it:
//
//   - Enough people: no figure stands for fewer than eleven ([analytics.GroupRule],
//     group.withheld).
//   - Coarse figures: they are rounded until one person's part in them does not show
//     (group.units; sessionStep, asOfStep and inTenths for what is told besides).
//   - All counts or none: one that is left out alone could be had from the others
//     (Cohort.suppressFigures).
//   - Few periods: none that differ by a few nights (group.checkDays).
//   - A memory: nothing that, beside what this caller was told before, is about fewer
//     than eleven (group.admit).

// withheld says whether the answer that h begins has to be suppressed, and then
// suppresses it: because too few people stand behind the figures, or because of what
// the caller was told before. Three sets of people are compared with those of before:
// who stands behind the figures, which differs from period to period; the same with
// their nights; and all members, so that nobody who joins or leaves shows in the counts.
func (g *group) withheld(ctx context.Context, h *GroupHead, readings []reading, p nights.Days) (bool, error) {
	if !g.discreet {
		return false, nil
	}
	behind := g.others(readings, reading.eligible)
	if len(behind) < analytics.AggregateRule().People {
		besides := ""
		if g.includesCaller() {
			besides = " besides you"
		}
		h.suppress(tooSmall, "fewer than 11 people"+besides+" stand behind them, and somebody's own could be guessed.")
		return true, nil
	}
	told, free, err := g.admit(ctx, p, nil, map[string][]string{
		toldPeople:  userIDs(behind),
		toldNights:  reaches(behind, p),
		toldMembers: userIDs(g.others(readings, func(reading) bool { return true })),
	})
	if err == nil && !told {
		h.suppress(tooAlike, "the people behind them, or their nights, differ too little from those behind figures you were given about some of the same nights; "+
			"comparing the two would tell about fewer than 11. "+g.askAgain(p, free))
	}
	return !told, err
}

// reaches are the people who stand behind figures, each with how far back their nights
// in the period reach, in steps of the periods that may be asked about. Say ten of
// eleven people began to record a month ago: then the figures of the last month and
// of the last three differ by nothing but the older nights of the eleventh.
func reaches(behind []reading, p nights.Days) []string {
	list := make([]string, len(behind))
	for i, r := range behind {
		back, _ := slices.BinarySearch(discreetDays, p.To.DaysSince(r.first)+1)
		list[i] = fmt.Sprintf("%s/%d", r.user.ID(), back)
	}
	return list
}

// askAgain says which question about the group has no night in common with the
// figures that are in the way; free is the first night after those.
func (g *group) askAgain(p nights.Days, free civil.Date) string {
	days := p.To.DaysSince(p.From) + 1
	again := fmt.Sprintf("Ask about %d days again from %s on", days, free.AddDays(days-1))
	left := g.today.DaysSince(free) + 1
	for _, shorter := range slices.Backward(discreetDays) {
		if shorter <= left {
			return fmt.Sprintf(`%s, or with "days":%d today.`, again, shorter)
		}
	}
	return again + "."
}

// small says whether a group can have no figures that the caller may be told, so
// that nothing is read of it: even how long that takes would count it.
func (g *group) small() bool {
	return g.discreet && len(g.users) < g.rule().People
}

// includesCaller says whether the caller, who may be told aggregates only, is in the
// group.
func (g *group) includesCaller() bool {
	return g.discreet && slices.ContainsFunc(g.users, func(u access.User) bool { return u.ID() == g.own })
}

// rule is how many of the group must stand behind what is told. Callers know their own
// nights, and so could take themselves out of any count.
func (g *group) rule() analytics.GroupRule {
	rule := analytics.AggregateRule()
	if g.includesCaller() {
		rule.People++
		rule.Quartiles++
	}
	return rule
}

// Kinds of sets of people. Figures over sets of different kinds have nothing in common
// that could be subtracted.
const (
	toldPeople  = "people"  // behind averages
	toldNights  = "nights"  // the same with how far back their nights reach
	toldShort   = "short"   // those of them who are short of sleep
	toldRested  = "rested"  // the others of them
	toldMembers = "members" // behind counts
	toldUnused  = "unused"  // those of them who do not stand behind averages; with a reason after it, those for that reason
)

// admit says whether the caller may be told figures over these sets, each a part of
// among if that is not nil, of nights of the period, beside all that they were told
// before, and the first night from which on nothing is in the way.
//
// Only what was told about some of the same nights is in the way. From other nights
// one person can be told a little better than by guessing. Say eleven people have
// a mean over a week, asked for every week, and twelve after somebody joined: twelve
// times the later means less eleven times the earlier is the twelfth's, give or take
// what the nights of the eleven differ by and what rounding took. Measured where
// people are about an hour apart, it misses by 0.65 h after one week on either side
// (guessing the mean misses by 0.86 h), by 0.53 h after four (0.63 h), by 0.38 to
// 0.48 h after eight (0.73 to 1.05 h) and by 0.28 h after half a year, if none of
// the eleven changes meanwhile. Only silence would help there.
func (g *group) admit(ctx context.Context, p nights.Days, among []string, groups map[string][]string) (bool, civil.Date, error) {
	caller := sha256.Sum256([]byte(access.From(ctx).Name()))
	t := directory.Telling{Caller: hex.EncodeToString(caller[:]), From: p.From, To: p.To, Groups: groups, Among: among}
	return g.store.Admit(ctx, t, analytics.AggregateRule().People)
}
