package person

import (
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// alwaysDrawn are the metrics that are drawn even when they do not differ.
var alwaysDrawn = map[string]bool{analytics.MetricAsleep: true, analytics.MetricEfficiency: true, analytics.MetricOnset: true}

// Picture implements [tool.Pictured].
func (out comparePeriodsOut) Picture() charts.Picture {
	p := charts.Contrast{
		Frame:  frameOf("Two periods compared", out.Subject, out.Coverage),
		First:  periodText(out.First.Period),
		Second: periodText(out.Second.Period),
	}
	for _, c := range out.drawn.changes {
		if c.Verdict.Differs() || alwaysDrawn[c.Metric.Name] {
			p.Measures = append(p.Measures, out.drawn.measure(c))
		}
	}
	return p
}

func periodText(p tool.Period) string { return p.From + " to " + p.To }

func (d contrastDrawing) measure(c analytics.Change) charts.ContrastMeasure {
	label := metricLabels[c.Metric.Name]
	around := 0.0
	if c.First.Mean != nil {
		around = nightly(*c.First.Mean)
	}
	return charts.ContrastMeasure{
		Name: c.Metric.Name, Label: label.label, Unit: label.unit,
		First:      aligned(c.Metric.Values(d.first.Nights), label.unit, around),
		Second:     aligned(c.Metric.Values(d.second.Nights), label.unit, around),
		Difference: oneDecimal(c.Difference), Low: oneDecimal(c.Low), High: oneDecimal(c.High), Verdict: verdictWords(c.Metric.Name, c.Verdict),
		FirstMean: alignedMean(c.First.Mean, label.unit, around), SecondMean: alignedMean(c.Second.Mean, label.unit, around),
	}
}

// verdictWords say in which direction a measure differs, as a sentence would.
func verdictWords(name string, verdict analytics.Verdict) string {
	switch words := metricWords[name]; verdict {
	case analytics.Higher:
		return words.higher
	case analytics.Lower:
		return words.lower
	default:
		return tool.Spaced(string(verdict))
	}
}
