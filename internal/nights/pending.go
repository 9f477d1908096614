package nights

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Pending returns the recordings of the last two days, newest first. They are read once
// per question.
func (p *Person) Pending(ctx context.Context) ([]Pending, error) {
	if p.listed {
		return p.recent, nil
	}
	sessions, err := p.library.source.RecentSessions(ctx, p.ID)
	list, err := p.allPending(p.newest, sessions, err)
	if err != nil {
		return nil, err
	}
	p.recent, p.listed = list, true
	return list, nil
}

// PendingOn returns the recordings that belong to a date of a window. For a date before
// yesterday that costs a request.
func (p *Person) PendingOn(ctx context.Context, w *Window, date civil.Date) (list []Pending, err error) {
	if p.Today.DaysSince(date) <= 1 {
		list, err = p.Pending(ctx)
	} else {
		var sessions []asleep.SessionInfo
		sessions, err = p.library.source.ListSessions(ctx, p.ID, asleep.ListOptions{From: date.AddDays(-2), To: date.AddDays(1)})
		list, err = p.allPending(w.History, sessions, err)
	}
	return slices.DeleteFunc(slices.Clone(list), func(one Pending) bool { return one.Date != date }), err
}

// Unlisted returns the recordings of the last two days that belong to a window whose
// nights do not have them, newest first.
func (p *Person) Unlisted(ctx context.Context, w *Window) ([]Pending, error) {
	list, err := p.Pending(ctx)
	return slices.DeleteFunc(slices.Clone(list), func(one Pending) bool {
		_, listed := w.Recording(one.ID)
		return listed || !w.holds(one.Date)
	}), err
}

// allPending converts a list of recordings, dated as the nights of a history are. It is
// empty if the list does not know the person, whom the averages may know all the same.
func (p *Person) allPending(h *History, sessions []asleep.SessionInfo, err error) ([]Pending, error) {
	if err != nil && asleep.CodeOf(err) != asleep.NotFound {
		return nil, err
	}
	list := make([]Pending, 0, len(sessions))
	for _, s := range sessions {
		list = append(list, p.pending(h, s.Recording))
	}
	return list, nil
}

func (p *Person) pending(h *History, r asleep.Recording) Pending {
	zone, ok := asleep.Zone(r.CreatedTimezone)
	if !ok {
		zone = p.Zone
	}
	one := Pending{ID: r.ID, State: StateListed(r.State), Start: r.Start, End: r.Ended(), Zone: zone}
	if i, read := h.byID[r.ID]; read && h.recordings[i].Slept && !h.Sparse {
		one.Date = h.recordings[i].Date
		return one
	}
	ended := one.End
	if one.State == InProgress {
		ended = p.Now
	}
	date, night := h.assembly.DateOf(analytics.Span{From: one.Start, To: ended}, zone)
	one.Date, one.Nap = date, !night
	return one
}
