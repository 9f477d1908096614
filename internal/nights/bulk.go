package nights

import (
	"context"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Bulk reads the nights of many people in the dates given, together with the days around
// them that decide what they are. It calls each once for every index of userIDs, in no
// particular order and from several goroutines at once, with a window or with the error
// that prevented one. Nothing is kept. zone is the zone of people without a recording
// that names one; nil stands for the library's home.
func (l *Library) Bulk(ctx context.Context, userIDs []string, d Days, zone *time.Location, each func(i int, w *Window, err error)) error {
	if zone == nil {
		zone = l.home
	}
	r := Reach(d)
	return l.source.NightsOfMany(ctx, userIDs, r.From, r.To, func(i int, n *asleep.Nights, err error) {
		age, err := ageOf(err)
		if err != nil {
			each(i, nil, err)
			return
		}
		w := WindowOf(n, l.now(), d, zone, l.prefer)
		w.Offline, w.Unread = age.Offline, age.Unread
		each(i, w, nil)
	})
}

// Unknown reports whether the error of somebody in [Library.Bulk] is that the source does
// not know them: it is their own, and asking again does not help.
func Unknown(err error) bool { return asleep.CodeOf(err) == asleep.NotFound }

// Reach returns the UTC dates of the recordings that decide about the nights of some dates.
func Reach(d Days) Days { return Days{d.From.AddDays(-reachBefore), d.To.AddDays(reachAfter)} }

// WindowOf returns what recordings, read up to now, say about the nights of some dates, for which they have
// to be those of [Reach]. A recording without a zone, and without a neighbour that has
// one, is read in the zone given; prefer is [Mixed.Prefer].
func WindowOf(found *asleep.Nights, now time.Time, d Days, zone *time.Location, prefer []string) *Window {
	w := newHistory(found, now, zone, prefer).window(d)
	w.AsOf = found.AsOf
	return w
}
