package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type listSessionsIn struct {
	About
	Range
	Order     string `json:"order,omitempty" jsonschema:"enum=desc,enum=asc,default=desc" jsonschema_description:"desc: newest first."`
	Limit     int    `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100,default=31" jsonschema_description:"Most sessions per answer."`
	NewerThan string `json:"newer_than,omitempty" jsonschema:"minLength=1,maxLength=64,example=20261121221501_ab12c" jsonschema_description:"Session id: only finished nights after it."`
	Cursor    string `json:"cursor,omitempty" jsonschema:"minLength=1,maxLength=200" jsonschema_description:"next_cursor of the previous answer."`
	tool.Charted
}

type listSessionsOut struct {
	tool.Head
	Order      string       `json:"order" jsonschema:"enum=desc,enum=asc"`
	Sessions   []sessionRow `json:"sessions"`
	More       bool         `json:"more"`
	NextCursor string       `json:"next_cursor,omitempty"`

	part  bool // of what was asked for
	drawn weekDrawing
}

// ListSessions is the tool list_sessions.
var ListSessions = tool.Define(tool.Spec{
	Name:  "list_sessions",
	Title: "List sleep sessions",
	Description: "List recorded nights and naps one by one, with their session ids. " +
		"Use get_session for one night in detail, average_stats for means, weekly_report for a week.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, listSessions)

func listSessions(ctx context.Context, d *tool.Deps, in listSessionsIn) (out listSessionsOut, err error) {
	if err := checkNewerThan(in.NewerThan); err != nil {
		return out, err
	}
	at, err := pageOf(in.Cursor, in.Range, in.Order, in.NewerThan)
	if err != nil {
		return out, err
	}
	if err := at.contradiction(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About, at.To)
	if err != nil {
		return out, err
	}
	p, err := at.from(q.Today).resolve(q.Today)
	if err != nil {
		return out, err
	}
	w, err := q.Window(ctx, p, 0)
	if err != nil {
		return out, err
	}
	if at.NewerThan != "" {
		out = q.newer(w, at, in.Limit)
		out.part, out.drawn = true, weekDrawing{q, w}
		return out, nil
	}
	rows, err := q.rows(ctx, w)
	if err != nil {
		return out, err
	}
	out.Head = q.head(w)
	if len(rows) == 0 {
		q.warnStale(&out.Head, w)
	}
	if w.Sparse {
		out.Warn("no_nightly_numbers", "This Asleep deployment gives no numbers for single nights; get_session may have them.")
		tool.Lacks(&out.Caveats, noNightlyNumbers, "sessions.asleep_minutes", "sessions.efficiency_percent")
	}
	out.cut(at, w, rows, in.Limit)
	out.Summary = out.summary(rows)
	out.part, out.drawn = len(out.Sessions) < len(rows), weekDrawing{q, w}
	return out, nil
}

// cut takes the rows of this answer from all rows.
func (out *listSessionsOut) cut(at page, w *nights.Window, rows []sessionRow, limit int) {
	out.Order = at.Order
	out.Sessions, out.More = at.cut(rows, limit)
	if out.More {
		out.NextCursor = at.after(w.Days, out.Sessions[len(out.Sessions)-1])
	}
}

// summary counts all recordings of the period, and says how many of them this answer has.
func (out *listSessionsOut) summary(all []sessionRow) string {
	if len(all) == 0 {
		return "No recordings from " + out.Period.From + " to " + out.Period.To + "."
	}
	text := fmt.Sprintf("%s from %s to %s", tool.Count(len(all), "recording"), out.Period.From, out.Period.To)
	naps := 0
	for _, row := range all {
		if row.Kind == kindNap {
			naps++
		}
	}
	if naps > 0 {
		text += ", " + tool.Count(naps, "nap") + " among them"
	}
	if len(out.Sessions) < len(all) {
		text += fmt.Sprintf("; %d of them in this answer", len(out.Sessions))
	}
	return text + "."
}

// rows returns all recordings of the window, oldest first: those with sleep, those
// without, and those of the last two days that were not analysed.
func (q *query) rows(ctx context.Context, w *nights.Window) ([]sessionRow, error) {
	rows := make([]sessionRow, 0, len(w.Nights)+len(w.Dropped))
	for i := range w.Nights {
		rows = q.appendNight(rows, w, &w.Nights[i])
	}
	for _, d := range w.Dropped {
		// Numbers that cannot be trusted are not shown.
		if r, ok := w.Recording(d.ID); ok && r.Slept && d.Reason != analytics.Duplicate {
			rows = append(rows, sessionRow{
				SessionID: r.ID, Night: d.Date.String(), Weekday: weekdayOf(d.Date), State: string(nights.Complete),
				Bedtime: tool.ClockOf(r.Start, q.place(r.Zone)), LeftOut: string(d.Reason), start: r.Start,
			})
		}
	}
	for _, r := range w.Recordings() {
		switch {
		case !r.Slept:
			rows = append(rows, q.bareRow(r.ID, nights.NeverSlept, r.Date, r.Start, r.End, r.Zone))
		case w.Sparse:
			rows = append(rows, sessionRow{SessionID: r.ID, State: string(nights.Complete), Bedtime: tool.ClockOf(r.Start, q.place(r.Zone)), start: r.Start})
		}
	}
	pending, err := q.pendingRows(ctx, w)
	if err != nil {
		return nil, err
	}
	rows = append(rows, pending...)
	slices.SortFunc(rows, func(a, b sessionRow) int {
		return cmp.Or(a.start.Compare(b.start), strings.Compare(a.SessionID, b.SessionID))
	})
	return rows, nil
}

// appendNight adds the recordings of a night.
func (q *query) appendNight(rows []sessionRow, w *nights.Window, n *analytics.Night) []sessionRow {
	kind := kindMain
	if len(n.Main) > 1 {
		kind = kindPart
	}
	for _, s := range n.Main {
		row := q.sleptRow(w, s, kind, n)
		row.LeftOut = string(n.Excluded)
		rows = append(rows, row)
	}
	for _, s := range n.Naps {
		rows = append(rows, q.sleptRow(w, s, kindNap, n))
	}
	return rows
}

func (q *query) sleptRow(w *nights.Window, s analytics.Session, kind string, n *analytics.Night) sessionRow {
	zone := q.place(s.Zone)
	r, _ := w.Recording(s.ID)
	return sessionRow{
		SessionID: s.ID,
		Night:     n.Date.String(),
		Weekday:   weekdayOf(n.Date),
		Kind:      kind,
		State:     string(nights.Complete),
		Bedtime:   tool.ClockOf(s.Start, zone),
		WakeTime:  tool.ClockOf(s.Wake, zone),
		Asleep:    tool.WholeMinutes(s.Asleep),
		InBed:     tool.WholeMinutes(s.InBed),

		Efficiency: recordingEfficiency(s),
		Latency:    optionalWhole(s.Latency),
		Awakenings: s.Awakenings,
		Snoring:    optionalWhole(s.Snoring),
		SleepIndex: r.SleepIndex,
		start:      s.Start,
	}
}

// pendingRows returns the recordings of the last two days that the averages do not know.
func (q *query) pendingRows(ctx context.Context, w *nights.Window) ([]sessionRow, error) {
	if w.To.Before(q.Today.AddDays(-2)) {
		return nil, nil
	}
	unlisted, err := q.Unlisted(ctx, w)
	if err != nil {
		return nil, err
	}
	var rows []sessionRow
	for _, p := range unlisted {
		state, err := q.StateOf(ctx, p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, q.bareRow(p.ID, state, p.Date, p.Start, p.End, p.Zone))
	}
	return rows, nil
}

// bareRow returns the row of a recording without sleep numbers. One that was made for the
// night to come has no night yet.
func (q *query) bareRow(id string, state nights.State, date civil.Date, start, end time.Time, zone *time.Location) sessionRow {
	row := sessionRow{SessionID: id, State: string(state), Bedtime: tool.ClockOf(start, q.place(zone)), start: start}
	if state == nights.InProgress {
		return row
	}
	row.InBed = tool.WholeMinutes(end.Sub(start))
	if !date.After(q.Today) {
		row.Night, row.Weekday = date.String(), weekdayOf(date)
	}
	return row
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
	q.warnMissing(&out.Caveats)
	return out
}
