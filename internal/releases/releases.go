package releases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// Maker makes releases, and finds those that were made. All fields but Windows must be set.
type Maker struct {
	Directory *directory.Store
	Nights    *nights.Library
	Windows   *windows.Store // of the same nights; nil: everybody's nights are read
	Now       func() time.Time
	Zone      *time.Location // of organizations that name none
}

// Release is the figures of one period.
type Release struct {
	Period  Period
	Made    time.Time
	Figures Figures
}

// Askable says which periods of an organization can be asked about.
type Askable struct {
	Newest Period     // whose release is due
	Oldest civil.Date // first night; an older release must have been made before
	Next   Period     // the first that is not due
	Due    time.Time  // when Next is
}

// ErrNotAskable means that a period has no release and that none can be made: it is not
// over, it began too long ago, or it is of another cadence.
var ErrNotAskable = errors.New("there is no release of this period")

// Askable returns which periods can be asked about now. The errors are those of the
// directory.
func (m *Maker) Askable(ctx context.Context, organization string) (Askable, error) {
	c, err := m.calendar(ctx, organization)
	if err != nil {
		return Askable{}, err
	}
	now := m.Now()
	a := Askable{Newest: c.newest(now), Oldest: c.oldest(now), Next: c.next(now)}
	a.Due = c.due(a.Next).In(c.own().Settings.Zone(m.Zone))
	return a, nil
}

// Kept returns the releases up to a period that were made, the newest first, most at most.
func (m *Maker) Kept(ctx context.Context, organization string, p Period, most int) ([]Release, error) {
	kept, err := m.Directory.ReleasesBefore(ctx, organization, p.To.AddDays(1), most)
	if err != nil {
		return nil, err
	}
	all := make([]Release, len(kept))
	for i := range kept {
		if all[i], err = releaseOf(kept[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Make returns the release of a period, which it makes if there is none, after that of the
// period before, so that the two can be compared. progress may be nil. The errors are
// [ErrNotAskable], those of reading nights, and those of the directory.
func (m *Maker) Make(ctx context.Context, organization string, p Period, progress func(done, total int)) (Release, error) {
	kept, err := m.Directory.ReleaseOf(ctx, organization, p.String())
	if !errors.Is(err, directory.ErrNotFound) {
		return released(kept, err)
	}
	c, err := m.calendar(ctx, organization)
	if err != nil {
		return Release{}, err
	}
	if !c.askable(p, m.Now()) {
		return Release{}, ErrNotAskable
	}
	periods := []Period{p}
	if before := p.Previous(); c.askable(before, m.Now()) {
		periods = []Period{before, p}
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	for _, p := range periods {
		for _, o := range c.connected[:c.place+1] {
			kept, err = m.makeOne(ctx, o, p, progress)
			if errors.Is(err, directory.ErrOverlap) && o.ID != organization {
				continue // it had another cadence before they shared members
			}
			if err != nil {
				return Release{}, err
			}
		}
	}
	return releaseOf(kept)
}

// Due is a release that is to be made.
type Due struct {
	Organization string
	Period       Period
}

// Due returns the newest releases that are due and were not made, those of the oldest
// organizations first.
func (m *Maker) Due(ctx context.Context) ([]Due, error) {
	all, err := m.Directory.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b directory.Organization) int { return a.Created.Compare(b.Created) })
	var due []Due
	for _, o := range all {
		a, err := m.Askable(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		switch _, err := m.Directory.ReleaseOf(ctx, o.ID, a.Newest.String()); {
		case errors.Is(err, directory.ErrNotFound):
			due = append(due, Due{o.ID, a.Newest})
		case err != nil:
			return nil, err
		}
	}
	return due, nil
}

// SetCadence gives an organization another cadence, and returns the first night from which
// on it holds: that of the first of its periods that begins after the present ones of
// both cadences have ended. leader is the organization whose cadence holds for this one
// too, because they share members; if it is another, nothing was changed.
func (m *Maker) SetCadence(ctx context.Context, organization string, to directory.Cadence) (from civil.Date, leader string, err error) {
	c, err := m.calendar(ctx, organization)
	if err != nil || c.place > 0 {
		return civil.Date{}, c.leader(), err
	}
	err = m.Directory.UpdateSettings(ctx, organization, func(s *directory.Settings) {
		*s, from = changed(*s, to, c.today(m.Now()))
	})
	return from, organization, err
}

func (m *Maker) calendar(ctx context.Context, organization string) (calendar, error) {
	connected, err := m.Directory.ConnectedOrganizations(ctx, organization)
	place := slices.IndexFunc(connected, func(o directory.Organization) bool { return o.ID == organization })
	return calendar{connected, place, m.Zone}, err
}

// makeOne makes the release of one organization, unless there is one.
func (m *Maker) makeOne(ctx context.Context, o directory.Organization, p Period, progress func(done, total int)) (directory.Release, error) {
	kept, err := m.Directory.ReleaseOf(ctx, o.ID, p.String())
	if !errors.Is(err, directory.ErrNotFound) {
		return kept, err
	}
	ids, err := m.members(ctx, o.ID)
	if err != nil {
		return directory.Release{}, err
	}
	var readings []reading
	if len(ids) >= disclosure.LeastPeople { // else even the time that reading takes would tell how many there are
		r := &reader{period: p, library: m.Nights, rows: m.Windows, zone: o.Settings.Zone(m.Zone), progress: progress}
		if readings, err = r.all(ctx, m.Directory.MemberIDs(o.ID), ids); err != nil {
			return directory.Release{}, err
		}
	}
	who, means := counting(readings, p.leastNights())
	counted := make([]string, len(who))
	for i, at := range who {
		counted[i] = ids[at]
	}
	add := directory.Release{Organization: o.ID, Period: p.String(), From: p.From, To: p.To, Made: m.Now()}
	return m.Directory.AddRelease(ctx, add, counted, func(_ context.Context, told directory.Told, hashes []directory.PersonHash) (directory.Decision, error) {
		people, cells := disclosure.Choose(told, hashes)
		f := Figures{Reason: TooNew}
		switch {
		case len(hashes) < disclosure.LeastPeople:
			f.Reason = TooFew
		case people != nil:
			f = behind(people, hashes, who, means, readings)
		}
		text, err := json.Marshal(f)
		return directory.Decision{Figures: text, People: people, Cells: cells}, err
	})
}

// behind returns the figures over chosen people; hashes, who and means are of everybody who
// counts, in one order.
func behind(chosen, hashes []directory.PersonHash, who []int, means []analytics.Person, readings []reading) Figures {
	in := make(map[directory.PersonHash]bool, len(chosen))
	for _, h := range chosen {
		in[h] = true
	}
	people, sessions := make([]analytics.Person, 0, len(chosen)), 0
	for i, h := range hashes {
		if in[h] {
			people, sessions = append(people, means[i]), sessions+readings[who[i]].sessions
		}
	}
	return figuresOf(people, sessions)
}

func (m *Maker) members(ctx context.Context, organization string) (ids []string, err error) {
	for member, err := range m.Directory.Members(ctx, organization) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, member.UserID)
	}
	return ids, nil
}

func released(kept directory.Release, err error) (Release, error) {
	if err != nil {
		return Release{}, err
	}
	return releaseOf(kept)
}

func releaseOf(kept directory.Release) (r Release, err error) {
	p, ok := ParsePeriod(kept.Period)
	if !ok {
		return r, fmt.Errorf("period %q of a release is none", kept.Period)
	}
	r = Release{Period: p, Made: kept.Made}
	return r, json.Unmarshal(kept.Figures, &r.Figures)
}
