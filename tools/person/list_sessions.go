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
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type listSessionsIn struct {
	About
	Range
	Order  string `json:"order,omitempty" jsonschema:"enum=desc,enum=asc,default=desc" jsonschema_description:"desc: newest first."`
	Limit  int    `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100,default=31" jsonschema_description:"Most sessions in one answer."`
	Cursor string `json:"cursor,omitempty" jsonschema:"minLength=1,maxLength=200" jsonschema_description:"next_cursor of the answer before."`
}

type ListSessionsOut struct {
	tool.Head
	Order      string       `json:"order" jsonschema:"enum=desc,enum=asc"`
	Sessions   []sessionRow `json:"sessions"`
	More       bool         `json:"more"`
	NextCursor string       `json:"next_cursor,omitempty"`
}

type sessionRow struct {
	SessionID  string   `json:"session_id"`
	Night      string   `json:"night,omitempty" jsonschema_description:"Local date of the final awakening of the main sleep."`
	Kind       string   `json:"kind,omitempty" jsonschema:"enum=main,enum=nap,enum=part" jsonschema_description:"part: of a split night."`
	State      string   `json:"state" jsonschema:"enum=complete,enum=analysing,enum=in_progress,enum=never_slept,enum=too_short,enum=damaged"`
	Bedtime    string   `json:"bedtime,omitempty"`
	WakeTime   string   `json:"wake_time,omitempty" jsonschema_description:"Final awakening."`
	Asleep     *float64 `json:"asleep_minutes,omitempty"`
	InBed      *float64 `json:"in_bed_minutes,omitempty"`
	Efficiency *float64 `json:"efficiency_percent,omitempty"`
	SleepIndex *float64 `json:"sleep_index,omitempty"`
	LeftOut    string   `json:"left_out,omitempty" jsonschema_description:"Why averages do not use it."`

	start time.Time
}

var ListSessions = tool.Define(tool.Spec{
	Name:  "list_sessions",
	Title: "List sleep sessions",
	Description: "List recorded nights and naps one by one, with their session ids. " +
		"Use get_session for one night in detail, average_stats for means, weekly_report for a week.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, func(ctx context.Context, d *tool.Deps, in listSessionsIn) (out ListSessionsOut, err error) {
	at, err := in.page()
	if err != nil {
		return out, err
	}
	if err := at.contradiction(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About)
	if err != nil {
		return out, err
	}
	p, err := at.resolve(q.today)
	if err != nil {
		return out, err
	}
	p = p.UpTo(q.today)
	_, r, err := q.inContext(ctx, p)
	if err != nil {
		return out, err
	}
	rows, err := q.rows(ctx, r)
	if err != nil {
		return out, err
	}
	out.Head = q.head(p, r)
	if r.sparse {
		out.Warn("no_nightly_numbers", "This Asleep deployment gives no numbers for single nights; get_session may have them.")
		tool.Lacks(&out.Caveats, NoNightlyNumbers, "sessions.asleep_minutes", "sessions.efficiency_percent")
	}
	out.Order = at.Order
	out.Sessions, out.More = at.cut(rows, in.Limit)
	if out.More {
		out.NextCursor = at.after(p, out.Sessions[len(out.Sessions)-1])
	}
	out.Summary = out.summary(len(rows))
	return out, nil
})

func (out *ListSessionsOut) summary(all int) string {
	if all == 0 {
		return "No recordings from " + out.Period.From + " to " + out.Period.To + "."
	}
	text := fmt.Sprintf("%s from %s to %s", tool.Count(all, "recording"), out.Period.From, out.Period.To)
	naps := 0
	for _, row := range out.Sessions {
		if row.Kind == kindNap {
			naps++
		}
	}
	if len(out.Sessions) < all {
		text += fmt.Sprintf(", %d in this answer", len(out.Sessions))
	}
	if naps > 0 {
		text += ", " + tool.Count(naps, "nap") + " among them"
	}
	return text + "."
}

