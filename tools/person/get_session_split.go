package person

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// splitNight says that the night has several recordings: an answer about the whole night
// lists them, and one about a single recording says how long the whole night was.
func (out *getSessionOut) splitNight(n *analytics.Night, zone *time.Location) {
	recordings := tool.Count(len(n.Main), "recording")
	if out.SessionID == "" {
		out.split = n.Main
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
