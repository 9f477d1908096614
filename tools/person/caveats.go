package person

import (
	"fmt"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// warnMissing warns of nights that may exist and are not in the answer.
func (q *query) warnMissing(c *tool.Caveats) {
	tool.WarnOffline(c, q.Offline, q.place(q.Zone))
	if q.Unread != nil {
		tool.WarnUnread(c)
	}
}

// warnGaps counts the nights that have unrecorded time.
func warnGaps(h *tool.Head, all []analytics.Night) {
	gaps := 0
	for i := range all {
		if all[i].Gap() {
			gaps++
		}
	}
	if gaps > 0 {
		h.Warn("gap", "%s with unrecorded time inside the sleep period; counted with what was recorded.", tool.Count(gaps, "night"))
	}
}

// warnRecordings warns about oddities of single recordings.
func warnRecordings(h *tool.Head, w *nights.Window) {
	warnDropped(h, w)
	notRatio, zoneUnknown, zone := w.Oddities()
	if notRatio > 0 {
		h.Warn("efficiency_not_a_ratio", "The service gave %s an efficiency above 1; it was computed from the seconds instead.", tool.Count(notRatio, "session"))
	}
	if zoneUnknown > 0 {
		h.Warn("zone_unknown", "%s without a known time zone; read in %s.", tool.Count(zoneUnknown, "session"), zone)
	}
}

// mostStays is how many stays, the newest ones, a warning lists with their beginning.
const mostStays = 6

// warnStays says in which zones nights were recorded, and from which night on, if there
// are several.
func (q *query) warnStays(h *tool.Head, all []nights.Stay) {
	if len(all) < 2 {
		return
	}
	earlier := ""
	if n := len(all) - mostStays; n > 0 {
		all, earlier = all[n:], fmt.Sprintf(", after %s", tool.Count(n, "earlier stay"))
	}
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = fmt.Sprintf("%s from %s", s.Zone, s.From)
	}
	local := "dates and clock times are local to each night"
	if q.shown != nil {
		local = "dates are local to each night, clock times are in " + q.shown.String()
	}
	h.Warn("zone_change", "Nights were recorded in %s; %s.", tool.InWords(texts)+earlier, local)
}

// warnDropped counts, by reason, the recordings that were left out and are not already
// counted with their night.
func warnDropped(h *tool.Head, w *nights.Window) {
	if len(w.Dropped) == 0 {
		return
	}
	counts := map[analytics.Reason]int{}
	for _, d := range w.Dropped {
		if n := w.Night(d.Date); n == nil || n.Excluded != d.Reason {
			counts[d.Reason]++
		}
	}
	for _, reason := range []analytics.Reason{
		analytics.Duplicate, analytics.Overlap, analytics.Inconsistent,
		analytics.TooLong, analytics.MissingData, analytics.NotMeasured, analytics.NoSleep,
	} {
		if n := counts[reason]; n > 0 {
			h.Warn("left_out", "%s left out: %s.", tool.Count(n, "recording"), reasonTexts[reason])
		}
	}
}

var reasonTexts = map[analytics.Reason]string{
	analytics.Duplicate:    "listed twice",
	analytics.Overlap:      "it overlaps a longer one",
	analytics.Inconsistent: "its numbers contradict each other, or it ends after now",
	analytics.TooLong:      "over 24 hours",
	analytics.MissingData:  "too much of it was lost",
	analytics.NotMeasured:  "it has no numbers",
	analytics.NoSleep:      "no sleep was found in it",
}

// warnStale warns when a window that runs up to today lacks last night: old nights must
// not pass for today's.
func (q *query) warnStale(h *tool.Head, w *nights.Window) {
	if w.To.Before(q.Today) {
		return
	}
	if w.Unfinished != nil {
		h.Warn(string(w.Unfinished.State), "%s", q.unfinishedText(w))
		return
	}
	if newest, ok := q.newestNight(w); ok && !w.Has(q.Today) && q.Today.DaysSince(newest) > 1 {
		h.Warn("stale", "The newest recorded night is %s, %d days before today (%s).", newest, q.Today.DaysSince(newest), q.Today)
	}
}

// newestNight returns the date of the newest night that is known of: of a window up to
// today, or from before it.
func (q *query) newestNight(w *nights.Window) (civil.Date, bool) {
	if n := w.Newest(); n != nil {
		return n.Date, true
	}
	return q.NewestNight()
}

// unfinishedText says why there are no numbers of last night yet, or not all.
func (q *query) unfinishedText(w *nights.Window) string {
	p, n := w.Unfinished, w.Night(w.Unfinished.Date)
	switch {
	case p.State == nights.InProgress:
		return "A recording is running now; it is not counted yet."
	case n != nil && len(n.Main) > 0, p.Date == q.Today && !q.NightOver():
		return fmt.Sprintf("A recording of the night of %s is still being analysed; it is not counted yet.", p.Date)
	}
	return fmt.Sprintf("The night of %s is recorded and still being analysed; it is not counted yet.", p.Date)
}

// nothing says why a window has no usable nights.
func nothing(h *tool.Head, w *nights.Window) string {
	where := fmt.Sprintf("from %s to %s", h.Period.From, h.Period.To)
	switch {
	case len(w.Nights) == 0 && w.Unfinished != nil:
		return "There are no finished nights " + where + " yet."
	case len(w.Nights) == 0:
		return "No nights were recorded " + where + "."
	case !slices.ContainsFunc(w.Nights, func(n analytics.Night) bool { return n.Excluded != analytics.NapOnly }):
		return "Only naps were recorded " + where + "; there is no main sleep to report."
	}
	return fmt.Sprintf("%s recorded %s, but none with usable sleep.", tool.Count(len(w.Nights), "night"), where)
}