// rows are all recordings of the period, oldest first: those with sleep, those
// without, and of the last two days those that were not analysed.
func (q *Question) rows(ctx context.Context, r *record) ([]sessionRow, error) {
	rows := r.sleptRows()
	listed := map[string]bool{}
	for id := range r.slept {
		listed[id] = true
	}
	for _, s := range r.never {
		listed[s.ID] = true
		if date := civil.DateOf(s.End.In(q.Local)); r.Contains(date) {
			rows = append(rows, bareRow(s.ID, tool.StateNeverSlept, date, s.Start, s.End, q.Local))
		}
	}
	pending, err := q.pendingRows(ctx, r, listed)
	if err != nil {
		return nil, err
	}
	rows = append(rows, pending...)
	slices.SortFunc(rows, func(a, b sessionRow) int {
		return cmp.Or(a.start.Compare(b.start), strings.Compare(a.SessionID, b.SessionID))
	})
	return rows, nil
}

func (q *Question) pendingRows(ctx context.Context, r *record, listed map[string]bool) ([]sessionRow, error) {
	if r.To.Before(q.today.AddDays(-Margin)) {
		return nil, nil
	}
	sessions, err := q.census(ctx)
	if err != nil {
		return nil, err
	}
	var rows []sessionRow
	for _, s := range sessions {
		date := q.dateOf(s.Recording)
		if listed[s.ID] || !r.Contains(date) {
			continue
		}
		state, err := q.stateListed(ctx, s)
		if err != nil {
			return nil, err
		}
		rows = append(rows, bareRow(s.ID, state, date, s.Start, s.Ended(), q.place(s.CreatedTimezone)))
	}
	return rows, nil
}

// bareRow is a recording without sleep numbers.
func bareRow(id, state string, date civil.Date, start, end time.Time, zone *time.Location) sessionRow {
	row := sessionRow{SessionID: id, State: state, Bedtime: tool.ClockOf(start, zone), start: start}
	if state == tool.StateInProgress {
		return row
	}
	row.Night = date.String()
	row.InBed = tool.WholeMinutes(end.Sub(start))
	return row
}

func (r *record) sleptRows() []sessionRow {
	rows := []sessionRow{}
	for _, n := range r.Nights {
		kind := kindMain
		if len(n.Main) > 1 {
			kind = kindPart
		}
		for _, s := range n.Main {
			rows = append(rows, r.sleptRow(s, kind, n))
		}
		for _, s := range n.Naps {
			rows = append(rows, r.sleptRow(s, kindNap, n))
		}
	}
	for _, d := range r.dropped {
		if s, ok := r.slept[d.ID]; ok && d.Reason != analytics.Duplicate {
			rows = append(rows, droppedRow(s, d, r.placed[d.ID]))
		}
	}
	if r.sparse {
		rows = append(rows, r.sparseRows()...)
	}
	return rows
}

func (r *record) sleptRow(s analytics.Session, kind string, n analytics.Night) sessionRow {
	row := sessionRow{
		SessionID: s.ID,
		Night:     n.Date.String(),
		Kind:      kind,
		State:     tool.StateComplete,
		Bedtime:   tool.ClockOf(s.Start, s.Zone),
		WakeTime:  tool.ClockOf(s.Wake, s.Zone),
		Asleep:    tool.WholeMinutes(s.Asleep),
		InBed:     tool.WholeMinutes(s.InBed),

		Efficiency: recordingEfficiency(s),
		SleepIndex: r.slept[s.ID].SleepIndex,
		start:      s.Start,
	}
	if kind != kindNap {
		row.LeftOut = string(n.Excluded)
	}
	return row
}

// droppedRow shows a recording whose numbers are not to be believed without them.
func droppedRow(s asleep.SleptSession, d analytics.Dropped, zone *time.Location) sessionRow {
	return sessionRow{
		SessionID: s.ID,
		Night:     d.Date.String(),
		State:     tool.StateComplete,
		Bedtime:   tool.ClockOf(s.Start, zone),
		LeftOut:   string(d.Reason),
		start:     s.Start,
	}
}

// sparseRows are the recordings of a deployment that lists only their beginning.
func (r *record) sparseRows() []sessionRow {
	var rows []sessionRow
	for _, s := range r.slept {
		zone := r.placed[s.ID]
		if date := civil.DateOf(s.Start.In(zone)); r.Contains(date) {
			rows = append(rows, sessionRow{SessionID: s.ID, State: tool.StateComplete, Bedtime: tool.ClockOf(s.Start, zone), start: s.Start})
		}
	}
	return rows
}
