package nights

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// A Person is somebody who is asked about, at one moment. It is used by one question, in
// one goroutine.
type Person struct {
	ID        string
	Zone      *time.Location // where they are: that of their newest recording, else home
	ZoneKnown bool           // a recording names it
	Now       time.Time
	Today     civil.Date // in Zone
	Offline   *Offline   // newer nights may be missing from what was read until now; nil: none

	library *Library
	recent  []Pending // see Pending
	listed  bool      // recent was read
}

// Pending is a recording of the last two days as it is in the list of recordings, the
// only place that has unfinished, too short and damaged ones.
type Pending struct {
	ID         string
	State      State // Complete until [Person.StateOf] has looked
	Start, End time.Time
	Zone       *time.Location
	Date       civil.Date // local date of End; today while it is running
}

// The newest recording is looked for in the last recentDays first, then in longAgo days.
const (
	recentDays = 30
	longAgo    = 150
)

// Person finds out where somebody is and what day it is there.
func (l *Library) Person(ctx context.Context, userID string) (*Person, error) {
	p := &Person{ID: userID, Zone: l.home, Now: l.now(), library: l}
	utc := civil.DateOf(p.Now.UTC())
	for _, days := range []int{recentDays, longAgo} {
		h, age, err := l.history(ctx, userID, LastDays(days, utc))
		if err != nil {
			return nil, err
		}
		if age.Offline != nil {
			p.Offline = age.Offline
		}
		if zone := h.newestZone(p.Now); zone != nil {
			p.Zone, p.ZoneKnown = zone, true
			break
		}
	}
	p.Today = civil.DateOf(p.Now.In(p.Zone))
	return p, nil
}

// newestZone returns the zone of the newest recording that began before now and names
// one; nil when none does.
func (h *History) newestZone(now time.Time) *time.Location {
	for _, r := range slices.Backward(h.recordings) {
		if !r.zoneUnknown && !r.Start.After(now) {
			return r.Zone
		}
	}
	return nil
}
