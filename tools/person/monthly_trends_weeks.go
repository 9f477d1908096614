package person

import (
	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// A week is the mean of a metric over a week's nights.
type week struct {
	Starting string   `json:"starting" jsonschema:"format=date" jsonschema_description:"Monday."`
	Nights   int      `json:"nights"`
	Mean     *float64 `json:"mean,omitempty"`
	Clock    string   `json:"clock,omitempty" jsonschema_description:"Mean bedtime."`
}

// weeks returns a metric's means of the weeks of a window, oldest first. Weeks without a
// value are left out; of those in part outside the window only the part inside counts.
func (q *query) weeks(w *nights.Window, metric string) []week {
	var m analytics.Metric
	for _, one := range analytics.CourseMetrics() {
		if one.Name == metric {
			m = one
		}
	}
	list := []week{}
	for from := monday(w.From); !from.After(w.To); from = from.AddDays(daysInWeek) {
		days := nights.Days{From: from, To: from.AddDays(daysInWeek - 1)}.UpTo(w.To)
		if days.From.Before(w.From) {
			days.From = w.From
		}
		part := w.Within(days)
		s := m.Sample(part.Nights)
		if s.Mean == nil {
			continue
		}
		one := week{Starting: from.String(), Nights: s.N}
		if m.Clock {
			one.Clock = tool.ClockText(*s.Mean*tool.SecondsPerMinute + q.clockShift(part.Newest()))
		} else {
			one.Mean = oneDecimal(s.Mean)
		}
		list = append(list, one)
	}
	return list
}

// monday returns the first day of a date's week.
func monday(d civil.Date) civil.Date {
	return d.AddDays(-(int(d.Weekday()) + daysInWeek - 1) % daysInWeek)
}
