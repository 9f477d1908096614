package person

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// leastScored returns how many of a hypnogram's epochs must be known for it to count:
// 70 %, as the service requires of an upload.
func leastScored(epochs int) int { return (7*epochs + 9) / 10 }

// hypnogramNumbers computes the numbers of a session that has stages but no statistics
// yet. A running one has no final awakening.
func (out *getSessionOut) hypnogramNumbers(d *nights.Detail, h analytics.HypnogramStats, zone *time.Location) {
	out.Computed = "hypnogram"
	out.Warn("preliminary", "Computed from the stages known so far; the service's own numbers may differ.")
	out.InBed, out.Asleep = tool.MinutesOf(time.Duration(h.Epochs)*nights.Epoch), tool.MinutesOf(h.Asleep)
	out.Efficiency = new(tool.Rounded(*h.Efficiency/tool.Percent, 1))
	out.FellAsleep = tool.Instant(d.Start.Add(h.Onset), zone)
	if d.State != nights.InProgress {
		out.WokeUp = tool.Instant(d.Start.Add(h.FinalWake), zone)
	}
	out.Latency, out.Awake, out.LongestWake = tool.MinutesOf(h.Latency), tool.MinutesOf(h.Awake), tool.MinutesOf(h.LongestWake)
	out.Light = tool.MinutesOf(h.Light)
	if !d.TwoStages {
		out.Deep, out.REM = tool.MinutesOf(h.Deep), tool.MinutesOf(h.REM)
	}
	out.Snoring = tool.OptionalMinutes(d.Snoring())
}

// nothingSoFar says why the stages known so far give no numbers; "" if there are no
// stages, or if no numbers are to be expected.
func (out *getSessionOut) nothingSoFar() string {
	if s := nights.State(out.State); s != nights.InProgress && s != nights.Analysing {
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
