package person

import (
	"fmt"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// metricWords name a metric in a sentence, and say what higher and lower mean
// for it.
var metricWords = map[string]struct{ name, higher, lower, unit string }{
	analytics.MetricAsleep:     {"time asleep", "longer", "shorter", "min"},
	analytics.MetricEfficiency: {"sleep efficiency", "higher", "lower", "points"},
	analytics.MetricAwake:      {"time awake in the night", "longer", "shorter", "min"},
	analytics.MetricLatency:    {"time to fall asleep", "longer", "shorter", "min"},
	analytics.MetricOnset:      {"sleep onset", "later", "earlier", "min"},
	analytics.MetricWake:       {"final awakening", "later", "earlier", "min"},
	analytics.MetricDeep:       {"the estimate of deep sleep", "higher", "lower", "points"},
	analytics.MetricREM:        {"the estimate of REM sleep", "higher", "lower", "points"},
	analytics.MetricRegularity: {"regularity", "higher", "lower", "points"},
}

// sampleValue writes the mean of one side of a change: a clock time as text, anything
// else as a number.
func sampleValue(m analytics.Metric, mean *float64) (number *float64, clock string) {
	switch {
	case mean == nil:
		return nil, ""
	case m.Clock:
		return nil, tool.ClockText(*mean * tool.SecondsPerMinute)
	}
	return oneDecimal(mean), ""
}

func oneDecimal(x *float64) *float64 {
	if x == nil {
		return nil
	}
	return new(tool.Rounded(*x, 1))
}

// changesText says in a sentence what stands out among changes, "" for nothing; than is
// what the second side is compared with.
func changesText(changes []analytics.Change, than string) string {
	sure := differences(analytics.Foremost(changes))
	if len(sure) == 0 {
		return ""
	}
	return capital(tool.InWords(sure) + " than " + than + ".")
}

// faintText says what differs among changes when nothing stands out, "" for nothing.
func faintText(changes []analytics.Change, than string) string {
	faint := differences(slices.DeleteFunc(slices.Clone(changes), func(c analytics.Change) bool { return !c.Verdict.Differs() }))
	if len(faint) == 0 {
		return ""
	}
	return capital(tool.InWords(faint)) + " than " + than + ", which among so many measures may be chance."
}

// differences returns the changes in words.
func differences(changes []analytics.Change) []string {
	var parts []string
	for _, c := range changes {
		words := metricWords[c.Metric.Name]
		direction := words.higher
		if c.Verdict == analytics.Lower {
			direction = words.lower
		}
		parts = append(parts, fmt.Sprintf("%s %.0f %s %s", words.name, tool.Spoken(*c.Difference), words.unit, direction))
	}
	return parts
}

// capital begins an ASCII sentence with a capital letter.
func capital(sentence string) string {
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}

// comparableMonth is how many nights make a month comparable with another
// (Lau et al. 2022, ICC >= .80).
const comparableMonth = 10

// leastNights returns how many nights a period needs to be compared: five for a week or
// two, ten for a longer one (Lau et al. 2022).
func leastNights(days int) int {
	if days <= 2*daysInWeek {
		return 5
	}
	return comparableMonth
}

// compared reports whether any of the changes is based on enough nights.
func compared(changes []analytics.Change) bool {
	for _, c := range changes {
		if c.Verdict != analytics.TooFewNights {
			return true
		}
	}
	return false
}
