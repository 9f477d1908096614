package person

import (
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// begin returns what the head of every answer holds.
func (q *query) begin(d nights.Days, all []analytics.Night, zoneKnown bool) (h tool.Head) {
	h.Period, h.UserID, h.DataSource = tool.PeriodOf(d), q.ID, q.deps.DataSource
	h.Nights = countNights(all)
	q.warnMissing(&h.Caveats)
	if !zoneKnown && q.deps.Zone == nil && len(all) == 0 {
		h.Warn("zone_unknown", "No zone is known, so dates are in UTC. Set ASLEEP_TIMEZONE.")
	}
	return h
}

// head begins the answer about a window: how clock times are shown, what it is based on
// and what a reader should know about it.
func (q *query) head(w *nights.Window) tool.Head {
	stays := w.Stays()
	zone := q.Zone
	if len(stays) > 0 {
		zone = stays[len(stays)-1].Zone
	}
	zone = q.place(zone)
	h := q.begin(w.Days, w.Nights, q.ZoneKnown)
	q.putSources(&h, w)
	if w.Sparse {
		h.Nights = countDates(w)
	}
	h.Timezone, h.AsOf = zone.String(), tool.Instant(w.AsOf, zone)
	q.warnStays(&h, stays)
	warnSources(&h, w)
	warnGaps(&h, w.Nights)
	warnRecordings(&h, w)
	return h
}

// headOfPeriod is head for a tool that answers with averages of a period: it also warns
// when the newest night is missing, and says whose averages they are.
func (q *query) headOfPeriod(w *nights.Window) tool.Head {
	h := q.head(w)
	q.warnStale(&h, w)
	if w.Sparse {
		h.Warn("service_averages", "This Asleep deployment gives no numbers for single nights; the averages are its own, over sessions, naps included.")
	}
	return h
}
