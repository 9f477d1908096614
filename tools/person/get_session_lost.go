package person

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// leastLost is how many minutes without data are told: at an end of a recording they leave
// open when sleep began or ended, inside it how much sleep there was.
const leastLost = 10

// edges are the times without data at the beginning and at the end of a recording, zero
// where they are shorter than leastLost.
type edges struct{ start, end time.Duration }

// lostEdges finds them in the stages. Where another tracker tells no stage before and after
// the sleep, nothing was lost: it may tell only that the sleeper was in bed.
func lostEdges(d *nights.Detail) edges {
	if d.Tracker != nights.Service {
		return edges{}
	}
	stages := d.Stages()
	run := func(at func(int) analytics.Stage) time.Duration {
		n := 0
		for n < len(stages) && at(n) == analytics.Unknown {
			n++
		}
		if lost := time.Duration(n) * nights.Epoch; n < len(stages) && lost.Minutes() >= leastLost {
			return lost
		}
		return 0
	}
	return edges{
		start: run(func(i int) analytics.Stage { return stages[i] }),
		end:   run(func(i int) analytics.Stage { return stages[len(stages)-1-i] }),
	}
}

func (e edges) any() bool { return e.start+e.end > 0 }

// words says what was not measured; "" if everything was.
func (e edges) words() string {
	of := func(d time.Duration) string { return tool.HoursText(d.Hours()) }
	switch {
	case e.start > 0 && e.end > 0:
		return "The first " + of(e.start) + " and the last " + of(e.end) + " were not measured, so neither when sleep began nor when it ended is known."
	case e.start > 0:
		return "The first " + of(e.start) + " were not measured, so when sleep began is not known."
	case e.end > 0:
		return "The last " + of(e.end) + " were not measured, so when sleep ended is not known."
	}
	return ""
}

// withinWords says how much was not measured inside the sleep period; "" for nothing.
func withinWords(lost time.Duration) string {
	if lost == 0 {
		return ""
	}
	return tool.HoursText(lost.Hours()) + " within the night were not measured, so how much of it was sleep is not known."
}

// judges reports whether a metric of the night can be compared although time was lost at
// its edges, which hides sleep and wake.
func (e edges) judges(metric string) bool {
	switch metric {
	case analytics.MetricOnset, analytics.MetricLatency:
		return e.start == 0
	case analytics.MetricWake:
		return e.end == 0
	}
	return !e.any()
}
