package nights

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A Sleep is a main sleep or a nap, as a row of a table.
type Sleep struct {
	// Night is the night without its naps; of a nap, the nap as if it were a night's only
	// sleep.
	Night      analytics.Night
	Nap        bool
	IDs        []string // of the recordings: several for a split night
	Start, End time.Time
	Zone       *time.Location // of the clock times
	SleepIndex *float64       // the service's own score; nil: none, or several recordings
	OwnScore   *float64       // another tracker's, likewise
	Tracker    string         // what recorded it
}

// Sleeps returns the nights of the window, each followed by its naps.
func (w *Window) Sleeps() []Sleep {
	var all []Sleep
	for i := range w.Nights {
		n := w.Nights[i]
		if len(n.Main) > 0 {
			main := n
			main.Naps = nil
			all = append(all, w.sleep(main, false))
		}
		for _, nap := range n.Naps {
			all = append(all, w.sleep(analytics.Night{Date: n.Date, Main: []analytics.Session{nap}}, true))
		}
	}
	return all
}

func (w *Window) sleep(n analytics.Night, nap bool) Sleep {
	s := Sleep{Night: n, Nap: nap, Start: n.Main[0].Start, End: n.Main[len(n.Main)-1].End, Zone: n.Zone()}
	for _, one := range n.Main {
		s.IDs = append(s.IDs, one.ID)
	}
	if len(s.IDs) == 1 {
		r, _ := w.Recording(s.IDs[0])
		s.SleepIndex, s.OwnScore = r.SleepIndex, r.OwnScore
	}
	s.Tracker = w.TrackerOf(&n)
	return s
}
