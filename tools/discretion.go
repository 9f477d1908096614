package tools

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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

// asOfStep is how coarsely it is said when nights were read: exactly, it would be
// when somebody asked about one of the people.
const asOfStep = time.Hour

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
// figures, who may be others in another period, by their nights, and by the members,
// so that nobody who joins or leaves shows.
func (g *group) withheld(ctx context.Context, h *GroupHead, readings []reading, p span) (bool, error) {
	if !g.discreet {
		return false, nil
	}
	behind := g.others(readings, reading.eligible)
	if len(behind) < analytics.AggregateRule().People {
		besides := ""
		if g.among() {
			besides = " besides you"
		}
		h.suppress(tooSmall, "fewer than 11 people"+besides+" stand behind them, and somebody's own could be guessed.")
		return true, nil
	}
	told, free, err := g.admit(ctx, p, nil, map[string][]string{
		toldPeople:  behind,
		toldNights:  g.theirNights(readings, p),
		toldMembers: g.others(readings, func(reading) bool { return true }),
	})
	if err == nil && !told {
		h.suppress(tooAlike, "the people behind them, or their nights, differ too little from those behind figures you were given about some of the same nights; "+
			"comparing the two would tell about fewer than 11. "+g.askAgain(p, free))
	}
	return !told, err
}

// theirNights are those who stand behind figures, each with how far back their nights
// in the period reach. Somebody whose nights all lie in the last month has the same
// ones in every longer period, and where ten of eleven have, what differs between two
// such periods is the eleventh's.
func (g *group) theirNights(readings []reading, p span) []string {
	var list []string
	for i, r := range readings {
		if r.eligible() && g.users[i].ID() != g.own {
			back, _ := slices.BinarySearch(quietDays, p.to.DaysSince(r.first)+1)
			list = append(list, fmt.Sprintf("%s/%d", g.users[i].ID(), back))
		}
	}
	return list
}

// askAgain says which question about the group has no night in common with the
// figures that are in the way; free is the first night after those.
func (g *group) askAgain(p span, free civil.Date) string {
	days := p.to.DaysSince(p.from) + 1
	again := fmt.Sprintf("Ask about %d days again from %s on", days, free.AddDays(days-1))
	left := g.today.DaysSince(free) + 1
	for _, shorter := range slices.Backward(quietDays) {
		if shorter <= left {
			return fmt.Sprintf(`%s, or with "days":%d today.`, again, shorter)
		}
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
	return g.discreet && len(g.users) < g.rule().People
}

// among says whether the caller, who may be told aggregates only, is in the group.
func (g *group) among() bool {
	return g.discreet && slices.ContainsFunc(g.users, func(u access.User) bool { return u.ID() == g.own })
}

// rule is how many of the group must stand behind what is told. Callers know their own
// nights, and so could take themselves out of any count.
func (g *group) rule() analytics.GroupRule {
	rule := analytics.AggregateRule()
	if g.among() {
		rule.People++
		rule.Quartiles++
	}
	return rule
}

// Kinds of sets of people: what is told of those of one kind is never subtracted
// from what is told of the other.
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
func (g *group) admit(ctx context.Context, p span, among []string, groups map[string][]string) (bool, civil.Date, error) {
	caller := sha256.Sum256([]byte(access.From(ctx).Name()))
	t := tenants.Telling{Caller: hex.EncodeToString(caller[:]), From: p.from, To: p.to, Groups: groups, Among: among}
	return g.store.Admit(ctx, t, analytics.AggregateRule().People)
}
