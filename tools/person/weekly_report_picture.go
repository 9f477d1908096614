package person

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Picture implements [tool.Pictured].
func (out weeklyReportOut) Picture() charts.Picture {
	q, w := out.drawn.q, out.drawn.w
	p := charts.Nights{
		Frame: frameOf(fmt.Sprintf("Week of %s to %s", out.Period.From, out.Period.To), out.Subject, out.Head.Coverage),
		Rows:  q.rowsOf(w, w.Days),
	}
	// Lines stand where there is one usual time, as the words say.
	add := func(of *nights.Window, what string, other bool) {
		if len(q.sleepTimes(of).Usual) != 1 {
			return
		}
		n := analytics.Average(of.Nights).Onset.N
		if m, ok := meanOf(fmt.Sprintf("Mean of %s%s", tool.Count(n, "night"), what), of.Nights, p.Rows, other); ok {
			p.Means = append(p.Means, m)
		}
	}
	add(w, " of this week", false)
	add(w.Within(nights.Days{From: w.From.AddDays(-daysInWeek), To: w.From.AddDays(-1)}), " of the week before", true)
	return p
}
