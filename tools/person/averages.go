package person

import (
	"fmt"
	"math"
	"slices"
	"strings"

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
	Awakenings *float64 `json:"avg_awakenings_30s,omitempty"`
	Snoring    *float64 `json:"avg_snoring_minutes,omitempty"`

	AfterWaking *float64 `json:"avg_after_waking_minutes,omitempty" jsonschema_description:"In bed after the final awakening."`
	OutOfBed    *float64 `json:"avg_out_of_bed_minutes,omitempty" jsonschema_description:"Between the recordings of split nights."`
	Nap         *float64 `json:"avg_nap_minutes,omitempty" jsonschema_description:"Asleep in naps on these dates; not part of avg_sleep_hours."`
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
	var (
		a Averages
		s SleepStages
	)
	if m.Nights == 0 {
		tool.Lacks(&h.Caveats, analytics.NoData, "averages")
		return a, s
	}
	for _, one := range []struct {
		into  *string
		field string
		of    analytics.Estimate
	}{
		{&a.Bedtime, "avg_bedtime", m.Bedtime}, {&a.SleepTime, "avg_sleep_time", m.Onset}, {&a.WakeTime, "avg_wake_time", m.Wake},
	} {
		setClock(&h.Caveats, one.into, one.field, one.of)
		restsOn(h, one.field, one.of)
	}
	for _, one := range []struct {
		into     **float64
		field    string
		of       analytics.Estimate
		unit     float64
		decimals int
	}{
		{&a.SleepHours, "avg_sleep_hours", m.Asleep, tool.SecondsPerHour, 2},
		{&a.InBedHours, "avg_in_bed_hours", m.InBed, tool.SecondsPerHour, 2},
		{&a.Efficiency, "avg_efficiency", m.Efficiency, tool.Percent, 1},
		{&a.Latency, "avg_latency_minutes", m.Latency, tool.SecondsPerMinute, 1},
		{&a.Awake, "avg_awake_minutes", m.Awake, tool.SecondsPerMinute, 1},
		{&a.Awakenings, "avg_awakenings_30s", m.Awakenings, 1, 1},
		{&a.Snoring, "avg_snoring_minutes", m.Snoring, tool.SecondsPerMinute, 1},
		{&s.LightHours, "light_hours", m.Light, tool.SecondsPerHour, 2},
		{&s.DeepHours, "deep_hours", m.Deep, tool.SecondsPerHour, 2},
		{&s.REMHours, "rem_hours", m.REM, tool.SecondsPerHour, 2},
		{&s.LightPercent, "light_percent", m.LightShare, tool.Percent, 1},
		{&s.DeepPercent, "deep_percent", m.DeepShare, tool.Percent, 1},
		{&s.REMPercent, "rem_percent", m.REMShare, tool.Percent, 1},
	} {
		setScaled(&h.Caveats, one.into, one.field, one.of, one.unit, one.decimals)
		restsOn(h, one.field, one.of)
	}
	a.AfterWaking = scaled(m.AfterWaking, tool.SecondsPerMinute, 1)
	if m.OutOfBed.Value != nil && *m.OutOfBed.Value > 0 {
		a.OutOfBed = scaled(m.OutOfBed, tool.SecondsPerMinute, 1)
	}
	if m.Naps.Value != nil && *m.Naps.Value > 0 {
		a.Nap = scaled(m.Naps, tool.SecondsPerMinute, 1)
	}
	return a, s
}

func restsOn(h *tool.Head, field string, e analytics.Estimate) {
	if e.Value != nil && e.N < h.Nights.Used {
		h.RestsOn(field, e.N)
	}
}

// averagesSummary says in a sentence what the means of a window are.
func (q *query) averagesSummary(h *tool.Head, m analytics.Averages, w *nights.Window, times analytics.SleepTimes) string {
	if m.Asleep.Value == nil {
		return nothing(h, w)
	}
	of := "night"
	if w.Sparse {
		of = "recording"
	}
	text := fmt.Sprintf("%s to %s: %s asleep a %s on average over %s",
		h.Period.From, h.Period.To, tool.HoursText(*m.Asleep.Value/tool.SecondsPerHour), of, tool.Count(m.Nights, of))
	if short := m.Nights - m.Onset.N; m.Onset.Value != nil && short > 0 && !w.Sparse {
		text += fmt.Sprintf(" (clock times over %d)", m.Onset.N)
	}
	if m.Efficiency.Value != nil {
		text += fmt.Sprintf(", %.1f %% of the time in bed", *m.Efficiency.Value/tool.Percent)
	}
	when := timesText(m, w, times)
	if strings.Contains(when, ":") {
		when += q.clockText(w)
	}
	return text + when + partsText(w) + napsText(m) + "."
}

