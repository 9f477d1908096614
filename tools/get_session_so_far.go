package tools

import (
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// leastScored is how many of so many epochs must be known before a hypnogram is
// counted: 70 %, as the service asks for of an upload.
func leastScored(epochs int) int { return (7*epochs + 9) / 10 }

// hypnogramNumbers are those of a session that has stages but no statistics yet,
// computed here. Of a running one there is no final awakening.
func (out *getSessionOut) hypnogramNumbers(s *asleep.Session, h analytics.HypnogramStats, zone *time.Location) {
	out.Computed = "hypnogram"
	out.warn("preliminary", "Computed from the stages known so far; the service's own numbers may differ.")
	out.InBed, out.Asleep = minutesOf(time.Duration(h.Epochs)*epoch), minutesOf(h.Asleep)
	out.Efficiency = new(rounded(*h.Efficiency/percent, 1))
	out.FellAsleep = instant(s.Start.Add(h.Onset), zone)
	if out.State != stateInProgress {
		out.WokeUp = instant(s.Start.Add(h.FinalWake), zone)
	}
	out.Latency, out.Awake, out.LongestWake = minutesOf(h.Latency), minutesOf(h.Awake), minutesOf(h.LongestWake)
	if !withoutStages(s) {
		out.Light, out.Deep, out.REM = minutesOf(h.Light), minutesOf(h.Deep), minutesOf(h.REM)
	}
	if len(s.SnoringStages) > 0 {
		out.Snoring = minutesOf(snoringOf(s.SnoringStages))
	}
}

// nothingSoFar says why the stages known so far give no numbers; "" where there
// are none or where they are not to be awaited.
func (out *getSessionOut) nothingSoFar() string {
	if out.State != stateInProgress && out.State != stateAnalysing {
		return ""
	}
	switch analytics.Reason(out.Missing["asleep_minutes"]) {
	case analytics.NoSleep:
		return "No sleep was found in it so far."
	case analytics.MissingData:
		return "Too much of it is unknown so far."
	}
	return ""
}

// withoutStages says whether sleep is told from wake alone, as some plans have it.
// Without statistics that is taken to be so until deep or REM sleep was seen.
func withoutStages(s *asleep.Session) bool {
	if s.Stat != nil {
		return s.Stat.TimeInLight == nil
	}
	return !slices.ContainsFunc(s.SleepStages, func(code int) bool { return code > int(analytics.Light) })
}

func snoringOf(codes []int) time.Duration {
	n := 0
	for _, c := range codes {
		if c == 1 {
			n++
		}
	}
	return time.Duration(n) * epoch
}
