package person

import (
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// leastScored is how many of so many epochs must be known before a hypnogram is
// counted: 70 %, as the service asks for of an upload.
func leastScored(epochs int) int { return (7*epochs + 9) / 10 }

// hypnogramNumbers are those of a session that has stages but no statistics yet,
// computed here. Of a running one there is no final awakening.
func (out *getSessionOut) hypnogramNumbers(s *asleep.Session, h analytics.HypnogramStats, zone *time.Location) {
	out.Computed = "hypnogram"
	out.Warn("preliminary", "Computed from the stages known so far; the service's own numbers may differ.")
	out.InBed, out.Asleep = tool.MinutesOf(time.Duration(h.Epochs)*epoch), tool.MinutesOf(h.Asleep)
	out.Efficiency = new(tool.Rounded(*h.Efficiency/tool.Percent, 1))
	out.FellAsleep = tool.Instant(s.Start.Add(h.Onset), zone)
	if out.State != tool.StateInProgress {
		out.WokeUp = tool.Instant(s.Start.Add(h.FinalWake), zone)
	}
	out.Latency, out.Awake, out.LongestWake = tool.MinutesOf(h.Latency), tool.MinutesOf(h.Awake), tool.MinutesOf(h.LongestWake)
	if !withoutStages(s) {
		out.Light, out.Deep, out.REM = tool.MinutesOf(h.Light), tool.MinutesOf(h.Deep), tool.MinutesOf(h.REM)
	}
	if len(s.SnoringStages) > 0 {
		out.Snoring = tool.MinutesOf(snoringOf(s.SnoringStages))
	}
}

// nothingSoFar says why the stages known so far give no numbers; "" where there
// are none or where they are not to be awaited.
func (out *getSessionOut) nothingSoFar() string {
	if out.State != tool.StateInProgress && out.State != tool.StateAnalysing {
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
