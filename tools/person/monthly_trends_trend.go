package person

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type trend struct {
	Metric    string   `json:"metric" jsonschema_description:"bedtime_minutes: rising is later."`
	Direction string   `json:"direction" jsonschema:"enum=rising,enum=falling,enum=no_clear_trend,enum=not_enough_nights"`
	Shape     string   `json:"shape,omitempty" jsonschema:"enum=drift,enum=step,enum=unclear" jsonschema_description:"Little by little, on one date, or either."`
	Why       string   `json:"why,omitempty" jsonschema:"enum=may_be_chance,enum=small_change,enum=not_lasting,enum=nights_alike"`
	PerMonth  *float64 `json:"per_month,omitempty"`
	Low       *float64 `json:"per_month_low,omitempty" jsonschema_description:"95 % interval."`
	High      *float64 `json:"per_month_high,omitempty"`
	Visible   *float64 `json:"visible_per_month,omitempty" jsonschema_description:"A smaller one would hardly be seen."`
	P         *float64 `json:"p_value,omitempty" jsonschema_description:"Corrected for all that is tested here; left out below 0.0001."`
	Nights    int      `json:"nights"`
	Step      *step    `json:"step,omitempty"`
}

// A step is told instead of a slope.
type step struct {
	Since    string   `json:"since" jsonschema:"format=date"`
	Earliest string   `json:"earliest" jsonschema_description:"95 % interval."`
	Latest   string   `json:"latest"`
	Before   *float64 `json:"before,omitempty"`
	After    *float64 `json:"after,omitempty"`
	Clocks   []string `json:"clocks,omitempty"`
	Change   float64  `json:"change"`
	Low      float64  `json:"change_low" jsonschema_description:"95 % interval."`
	High     float64  `json:"change_high"`
}

// daysPerMonth is the mean length of a month in the Gregorian calendar.
const daysPerMonth = 365.2425 / 12

// leastP is the smallest p that is written.
const leastP = 0.0001

// always are the metrics that every recording has; the others are told where they were
// measured.
var always = map[string]bool{analytics.MetricAsleep: true, analytics.MetricEfficiency: true, analytics.MetricBedtime: true}

func (q *query) trends(w *nights.Window, courses []analytics.Course) []trend {
	list := make([]trend, 0, len(courses))
	for i := range courses {
		if c := &courses[i]; c.N > 0 || always[c.Metric.Name] {
			list = append(list, q.trend(w, c))
		}
	}
	return list
}

func (q *query) trend(w *nights.Window, c *analytics.Course) trend {
	t := trend{Metric: c.Metric.Name, Direction: string(c.Direction), Shape: string(c.Shape), Why: string(c.Why), Nights: c.N}
	if c.P != nil && *c.P >= leastP && c.Why != analytics.NightsAlike {
		t.P = new(tool.Rounded(*c.P, 4))
	}
	if c.Why == analytics.PerhapsChance {
		t.Visible = perMonth(c.Visible)
	}
	if c.Step != nil {
		t.Step = q.step(w, c.Metric, c.Step)
		return t
	}
	t.PerMonth, t.Low, t.High = perMonth(c.SlopePerDay), perMonth(c.SlopeLow), perMonth(c.SlopeHigh)
	return t
}

func perMonth(perDay *float64) *float64 {
	if perDay == nil {
		return nil
	}
	return new(tool.Rounded(*perDay*daysPerMonth, 1))
}

func (q *query) step(w *nights.Window, m analytics.Metric, s *analytics.Step) *step {
	out := &step{
		Since: s.Date.String(), Earliest: s.From.String(), Latest: s.To.String(),
		Change: tool.Rounded(s.Difference, 1), Low: tool.Rounded(s.Low, 1), High: tool.Rounded(s.High, 1),
	}
	if !m.Clock {
		out.Before, out.After = oneDecimal(s.Before.Mean), oneDecimal(s.After.Mean)
		return out
	}
	shift := q.clockShift(w.Newest())
	for _, mean := range []*float64{s.Before.Mean, s.After.Mean} {
		out.Clocks = append(out.Clocks, tool.ClockText(*mean*tool.SecondsPerMinute+shift))
	}
	return out
}

func (t trend) clear() bool {
	return t.Direction == string(analytics.Rising) || t.Direction == string(analytics.Falling)
}

// told reports whether a summary mentions the trend.
func (t trend) told() bool { return t.clear() || t.Why == string(analytics.NotLasting) }

// words describes a trend in a sentence.
func (t trend) words() string {
	return capital(metricWords[t.Metric].name) + ": " + t.finding() + "."
}

// finding says what was found about a trend, without the metric's name.
func (t trend) finding() string {
	w := metricWords[t.Metric]
	size := func(v float64) string { return w.amount(v) + " " + w.direction(v) }
	switch {
	case t.Direction == string(analytics.NotEnoughNights):
		return "too few nights to tell a trend"
	case t.Step != nil:
		text := size(t.Step.Change) + " since " + t.Step.Since
		if t.Step.Earliest != t.Step.Latest {
			text += fmt.Sprintf(" (95 %%: %s to %s)", t.Step.Earliest, t.Step.Latest)
		}
		return text + ", in one step"
	case t.clear() && t.Shape == string(analytics.EitherWay):
		return size(*t.PerMonth) + " each month on average; it is unclear whether little by little or on one date"
	case t.clear():
		return size(*t.PerMonth) + " each month"
	case t.Why == string(analytics.SmallChange):
		return "no trend large enough to matter"
	case t.Why == string(analytics.NotLasting):
		return "no lasting trend: it changed and changed back"
	case t.Why == string(analytics.NightsAlike):
		return "too few nights, each too similar to the one before, to distinguish a trend from chance"
	case t.Visible != nil:
		return "no clear trend; one under " + w.amount(*t.Visible) + " a month would probably go unnoticed"
	}
	return "no clear trend"
}
