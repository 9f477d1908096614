package tools

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// record is what is known about one person's nights in a period. This file is
// the one place where the service's words become those of analytics.
type record struct {
	span
	nights  []analytics.Night              // ascending, one a date, within the period
	slept   map[string]asleep.SleptSession // by session id, of a day more on both sides
	never   []asleep.NeverSleptSession     // within the same
	dropped []analytics.Dropped            // within the period
	asOf    time.Time                      // when it was read upstream
	sparse  bool                           // the service gave no nightly numbers
	over1   int                            // sessions whose efficiency is no ratio
	noZone  int                            // sessions whose zone is not known here
	open    *unfinishedNight               // last night's recording without numbers yet, once looked for; nil: none
	placed  map[string]*time.Location      // zone by session id
}

// margin is how many days more are read on both sides: zones move a night by up
// to one date, and its recording begins on the date before.
const margin = 2

// read fetches the nights of p and dates them.
func (q *question) read(ctx context.Context, p span) (*record, error) {
	found, err := q.deps.Client.Nights(ctx, q.user.ID(), p.from.AddDays(-margin), p.to.AddDays(margin))
	if err != nil {
		return nil, err
	}
	return q.record(p, found), nil
}

// withBaseline fetches the nights of p and those that they are held against, and
// begins the answer about p.
func (q *question) withBaseline(ctx context.Context, h *Head, p span) (long, r *record, err error) {
	long, err = q.read(ctx, span{p.from.AddDays(-analytics.BaselineDays), p.to})
	if err != nil {
		return nil, nil, err
	}
	r = long.within(p)
	*h = q.head(p, r)
	return long, r, q.freshness(ctx, h, r)
}

// record dates the nights of p among what was found.
func (q *question) record(p span, found *asleep.Nights) *record {
	r := &record{
		span:   p,
		slept:  make(map[string]asleep.SleptSession, len(found.Slept)),
		never:  found.NeverSlept,
		asOf:   found.AsOf,
		sparse: found.Sparse,
		placed: make(map[string]*time.Location, len(found.Slept)),
	}
	sessions := make([]analytics.Session, 0, len(found.Slept)+len(found.NeverSlept))
	for _, s := range found.Slept {
		r.slept[s.ID] = s
		r.placed[s.ID] = q.place(s.CreatedTimezone)
		one := sessionOf(s, r.placed[s.ID])
		if s.TimeInSleep == nil && one.Onset.IsZero() {
			one.Onset = s.Start // it holds sleep, of which nothing is told; no onset would mean it holds none
		}
		if !found.Sparse {
			sessions = append(sessions, one)
		}
	}
	for _, s := range found.NeverSlept {
		sessions = append(sessions, analytics.Session{
			ID: s.ID, Zone: q.local, Start: s.Start, End: s.End, InBed: s.End.Sub(s.Start),
		})
	}
	whole := analytics.Assemble(sessions).Between(p.from, p.to)
	r.nights, r.dropped = whole.Nights, whole.Dropped
	r.countOddities(q, found.Slept)
	return r
}

// place is the zone in which a session's clock times are read.
func (q *question) place(created string) *time.Location {
	if q.zone != nil {
		return q.zone
	}
	if z, ok := asleep.Zone(created); ok {
		return z
	}
	return q.local
}

func (r *record) countOddities(q *question, slept []asleep.SleptSession) {
	for _, s := range slept {
		if !r.contains(civil.DateOf(s.End.In(r.placed[s.ID]))) {
			continue
		}
		if s.SleepEfficiency != nil && *s.SleepEfficiency > 1 {
			r.over1++
		}
		if _, ok := asleep.Zone(s.CreatedTimezone); !ok && q.zone == nil && !r.sparse {
			r.noZone++
		}
	}
}

