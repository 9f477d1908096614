package person

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Averages are means over the main sleeps of a period, without naps.
type Averages struct {
	Bedtime    string   `json:"avg_bedtime,omitempty"`
	SleepTime  string   `json:"avg_sleep_time,omitempty" jsonschema_description:"Sleep onset."`
	WakeTime   string   `json:"avg_wake_time,omitempty" jsonschema_description:"Final awakening."`
	SleepHours *float64 `json:"avg_sleep_hours,omitempty"`
	InBedHours *float64 `json:"avg_in_bed_hours,omitempty"`
	Efficiency *float64 `json:"avg_efficiency,omitempty"`
	Latency    *float64 `json:"avg_latency_minutes,omitempty"`
	Awake      *float64 `json:"avg_awake_minutes,omitempty"`
	Snoring    *float64 `json:"avg_snoring_minutes,omitempty"`
}

// SleepStages are mean hours a night; percents are of time asleep.
type SleepStages struct {
	LightHours   *float64 `json:"light_hours,omitempty"`
	DeepHours    *float64 `json:"deep_hours,omitempty"`
	REMHours     *float64 `json:"rem_hours,omitempty"`
	LightPercent *float64 `json:"light_percent,omitempty"`
	DeepPercent  *float64 `json:"deep_percent,omitempty"`
	REMPercent   *float64 `json:"rem_percent,omitempty"`
}

// fewNights returns how many nights a mean needs to say much about a person: three within
// a week, five within a longer period (Lau et al. 2022, ICC >= .60).
func fewNights(days int) int {
	if days <= 7 {
		return 3
	}
	return 5
}

// averagesOf returns the means of a period, and records in the head what is missing.
func averagesOf(h *tool.Head, m analytics.Averages) (Averages, SleepStages) {
	if least := fewNights(h.Period.Days); m.Nights > 0 && m.Nights < least {
		h.Warn("few_nights", "Only %s: averages of fewer than %d say little about what is usual.", tool.Count(m.Nights, "night"), least)
	}
	var a Averages
	setClock(&h.Caveats, &a.Bedtime, "avg_bedtime", m.Bedtime)
	setClock(&h.Caveats, &a.SleepTime, "avg_sleep_time", m.Onset)
	setClock(&h.Caveats, &a.WakeTime, "avg_wake_time", m.Wake)
	setScaled(&h.Caveats, &a.SleepHours, "avg_sleep_hours", m.Asleep, tool.SecondsPerHour, 2)
	setScaled(&h.Caveats, &a.InBedHours, "avg_in_bed_hours", m.InBed, tool.SecondsPerHour, 2)
	setScaled(&h.Caveats, &a.Efficiency, "avg_efficiency", m.Efficiency, tool.Percent, 1)
	setScaled(&h.Caveats, &a.Latency, "avg_latency_minutes", m.Latency, tool.SecondsPerMinute, 1)
	setScaled(&h.Caveats, &a.Awake, "avg_awake_minutes", m.Awake, tool.SecondsPerMinute, 1)
	setScaled(&h.Caveats, &a.Snoring, "avg_snoring_minutes", m.Snoring, tool.SecondsPerMinute, 1)

	var s SleepStages
	setScaled(&h.Caveats, &s.LightHours, "light_hours", m.Light, tool.SecondsPerHour, 2)
	setScaled(&h.Caveats, &s.DeepHours, "deep_hours", m.Deep, tool.SecondsPerHour, 2)
	setScaled(&h.Caveats, &s.REMHours, "rem_hours", m.REM, tool.SecondsPerHour, 2)
	setScaled(&h.Caveats, &s.LightPercent, "light_percent", m.LightShare, tool.Percent, 1)
	setScaled(&h.Caveats, &s.DeepPercent, "deep_percent", m.DeepShare, tool.Percent, 1)
	setScaled(&h.Caveats, &s.REMPercent, "rem_percent", m.REMShare, tool.Percent, 1)
	return a, s
}

func averagesSummary(h *tool.Head, m analytics.Averages, w *nights.Window) string {
	if m.Asleep.Value == nil {
		return nothing(h, w)
	}
	text := fmt.Sprintf("%s to %s: %s asleep a night on average over %s",
		h.Period.From, h.Period.To, tool.HoursText(*m.Asleep.Value/tool.SecondsPerHour), tool.Count(m.Nights, "night"))
	if short := m.Nights - m.Onset.N; m.Onset.Value != nil && short > 0 && !w.Sparse {
		text += fmt.Sprintf(" (clock times over %d)", m.Onset.N)
	}
	if m.Efficiency.Value != nil {
		text += fmt.Sprintf(", %.1f %% of the time in bed", *m.Efficiency.Value/tool.Percent)
	}
	if m.Onset.Value != nil && m.Wake.Value != nil {
		text += fmt.Sprintf(", usually asleep from %s to %s", tool.ClockText(*m.Onset.Value), tool.ClockText(*m.Wake.Value))
	}
	return text + "."
}
