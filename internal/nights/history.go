package nights

import (
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Nights are told apart by the sleep around them. A window of 66 days up to today and all
// that decides about it fit into one request of 100 days.
const (
	reachBefore = analytics.ReachBefore
	reachAfter  = analytics.ReachAfter
)

// A History is what is known of one person's nights. It never changes.
type History struct {
	// Sparse reports that the source lists recordings without their numbers. In that
	// case there are no nights, only recordings.
	Sparse bool

	assembly   analytics.Assembly // its lists ascending by date
	recordings []Recording        // ascending by start
	byID       map[string]int     // index in recordings
	otherwise  []civil.Date       // of recordings of nights of which another source was chosen, ascending
}

// A Recording is one finished recording, as the source lists it.
type Recording struct {
	ID         string
	Start, End time.Time // End is zero if it was not reported
	Zone       *time.Location
	Date       civil.Date // of the night it belongs to; without its numbers, local date of End or else of Start
	Slept      bool       // false: no sleep was found
	SleepIndex *float64   // the service's own score; nil: none
	OwnScore   *float64   // another tracker's own, comparable with no other; nil: none
	Tracker    string     // what recorded it: [Service], or whose export it was in

	zoneUnknown bool // Zone is that of a neighbour, or home
	notRatio    bool // the source's efficiency is above 1
}

// newHistory dates and assembles recordings read up to now, which come sorted by start. A recording
// without a zone, and without a neighbour that has one, is read in the home zone. Of
// several sources of one night one is chosen by [oneSource].
func newHistory(found *asleep.Nights, now time.Time, home *time.Location, prefer []string) *History {
	h := &History{Sparse: found.Sparse}
	h.list(found, home)
	found, left := oneSource(found, prefer)
	h.leaveOut(left)
	if h.Sparse {
		return h
	}
	sessions := make([]analytics.Session, 0, len(found.Slept)+len(found.NeverSlept))
	for i := range found.Slept {
		s := &found.Slept[i]
		one := measured(s, h.recordings[h.byID[s.ID]].Zone, now)
		if s.TimeInSleep == nil && one.Onset.IsZero() {
			one.Onset = s.Start // there was sleep, though nothing is reported about it; no onset would mean there was none
		}
		sessions = append(sessions, one)
	}
	for i := range found.NeverSlept {
		s := &found.NeverSlept[i]
		sessions = append(sessions, analytics.Session{
			ID: s.ID, Zone: h.recordings[h.byID[s.ID]].Zone, Start: s.Start, End: s.End, InBed: s.End.Sub(s.Start),
		})
	}
	h.assembly = analytics.Assemble(sessions)
	h.date()
	return h
}

// date gives recordings the dates of what they were assembled to.
func (h *History) date() {
	put := func(id string, date civil.Date) { h.recordings[h.byID[id]].Date = date }
	for i := range h.assembly.Nights {
		n := &h.assembly.Nights[i]
		for j := range n.Main {
			put(n.Main[j].ID, n.Date)
		}
		for j := range n.Naps {
			put(n.Naps[j].ID, n.Date)
		}
	}
	for _, d := range h.assembly.Dropped {
		if d.Reason != analytics.Duplicate && d.Date.IsValid() {
			put(d.ID, d.Date)
		}
	}
}

// list makes one list of recordings with and without sleep, each in its zone.
func (h *History) list(found *asleep.Nights, home *time.Location) {
	h.recordings = make([]Recording, 0, len(found.Slept)+len(found.NeverSlept))
	for i := range found.Slept {
		s := &found.Slept[i]
		zone, _ := asleep.Zone(s.CreatedTimezone)
		h.recordings = append(h.recordings, Recording{
			ID: s.ID, Start: s.Start, End: s.End, Zone: zone, Slept: true, SleepIndex: s.SleepIndex, OwnScore: scoreOf(s.Origin), Tracker: trackerOf(s.Origin),
			notRatio: s.SleepEfficiency != nil && *s.SleepEfficiency > 1,
		})
	}
	for i := range found.NeverSlept {
		s := &found.NeverSlept[i]
		h.recordings = append(h.recordings, Recording{ID: s.ID, Start: s.Start, End: s.End, Tracker: trackerOf(s.Origin)})
	}
	slices.SortStableFunc(h.recordings, func(a, b Recording) int { return a.Start.Compare(b.Start) })
	h.inheritZones(home)
	h.byID = make(map[string]int, len(h.recordings))
	for i := range h.recordings {
		r := &h.recordings[i]
		h.byID[r.ID] = i
		ended := r.End
		if ended.IsZero() {
			ended = r.Start
		}
		r.Date = civil.DateOf(ended.In(r.Zone))
	}
}

// leaveOut takes recordings out of the history.
func (h *History) leaveOut(ids []string) {
	if len(ids) == 0 {
		return
	}
	for _, id := range ids {
		h.otherwise = append(h.otherwise, h.recordings[h.byID[id]].Date)
	}
	slices.SortFunc(h.otherwise, civil.Date.Compare)
	h.recordings = slices.DeleteFunc(h.recordings, func(r Recording) bool {
		_, out := slices.BinarySearch(ids, r.ID)
		return out
	})
	clear(h.byID)
	for i := range h.recordings {
		h.byID[h.recordings[i].ID] = i
	}
}

// inheritZones gives recordings without a zone that of the one before, else that of the
// one after, else home.
func (h *History) inheritZones(home *time.Location) {
	zone := home
	if i := slices.IndexFunc(h.recordings, func(r Recording) bool { return r.Zone != nil }); i >= 0 {
		zone = h.recordings[i].Zone
	}
	for i := range h.recordings {
		r := &h.recordings[i]
		if r.Zone == nil {
			r.Zone, r.zoneUnknown = zone, true
		}
		zone = r.Zone
	}
}

// Recording returns the finished recording with that id.
func (h *History) Recording(id string) (Recording, bool) {
	i, ok := h.byID[id]
	if !ok {
		return Recording{}, false
	}
	return h.recordings[i], true
}

// BaselineOf returns the nights of the 28 days before a date, which a night or a period
// is compared with.
func (h *History) BaselineOf(date civil.Date) []analytics.Night {
	return h.assembly.Between(date.AddDays(-analytics.BaselineDays), date.AddDays(-1)).Nights
}
