package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// halfDay turns the evening on which a night began into its date.
const halfDay = 12 * time.Hour

// nightOn answers about the night of a date.
func (q *query) nightOn(ctx context.Context, night, detail string) (out getSessionOut, err error) {
	p, err := endingAt(night, "night", 1, q.Today)
	if err != nil {
		return out, err
	}
	date, name := p.To, fmt.Sprintf("The night of %s", p.To)
	w, err := q.around(ctx, date)
	if err != nil {
		return out, err
	}
	if n := w.Night(date); n != nil && len(n.Main) > 0 {
		return q.describeNight(ctx, w, n, detail)
	}
	id := cmp.Or(w.Teller(date), recordingOn(w, date))
	if id == "" {
		if id, err = q.pendingOn(ctx, w, date); err != nil {
			return out, err
		}
	}
	if id == "" {
		out.Head = q.head(w.Within(p))
		out.Summary = q.notRecorded(name, date)
		tool.Lacks(&out.Caveats, "not_tracked", "session_id")
		return out, nil
	}
	if out, err = q.describe(ctx, w, w.NightOf(id), id, detail); err != nil {
		return out, err
	}
	switch {
	case out.Kind == kindNap:
		out.Summary = tool.Sentences(q.notRecorded(name, date), out.Summary)
	case out.Asleep == nil:
		out.Summary = tool.Sentences(fmt.Sprintf("There is a recording of the night of %s.", date), out.Summary)
	}
	return out, nil
}

// recordingOn returns the longest nap of a date, else a recording without usable sleep;
// "" when there is none.
func recordingOn(w *nights.Window, date civil.Date) string {
	if n := w.Night(date); n != nil && len(n.Naps) > 0 {
		return longest(n.Naps).ID
	}
	for _, d := range w.Dropped {
		attempt := d.Reason == analytics.NoSleep && w.Night(date) == nil
		if d.Date == date && !attempt {
			return d.ID
		}
	}
	// A sparse deployment only says when a recording began.
	return newestSparse(w, func(r nights.Recording) bool {
		return civil.DateOf(r.Start.Add(halfDay).In(r.Zone)) == date
	})
}

func longest(blocks []analytics.Session) analytics.Session {
	return slices.MaxFunc(blocks, func(a, b analytics.Session) int { return int(a.Asleep - b.Asleep) })
}

// pendingOn returns the longest recording of a date that is not analysed, or could not be;
// "" when there is none. A recording with sleep is dated by its awakening, and ends on the day
// after if somebody gets up before midnight and stops it later. A night that is asked for
// by its date and not found is worth the request: it distinguishes what was too short or
// damaged from what was never recorded.
func (q *query) pendingOn(ctx context.Context, w *nights.Window, date civil.Date) (string, error) {
	pending, err := q.PendingOn(ctx, w, date)
	pending = slices.DeleteFunc(pending, func(p nights.Pending) bool {
		r, listed := w.Recording(p.ID)
		return listed && r.Slept || q.IsAttempt(p)
	})
	if err != nil || len(pending) == 0 {
		return "", err
	}
	return slices.MaxFunc(pending, func(a, b nights.Pending) int { return cmp.Compare(a.Length(), b.Length()) }).ID, nil
}
