package person

import (
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// record is what is known about one person's nights in a period.
type record struct {
	nights.Days
	Nights  []analytics.Night              // ascending, one a date, within the period
	slept   map[string]asleep.SleptSession // by session id, with [margin] days more on both sides
	never   []asleep.NeverSleptSession     // with the same days more
	dropped []analytics.Dropped            // within the period
	asOf    time.Time                      // when it was read upstream
	sparse  bool                           // the service gave no nightly numbers
	over1   int                            // sessions whose efficiency is no ratio
	noZone  int                            // sessions whose zone is not known here
	open    *unfinishedNight               // last night's recording without numbers yet, once looked for; nil: none
	placed  map[string]*time.Location      // zone by session id
}

// within is the part of a record in a shorter period.
func (r *record) Within(p nights.Days) *record {
	part := *r
	some := analytics.Assembly{Nights: r.Nights, Dropped: r.dropped}.Between(p.From, p.To)
	part.Days, part.Nights, part.dropped = p, some.Nights, some.Dropped
	return &part
}

// sessionCount is the number of slept sessions dated in the period, used or not.
func (r *record) SessionCount() int {
	n := 0
	for _, night := range r.Nights {
		n += len(night.Main) + len(night.Naps)
	}
	for _, d := range r.dropped {
		if _, ok := r.slept[d.ID]; ok && d.Reason != analytics.Duplicate {
			n++
		}
	}
	return n
}

// stay is nights recorded in one zone, one after the other.
type stay struct {
	zone string
	from civil.Date
}

// stays are in the order of the nights.
func (r *record) stays() []stay {
	var all []stay
	for _, n := range r.Nights {
		if len(n.Main)+len(n.Naps) == 0 {
			continue
		}
		if z := n.Zone().String(); len(all) == 0 || z != all[len(all)-1].zone {
			all = append(all, stay{z, n.Date})
		}
	}
	return all
}

// zones are where the nights of the period were recorded, newest first, each once.
func (r *record) zones() []string {
	var names []string
	for _, s := range slices.Backward(r.stays()) {
		if !slices.Contains(names, s.zone) {
			names = append(names, s.zone)
		}
	}
	return names
}

// mostStays is of how many stays, the newest, a warning tells when they began.
const mostStays = 6

// describeStays tells where nights were recorded, and from which on.
func describeStays(all []stay) string {
	earlier := ""
	if n := len(all) - mostStays; n > 0 {
		all, earlier = all[n:], fmt.Sprintf(", after %s", tool.Count(n, "earlier stay"))
	}
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = fmt.Sprintf("%s from %s", s.zone, s.from)
	}
	return tool.InWords(texts) + earlier
}

// newest is the last night of the period with a main sleep, or nil.
func (r *record) newest() *analytics.Night {
	for i := len(r.Nights) - 1; i >= 0; i-- {
		if len(r.Nights[i].Main) > 0 {
			return &r.Nights[i]
		}
	}
	return nil
}

// night is the night of a date, or nil.
func (r *record) night(date civil.Date) *analytics.Night {
	for i := range r.Nights {
		if r.Nights[i].Date == date {
			return &r.Nights[i]
		}
	}
	return nil
}

// has says whether a night of that date was recorded.
func (r *record) has(date civil.Date) bool {
	n := r.night(date)
	return n != nil && n.Excluded != analytics.NapOnly
}

// overlapped says whether a recording was kept out for a longer one of the same time.
func (r *record) overlapped(id string) bool {
	return slices.ContainsFunc(r.dropped, func(d analytics.Dropped) bool { return d.ID == id && d.Reason == analytics.Overlap })
}

// warn says in the head what a reader should know about these nights.
func (r *record) warn(h *tool.Head) {
	gaps := 0
	for _, n := range r.Nights {
		if n.Gap() {
			gaps++
		}
	}
	if stays := r.stays(); len(stays) > 1 {
		h.Warn("zone_change", "Nights were recorded in %s; dates and clock times are local to each night.", describeStays(stays))
	}
	if gaps > 0 {
		h.Warn("gap", "%s with unrecorded time inside the sleep period; counted with what was recorded.", tool.Count(gaps, "night"))
	}
	r.warnDropped(h)
	if r.over1 > 0 {
		h.Warn("efficiency_not_a_ratio", "The service gave %s an efficiency above 1; it was computed from the seconds instead.", tool.Count(r.over1, "session"))
	}
	if r.noZone > 0 {
		h.Warn("zone_unknown", "%s without a known time zone; read in %s.", tool.Count(r.noZone, "session"), h.Timezone)
	}
}

// warnDropped counts, by reason, single sessions that were kept out and are not
// counted with their night already.
func (r *record) warnDropped(h *tool.Head) {
	counts := map[analytics.Reason]int{}
	for _, d := range r.dropped {
		if n := r.night(d.Date); n == nil || n.Excluded != d.Reason {
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
	analytics.Inconsistent: "its numbers contradict each other",
	analytics.TooLong:      "over 24 hours",
	analytics.MissingData:  "too much of it was lost",
	analytics.NotMeasured:  "it has no numbers",
	analytics.NoSleep:      "no sleep was found in it",
}
