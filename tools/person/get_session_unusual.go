package person

import (
	"fmt"
	"slices"

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
	found = slices.DeleteFunc(found, func(u analytics.Unusual) bool { return !out.lost.judges(u.Metric.Name) })
	for _, u := range found {
		out.Unusual = append(out.Unusual, unusualOf(u, later))
	}
	if len(found) > 0 {
		out.Summary += fmt.Sprintf(" %s than on the %s before.", capital(unusualWords(found)), tool.Count(out.BaselineNights, "night"))
	}
}

// unusualOf writes an unusual value, with clock times later by the given seconds.
func unusualOf(u analytics.Unusual, later float64) unusualValue {
	v := unusualValue{Metric: u.Metric.Name}
	if u.Metric.Clock {
		u.Value, u.Usual = u.Value+later/tool.SecondsPerMinute, u.Usual+later/tool.SecondsPerMinute
	}
	v.Value, v.Clock = sampleValue(u.Metric, &u.Value)
	v.Usual, v.UsualClock = sampleValue(u.Metric, &u.Usual)
	return v
}

// unusualWords says in which direction values are unusual.
func unusualWords(found []analytics.Unusual) string {
	var words []string
	for _, u := range found {
		w := metricWords[u.Metric.Name]
		words = append(words, w.name+" much "+w.direction(u.Z))
	}
	return tool.InWords(words)
}
