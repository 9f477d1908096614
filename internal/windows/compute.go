package windows

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// windowKey names one of a person's rows.
type windowKey struct {
	days   int        // 0: a calendar window
	last   civil.Date // of a rolling window
	period string     // of a calendar window
}

// yearOfMonths is how many days back calendar windows are reduced: twelve months that are
// over, and the one that is not.
const yearOfMonths = 397

// days returns the dates on which rolling windows end, ascending: what is today and
// tomorrow in each of the zones.
func (s *Store) days(ctx context.Context) ([]civil.Date, error) {
	zones, err := s.places(ctx)
	if err != nil {
		return nil, err
	}
	var all []civil.Date
	for _, zone := range zones {
		today := civil.DateOf(s.Now().In(zone))
		all = append(all, today, today.AddDays(1))
	}
	slices.SortFunc(all, civil.Date.Compare)
	return slices.Compact(all), nil
}

// reach returns the dates of all windows that end on some dates, or are over by then.
func reach(last []civil.Date) nights.Days {
	return nights.Days{From: last[0].AddDays(1 - yearOfMonths), To: last[len(last)-1]}
}

// reduce makes all rows of a person. Nothing is kept of a nil one.
func (s *Store) reduce(held *archive.Held, last []civil.Date) map[windowKey]Row {
	if held == nil {
		return nil
	}
	whole := reach(last)
	w := nights.WindowOf(held.Nights, s.Now(), whole, s.Home, s.Prefer)
	rows := map[windowKey]Row{}
	add := func(key windowKey, d nights.Days) {
		if wasRead(held, d) {
			r := rowOf(w, d)
			r.Read = held.Read
			rows[key] = r
		}
	}
	for _, to := range last {
		for _, n := range lengths {
			key := windowKey{days: n, last: to}
			add(key, nights.LastDays(n, to))
			before := nights.LastDays(n, to.AddDays(-n))
			if r, there := rows[key]; there && n <= longestCompared && wasRead(held, before) {
				r.Before = new(meansOf(w.Within(before).Nights))
				rows[key] = r
			}
		}
	}
	over := nights.Days{From: whole.From, To: last[0].AddDays(-1)}
	for _, p := range periodsWithin(over) {
		add(windowKey{period: p.Name}, p.Days)
	}
	return rows
}

// wasRead reports whether all recordings were read that decide about the nights of some
// dates.
func wasRead(held *archive.Held, d nights.Days) bool {
	return !nights.Reach(d).From.Before(held.From)
}
