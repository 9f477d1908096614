package nights

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// attempt is how long a recording without sleep has to be to stand for its night before
// that is over: after a shorter one the sleeper may still go to bed.
const attempt = 3 * time.Hour

// sleepless is what is known of a date of the last two days without a main sleep.
type sleepless struct {
	date  civil.Date
	id    string // of the recording that tells
	state State  // [TooShort] or [Damaged]; "": no recording has told yet
}

// settle finds out about a date of a window, today or yesterday, that has no main sleep. A
// recording that is running or being analysed will tell. Without one the longest that
// failed, or in which nobody slept, tells, and before the night is over no attempt.
func (p *Person) settle(ctx context.Context, w *Window, date civil.Date) error {
	if n := w.Night(date); !w.Contains(date) || n != nil && len(n.Main) > 0 {
		return nil
	}
	tries, err := p.tries(ctx, w, date)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(tries, func(one Pending) bool { return one.State == InProgress || one.State == Analysing }); i >= 0 {
		w.Unfinished = &tries[i]
		w.tell(sleepless{date: date})
		return nil
	}
	slices.SortStableFunc(tries, func(a, b Pending) int { return cmp.Compare(b.Length(), a.Length()) })
	for _, one := range tries {
		if p.IsAttempt(one) {
			continue
		}
		switch state, err := p.StateOf(ctx, one); {
		case err != nil:
			return err
		case state == NeverSlept: // the history says so
			return nil
		case state == TooShort, state == Damaged:
			w.tell(sleepless{date, one.ID, state})
			return nil
		}
	}
	w.tell(sleepless{date: date})
	return nil
}

// tries returns the recordings without sleep, or not analysed, that were made for the night
// of a date, newest first.
func (p *Person) tries(ctx context.Context, w *Window, date civil.Date) ([]Pending, error) {
	list, err := p.Unlisted(ctx, w)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(one Pending) bool { return one.Date != date })
	for _, r := range w.recordings {
		if !r.Slept && r.Date == date {
			list = append(list, Pending{ID: r.ID, State: NeverSlept, Start: r.Start, End: r.End, Zone: r.Zone, Date: date})
		}
	}
	slices.SortStableFunc(list, func(a, b Pending) int { return b.Start.Compare(a.Start) })
	return list, nil
}

// IsAttempt reports whether a recording without sleep says nothing about its night yet.
func (p *Person) IsAttempt(one Pending) bool {
	return !one.Date.Before(p.Today) && one.Length() < attempt && !p.NightOver()
}

// Length returns how long a finished recording is.
func (p Pending) Length() time.Duration { return p.End.Sub(p.Start) }

// Teller returns the id of the recording of the last two days that tells, or will tell,
// why a date of the window has no main sleep; "" when there is none.
func (w *Window) Teller(date civil.Date) string {
	if w.Unfinished != nil && w.Unfinished.Date == date {
		return w.Unfinished.ID
	}
	for _, one := range w.newest {
		if one.date == date {
			return one.id
		}
	}
	return ""
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
