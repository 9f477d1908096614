package cohort

import (
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Picture implements [tool.Pictured].
func (out cohortAnalysisOut) Picture() charts.Picture { return out.draw(out.Cohort) }

// Picture implements [tool.Pictured].
func (out organizationStatisticsOut) Picture() charts.Picture { return out.draw(out.Cohort) }

// draw shows the figures that an answer holds, and no others: what a caller is not told is
// not in it.
func (h GroupHead) draw(c Cohort) charts.Picture {
	p := charts.Group{Frame: charts.Frame{Title: "Sleep of a group", Subtitle: h.Summary, Demo: h.DataSource == "demo"}}
	for _, w := range h.Warnings {
		p.Notes = append(p.Notes, w.Text)
	}
	if h.Suppressed {
		return p
	}
	q := quartiles{}
	if c.Quartiles != nil {
		q = *c.Quartiles
	}
	for _, f := range []struct {
		name, label string
		unit        charts.Unit
		mean        *float64
		quartiles   []float64
		times       float64 // into the unit
	}{
		{"avg_sleep_hours", "Time asleep", charts.UnitMinutes, c.AvgSleepHours, q.SleepHours, 60},
		{"avg_efficiency", "Sleep efficiency", charts.UnitPercent, c.AvgEfficiency, q.Efficiency, 1},
		{"avg_score", "Sleep score", charts.UnitPoints, c.AvgScore, q.Score, 1},
		{"short_of_sleep_percent", "People under 7 h in 24", charts.UnitPercent, c.ShortOfSleep, nil, 1},
	} {
		figure := charts.Figure{Name: f.name, Label: f.label, Unit: f.unit, Hidden: tool.Spaced(h.Missing[f.name])}
		if f.mean != nil {
			figure.Middle = new(*f.mean * f.times)
		}
		if len(f.quartiles) == 3 { //nolint:mnd // the median is the second
			figure.Low, figure.High = new(f.quartiles[0]*f.times), new(f.quartiles[2]*f.times)
		}
		p.Figures = append(p.Figures, figure)
	}
	return p
}
