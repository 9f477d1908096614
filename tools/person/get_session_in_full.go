package person

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// inFull reads the recordings of a night's main sleep.
func (q *query) inFull(ctx context.Context, night *analytics.Night) ([]*nights.Detail, error) {
	parts := make([]*nights.Detail, len(night.Main))
	for i, s := range night.Main {
		var err error
		if parts[i], err = q.Detail(ctx, s.ID); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// longAwakenings counts the awakenings over five minutes within recordings: getting up between
// two of them is not one. It is nil without recordings, or if one has no hypnogram.
func longAwakenings(parts []*nights.Detail) *int {
	var count *int
	for _, d := range parts {
		if len(d.Codes) == 0 {
			return nil
		}
		if count == nil {
			count = new(0)
		}
		*count += analytics.StatsOf(nights.Epoch, d.Stages()).AwakeningsOver5Min
	}
	return count
}
