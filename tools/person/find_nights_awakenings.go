package person

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const (
	mostInFull    = 100 // nights that one question reads, a request for each recording
	inFullAtATime = 8
)

// readAwakenings counts the awakenings over five minutes of the nights that come without
// them: the service's lists tell only the longest, so their hypnograms are read. Those that
// are gone or cannot be reached stay unknown.
func (q *query) readAwakenings(ctx context.Context, all []*oneNight) error {
	unread := slices.DeleteFunc(slices.Clone(all), func(n *oneNight) bool { return n.long != nil || !n.slept() })
	if len(unread) > mostInFull {
		return tool.Mistake("%s is counted night by night: at most %d nights in one question, received %d. Ask about fewer dates with from and to, or use longest_awake_minutes > 5, which any number of nights can be asked about.",
			analytics.MetricAwakenings, mostInFull, len(unread))
	}
	var mu sync.Mutex
	report, done := tool.ProgressOf(ctx), 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFullAtATime)
	for _, n := range unread {
		group.Go(func() error {
			parts, err := q.inFull(ctx, n.Night)
			if err != nil && !nights.Unknown(err) && q.Offline == nil {
				return err
			}
			n.long = longAwakenings(parts)
			mu.Lock()
			defer mu.Unlock()
			done++
			report(done, len(unread))
			return nil
		})
	}
	return group.Wait()
}