// sessionOf gives a slept session the vocabulary and units of analytics.
func sessionOf(s asleep.SleptSession, zone *time.Location) analytics.Session {
	out := analytics.Session{
		ID:          s.ID,
		Zone:        zone,
		Start:       s.Start,
		End:         s.End,
		InBed:       s.End.Sub(s.Start),
		Light:       optionalDuration(s.TimeInLight),
		Deep:        optionalDuration(s.TimeInDeep),
		REM:         optionalDuration(s.TimeInREM),
		Snoring:     optionalDuration(s.TimeInSnoring),
		Latency:     optionalDuration(s.SleepLatency),
		LongestWake: optionalDuration(s.LongestWASO),
	}
	if s.TimeInBed != nil {
		out.InBed = seconds(*s.TimeInBed)
	}
	if s.TimeInSleep != nil {
		out.Asleep = seconds(*s.TimeInSleep)
	}
	if s.SleepTime != nil {
		out.Onset = *s.SleepTime
	} else if out.Latency != nil {
		out.Onset = s.Start.Add(*out.Latency)
	}
	if s.WakeTime != nil {
		out.Wake = *s.WakeTime
	} else if s.WakeupLatency != nil {
		out.Wake = s.End.Add(-seconds(*s.WakeupLatency))
	}
	switch {
	case s.TimeInWake != nil:
		out.Awake = seconds(*s.TimeInWake)
	case !out.Onset.IsZero() && !out.Wake.IsZero():
		out.Awake = out.Wake.Sub(out.Onset) - out.Asleep
	}
	return out
}

// seconds converts the service's numbers; what no recording can last is cut to
// something that the checks of analytics refuse.
func seconds(s float64) time.Duration {
	const most = 1e8
	return time.Duration(min(max(s, -most), most) * float64(time.Second))
}

func optionalDuration(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	d := seconds(*s)
	return &d
}

// within is the part of a record in a shorter period.
func (r *record) within(p span) *record {
	part := *r
	some := analytics.Assembly{Nights: r.nights, Dropped: r.dropped}.Between(p.from, p.to)
	part.span, part.nights, part.dropped = p, some.Nights, some.Dropped
	return &part
}

// sessionCount is the number of slept sessions dated in the period, used or not.
func (r *record) sessionCount() int {
	n := 0
	for _, night := range r.nights {
		n += len(night.Main) + len(night.Naps)
	}
	for _, d := range r.dropped {
		if _, ok := r.slept[d.ID]; ok && d.Reason != analytics.Duplicate {
			n++
		}
	}
	return n
}

// zones are where the nights of the period were recorded, newest first, each once.
func (r *record) zones() []string {
	var names []string
	for _, n := range slices.Backward(r.nights) {
		slept := len(n.Main)+len(n.Naps) > 0
		if z := n.Zone().String(); slept && !slices.Contains(names, z) {
			names = append(names, z)
		}
	}
	return names
}

// mostStays is of how many stays, the newest, a warning tells when they began.
const mostStays = 6

// stays tells in which zones nights were recorded one after the other, and from
// which on.
func (r *record) stays() string {
	var all []string
	zone := ""
	for _, n := range r.nights {
		slept := len(n.Main)+len(n.Naps) > 0
		if z := n.Zone().String(); slept && z != zone {
			all, zone = append(all, fmt.Sprintf("%s from %s", z, n.Date)), z
		}
	}
	earlier := ""
	if n := len(all) - mostStays; n > 0 {
		all, earlier = all[n:], fmt.Sprintf(", after %s", count(n, "earlier stay"))
	}
	return inWords(all) + earlier
}

// newest is the last night of the period with a main sleep, or nil.
func (r *record) newest() *analytics.Night {
	for i := len(r.nights) - 1; i >= 0; i-- {
		if len(r.nights[i].Main) > 0 {
			return &r.nights[i]
		}
	}
	return nil
}

// night is the night of a date, or nil.
func (r *record) night(date civil.Date) *analytics.Night {
	for i := range r.nights {
		if r.nights[i].Date == date {
			return &r.nights[i]
		}
	}
	return nil
}

// warn says in the head what a reader should know about these nights.
func (r *record) warn(h *Head) {
	gaps := 0
	for _, n := range r.nights {
		if n.Gap() {
			gaps++
		}
	}
	if len(r.zones()) > 1 {
		h.warn("zone_change", "Nights were recorded in %s; dates and clock times are local to each night.", r.stays())
	}
	if gaps > 0 {
		h.warn("gap", "%s with unrecorded time inside the sleep period; counted with what was recorded.", count(gaps, "night"))
	}
	r.warnDropped(h)
	if r.over1 > 0 {
		h.warn("efficiency_not_a_ratio", "The service gave %s an efficiency above 1; it was computed from the seconds instead.", count(r.over1, "session"))
	}
	if r.noZone > 0 {
		h.warn("zone_unknown", "%s without a known time zone; read in %s.", count(r.noZone, "session"), h.Timezone)
	}
}

// warnDropped counts, by reason, single sessions that were kept out and are not
// counted with their night already.
func (r *record) warnDropped(h *Head) {
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
			h.warn("left_out", "%s left out: %s.", count(n, "recording"), reasonTexts[reason])
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
