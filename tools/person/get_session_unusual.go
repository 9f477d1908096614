package person

import (
	"fmt"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// unusual compares a night with the 28 days before it. One without usable sleep is not
// judged.
func (out *getSessionOut) unusual(q *query, w *nights.Window, night *analytics.Night) {
	if len(night.Main) == 0 || w.Sparse {
		return
	}
	baseline, later := w.BaselineOf(night.Date), q.clockShift(night)
	found, ok := analytics.UnusualOf(*night, baseline)
	if !ok {
		tool.Lacks(&out.Caveats, analytics.FewNights, "unusual")
		return
	}
	out.BaselineNights = analytics.Average(baseline).Nights
	out.Unusual = []unusualValue{}
	var words []string
	for _, u := range found {
		if !out.lost.judges(u.Metric.Name) {
			continue
		}
		v := unusualValue{Metric: u.Metric.Name}
		if u.Metric.Clock {
			u.Value, u.Usual = u.Value+later/tool.SecondsPerMinute, u.Usual+later/tool.SecondsPerMinute
		}
		v.Value, v.Clock = sampleValue(u.Metric, &u.Value)
		v.Usual, v.UsualClock = sampleValue(u.Metric, &u.Usual)
		out.Unusual = append(out.Unusual, v)
		direction := metricWords[u.Metric.Name].higher
		if u.Z < 0 {
			direction = metricWords[u.Metric.Name].lower
		}
		words = append(words, fmt.Sprintf("%s much %s than usual", metricWords[u.Metric.Name].name, direction))
	}
	if len(words) > 0 {
		out.Summary += " " + capital(strings.Join(words, ", ")) + "."
	}
}
