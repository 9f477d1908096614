package person

import (
	"cmp"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// nightRun is consecutive dates whose nights all meet a condition.
type nightRun struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Nights int    `json:"nights"`
	Ended  string `json:"ended,omitempty" jsonschema:"enum=not_met,enum=unknown,enum=untracked,enum=period" jsonschema_description:"By what; absent: goes on."`
}

// What ends a run.
const (
	endedNotMet    = "not_met"
	endedUnknown   = "unknown"
	endedUntracked = "untracked"
	endedByPeriod  = "period"
)

// runsOf returns the runs in a period, oldest first. A date without a recording ends a run,
// because nothing is known about it; today's does not, as long as it may still come.
func runsOf(d nights.Days, today civil.Date, all []*oneNight, truth []condition.Truth) []nightRun {
	byDate := map[civil.Date]condition.Truth{}
	for i, n := range all {
		if before, ok := byDate[n.Date]; !ok || before == condition.True {
			byDate[n.Date] = truth[i] // of two nights of a date both have to
		}
	}
	var runs []nightRun
	running := false
	end := func(why string) {
		if running {
			runs[len(runs)-1].Ended, running = why, false
		}
	}
	for date := d.From; !date.After(d.To); date = date.AddDays(1) {
		switch is, tracked := byDate[date]; {
		case !tracked && date == today:
		case !tracked:
			end(endedUntracked)
		case is == condition.Unknown:
			end(endedUnknown)
		case is == condition.False:
			end(endedNotMet)
		case !running:
			runs, running = append(runs, nightRun{From: date.String(), To: date.String(), Nights: 1}), true
		default:
			last := &runs[len(runs)-1]
			last.To = date.String()
			last.Nights++
		}
	}
	if d.To.Before(today) {
		end(endedByPeriod)
	}
	return runs
}

// longestFirst orders runs by length, of equals the newest first.
func longestFirst(runs []nightRun) []nightRun {
	sorted := slices.Clone(runs)
	slices.SortStableFunc(sorted, func(a, b nightRun) int {
		return cmp.Or(b.Nights-a.Nights, cmp.Compare(b.From, a.From))
	})
	return sorted
}
