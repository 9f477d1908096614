package nights

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Pending returns the recordings of the last two days, newest first. They are read once
// per question.
func (p *Person) Pending(ctx context.Context) ([]Pending, error) {
	if p.listed {
		return p.recent, nil
	}
	list, err := p.allPending(p.library.source.RecentSessions(ctx, p.ID))
	if err != nil {
		return nil, err
	}
	p.recent, p.listed = list, true
	return list, nil
}

// PendingOn returns the recordings that belong to a date. For a date before yesterday
// that costs a request.
func (p *Person) PendingOn(ctx context.Context, date civil.Date) (list []Pending, err error) {
	if p.Today.DaysSince(date) <= 1 {
		list, err = p.Pending(ctx)
	} else {
		list, err = p.allPending(p.library.source.ListSessions(ctx, p.ID, asleep.ListOptions{From: date.AddDays(-2), To: date.AddDays(1)}))
	}
	return slices.DeleteFunc(slices.Clone(list), func(one Pending) bool { return one.Date != date }), err
}

// Unlisted returns the recordings of the last two days that belong to a date of a window
// whose nights do not have them.
func (p *Person) Unlisted(ctx context.Context, w *Window) ([]Pending, error) {
	list, err := p.Pending(ctx)
	return slices.DeleteFunc(slices.Clone(list), func(one Pending) bool {
		_, listed := w.Recording(one.ID)
		return listed || !w.Contains(one.Date)
	}), err
}

// allPending converts a list of recordings. It is empty if the list does not know the
// person, whom the averages may know all the same.
func (p *Person) allPending(sessions []asleep.SessionInfo, err error) ([]Pending, error) {
	if err != nil && asleep.CodeOf(err) != asleep.NotFound {
		return nil, err
	}
	list := make([]Pending, 0, len(sessions))
	for _, s := range sessions {
		list = append(list, p.pending(s.Recording))
	}
	return list, nil
}

func (p *Person) pending(r asleep.Recording) Pending {
	zone, ok := asleep.Zone(r.CreatedTimezone)
	if !ok {
		zone = p.Zone
	}
	one := Pending{ID: r.ID, State: StateListed(r.State), Start: r.Start, End: r.Ended(), Zone: zone, Date: p.Today}
	if r.State != asleep.Open {
		one.Date = civil.DateOf(one.End.In(zone))
	}
	return one
}

// unfinished returns the newest recording that is running or still being analysed; nil
// when there is none.
func (p *Person) unfinished(ctx context.Context) (*Pending, error) {
	all, err := p.Pending(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].State != Complete {
			return &all[i], nil
		}
	}
	return nil, nil
}
