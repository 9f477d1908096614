package nights

import (
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A Window is the part of a [History] that a question is about. Everything it points to
// is shared and must not be changed.
type Window struct {
	*History
	Days

	// Nights are those dated in the window, ascending. They are those of the history, but
	// for dates without a main sleep in the last two days, of which more is known.
	Nights  []analytics.Night
	Dropped []analytics.Dropped // recordings that are part of no night, likewise
	Age                         // of the data behind them

	newest  []sleepless // of the last two days
	upToNow bool        // it ends today

	// Unfinished is the recording of a night of the last two days in the window that is not
	// over or not analysed; nil: there is none.
	Unfinished *Pending
}

// holds reports whether what was recorded for a night belongs to the window: one that ends
// today has what was recorded for the night to come.
func (w *Window) holds(date civil.Date) bool {
	return w.Contains(date) || w.upToNow && date.After(w.To)
}

// sleepless is what is known of a date of the last two days without a main sleep.
type sleepless struct {
	date  civil.Date
	id    string // of the recording that tells
	state State  // [TooShort] or [Damaged]; "": no recording has told yet
}

// tell puts what is known of a date into the nights of a window, if that has the date.
func (w *Window) tell(known sleepless) {
	if !w.Contains(known.date) {
		return
	}
	w.newest = append(w.newest, known)
	i, found := slices.BinarySearchFunc(w.Nights, known.date, func(n analytics.Night, date civil.Date) int { return n.Date.Compare(date) })
	if !found && known.state == "" {
		return
	}
	all := slices.Clone(w.Nights)
	if !found {
		all = slices.Insert(all, i, analytics.Night{Date: known.date})
	}
	switch n := &all[i]; {
	case n.Excluded != "" && n.Excluded != analytics.NoSleep && n.Excluded != analytics.NapOnly: // it has a reason of its own
	case known.state != "":
		n.Excluded = analytics.Reason(known.state)
	case len(n.Naps) > 0:
		n.Excluded = analytics.NapOnly
	default:
		all = slices.Delete(all, i, i+1)
	}
	w.Nights = all
}

// GoesOn reports whether more of the night of a date is being recorded or analysed.
func (w *Window) GoesOn(date civil.Date) bool {
	return w.Unfinished != nil && w.Unfinished.Date == date
}

// Teller returns the id of the recording of the last two days that tells, or will tell,
// why a date of the window has no main sleep; "" when there is none.
func (w *Window) Teller(date civil.Date) string {
	if w.GoesOn(date) {
		return w.Unfinished.ID
	}
	for _, one := range w.newest {
		if one.date == date {
			return one.id
		}
	}
	return ""
}

// window returns a window with only what the history holds.
func (h *History) window(d Days) *Window {
	part := h.assembly.Between(d.From, d.To)
	return &Window{History: h, Days: d, Nights: part.Nights, Dropped: part.Dropped}
}

// Within returns a part of a window.
func (w *Window) Within(d Days) *Window {
	part := w.window(d)
	part.Age = w.Age
	part.upToNow = w.upToNow && d.To == w.To
	for _, one := range w.newest {
		part.tell(one)
	}
	return part
}

// Baseline returns the nights of the 28 days before the window, as far as they were
// asked for with it.
func (w *Window) Baseline() []analytics.Night { return w.BaselineOf(w.From) }

// Recordings returns the finished recordings that belong to the window, by start.
func (w *Window) Recordings() []Recording {
	var list []Recording
	for _, r := range w.recordings {
		if w.holds(r.Date) {
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

// Newest returns the last night of the window with a main sleep, or nil.
func (w *Window) Newest() *analytics.Night {
	for i := len(w.Nights) - 1; i >= 0; i-- {
		if len(w.Nights[i].Main) > 0 {
			return &w.Nights[i]
		}
	}
	return nil
}

// Night returns the night of a date, the last one if two end on it; nil if there is none.
func (w *Window) Night(date civil.Date) *analytics.Night {
	for i := len(w.Nights) - 1; i >= 0; i-- {
		if w.Nights[i].Date == date {
			return &w.Nights[i]
		}
	}
	return nil
}

// NightOf returns the night that a recording belongs to, or nil. One without usable sleep
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
	for _, one := range w.newest {
		if one.id == id {
			return w.Night(one.date)
		}
	}
	return nil
}

// Has reports whether a night of that date was recorded.
func (w *Window) Has(date civil.Date) bool {
	n := w.Night(date)
	return n != nil && n.Excluded != analytics.NapOnly
}

// Overlapped reports whether a recording was left out in favour of a longer one of the
// same time.
func (w *Window) Overlapped(id string) bool {
	return slices.ContainsFunc(w.Dropped, func(d analytics.Dropped) bool { return d.ID == id && d.Reason == analytics.Overlap })
}

// A Stay is a run of consecutive nights recorded in one zone.
type Stay struct {
	Zone *time.Location
	From civil.Date
}

// Stays returns the stays in the order of the nights.
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
// reports it, is no ratio, and those whose zone is not known; zone is the one in which
// the newest of the latter is read.
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
