package cohort

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// finishTime is the part of a call's time reserved for what comes after reading.
const finishTime = 3 * time.Second

// gather finds out what is told about the nights of everybody in the period, and in the one
// before it: from rows where they are kept, else by reading. The first people, at least so
// many, are there one by one.
func (g *group) gather(ctx context.Context, period nights.Days, before *nights.Days, shown int) (*gathered, error) {
	got, err := g.fromRows(ctx, period, before, shown)
	if got != nil || err != nil {
		return got, err
	}
	if err := g.load(ctx); err != nil {
		return nil, err
	}
	readings, err := g.readings(ctx, period, before)
	if err != nil {
		return nil, err
	}
	if g.store == nil { // figures about a few people tell about each
		g.withoutMinors(ctx, readings)
	}
	return g.sum(period, before, readings), nil
}

// readings reads the nights of everybody in the period, and in the one before it.
func (g *group) readings(ctx context.Context, period nights.Days, before *nights.Days) ([]reading, error) {
	b := &bulkRead{period: period, before: before, recommended: analytics.AdultRecommendation(), progress: tool.ProgressOf(ctx)}
	known, rest, err := g.listedRows(ctx, period, before)
	if err != nil {
		return nil, err
	}
	found, err := b.read(ctx, g.deps.Nights(), rest, g.local)
	if err != nil && (found == nil || len(known) == 0) {
		return nil, err
	}
	return g.inOrder(known, found), nil
}

// bulkRead reads the nights of many people concurrently and reduces each person's to
// means as they arrive, so that memory does not grow with the nights of a group.
type bulkRead struct {
	period      nights.Days
	before      *nights.Days // the period to compare with; nil: none
	recommended analytics.Recommendation

	mu       sync.Mutex // guards progress and done
	progress func(done, total int)
	done     int
}

// read reads everybody; the readings are in the order of users. It fails when the caller
// left, and when nobody could be read for a reason that is not their own. Otherwise the
// readings of those who could not be read say why.
func (b *bulkRead) read(ctx context.Context, library *nights.Library, users []access.User, zone *time.Location) ([]reading, error) {
	hurried, cancel := early(ctx)
	defer cancel()
	readings, problems, ids := make([]reading, len(users)), make([]error, len(users)), make([]string, len(users))
	for i, u := range users {
		readings[i].user, ids[i] = u, u.ID()
	}
	_ = library.Bulk(hurried, ids, b.all(), zone, func(i int, w *nights.Window, err error) { // the readings say who was left out
		if err == nil {
			b.reduce(w, &readings[i])
		}
		problems[i] = err
		b.finished(len(users))
	})
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return nil, err
	}
	return readings, judge(readings, problems)
}

// all returns the dates of both periods.
func (b *bulkRead) all() nights.Days {
	d := b.period
	if b.before != nil {
		d.From = b.before.From
	}
	return d
}

// early returns a context that ends long enough before its parent to make an answer of
// what was read until then.
func early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(finishTime, time.Until(deadline)/5)))
}

// reduce turns nights into means and forgets them.
func (b *bulkRead) reduce(w *nights.Window, into *reading) {
	into.asOf, into.offline, into.unread = w.AsOf, w.Offline != nil, w.Unread != nil
	if w.Sparse {
		into.reason = noNightlyNumbers
		return
	}
	part := w.Within(b.period)
	into.now, into.sessions, into.sources = analytics.PersonOf(part.Nights, b.recommended), part.Sessions(), part.Sources()
	if b.before != nil {
		into.before = analytics.PersonOf(w.Within(*b.before).Nights, b.recommended)
	}
}

// finished reports progress.
func (b *bulkRead) finished(total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done++
	b.progress(b.done, total)
}

// judge records why people could not be read. If that is everybody, the first reason
// other than that the service does not know them is the error of the call.
func judge(readings []reading, problems []error) error {
	var first error
	read := 0
	for i, err := range problems {
		if err == nil {
			read++
			continue
		}
		code := tool.CodeOfRead(err)
		readings[i].reason = analytics.Reason(code)
		if first == nil && code != tool.NotFound {
			first = err
		}
	}
	if read > 0 {
		return nil
	}
	return first
}
