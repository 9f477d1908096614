package person

import (
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// setScaled stores an estimate divided by unit and rounded, or notes why field
// has no value.
func setScaled(c *tool.Caveats, into **float64, field string, e analytics.Estimate, unit float64, decimals int) {
	if e.Value == nil {
		tool.Lacks(c, e.Missing, field)
		return
	}
	*into = new(tool.Rounded(*e.Value/unit, decimals))
}

// setClock stores an estimate of a clock time, or notes why field has no value.
func setClock(c *tool.Caveats, into *string, field string, e analytics.Estimate) {
	if e.Value == nil {
		tool.Lacks(c, e.Missing, field)
		return
	}
	*into = tool.ClockText(*e.Value)
}

// efficiencyOf is the share of the main sleep's time in bed that was slept, in percent;
// nil without time in bed.
func efficiencyOf(n analytics.Night) *float64 {
	share, ok := n.Efficiency()
	if !ok {
		return nil
	}
	return new(tool.Rounded(share/tool.Percent, 1))
}

// recordingEfficiency is that of one recording.
func recordingEfficiency(s analytics.Session) *float64 {
	return efficiencyOf(analytics.Night{Main: []analytics.Session{s}})
}

// countNights counts the nights of an assembly that lies within one period.
func countNights(nights []analytics.Night) tool.Nights {
	out := tool.Nights{
		Tracked: len(nights), Used: len(nights),
		Excluded: tool.CountReasons(nights, func(n analytics.Night) analytics.Reason { return n.Excluded }),
	}
	for _, e := range out.Excluded {
		out.Used -= e.Count
	}
	return out
}
