package person

import (
	"context"
	"maps"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// noNightlyNumbers is why a field is missing if a deployment lists slept sessions without
// their numbers.
const noNightlyNumbers analytics.Reason = "no_nightly_numbers"

// setScaled stores an estimate divided by unit and rounded, or records why field has no
// value.
func setScaled(c *tool.Caveats, into **float64, field string, e analytics.Estimate, unit float64, decimals int) {
	if *into = scaled(e, unit, decimals); *into == nil {
		tool.Lacks(c, e.Missing, field)
	}
}

// scaled returns an estimate divided by unit and rounded; nil without a value.
func scaled(e analytics.Estimate, unit float64, decimals int) *float64 {
	if e.Value == nil {
		return nil
	}
	return new(tool.Rounded(*e.Value/unit, decimals))
}

// setClock stores an estimate of a clock time, or records why field has no value.
func setClock(c *tool.Caveats, into *string, field string, e analytics.Estimate) {
	if e.Value == nil {
		tool.Lacks(c, e.Missing, field)
		return
	}
	*into = tool.ClockText(*e.Value)
}

// efficiencyOf returns the share of the main sleep's time in bed that was slept, in
// percent; nil without time in bed.
func efficiencyOf(n analytics.Night) *float64 {
	share, ok := n.Efficiency()
	if !ok {
		return nil
	}
	return new(tool.Rounded(share/tool.Percent, 1))
}

// recordingEfficiency returns the same for one recording.
func recordingEfficiency(s analytics.Session) *float64 {
	return efficiencyOf(analytics.Night{Main: []analytics.Session{s}})
}

// countNights counts the nights of all lists.
func countNights(lists ...[]analytics.Night) (out tool.Nights) {
	counts := map[analytics.Reason]int{}
	for _, list := range lists {
		out.Tracked += len(list)
		for i := range list {
			if reason := list[i].Excluded; reason != "" {
				counts[reason]++
			}
		}
	}
	out.Used, out.Excluded = out.Tracked, tool.Counted(counts)
	for _, e := range out.Excluded {
		out.Used -= e.Count
	}
	return out
}

// countDates counts the dates on which there are recordings, where a deployment lists
// them without their numbers: averages are over all of those with sleep.
func countDates(w *nights.Window) tool.Nights {
	slept := map[civil.Date]bool{}
	for _, r := range w.Recordings() {
		slept[r.Date] = slept[r.Date] || r.Slept
	}
	out := tool.Nights{Tracked: len(slept), Excluded: tool.CountReasons(slices.Collect(maps.Values(slept)), func(yes bool) analytics.Reason {
		if yes {
			return ""
		}
		return analytics.NoSleep
	})}
	out.Used = out.Tracked
	for _, e := range out.Excluded {
		out.Used -= e.Count
	}
	return out
}

// means returns the averages of a window: computed from its nights, or the service's own
// if it gives no nightly numbers.
func (q *query) means(ctx context.Context, w *nights.Window) (analytics.Averages, error) {
	if w.Sparse {
		return q.ServiceAverages(ctx, w.Days)
	}
	means := analytics.Average(w.Nights)
	if q.shown != nil {
		moved := analytics.Average(q.moved(w.Nights))
		means.Bedtime, means.Onset, means.Wake = moved.Bedtime, moved.Onset, moved.Wake
	}
	return means, nil
}

// changes returns those between two sets of nights. Verdicts are on the nights in their
// own zones; clock times are as they are shown.
func (q *query) changes(first, second []analytics.Night, least1, least2 int) []analytics.Change {
	all := analytics.Changes(first, second, least1, least2)
	if q.shown == nil {
		return all
	}
	moved := analytics.Changes(q.moved(first), q.moved(second), least1, least2)
	for i := range all {
		if all[i].Metric.Clock {
			all[i].First.Mean, all[i].Second.Mean = moved[i].First.Mean, moved[i].Second.Mean
		}
	}
	return all
}

// moved returns nights as if they had been recorded in the zone that clock times are
// shown in. Their dates stay, so nothing but clock times may be computed from them.
func (q *query) moved(all []analytics.Night) []analytics.Night {
	list := make([]analytics.Night, len(all))
	for i := range all {
		list[i] = all[i].In(q.shown)
	}
	return list
}

// clockShift returns by how many seconds clocks in the zone that clock times are shown in
// are ahead of those where a night was recorded.
func (q *query) clockShift(n *analytics.Night) float64 {
	if q.shown == nil || n == nil {
		return 0
	}
	return analytics.ClockDifference(analytics.ClockOf(n.Wake(), q.shown), analytics.ClockOf(n.Wake(), n.Zone()))
}

// sessions returns how many recordings averages are based on.
func sessions(w *nights.Window, means analytics.Averages) int {
	if w.Sparse {
		return means.Nights
	}
	return w.Sessions()
}

// The kinds of a slept session.
const (
	kindMain = "main"
	kindNap  = "nap"
	kindPart = "part"
)

// kindOfSession returns what a session is in its night; "" when it is not part of it. An
// empty id stands for the whole night.
func kindOfSession(n *analytics.Night, id string) string {
	is := func(s analytics.Session) bool { return s.ID == id }
	switch {
	case id == "":
		return kindMain
	case slices.ContainsFunc(n.Naps, is):
		return kindNap
	case !slices.ContainsFunc(n.Main, is):
		return ""
	case len(n.Main) > 1:
		return kindPart
	}
	return kindMain
}

func optionalInstant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return tool.Instant(t, zone)
}

// weekdayOf is the day of the week of a date.
func weekdayOf(date civil.Date) string { return shortDay(date.Weekday()) }

func shortDay(day time.Weekday) string { return day.String()[:len("Mon")] }

// optionalWhole rounds a duration to a minute; nil stays nil.
func optionalWhole(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	return tool.WholeMinutes(*d)
}

// napMinutes returns the sleep in naps of a date, nil for none.
func napMinutes(n *analytics.Night) *float64 {
	if naps := n.Asleep24() - n.Asleep(); naps > 0 {
		return tool.WholeMinutes(naps)
	}
	return nil
}
