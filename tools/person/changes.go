package person

import (
	"fmt"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

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

// intervalOf returns the bounds of a difference, nil where there is none.
func intervalOf(c analytics.Change) []float64 {
	if c.Low == nil {
		return nil
	}
	return []float64{tool.Rounded(*c.Low, 1), tool.Rounded(*c.High, 1)}
}

func oneDecimal(x *float64) *float64 {
	if x == nil {
		return nil
	}
	return new(tool.Rounded(*x, 1))
}

// mostTold is how many changes a sentence gives the size of.
const mostTold = 3

// changesText says in a sentence what differs, "" for nothing; than is what the second
// side is compared with.
func changesText(changes []analytics.Change, than string) string {
	list := analytics.Foremost(changes)
	all := differences(list)
	if len(all) == 0 {
		return ""
	}
	text := capital(tool.InWords(all[:min(len(all), mostTold)]) + " than " + than)
	if len(all) > mostTold {
		text += "; also " + tool.InWords(directedWords(list[mostTold:]))
	}
	return text + "."
}

// nothingDiffers says from what no clear difference was found, by how many measures, and
// what would not have been found in time asleep; "" where nothing was compared.
func nothingDiffers(changes []analytics.Change, from string) string {
	measures, seen := 0, ""
	for _, c := range changes {
		if c.Detectable == nil {
			continue
		}
		measures++
		if c.Metric.Name == analytics.MetricAsleep {
			seen = fmt.Sprintf("; a difference in time asleep under about %s would have gone unnoticed", metricWords[c.Metric.Name].spoken(*c.Detectable))
		}
	}
	if measures == 0 {
		return ""
	}
	return fmt.Sprintf("No clear difference from %s in %s%s.", from, tool.Count(measures, "measure"), seen)
}

// differences returns the changes in words.
func differences(changes []analytics.Change) []string {
	var parts []string
	for _, c := range changes {
		parts = append(parts, metricWords[c.Metric.Name].differs(*c.Difference))
	}
	return parts
}

// directedWords returns the changes in words, without their sizes.
func directedWords(changes []analytics.Change) []string {
	var parts []string
	for _, c := range changes {
		parts = append(parts, metricWords[c.Metric.Name].directed(*c.Difference))
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
