package person

import (
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// idTime is how a session id begins: with the start, in UTC.
const idTime = "20060102150405"

// checkNewerThan refuses an id that says nothing about when its session began; "" means
// that none was given.
func checkNewerThan(id string) error {
	if id == "" {
		return nil
	}
	if _, ok := startOf(id); !ok {
		return tool.Mistake(`%s must be a session id that begins with 14 digits, the start in UTC, received %s. For example %s; list_sessions gives the ids.`,
			tool.Argument("newer_than"), tool.ReceivedText(id), tool.ExampleWith("newer_than", "20261121221501_ab12c"))
	}
	return nil
}

func startOf(id string) (time.Time, bool) {
	if len(id) < len(idTime) {
		return time.Time{}, false
	}
	start, err := time.Parse(idTime, id[:len(idTime)])
	return start, err == nil
}

// from returns the range of a page: without another one, from the session on that all are
// to be newer than.
func (at page) from(today civil.Date) Range {
	r := at.Range
	start, ok := startOf(at.NewerThan)
	if ok && r == (Range{}) {
		day := civil.DateOf(start)
		if day.After(today) {
			day = today
		}
		r.From = day.String()
	}
	return r
}

// newer answers with the finished nights after a session. What is asked every morning has
// to cost nothing where there is nothing new, so that only what matters for it is warned of.
func (q *query) newer(w *nights.Window, at page, limit int) (out listSessionsOut) {
	after, _ := startOf(at.NewerThan)
	if r, known := w.Recording(at.NewerThan); known {
		after = r.Start
	}
	rows := []sessionRow{}
	for i := range w.Nights {
		n := w.Nights[i]
		n.Naps = nil
		for _, row := range q.appendNight(nil, w, &n) {
			if row.SessionID != at.NewerThan && row.start.After(after) {
				rows = append(rows, row)
			}
		}
	}
	out.Head = q.head(w)
	out.cut(at, w, rows, limit)
	if len(rows) > 0 {
		out.Summary = tool.Count(len(rows), "finished recording") + " of nights after " + at.NewerThan + "."
		return out
	}
	out.Summary = "No finished night after " + at.NewerThan + "."
	out.Caveats = tool.Caveats{}
	tool.WarnOffline(&out.Caveats, q.Offline, q.place(q.Zone))
	return out
}
