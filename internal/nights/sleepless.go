package nights

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

const (
	// attempt is how long a recording without sleep has to be to stand for its night before
	// that is over: after a shorter one the sleeper may still go to bed.
	attempt = 3 * time.Hour

	// A main sleep that ended so long before the night is usually over may go on.
	wokeEarly = time.Hour
)

// settle finds out about a date of a window, today or yesterday, that has no main sleep, or
// whose main sleep may go on. A recording that is running or being analysed will tell.
// Without one the longest that failed, or in which nobody slept, tells; an attempt does
// not.
func (p *Person) settle(ctx context.Context, w *Window, date civil.Date) error {
	n := w.Night(date)
	slept := n != nil && len(n.Main) > 0
	if !w.Contains(date) || slept && (date != p.Today || n.Wake().After(p.due().Add(-wokeEarly))) {
		return nil
	}
	tries, err := p.tries(ctx, w, date)
	if err != nil {
		return err
	}
	for i := range tries {
		if tries[i].willTell(slept) {
			w.Unfinished = &tries[i]
			if !slept {
				w.tell(sleepless{date: date})
			}
			return nil
		}
	}
	if slept {
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
			_, night := w.assembly.DateOf(analytics.Span{From: r.Start, To: r.End}, r.Zone)
			list = append(list, Pending{ID: r.ID, State: NeverSlept, Start: r.Start, End: r.End, Zone: r.Zone, Date: date, Nap: !night})
		}
	}
	slices.SortStableFunc(list, func(a, b Pending) int { return b.Start.Compare(a.Start) })
	return list, nil
}

// willTell reports whether a recording that is not over or not analysed is one of its
// night: for all that is known, one that is running is, unless there was sleep already.
func (p Pending) willTell(slept bool) bool {
	return p.State == InProgress && (!slept || !p.Nap) || p.State == Analysing && !p.Nap
}

// IsAttempt reports whether a finished recording without sleep says nothing about the night
// of its date: it was made for a nap, or is short and the night not over.
func (p *Person) IsAttempt(one Pending) bool {
	return one.Nap || !one.Date.Before(p.Today) && one.Length() < attempt && !p.NightOver()
}
