package nights

import (
	"cmp"
	"slices"
	"strings"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// SourceNights counts the nights of a window that one tracker recorded.
type SourceNights struct {
	Tracker string
	Nights  int
}

// Sources returns the trackers of a window, the one with the most nights first.
func (w *Window) Sources() []SourceNights {
	var all []SourceNights
	for i := range w.Nights {
		tracker := w.TrackerOf(&w.Nights[i])
		if tracker == "" {
			continue
		}
		at := slices.IndexFunc(all, func(s SourceNights) bool { return s.Tracker == tracker })
		if at < 0 {
			at, all = len(all), append(all, SourceNights{Tracker: tracker})
		}
		all[at].Nights++
	}
	slices.SortStableFunc(all, func(a, b SourceNights) int {
		return cmp.Or(cmp.Compare(b.Nights, a.Nights), strings.Compare(a.Tracker, b.Tracker))
	})
	return all
}

// AddSources adds the nights of more to those of all, which may be changed.
func AddSources(all, more []SourceNights) []SourceNights {
	for _, s := range more {
		i := slices.IndexFunc(all, func(o SourceNights) bool { return o.Tracker == s.Tracker })
		if i < 0 {
			all = append(all, s)
		} else {
			all[i].Nights += s.Nights
		}
	}
	return all
}

// TrackerOf returns the tracker that recorded a night, "" for a date without sleep.
func (h *History) TrackerOf(n *analytics.Night) string {
	parts := n.Main
	if len(parts) == 0 {
		parts = n.Naps
	}
	if len(parts) == 0 {
		return ""
	}
	r, _ := h.Recording(parts[len(parts)-1].ID)
	return r.Tracker
}

// A Stretch is a run of consecutive nights that one source measured: an app and a device
// with one version of its algorithm.
type Stretch struct {
	Tracker string
	From    civil.Date
	source  string
}

// Same reports whether one source measured two stretches.
func (s Stretch) Same(as Stretch) bool { return s.source == as.source }

// Stretches returns them in the order of the nights. Where one ends, a step in the numbers
// may be the device's and not the sleeper's.
func (w *Window) Stretches() []Stretch {
	var all []Stretch
	for i := range w.Nights {
		n := &w.Nights[i]
		if len(n.Main) == 0 {
			continue
		}
		if source := n.Source(); len(all) == 0 || all[len(all)-1].source != source {
			all = append(all, Stretch{Tracker: w.TrackerOf(n), From: n.Date, source: source})
		}
	}
	return all
}

// Otherwise counts the recordings dated in the window that are left out because another
// source of the same night was chosen.
func (w *Window) Otherwise() int {
	n := 0
	for _, date := range w.otherwise {
		if w.Contains(date) {
			n++
		}
	}
	return n
}

// onlyImported reports whether there are recordings in the history and none is the
// service's.
func (h *History) onlyImported() bool {
	return len(h.recordings) > 0 && !slices.ContainsFunc(h.recordings, func(r Recording) bool { return r.Tracker == Service })
}
