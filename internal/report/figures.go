package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// part is the part of the answer that has a figure.
type part string

const (
	ofAverages part = "averages"
	ofStages   part = "sleep_stages"
	ofSpread   part = "spread"
)

// figure is a field of the answer about averages, as the page shows it.
type figure struct {
	label string
	of    part
	field string
	write func(float64) string // nil: the field is a text
	also  string               // another field of the part, in percent, in brackets; "": none
	rare  bool                 // only some nights can have it: it is left out without a value
}

// name is what the answer calls the figure where it says what is missing.
func (f figure) name() string {
	if f.of == ofSpread {
		return string(ofSpread) + "." + f.field
	}
	return f.field
}

// A Figure is one number of the page.
type Figure struct {
	Label string
	Value string // with its unit; "": it was not measured
	Note  string // why it has no value, or from how many nights it is
}

// A Group is some figures under a heading.
type Group struct {
	Heading string
	Figures []Figure
}

// groups are all figures of a page.
var groups = []struct {
	heading string
	figures []figure
}{
	{"Timing", []figure{
		{"Went to bed", ofAverages, "avg_bedtime", nil, "", false},
		{"Fell asleep", ofAverages, "avg_sleep_time", nil, "", false},
		{"Woke up", ofAverages, "avg_wake_time", nil, "", false},
		{"Bedtime varies by", ofSpread, "bedtime_minutes", minutes, "", false},
		{"Waking varies by", ofSpread, "wake_time_minutes", minutes, "", false},
	}},
	{"Duration", []figure{
		{"Asleep", ofAverages, "avg_sleep_hours", hours, "", false},
		{"In bed", ofAverages, "avg_in_bed_hours", hours, "", false},
		{"Sleep efficiency", ofAverages, "avg_efficiency", percent, "", false},
		{"Asleep varies by", ofSpread, "sleep_minutes", minutes, "", false},
		{"Naps a day", ofAverages, "avg_nap_minutes", minutes, "", true},
	}},
	{"Continuity", []figure{
		{"Time to fall asleep", ofAverages, "avg_latency_minutes", minutes, "", false},
		{"Awake in the night", ofAverages, "avg_awake_minutes", minutes, "", false},
		{"Awakenings ≥ 30 s", ofAverages, "avg_awakenings_30s", number, "", false},
		{"In bed after waking", ofAverages, "avg_after_waking_minutes", minutes, "", false},
		{"Out of bed", ofAverages, "avg_out_of_bed_minutes", minutes, "", true},
		{"Snoring sound", ofAverages, "avg_snoring_minutes", minutes, "", false},
	}},
	{"Stages (estimates)", []figure{
		{"Light", ofStages, "light_hours", hours, "light_percent", false},
		{"Deep", ofStages, "deep_hours", hours, "deep_percent", false},
		{"REM", ofStages, "rem_hours", hours, "rem_percent", false},
	}},
}

func number(v float64) string  { return strconv.FormatFloat(v, 'f', -1, 64) }
func minutes(v float64) string { return number(v) + " min" }
func percent(v float64) string { return number(v) + " %" }

// hours writes hours and minutes.
func hours(v float64) string {
	const inHour = 60
	m := int(math.Round(v * inHour))
	return fmt.Sprintf("%d h %02d min", m/inHour, m%inHour)
}

func (a answer) groups() []Group {
	var all []Group
	for _, g := range groups {
		group := Group{Heading: g.heading}
		for _, f := range g.figures {
			if shown := a.figure(f); shown.Value != "" || !f.rare {
				group.Figures = append(group.Figures, shown)
			}
		}
		all = append(all, group)
	}
	return all
}

func (a answer) figure(f figure) Figure {
	shown := Figure{Label: f.label}
	switch value := a.field(f).(type) {
	case string:
		shown.Value = value
	case float64:
		shown.Value = f.write(value)
		if share, ok := a.field(figure{of: f.of, field: f.also}).(float64); ok {
			shown.Value += fmt.Sprintf(" (%s)", percent(share))
		}
	}
	if shown.Value == "" {
		shown.Note = reasonText(a.reason(f))
		return shown
	}
	if n, ok := a.Fewer[f.name()]; ok {
		shown.Note = "from " + nightsText(n)
	}
	return shown
}

// reasonText writes why there is no value.
func reasonText(code string) string {
	if code == "" {
		return "not measured"
	}
	return strings.ReplaceAll(code, "_", " ")
}

func nightsText(n int) string {
	if n == 1 {
		return "1 night"
	}
	return fmt.Sprintf("%d nights", n)
}
