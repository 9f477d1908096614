package nights

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A Window is the part of a [History] that a question is about. What it points to is
// shared and must not be changed.
type Window struct {
	*History
	Days

	Nights  []analytics.Night   // dated in the window, ascending
	Dropped []analytics.Dropped // recordings that stand in no night, likewise
	AsOf    time.Time           // when the oldest of what tells about them was read

	// Unfinished is the recording that is to become last night's, where the window holds
	// today and last night is not there yet; nil: there is none.
	Unfinished *Pending
}

// Window is what is known of the nights of some dates, cut at today, and of so many
// dates before them.
func (p *Person) Window(ctx context.Context, d Days, before int) (*Window, error) {
	d = d.UpTo(p.Today)
	h, asOf, err := p.library.history(ctx, p.ID, Days{From: d.From.AddDays(-before), To: d.To})
	if err != nil {
		return nil, err
	}
	w := h.window(d)
	w.AsOf = asOf
	if d.Contains(p.Today) && !w.Has(p.Today) {
		if w.Unfinished, err = p.unfinished(ctx); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// window is a window without what is outside the history.
func (h *History) window(d Days) *Window {
	return &Window{
		History: h, Days: d,
		Nights:  h.between(d),
		Dropped: dated(h.dropped, d, func(one *analytics.Dropped) civil.Date { return one.Date }),
	}
}

// Within is a part of a window.
func (w *Window) Within(d Days) *Window {
	part := w.window(d)
	part.AsOf = w.AsOf
	return part
}

// Baseline are the nights of the 28 days before the window, as far as they were asked
// for with it.
func (w *Window) Baseline() []analytics.Night { return w.BaselineOf(w.From) }

// Recordings are the finished recordings that ended in the window, by start, in a
// sparse history those that began in it.
func (w *Window) Recordings() []Recording {
	var list []Recording
	for _, r := range w.recordings {
		if w.Contains(r.Date) {
			list = append(list, r)
		}
	}
	return list
}

// Sessions counts the slept recordings dated in the window, used or not.
func (w *Window) Sessions() int {
	n := 0
	for i := range w.Nights {
		n += len(w.Nights[i].Main) + len(w.Nights[i].Naps)
	}
	for _, d := range w.Dropped {
		if r, ok := w.Recording(d.ID); ok && r.Slept && d.Reason != analytics.Duplicate {
			n++
		}
	}
	return n
}

// Newest is the last night of the window with a main sleep, or nil.
func (w *Window) Newest() *analytics.Night {
	for i := len(w.Nights) - 1; i >= 0; i-- {
		if len(w.Nights[i].Main) > 0 {
			return &w.Nights[i]
		}
	}
	return nil
}

// Night is the night of a date, the last one where two end on it; nil where there is
// none.
func (w *Window) Night(date civil.Date) *analytics.Night {
	for i := len(w.Nights) - 1; i >= 0; i-- {
		if w.Nights[i].Date == date {
			return &w.Nights[i]
		}
	}
	return nil
}

// NightOf is the night that a recording belongs to, or nil. One without usable sleep
// belongs to its date if that has no main sleep.
func (w *Window) NightOf(id string) *analytics.Night {
	is := func(s analytics.Session) bool { return s.ID == id }
	for i := range w.Nights {
		if n := &w.Nights[i]; slices.ContainsFunc(n.Main, is) || slices.ContainsFunc(n.Naps, is) {
			return n
		}
	}
	for _, d := range w.Dropped {
		if n := w.Night(d.Date); d.ID == id && n != nil && len(n.Main) == 0 {
			return n
		}
	}
	return nil
}

// Has reports whether a night of that date was recorded.
func (w *Window) Has(date civil.Date) bool {
	n := w.Night(date)
	return n != nil && n.Excluded != analytics.NapOnly
}

// Overlapped reports whether a recording was left out for a longer one of the same time.
func (w *Window) Overlapped(id string) bool {
	return slices.ContainsFunc(w.Dropped, func(d analytics.Dropped) bool { return d.ID == id && d.Reason == analytics.Overlap })
}

// A Stay is nights recorded in one zone, one after the other.
type Stay struct {
	Zone *time.Location
	From civil.Date
}

// Stays are in the order of the nights.
func (w *Window) Stays() []Stay {
	var all []Stay
	for i := range w.Nights {
		n := &w.Nights[i]
		if len(n.Main)+len(n.Naps) == 0 {
			continue
		}
		if z := n.Zone(); len(all) == 0 || !sameZone(z, all[len(all)-1].Zone) {
			all = append(all, Stay{z, n.Date})
		}
	}
	return all
}

func sameZone(a, b *time.Location) bool { return a == b || a.String() == b.String() }

// Oddities counts the slept recordings of the window whose efficiency, as the source
// tells it, is no ratio, and those whose zone is not known, of which the newest is read
// in zone.
func (w *Window) Oddities() (notRatio, zoneUnknown int, zone *time.Location) {
	for i := range w.recordings {
		r := &w.recordings[i]
		if !r.Slept || !w.Contains(r.Date) {
			continue
		}
		if r.notRatio {
			notRatio++
		}
		if r.zoneUnknown && !w.Sparse {
			zoneUnknown++
			zone = r.Zone
		}
	}
	return notRatio, zoneUnknown, zone
}
