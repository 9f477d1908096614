package releases

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// mostCarried is how many of those who count may do so with the period before: one in so
// many.
const mostCarried = 5

// reading is what is kept of one person's nights while a release is made.
type reading struct {
	now, before analytics.Person
	sessions    int // in the period
}

// reader reads what is known of many people in a period.
type reader struct {
	period   Period
	library  *nights.Library
	rows     *windows.Store // nil: there are none
	zone     *time.Location
	progress func(done, total int)

	mu     sync.Mutex // guards what follows
	done   int
	total  int
	failed error
}

// all returns a reading of everybody, in the order of ids, who are those of a query: from
// the rows of those who have some, and from the nights of the others, which say the same.
func (r *reader) all(ctx context.Context, query sqldb.Part, ids []string) ([]reading, error) {
	all, known := make([]reading, len(ids)), make([]bool, len(ids))
	if r.rows != nil {
		places := make(map[string]int, len(ids))
		for i, id := range ids {
			places[id] = i
		}
		err := r.rows.Periods(ctx, query, r.period.Period, r.period.Previous().Period, func(p windows.InPeriods) {
			if i, is := places[p.UserID]; is {
				all[i], known[i] = reading{now: p.Now.Person(), before: p.Before.Person(), sessions: p.Sessions}, true
			}
		})
		if err != nil {
			return nil, err
		}
	}
	var rest []string
	var at []int
	for i, id := range ids {
		if !known[i] {
			rest, at = append(rest, id), append(at, i)
		}
	}
	r.total, r.done = len(ids), len(ids)-len(rest)
	found, err := r.read(ctx, rest)
	for i := range found {
		all[at[i]] = found[i]
	}
	return all, err
}

// read returns a reading of everybody, in the order of ids; of those whom the source does
// not know, an empty one. It fails if anybody else could not be read up to the period's end.
func (r *reader) read(ctx context.Context, ids []string) ([]reading, error) {
	readings := make([]reading, len(ids))
	all := nights.Days{From: r.period.Previous().From, To: r.period.To}
	err := r.library.Bulk(ctx, ids, all, r.zone, func(i int, w *nights.Window, err error) {
		if err == nil && w.Offline != nil && w.AsOf.Before(r.period.To.AddDays(1).In(r.zone)) {
			err = w.Offline
		}
		if err == nil && !w.Sparse {
			readings[i] = r.reduce(w)
		}
		r.finished(err)
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case r.failed != nil:
		return nil, r.failed
	}
	return readings, err
}

// reduce turns nights into means.
func (r *reader) reduce(w *nights.Window) reading {
	adults := analytics.AdultRecommendation()
	now := w.Within(r.period.Days)
	return reading{
		now: analytics.PersonOf(now.Nights, adults), before: analytics.PersonOf(w.Within(r.period.Previous().Days).Nights, adults),
		sessions: now.Sessions(),
	}
}

func (r *reader) finished(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && !nights.Unknown(err) && (r.failed == nil || errors.Is(r.failed, context.Canceled)) {
		r.failed = err
	}
	r.done++
	r.progress(r.done, r.total)
}

// counting returns who counts, as indexes of readings, and with which means.
func counting(readings []reading, least int) (who []int, means []analytics.Person) {
	var carried []int
	for i, r := range readings {
		switch {
		case r.now.EligibleFrom(least):
			who, means = append(who, i), append(means, r.now)
		case r.before.EligibleFrom(least):
			carried = append(carried, i)
		}
	}
	if mostCarried*len(carried) > len(who)+len(carried) {
		return who, means
	}
	for _, i := range carried {
		who, means = append(who, i), append(means, readings[i].before)
	}
	return who, means
}
