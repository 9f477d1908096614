package tools

import (
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
	inBed := time.Duration(h.Epochs) * epoch
	out.InBed, out.Asleep = minutesOf(inBed), minutesOf(h.Asleep)
	if h.Efficiency != nil {
		e := rounded(*h.Efficiency/percent, 1)
		out.Efficiency = &e
	}
	if h.NeverSlept {
		out.lacks(analytics.NoSleep, "fell_asleep")
		return
	}
	out.FellAsleep = instant(s.Start.Add(h.Onset), zone)
	if out.State != stateInProgress {
		out.WokeUp = instant(s.Start.Add(h.FinalWake), zone)
	}
	out.Latency, out.Awake, out.LongestWake = minutesOf(h.Latency), minutesOf(h.Awake), minutesOf(h.LongestWake)
	out.Light, out.Deep, out.REM = minutesOf(h.Light), minutesOf(h.Deep), minutesOf(h.REM)
	if len(s.SnoringStages) > 0 {
		out.Snoring = minutesOf(snoringOf(s.SnoringStages))
	}
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
