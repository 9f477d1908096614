package person

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// nightGroup is the nights of one group: of those that could be judged, the ones that fulfil
// the condition.
type nightGroup struct {
	Group  string             `json:"group"`
	Nights int                `json:"nights"`
	Of     int                `json:"of,omitempty"`
	Mean   map[string]any     `json:"mean,omitempty"`
	Spread map[string]float64 `json:"spread,omitempty" jsonschema_description:"Standard deviation."`
	Total  map[string]float64 `json:"total,omitempty" jsonschema_description:"Of awakenings."`
	Counts map[string]int     `json:"counts,omitempty" jsonschema_description:"Nights behind a mean, where fewer."`

	nights []*oneNight
}

// groupings are the values of by, with the names of the groups that a night belongs to.
var groupings = map[string]func(*oneNight) []string{
	byWeekday: func(n *oneNight) []string { return []string{weekdayOfNight(n)} },
	"weekend": func(n *oneNight) []string {
		if atWeekend(n) {
			return []string{"weekend"}
		}
		return []string{"weekday"}
	},
	"week": func(n *oneNight) []string {
		return []string{n.Date.AddDays(-slices.Index(weekdays, weekdayOf(n.Date))).String()} // its Monday
	},
	"month": func(n *oneNight) []string { return []string{n.Date.String()[:len("2006-01")]} },
	"zone":  func(n *oneNight) []string { return []string{n.Zone().String()} },
	"source": func(n *oneNight) []string {
		if n.source == "" {
			return nil
		}
		return []string{n.source}
	},
	"day_sleep": func(n *oneNight) []string {
		switch {
		case !n.slept():
			return nil
		case n.byDay():
			return []string{"day"}
		}
		return []string{"night"}
	},
	byTag: func(n *oneNight) []string {
		if len(n.tags) == 0 {
			return []string{untagged}
		}
		return n.tags
	},
}

const (
	byWeekday = "weekday"
	byTag     = "tag"
	untagged  = "(no tag)"
)

// grouped returns the groups in their natural order.
func grouped(by string, all []*oneNight, truth []condition.Truth, conditional bool) []nightGroup {
	byName := map[string]*nightGroup{}
	for i, n := range all {
		if truth[i] == condition.Unknown {
			continue
		}
		for _, name := range groupings[by](n) {
			g := byName[name]
			if g == nil {
				g = &nightGroup{Group: name}
				byName[name] = g
			}
			if conditional {
				g.Of++
			}
			if truth[i] == condition.True {
				g.Nights++
				g.nights = append(g.nights, n)
			}
		}
	}
	list := make([]nightGroup, 0, len(byName))
	for _, g := range byName {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b nightGroup) int {
		if by == byWeekday {
			return slices.Index(weekdays, a.Group) - slices.Index(weekdays, b.Group)
		}
		return strings.Compare(a.Group, b.Group)
	})
	return list
}

// valuesOf returns a field's values that count in means.
func valuesOf(f *nightField, all []*oneNight) []float64 {
	values := make([]float64, 0, len(all))
	for _, n := range all {
		if v, ok := f.averaged(n); ok {
			values = append(values, v)
		}
	}
	return values
}

// describe fills in the means of fields.
func (g *nightGroup) describe(fields []*nightField) {
	for _, f := range fields {
		if !f.averages() {
			continue
		}
		values := valuesOf(f, g.nights)
		s := analytics.SampleOf(values, f.Kind == condition.Clock)
		if s.Mean == nil {
			continue
		}
		if f.Name == analytics.MetricAwakenings {
			g.Total = map[string]float64{f.Name: sum(values)}
		}
		if g.Mean == nil {
			g.Mean = map[string]any{}
		}
		g.Mean[f.Name] = tool.Rounded(*s.Mean, 1)
		if f.Kind == condition.Clock {
			g.Mean[f.Name] = tool.ClockText(*s.Mean * tool.SecondsPerMinute)
		}
		if s.SD != nil {
			if g.Spread == nil {
				g.Spread = map[string]float64{}
			}
			g.Spread[f.Name] = tool.Rounded(*s.SD, 1)
		}
		if s.N < g.Nights {
			if g.Counts == nil {
				g.Counts = map[string]int{}
			}
			g.Counts[f.Name] = s.N
		}
	}
}

// groupTable returns the groups as lines of a table.
func groupTable(groups []nightGroup, fields []*nightField) (header []string, lines [][]string) {
	header = []string{"group", "nights"}
	for _, f := range fields {
		if f.averages() {
			header = append(header, f.Name)
		}
	}
	for i := range groups {
		line := []string{tool.PlainCell(groups[i].Group), strconv.Itoa(groups[i].Nights)}
		for _, f := range fields {
			if !f.averages() {
				continue
			}
			text := "" // no night of the group has a value
			if mean, ok := groups[i].Mean[f.Name]; ok {
				text = fmt.Sprint(mean)
			}
			line = append(line, text)
		}
		lines = append(lines, line)
	}
	return header, lines
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}
