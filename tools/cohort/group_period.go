package cohort

import (
	"strconv"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// usualDays is how many nights a question is about that does not say.
const usualDays = 30

// span is which nights a question names.
type span struct {
	days   int // 0: not given
	period string
}

// parsed returns the period that is named; nil: none is.
func (s span) parsed() (*releases.Period, error) {
	if s.period == "" {
		return nil, nil
	}
	p, ok := releases.ParsePeriod(s.period)
	if !ok {
		return nil, tool.Mistake("%s must be a calendar week such as 2026-W45 or a month such as 2026-10, received %s. For example %s.",
			tool.Argument("period"), tool.ReceivedText(s.period), tool.ExampleOf("period"))
	}
	return &p, nil
}

// nights returns the nights of a question by somebody who may see each person, and those
// before them to compare with.
func (s span) nights(g *group) (now, before nights.Days, err error) {
	p, err := s.parsed()
	switch {
	case err != nil:
		return now, before, err
	case p == nil:
		days := s.days
		if days == 0 {
			days = usualDays
		}
		now = nights.LastDays(days, g.today)
		return now, nights.LastDays(days, now.From.AddDays(-1)), nil
	case s.days != 0:
		return now, before, tool.Mistake("%s and %s contradict each other: received %s and %s. Give one of them, for example %s.",
			tool.Argument("days"), tool.Argument("period"), tool.Received(strconv.Itoa(s.days)), p, tool.ExampleWith("period", p.String()))
	case p.From.After(g.today), g.today.DaysSince(p.From) > releases.Farthest:
		return now, before, tool.Mistake("%s must be a week or month that has begun, at most %d days ago, received %s. Today is %s. For example %s.",
			tool.Argument("period"), releases.Farthest, tool.Received(p.String()), g.today, tool.ExampleWith("period", releases.PeriodOf(p.Cadence, g.today).Name))
	}
	return p.UpTo(g.today), p.Previous().Days, nil
}
