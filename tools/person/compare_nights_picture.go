package person

import (
	"cmp"
	"math"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
)

// Picture implements [tool.Pictured]: what differs, and what is always drawn.
func (out compareNightsOut) Picture() charts.Picture {
	d := out.drawn
	p := charts.Contrast{
		Frame: frameOf("Nights where "+d.where, out.Subject, out.Coverage),
		First: cmp.Or(d.against, "other nights"), Second: d.where,
	}
	for _, differing := range []bool{true, false} {
		for i, c := range d.contrasts {
			if c.Verdict.Differs() == differing && (differing || alwaysDrawn[c.Name]) && c.Verdict != analytics.TooFewNights {
				p.Measures = append(p.Measures, d.measure(i))
			}
		}
	}
	p.Notes = append(p.Notes, out.Cautions...)
	return p
}

// measure returns the values of both sides in one column; the group comes second, as the
// difference is that of the group.
func (d sidesDrawing) measure(i int) charts.ContrastMeasure {
	c, f := d.contrasts[i], d.fields[i]
	label, unit := f.axis()
	around := 0.0
	if c.Others.Mean != nil && f.Kind == condition.Clock {
		around = nightly(*c.Others.Mean)
	}
	m := charts.ContrastMeasure{
		Name: c.Name, Label: label, Unit: unit, Difference: oneDecimal(c.Difference), Low: oneDecimal(c.Low), High: oneDecimal(c.High), Verdict: verdictWords(c.Name, c.Verdict),
		FirstMean: alignedMean(c.Others.Mean, unit, around), SecondMean: alignedMean(c.Group.Mean, unit, around),
	}
	var group, others []float64
	for at, v := range d.columns[i].Values {
		switch {
		case math.IsNaN(v):
		case d.group[at]:
			group = append(group, v)
		default:
			others = append(others, v)
		}
	}
	m.First, m.Second = aligned(others, unit, around), aligned(group, unit, around)
	return m
}
