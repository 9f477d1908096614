package tools

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// Averages are means over the main sleeps of a period; naps are apart.
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

// fewNights is how many nights a mean needs before it says much about a person:
// three within a week, five within longer (Lau et al. 2022, ICC >= .60).
func fewNights(days int) int {
	if days <= 7 {
		return 3
	}
	return 5
}

// average writes the means of a period, and notes in the head what is missing.
func (h *Head) average(m analytics.Averages) (Averages, SleepStages) {
	if least := fewNights(h.Period.Days); m.Nights > 0 && m.Nights < least {
		h.warn("few_nights", "Only %s: averages of fewer than %d say little about what is usual.", count(m.Nights, "night"), least)
	}
	var a Averages
	h.setClock(&a.Bedtime, "avg_bedtime", m.Bedtime)
	h.setClock(&a.SleepTime, "avg_sleep_time", m.Onset)
	h.setClock(&a.WakeTime, "avg_wake_time", m.Wake)
	h.setScaled(&a.SleepHours, "avg_sleep_hours", m.Asleep, secondsPerHour, 2)
	h.setScaled(&a.InBedHours, "avg_in_bed_hours", m.InBed, secondsPerHour, 2)
	h.setScaled(&a.Efficiency, "avg_efficiency", m.Efficiency, percent, 1)
	h.setScaled(&a.Latency, "avg_latency_minutes", m.Latency, secondsPerMinute, 1)
	h.setScaled(&a.Awake, "avg_awake_minutes", m.Awake, secondsPerMinute, 1)
	h.setScaled(&a.Snoring, "avg_snoring_minutes", m.Snoring, secondsPerMinute, 1)

	var s SleepStages
	h.setScaled(&s.LightHours, "light_hours", m.Light, secondsPerHour, 2)
	h.setScaled(&s.DeepHours, "deep_hours", m.Deep, secondsPerHour, 2)
	h.setScaled(&s.REMHours, "rem_hours", m.REM, secondsPerHour, 2)
	h.setScaled(&s.LightPercent, "light_percent", m.LightShare, percent, 1)
	h.setScaled(&s.DeepPercent, "deep_percent", m.DeepShare, percent, 1)
	h.setScaled(&s.REMPercent, "rem_percent", m.REMShare, percent, 1)
	return a, s
}

// percent is the unit that turns a share into percent by division.
const percent = 0.01

// means are the averages of a record: computed from its nights, or the service's
// own where it gives no nightly numbers.
func (q *question) means(ctx context.Context, h *Head, r *record) (analytics.Averages, error) {
	if r.sparse {
		return q.serviceAverages(ctx, h, r.span)
	}
	return analytics.Average(r.nights), nil
}

// count is the session count: of the record, or what stands behind the service's
// own averages.
func (r *record) count(means analytics.Averages) int {
	if r.sparse {
		return means.Nights
	}
	return r.sessionCount()
}

func averagesSummary(h *Head, m analytics.Averages, r *record) string {
	if m.Asleep.Value == nil {
		return h.nothing(r)
	}
	text := fmt.Sprintf("%s to %s: %s asleep a night on average over %s",
		h.Period.From, h.Period.To, hoursText(*m.Asleep.Value/secondsPerHour), count(m.Nights, "night"))
	if short := m.Nights - m.Onset.N; m.Onset.Value != nil && short > 0 && !r.sparse {
		text += fmt.Sprintf(" (clock times over %d)", m.Onset.N)
	}
	if m.Efficiency.Value != nil {
		text += fmt.Sprintf(", %.1f %% of the time in bed", *m.Efficiency.Value/percent)
	}
	if m.Onset.Value != nil && m.Wake.Value != nil {
		text += fmt.Sprintf(", usually asleep from %s to %s", clockText(*m.Onset.Value), clockText(*m.Wake.Value))
	}
	return text + "."
}
