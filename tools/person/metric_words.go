package person

import (
	"fmt"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// words name a metric in a sentence, and say what higher and lower mean for it and in what
// it is counted.
type words struct{ name, higher, lower, unit string }

const (
	inMinutes = "min"
	inPoints  = "points"
)

var metricWords = map[string]words{
	analytics.MetricAsleep:     {"time asleep", "longer", "shorter", inMinutes},
	analytics.MetricEfficiency: {"sleep efficiency", "higher", "lower", inPoints},
	analytics.MetricAwake:      {"time awake in the night", "longer", "shorter", inMinutes},
	analytics.MetricAwakenings: {"awakenings over five minutes", "more", "fewer", ""},
	analytics.MetricLatency:    {"time to fall asleep", "longer", "shorter", inMinutes},
	analytics.MetricSnoring:    {"time with snoring sound", "longer", "shorter", inMinutes},
	analytics.MetricBedtime:    {"bedtime", "later", "earlier", inMinutes},
	analytics.MetricOnset:      {"sleep onset", "later", "earlier", inMinutes},
	analytics.MetricWake:       {"final awakening", "later", "earlier", inMinutes},
	analytics.MetricDeep:       {"the estimate of deep sleep", "higher", "lower", inPoints},
	analytics.MetricREM:        {"the estimate of REM sleep", "higher", "lower", inPoints},
	analytics.MetricRegularity: {"regularity", "higher", "lower", inPoints},

	// These are fields that only nights are compared by.
	"mid_sleep":             {"the middle of sleep", "later", "earlier", inMinutes},
	"longest_awake_minutes": {"the longest awakening", "longer", "shorter", inMinutes},
}

// direction says which way a difference points.
func (w words) direction(difference float64) string {
	if difference < 0 {
		return w.lower
	}
	return w.higher
}

// differs says by how much the metric differs: "time asleep 25 min longer".
func (w words) differs(by float64) string {
	return w.name + " " + w.spoken(by) + " " + w.direction(by)
}

// directed says which way the metric differs: "time asleep longer".
func (w words) directed(difference float64) string { return w.name + " " + w.direction(difference) }

// manyMinutes are spoken of as hours.
const manyMinutes = 120

// spoken is a size as people round, such as "25 min", "2 h 05 min", "1 point" or "less than
// 1 point".
func (w words) spoken(size float64) string {
	one := "1 " + strings.TrimSuffix(w.unit, "s")
	switch rounded := tool.Spoken(size); {
	case w.unit == "":
		return w.amount(size)
	case rounded == 0:
		return "less than " + one
	case rounded == 1:
		return one
	case w.unit == inMinutes:
		return w.amount(rounded)
	default:
		return fmt.Sprintf("%.0f %s", rounded, w.unit)
	}
}

// amount is a size with its unit, such as "12 min", "2 h 05 min" or "1.3 points"; its sign is
// left out.
func (w words) amount(size float64) string {
	if size < 0 {
		size = -size
	}
	minutes := tool.Spoken(size)
	switch {
	case w.unit == inMinutes && minutes >= manyMinutes:
		return tool.HoursText(minutes / 60)
	case w.unit == inMinutes:
		return fmt.Sprintf("%.0f min", minutes)
	case w.unit == "":
		return fmt.Sprintf("%.1f", size)
	}
	return fmt.Sprintf("%.1f %s", size, w.unit)
}
