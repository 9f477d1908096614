package person

import (
	"context"
	"fmt"
	"slices"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// unusualDay is a value of one night of the week that is far from the four weeks before.
type unusualDay struct {
	Night string `json:"night"`
	unusualValue
}

// oddNights are the nights of a week that stand out by themselves: one or two of them need
// not show in its means.
type oddNights struct {
	rows  []unusualDay
	found []analytics.UnusualNight
	lossy []civil.Date // nights that stood out because a part of them was lost
}

// oddNights finds them. Lists do not tell that the beginning or the end of a recording was
// lost, so each of them is read in full; one that cannot be is taken as it is listed.
func (q *query) oddNights(ctx context.Context, w *nights.Window, baseline []analytics.Night) (odd oddNights) {
	found, _ := analytics.UnusualNights(w.Nights, baseline)
	found = slices.DeleteFunc(found, func(n analytics.UnusualNight) bool { return w.GoesOn(n.Date) })
	these, lost := make([]*analytics.Night, len(found)), make([]edges, len(found))
	var reading errgroup.Group
	reading.SetLimit(inFullAtATime)
	for i, one := range found {
		these[i] = &w.Nights[slices.IndexFunc(w.Nights, func(n analytics.Night) bool { return n.Date == one.Date })]
		reading.Go(func() error {
			if parts, err := q.inFull(ctx, these[i]); err == nil {
				lost[i] = lostEdges(nights.Join(parts))
			}
			return nil
		})
	}
	_ = reading.Wait() // none of them fails
	for i, one := range found {
		if lost[i].any() {
			odd.lossy = append(odd.lossy, one.Date)
			one.Values = slices.DeleteFunc(one.Values, func(u analytics.Unusual) bool { return !lost[i].judges(u.Metric.Name) })
		}
		for _, u := range one.Values {
			odd.rows = append(odd.rows, unusualDay{one.Date.String(), unusualOf(u, q.clockShift(these[i]))})
		}
		odd.found = append(odd.found, one)
	}
	return odd
}

// whole returns the nights that can be rated by all of their numbers.
func (o oddNights) whole(all []analytics.Night) []analytics.Night {
	return slices.DeleteFunc(slices.Clone(all), func(n analytics.Night) bool { return slices.Contains(o.lossy, n.Date) })
}

// words names each night with what is most unusual about it, unless the changes of the week
// say it already.
func (o oddNights) words(changes []analytics.Change) string {
	said := func(u analytics.Unusual) bool {
		return slices.ContainsFunc(changes, func(c analytics.Change) bool {
			return c.Metric.Name == u.Metric.Name && c.Verdict.Differs() && (*c.Difference > 0) == (u.Z > 0)
		})
	}
	var told []string
	for _, night := range o.found {
		if i := slices.IndexFunc(night.Values, func(u analytics.Unusual) bool { return !said(u) }); i >= 0 {
			told = append(told, fmt.Sprintf("%s (%s)", night.Date, unusualWords(night.Values[i:i+1])))
		}
	}
	if len(told) == 0 {
		return ""
	}
	return fmt.Sprintf("Unusual compared with the four weeks before: %s.", tool.InWords(told))
}
