package person

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// halfDay turns the evening on which a night began into its date.
const halfDay = 12 * time.Hour

// nightOn answers about the night of a date.
func (q *Question) nightOn(ctx context.Context, night, detail string) (out getSessionOut, err error) {
	p, err := endingAt(night, "night", 1, q.today)
	if err != nil {
		return out, err
	}
	date, name := p.To, fmt.Sprintf("The night of %s", p.To)
	r, err := q.around(ctx, date)
	if err != nil {
		return out, err
	}
	if n := r.night(date); n != nil && len(n.Main) > 0 {
		return q.describeNight(ctx, r, n, detail)
	}
	id := r.recordingOn(date)
	if id == "" {
		if id, err = q.listedOn(ctx, r, date); err != nil {
			return out, err
		}
	}
	if id == "" {
		out.Head = q.head(p, r.Within(p))
		out.Summary = q.notRecorded(name, date)
		tool.Lacks(&out.Caveats, "not_tracked", "session_id")
		return out, nil
	}
	if out, err = q.describe(ctx, r, r.nightOf(id), id, detail); err != nil {
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
// there is none. One with sleep is dated by its awakening, and ended on the day after
// for who gets up before midnight and stops it later.
func (q *Question) listedOn(ctx context.Context, r *record, date civil.Date) (string, error) {
	sessions, err := q.censusOf(ctx, date)
	if err != nil {
		return "", err
	}
	for _, s := range sessions {
		if _, slept := r.slept[s.ID]; !slept && q.dateOf(s.Recording) == date {
			return s.ID, nil
		}
	}
	return "", nil
}

// censusOf is the census of a date. Before the two days of the usual one it costs a
// request, which a night that is asked for by its date and not found is worth: it
// tells what was too short or damaged from what was never recorded.
func (q *Question) censusOf(ctx context.Context, date civil.Date) ([]asleep.SessionInfo, error) {
	if q.today.DaysSince(date) <= 1 {
		return q.census(ctx)
	}
	return listed(q.Deps.Client.ListSessions(ctx, q.User.ID(), asleep.ListOptions{From: date.AddDays(-Margin), To: date.AddDays(1)}))
}

// notRecorded says that there is no recording of a date, of which night is the name.
func (q *Question) notRecorded(night string, date civil.Date) string {
	if date == q.today && q.Now.In(q.Local).Hour() < earlyHour {
		return fmt.Sprintf("The night of %s is not recorded yet.", date)
	}
	return night + " was not recorded."
}
