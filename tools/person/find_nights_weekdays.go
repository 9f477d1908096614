package person

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// weekdayDiffers is a day of the week on which nights clearly differ from those of the other six.
type weekdayDiffers struct {
	Group      string  `json:"group"`
	Metric     string  `json:"metric"`
	Difference float64 `json:"difference"`
	Verdict    string  `json:"verdict" jsonschema:"enum=higher,enum=lower"`
}

// mostWeekdays is how many of them are told, the largest in their own measure first.
const mostWeekdays = 6

// differingWeekdays returns on which days of the week nights differ in those of the fields that are
// compared, and says it in words; "" where there are too few to tell.
func differingWeekdays(found []*oneNight, fields []*nightField) (list []weekdayDiffers, text string) {
	var columns []analytics.Column
	for _, f := range fields {
		if slices.Contains(comparedFields, f.Name) {
			columns = append(columns, columnOf(f, found))
		}
	}
	dates := make([]civil.Date, len(found))
	for i, n := range found {
		dates[i] = n.Date
	}
	var differ []analytics.WeekdayContrast
	judged := 0
	for _, c := range analytics.CompareWeekdays(dates, columns) {
		if c.Difference != nil {
			judged++
		}
		if c.Verdict.Differs() {
			differ = append(differ, c)
		}
	}
	if judged == 0 {
		return nil, ""
	}
	slices.SortStableFunc(differ, func(a, b analytics.WeekdayContrast) int { return cmp.Compare(beyond(b), beyond(a)) })
	var told []string
	for _, c := range differ[:min(len(differ), mostWeekdays)] {
		day := shortDay(c.Day)
		list = append(list, weekdayDiffers{day, c.Name, tool.Rounded(*c.Difference, 1), string(c.Verdict)})
		told = append(told, day+": "+metricWords[c.Name].differs(*c.Difference))
	}
	if len(told) == 0 {
		return nil, " No day of the week differs from the others by more than chance allows."
	}
	return list, fmt.Sprintf(" Compared with the other days, beyond chance: %s.", tool.InWords(told))
}

// beyond is by how many times a difference exceeds what chance reaches.
func beyond(c analytics.WeekdayContrast) float64 {
	return math.Abs(*c.Difference) / (*c.High - *c.Difference + math.SmallestNonzeroFloat64)
}
