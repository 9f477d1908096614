package person

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Picture implements [tool.Pictured]: the dates that were asked about; if the answer has a
// part of the sessions, those from its first to its last one.
func (out listSessionsOut) Picture() charts.Picture {
	q, w := out.drawn.q, out.drawn.w
	dates := w.Days
	if out.part || dates.Len() > mostRows {
		dates = out.dates(dates)
	}
	p := charts.Nights{Frame: frameOf(fmt.Sprintf("Nights from %s to %s", dates.From, dates.To), out.Subject, out.Coverage)}
	if len(out.Sessions) == 0 {
		return p
	}
	p.Rows = q.rowsOf(w, newest(dates, &p.Frame))
	if out.More {
		p.Notes = append(p.Notes, "There are more nights than in this picture.")
	}
	return p
}

// dates returns the dates that the sessions of this answer span; all where it has none.
func (out listSessionsOut) dates(all nights.Days) nights.Days {
	var span *nights.Days
	for _, s := range out.Sessions {
		date := tool.ParseDate(s.Night)
		switch {
		case date == nil:
		case span == nil:
			span = &nights.Days{From: *date, To: *date}
		case date.Before(span.From):
			span.From = *date
		case date.After(span.To):
			span.To = *date
		}
	}
	if span == nil {
		return all
	}
	return *span
}
