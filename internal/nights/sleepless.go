package nights

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// attempt is how long a recording without sleep has to be to stand for its night before
// that is over: after a shorter one the sleeper may still go to bed.
const attempt = 3 * time.Hour

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
