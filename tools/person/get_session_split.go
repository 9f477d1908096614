package person

import (
	"context"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// nightPart is one recording of a night that has several.
type nightPart struct {
	SessionID string  `json:"session_id"`
	Start     string  `json:"start"`
	End       string  `json:"end"`
	InBed     float64 `json:"in_bed_minutes"`
	Asleep    float64 `json:"asleep_minutes"`
}

// describeNight writes the answer about a whole night, whose main sleep may be in
// several recordings.
func (q *query) describeNight(ctx context.Context, w *nights.Window, night *analytics.Night, detail string) (out getSessionOut, err error) {
	parts := make([]*nights.Detail, len(night.Main))
	awakenings := 0 // within recordings: getting up between two of them is not one
	for i, s := range night.Main {
		if parts[i], err = q.Detail(ctx, s.ID); err != nil {
			return out, err
		}
		awakenings += analytics.StatsOf(nights.Epoch, parts[i].Stages()).AwakeningsOver5Min
	}
	out = q.tell(w, night, nights.Join(parts), detail)
	if out.Awakenings != nil {
		out.Awakenings = &awakenings
	}
	return out, nil
}

// splitNight says that the night has several recordings: an answer about the whole night
// lists them, and one about a single recording says how long the whole night was.
func (out *getSessionOut) splitNight(n *analytics.Night, zone *time.Location) {
	recordings := tool.Count(len(n.Main), "recording")
	if out.SessionID == "" {
		for _, s := range n.Main {
			out.Parts = append(out.Parts, nightPart{
				SessionID: s.ID, Start: tool.Instant(s.Start, zone), End: tool.Instant(s.End, zone), InBed: *tool.MinutesOf(s.InBed), Asleep: *tool.MinutesOf(s.Asleep),
			})
		}
		tool.Lacks(&out.Caveats, "split_night", "session_id", "sleep_index")
		out.Warn("split_night", "This night has %s; their durations are added up, and the time between them counts in none.", recordings)
		return
	}
	out.Warn("split_night", "This is one of %s of the night of %s, in which %s of sleep were recorded; give night instead of session_id for all of it.",
		recordings, n.Date, tool.HoursText(n.Asleep().Hours()))
}
