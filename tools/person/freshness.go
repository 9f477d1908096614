package person

import (
	"context"
	"fmt"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// freshness warns where a period that runs up to today does not hold last night:
// old nights must not pass for today's.
func (q *Question) freshness(ctx context.Context, h *tool.Head, r *record) error {
	if r.To.Before(q.today) || r.has(q.today) {
		return nil
	}
	open, err := q.unfinished(ctx)
	if err != nil {
		return err
	}
	if open != nil {
		h.Warn(open.code, "%s", open.text)
		r.open = open
		return nil
	}
	newest := r.newest()
	if newest == nil {
		return nil
	}
	if age := q.today.DaysSince(newest.Date); age > 1 {
		h.Warn("stale", "The newest recorded night is %s, %d days before today (%s).", newest.Date, age, q.today)
	}
	return nil
}

// unfinishedNight is why there are no numbers of last night yet.
type unfinishedNight struct {
	id   string
	date civil.Date // of its end so far
	code string
	text string
}

// unfinished looks in the census for a recording that is running or still being
// analysed; nil when there is none.
func (q *Question) unfinished(ctx context.Context) (*unfinishedNight, error) {
	sessions, err := q.census(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		date := q.dateOf(s.Recording)
		switch s.State {
		case asleep.Open:
			return &unfinishedNight{s.ID, date, tool.StateInProgress, "A recording is running now; it is not counted yet."}, nil
		case asleep.Closed:
			return &unfinishedNight{s.ID, date, tool.StateAnalysing, fmt.Sprintf("The night of %s is recorded and still being analysed; it is not counted yet.", date)}, nil
		}
	}
	return nil, nil
}

// nothing says for a period without usable nights which kind of nothing it is.
func nothing(h *tool.Head, r *record) string {
	where := fmt.Sprintf("from %s to %s", h.Period.From, h.Period.To)
	switch {
	case len(r.Nights) == 0 && r.open != nil:
		return "There are no finished nights " + where + " yet."
	case len(r.Nights) == 0:
		return "No nights were recorded " + where + "."
	case onlyFor(r.Nights, analytics.NapOnly):
		return "Only naps were recorded " + where + "; there is no main sleep to report."
	}
	return fmt.Sprintf("%s recorded %s, but none with usable sleep.", tool.Count(len(r.Nights), "night"), where)
}

func onlyFor(nights []analytics.Night, reason analytics.Reason) bool {
	for _, n := range nights {
		if n.Excluded != reason {
			return false
		}
	}
	return true
}
