package nights

import (
	"cmp"
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
	Unread    *Unread    // imported nights are missing from it; nil: none

	library *Library
	newest  *History  // what was read to find the newest recording
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
	Date       civil.Date // of the night for which it was made, see [analytics.Assembly.DateOf]
	Nap        bool       // it was made for a nap, as far as that is known
}

// Length returns how long a finished recording is.
func (p Pending) Length() time.Duration { return p.End.Sub(p.Start) }

// The newest recording is looked for in the last recentDays first, then in longAgo days,
// and then where the source says that it was.
const (
	recentDays = 30
	longAgo    = 150
)

// Person finds out where somebody is and what day it is there.
func (l *Library) Person(ctx context.Context, userID string) (*Person, error) {
	p := &Person{ID: userID, Zone: l.home, Now: l.now(), library: l}
	utc := civil.DateOf(p.Now.UTC())
	for _, days := range []int{recentDays, longAgo} {
		if err := p.look(ctx, LastDays(days, utc)); err != nil {
			return nil, err
		}
		if p.ZoneKnown {
			break
		}
	}
	if len(p.newest.recordings) == 0 && p.Unread == nil {
		newest, err := l.source.Newest(ctx, userID)
		if err == nil && !newest.IsZero() && newest.Before(p.Now) {
			err = p.look(ctx, LastDays(recentDays, civil.DateOf(newest).AddDays(1)))
		}
		if err != nil {
			return nil, err
		}
	}
	p.Today = civil.DateOf(p.Now.In(p.Zone))
	return p, nil
}

// look looks for the newest recording among those of some dates.
func (p *Person) look(ctx context.Context, d Days) error {
	h, age, err := p.library.history(ctx, p.ID, d)
	if err != nil {
		return err
	}
	p.notice(age)
	p.newest = h
	if zone := h.newestZone(p.Now); zone != nil {
		p.Zone, p.ZoneKnown = zone, true
	}
	return nil
}

// notice takes note of what may be missing from what was read.
func (p *Person) notice(age Age) {
	p.Offline = cmp.Or(age.Offline, p.Offline)
	p.Unread = cmp.Or(age.Unread, p.Unread)
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