// clockText says whose clock is shown, if it is not that of where the nights were recorded.
func (q *query) clockText(w *nights.Window) string {
	for i := range w.Nights {
		if n := &w.Nights[i]; len(n.Main) > 0 && tool.ClockOf(n.Wake(), q.place(n.Zone())) != tool.ClockOf(n.Wake(), n.Zone()) {
			return fmt.Sprintf(" (clock of %s)", q.shown)
		}
	}
	return ""
}

// napsText says how much somebody sleeps with naps; "" where these hardly add to it.
func napsText(m analytics.Averages) string {
	if m.Naps.Value == nil || *m.Naps.Value < leastNaps*tool.SecondsPerMinute {
		return ""
	}
	return fmt.Sprintf("; with naps %s in 24 hours", tool.HoursText((*m.Asleep.Value+*m.Naps.Value)/tool.SecondsPerHour))
}

// leastNaps is how many minutes of naps a day are worth a summary's words.
const leastNaps = 15

// sleepTimes returns when a person sleeps, as clocks are shown.
func (q *query) sleepTimes(w *nights.Window) analytics.SleepTimes {
	if q.shown != nil {
		return analytics.SleepTimesOf(q.moved(w.Nights), q.moved(w.Baseline()))
	}
	return analytics.SleepTimesOf(w.Nights, w.Baseline())
}

// warnTimes warns where clock times are so far apart that their means mislead.
func warnTimes(c *tool.Caveats, windows ...*nights.Window) {
	if slices.ContainsFunc(windows, func(w *nights.Window) bool { return analytics.OnsetsAreWide(w.Nights) }) {
		c.Warn("scattered_times", "Sleep began at very different times of day, so a mean clock time may be one at which this person hardly ever goes to bed.")
	}
}

// timesText says when a person sleeps; "usually" where there is one usual time.
func timesText(m analytics.Averages, w *nights.Window, times analytics.SleepTimes) string {
	fromTo := func(onset, wake float64) string {
		return fmt.Sprintf("from %s to %s", tool.ClockText(onset), tool.ClockText(wake))
	}
	if !w.Sparse {
		switch drift := times.Drift; {
		case drift != nil:
			move := "later"
			if drift.PerDay < 0 {
				move = "earlier"
			}
			return fmt.Sprintf(", asleep about %.0f min %s each day: %s at first, %s at last", math.Abs(drift.PerDay)/tool.SecondsPerMinute, move,
				fromTo(drift.First.Onset, drift.First.Wake), fromTo(drift.Last.Onset, drift.Last.Wake))
		case len(times.Usual) == 1:
			return ", usually asleep " + fromTo(times.Usual[0].Onset, times.Usual[0].Wake)
		case len(times.Usual) > 1:
			words := make([]string, len(times.Usual))
			for i, one := range times.Usual {
				words[i] = fmt.Sprintf("%s on %d", fromTo(one.Onset, one.Wake), one.Nights)
				if i == 0 {
					words[i] = fmt.Sprintf("%s on %s", fromTo(one.Onset, one.Wake), tool.Count(one.Nights, "night"))
				}
			}
			return ", asleep " + tool.InWords(words)
		case times.Spread.Value != nil:
			what := "sleep onset"
			if times.Wake {
				what = "the final awakening"
			}
			return fmt.Sprintf(", at no usual time (standard deviation of %s %s)", what, tool.HoursText(*times.Spread.Value/tool.SecondsPerHour))
		case times.Spread.Missing == analytics.Scattered:
			return ", at times all around the clock"
		}
	}
	if m.Onset.Value == nil || m.Wake.Value == nil {
		return ""
	}
	return ", asleep " + fromTo(*m.Onset.Value, *m.Wake.Value) + " on average"
}

// partsText says that most nights were slept in parts; "" if they were not.
func partsText(w *nights.Window) string {
	main, split, between := 0, 0, 0.0
	for i := range w.Nights {
		n := &w.Nights[i]
		if len(n.Main) == 0 {
			continue
		}
		main++
		if gap := n.OutOfBed().Minutes(); gap >= leastBetween {
			split++
			between += gap
		}
	}
	if 2*split < main || split == 0 {
		return ""
	}
	return fmt.Sprintf("; on %s in parts, with %s between them", tool.Count(split, "night"), tool.HoursText(between/float64(split)/60))
}

// leastBetween is how many minutes without a recording part a night for a summary.
const leastBetween = 30
