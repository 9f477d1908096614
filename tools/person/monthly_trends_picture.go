package person

import (
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// monthlyMeasure is a measure of a picture of months, with the trend that goes with it.
type monthlyMeasure struct {
	trend, label string
	unit         charts.Unit
	of           func(*analytics.Night) (float64, bool)
	mean         func(analytics.Averages) analytics.Estimate
	per          float64 // the mean is divided by it
}

var drawnMonthly = []monthlyMeasure{
	{"asleep_minutes", "Time asleep", charts.UnitMinutes, func(n *analytics.Night) (float64, bool) {
		return analytics.MetricNamed(analytics.MetricAsleep).Of(*n)
	}, func(a analytics.Averages) analytics.Estimate { return a.Asleep }, tool.SecondsPerMinute},
	{"efficiency_percent", "Sleep efficiency", charts.UnitPercent, func(n *analytics.Night) (float64, bool) {
		return analytics.MetricNamed(analytics.MetricEfficiency).Of(*n)
	}, func(a analytics.Averages) analytics.Estimate { return a.Efficiency }, tool.Percent},
	{"bedtime_minutes", "Bedtime", charts.UnitClock, func(n *analytics.Night) (float64, bool) {
		if len(n.Main) == 0 || n.Excluded != "" {
			return 0, false
		}
		return analytics.ClockOf(n.Bedtime(), n.Zone()) / tool.SecondsPerMinute, true
	}, func(a analytics.Averages) analytics.Estimate { return a.Bedtime }, tool.SecondsPerMinute},
}

// Picture implements [tool.Pictured].
func (out monthlyTrendsOut) Picture() charts.Picture {
	p := charts.Months{Frame: frameOf("Sleep by month", out.Subject, out.Coverage)}
	for _, m := range drawnMonthly {
		measure := charts.MonthlyMeasure{Name: m.trend, Label: m.label, Unit: m.unit}
		around := 0.0
		if usual := analytics.Average(out.drawn.w.Nights).Bedtime.Value; usual != nil {
			around = nightly(*usual / tool.SecondsPerMinute)
		}
		for i, days := range slices.Backward(out.drawn.months) {
			part := out.drawn.w.Within(days.UpTo(out.drawn.w.To))
			measure.Months = append(measure.Months, m.point(out.Months[i], part.Nights, around))
		}
		for _, t := range out.Trends {
			if t.Metric == m.trend && t.clear() {
				measure.Trend = t.finding()
				measure.Line = t.line(measure.Months, around)
			}
		}
		p.Measures = append(p.Measures, measure)
	}
	return p
}

// point has the mean that the answers have, clock times near the given one.
func (m monthlyMeasure) point(of month, nights []analytics.Night, around float64) charts.MonthPoint {
	var values []float64
	for i := range nights {
		if v, ok := m.of(&nights[i]); ok {
			values = append(values, v)
		}
	}
	p := charts.MonthPoint{Month: of.Month, Nights: len(values), Partial: of.Partial || len(values) < comparableMonth}
	mean := m.mean(analytics.Average(nights)).Value
	if mean == nil {
		return p
	}
	p.Mean = alignedMean(new(*mean/m.per), m.unit, around)
	if low, high, ok := charts.MiddleHalf(aligned(values, m.unit, *p.Mean)); ok {
		p.Low, p.High = &low, &high
	}
	return p
}

// line returns what was found as a line over the months; nil where nothing can be drawn.
func (t trend) line(months []charts.MonthPoint, around float64) []charts.LinePoint {
	switch {
	case t.Step != nil:
		return t.Step.line(len(months), months[0].Month, around)
	case t.PerMonth != nil:
		return driftLine(months, *t.PerMonth)
	}
	return nil
}

// line returns the level before the step and that after it.
func (s *step) line(months int, first string, around float64) []charts.LinePoint {
	since, begin := tool.ParseDate(s.Since), tool.ParseDate(first+"-01")
	before, after := s.levels(around)
	if since == nil || begin == nil || before == nil || after == nil {
		return nil
	}
	at := float64(since.DaysSince(*begin)) / daysPerMonth
	return []charts.LinePoint{{At: 0, Value: *before}, {At: at, Value: *before}, {At: at, Value: *after}, {At: float64(months), Value: *after}}
}

// levels returns the values before and after, clock times near the given one.
func (s *step) levels(around float64) (before, after *float64) {
	if len(s.Clocks) != 2 { //nolint:mnd // before and after
		return s.Before, s.After
	}
	clock := func(text string) *float64 {
		t, err := time.Parse("15:04", text)
		if err != nil {
			return nil
		}
		return new(charts.Near(float64(t.Hour()*60+t.Minute()), around))
	}
	return clock(s.Clocks[0]), clock(s.Clocks[1])
}

// driftLine returns a line with the slope that was found, through the middle of the nights.
func driftLine(months []charts.MonthPoint, perMonth float64) []charts.LinePoint {
	const middle = 0.5
	var n, at, value float64
	for i, m := range months {
		if m.Mean != nil {
			weight := float64(m.Nights)
			n, at, value = n+weight, at+weight*(float64(i)+middle), value+weight**m.Mean
		}
	}
	if n == 0 {
		return nil
	}
	line := make([]charts.LinePoint, 0, 2)
	for _, x := range []float64{middle, float64(len(months)) - middle} {
		line = append(line, charts.LinePoint{At: x, Value: value/n + perMonth*(x-at/n)})
	}
	return line
}
