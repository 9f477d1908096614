package person

import (
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Picture implements [tool.Pictured]: groups beside each other, or all nights with those that
// were found among them.
func (out findNightsOut) Picture() charts.Picture {
	d := out.drawn
	title := "Nights"
	if d.where != "" {
		title += " where " + d.where
	}
	if by := d.by; by != "" && by != byRun {
		p := charts.Months{Frame: frameOf(title+" by "+tool.Spaced(by), out.Subject, out.Coverage), Each: tool.Spaced(by)}
		p.Measures = d.measures()
		return p
	}
	p := charts.Nights{Frame: frameOf(title, out.Subject, out.Coverage), Sought: d.where}
	if d.w != nil && len(d.all) > 0 {
		p.Rows = d.rows(&p.Frame)
	}
	return p
}

func (d foundDrawing) rows(f *charts.Frame) []charts.Row {
	found := map[string]bool{}
	for i, n := range d.all {
		if d.truth[i] == condition.True {
			found[n.Date.String()] = true
		}
	}
	days := newest(d.w.Days, f)
	if first := d.all[0].Date; first.After(days.From) {
		days.From = first
	}
	rows := d.q.rowsOf(d.w, days)
	for i := range rows {
		rows[i].Found = found[rows[i].Date]
	}
	return rows
}

// mostPanels is how many measures of groups are drawn.
const mostPanels = 3

// measures returns how often the condition is fulfilled in each group, where there is one, and
// the means of the fields.
func (d foundDrawing) measures() []charts.MonthlyMeasure {
	var all []charts.MonthlyMeasure
	if d.where != "" {
		share := charts.MonthlyMeasure{Name: "share", Label: "Share of nights", Unit: charts.UnitPercent}
		for _, g := range d.groups {
			p := charts.MonthPoint{Month: g.Group, Nights: g.Of, Partial: g.Of < comparableMonth}
			if g.Of > 0 {
				p.Mean = new(100 * float64(g.Nights) / float64(g.Of))
			}
			share.Months = append(share.Months, p)
		}
		all = append(all, share)
	}
	for _, f := range d.fields {
		if f.averages() && len(all) < mostPanels && len(d.groups) > 0 {
			all = append(all, d.measure(f))
		}
	}
	return all
}

func (d foundDrawing) measure(f *nightField) charts.MonthlyMeasure {
	label, unit := f.axis()
	clock := f.Kind == condition.Clock
	m := charts.MonthlyMeasure{Name: f.Name, Label: label, Unit: unit}
	around := 0.0
	if mean := analytics.SampleOf(valuesOf(f, d.all), clock).Mean; mean != nil {
		around = nightly(*mean)
	}
	for _, g := range d.groups {
		values := aligned(valuesOf(f, g.nights), unit, around)
		p := charts.MonthPoint{Month: g.Group, Nights: len(values), Partial: len(values) < comparableMonth}
		p.Mean = alignedMean(analytics.SampleOf(values, clock).Mean, unit, around)
		if low, high, ok := charts.MiddleHalf(values); ok && p.Mean != nil {
			p.Low, p.High = &low, &high
		}
		m.Months = append(m.Months, p)
	}
	return m
}

// axis returns what a field is called on an axis, and the unit that it is in.
func (f *nightField) axis() (label string, unit charts.Unit) {
	if known, ok := metricLabels[f.Name]; ok {
		return known.label, known.unit
	}
	name, unit := f.Name, charts.UnitPoints
	for suffix, of := range map[string]charts.Unit{"_minutes": charts.UnitMinutes, "_percent": charts.UnitPercent} {
		if trimmed, ok := strings.CutSuffix(f.Name, suffix); ok {
			name, unit = trimmed, of
		}
	}
	if f.Kind == condition.Clock {
		unit = charts.UnitClock
	}
	return capital(tool.Spaced(name)), unit
}
