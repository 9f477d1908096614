package cohort

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type groupChange struct {
	Period     tool.Period `json:"period"`
	People     *int        `json:"people,omitempty"`
	Score      groupShift  `json:"score"`
	SleepHours groupShift  `json:"sleep_hours"`
	Efficiency groupShift  `json:"efficiency"`
}

type groupShift struct {
	Before     float64 `json:"before"`
	Difference float64 `json:"difference"`
	Verdict    string  `json:"verdict"`
}

// changeOf compares a release with that of the period before, if both have figures.
func changeOf(h *GroupHead, r releases.Release, earlier []releases.Release) *groupChange {
	if len(earlier) == 0 || earlier[0].Period != r.Period.Previous() {
		tool.Lacks(&h.Caveats, analytics.NoData, "change")
		return nil
	}
	before := earlier[0]
	if before.Figures.Reason != "" {
		tool.Lacks(&h.Caveats, before.Figures.Reason, "change")
		return nil
	}
	return newChange(before.Period.Days, releases.Change(before.Figures, r.Figures), coarse)
}

func newChange(before nights.Days, c analytics.CohortChange, u units) *groupChange {
	return &groupChange{
		Period: tool.PeriodOf(before),
		Score:  shiftOf(c.Score, u.score), SleepHours: shiftOf(c.Asleep, u.hours), Efficiency: shiftOf(c.Efficiency, u.efficiency),
	}
}

func shiftOf(s analytics.Shift, u disclosure.Unit) groupShift {
	return groupShift{*told(s.First, u), *told(s.Difference, u), string(s.Verdict)}
}

// describe reports whether time asleep changed; "" when that is not known.
func (c *groupChange) describe(u units) string {
	if c == nil {
		return ""
	}
	switch hours := c.SleepHours.Difference; analytics.Verdict(c.SleepHours.Verdict) {
	case analytics.Higher:
		return fmt.Sprintf(" That is %s a night more than in the period before.", u.sleep(hours))
	case analytics.Lower:
		return fmt.Sprintf(" That is %s a night less than in the period before.", u.sleep(-hours))
	case analytics.NoClearDifference:
		return " Time asleep did not clearly change from the period before."
	}
	return ""
}
