package tools

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// halfDay turns the evening on which a night began into its date.
const halfDay = 12 * time.Hour

// nightOn answers about the night of a date.
func (q *question) nightOn(ctx context.Context, night, detail string) (out getSessionOut, err error) {
	p, err := endingAt(night, "night", 1, q.today)
	if err != nil {
		return out, err
	}
	date := p.to
	r, err := q.read(ctx, span{date.AddDays(-1 - analytics.BaselineDays), date.AddDays(1)})
	if err != nil {
		return out, err
	}
	if n := r.night(date); n != nil && len(n.Main) > 0 {
		return q.describeNight(ctx, r, n, detail)
	}
	id := r.recordingOn(date)
	if id == "" {
		if id, err = q.listedOn(ctx, date); err != nil {
			return out, err
		}
	}
	if id == "" {
		out.Head = q.head(p, r.within(p))
		out.Summary = q.notRecorded(fmt.Sprintf("The night of %s", date), date)
		out.lacks("not_tracked", "session_id")
		return out, nil
	}
	if out, err = q.describe(ctx, r, r.nightOf(id), id, detail); err != nil {
		return out, err
	}
	switch {
	case out.Kind == kindNap:
		out.Summary = sentences(q.notRecorded(fmt.Sprintf("The night of %s", date), date), out.Summary)
	case out.Asleep == nil:
		out.Summary = sentences(fmt.Sprintf("There is a recording of the night of %s.", date), out.Summary)
	}
	return out, nil
}

// recordingOn is the longest nap of a date, else a recording without usable sleep; ""
// when there is none.
func (r *record) recordingOn(date civil.Date) string {
	if n := r.night(date); n != nil && len(n.Naps) > 0 {
		return longest(n.Naps).ID
	}
	for _, d := range r.dropped {
		if d.Date == date {
			return d.ID
		}
	}
	// A sparse deployment tells when a recording began only.
	return r.newestSparse(func(s asleep.SleptSession) bool {
		return civil.DateOf(s.Start.Add(halfDay).In(r.placed[s.ID])) == date
	})
}

func longest(blocks []analytics.Session) analytics.Session {
	return slices.MaxFunc(blocks, func(a, b analytics.Session) int { return int(a.Asleep - b.Asleep) })
}

// listedOn is a recording of a date that is not analysed, or could not be; "" when
// there is none, or the date is too old to be in the census.
func (q *question) listedOn(ctx context.Context, date civil.Date) (string, error) {
	if q.today.DaysSince(date) > 1 {
		return "", nil
	}
	sessions, err := q.census(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range sessions {
		ended := civil.DateOf(sessionEnd(s).In(q.place(s.CreatedTimezone)))
		if s.State == asleep.Open {
			ended = q.today
		}
		if ended == date {
			return s.ID, nil
		}
	}
	return "", nil
}

// notRecorded says that there is no recording of a date, of which night is the name.
func (q *question) notRecorded(night string, date civil.Date) string {
	if date == q.today && q.now.In(q.local).Hour() < earlyHour {
		return fmt.Sprintf("The night of %s is not recorded yet.", date)
	}
	return night + " was not recorded."
}
