package person

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// page is where a list continues: the range and order of the first answer, and the last
// session that was given.
type page struct {
	Range
	Order     string    `json:"o"`
	NewerThan string    `json:"n,omitempty"` // only finished nights after this session
	Start     time.Time `json:"s,omitzero"`
	ID        string    `json:"i,omitempty"`
}

// pageOf reads the cursor, or begins a list. Arguments given with a cursor must be those it
// was made for, or other words for the same nights.
func pageOf(cursor string, asked Range, order, newerThan string) (page, error) {
	if cursor == "" {
		return page{Range: asked, Order: order, NewerThan: newerThan}, nil
	}
	var at page
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(b, &at) != nil || at.ID == "" || tool.ParseDate(at.From) == nil || tool.ParseDate(at.To) == nil || checkNewerThan(at.NewerThan) != nil || (at.Order != "asc" && at.Order != "desc") {
		return page{}, tool.Mistake(`"cursor" must be the next_cursor of an answer of list_sessions, received %s. Leave it out to start again.`, tool.Shown(cursor))
	}
	days := nights.Days{From: *tool.ParseDate(at.From), To: *tool.ParseDate(at.To)}.Len()
	differs := asked.From != "" && asked.From != at.From || asked.To != "" && asked.To != at.To || asked.Days != nil && *asked.Days != days || newerThan != "" && newerThan != at.NewerThan
	if differs {
		return page{}, tool.Mistake(`"cursor" continues with the nights %s to %s; give it without from, to, days and newer_than, or leave it out to start again.`, at.From, at.To)
	}
	return at, nil
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

// cut takes the rows of one answer from all rows, which come oldest first.
func (at page) cut(rows []sessionRow, limit int) (taken []sessionRow, more bool) {
	rest := slices.Clone(rows)
	if at.Order == "desc" {
		slices.Reverse(rest)
	}
	if at.ID != "" {
		rest = slices.DeleteFunc(rest, func(r sessionRow) bool { return !at.before(r) })
	}
	if len(rest) > limit {
		return rest[:limit], true
	}
	return rest, false
}

// before reports whether r comes after the session the cursor stands at.
func (at page) before(r sessionRow) bool {
	c := at.Start.Compare(r.start)
	if c == 0 {
		c = slices.Compare([]byte(at.ID), []byte(r.SessionID))
	}
	if at.Order == "desc" {
		c = -c
	}
	return c < 0
}

// after returns the cursor that continues after last.
func (at page) after(p nights.Days, last sessionRow) string {
	b, err := json.Marshal(page{
		Range: Range{From: p.From.String(), To: p.To.String()}, Order: at.Order, NewerThan: at.NewerThan, Start: last.start.UTC(), ID: last.SessionID,
	})
	if err != nil {
		panic("tools: encode cursor: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

type sessionRow struct {
	SessionID  string   `json:"session_id"`
	Night      string   `json:"night,omitempty" jsonschema_description:"Local date of the final awakening of the main sleep."`
	Weekday    string   `json:"weekday,omitempty" jsonschema_description:"Of that date."`
	Kind       string   `json:"kind,omitempty" jsonschema:"enum=main,enum=nap,enum=part" jsonschema_description:"part: of a split night."`
	State      string   `json:"state" jsonschema:"enum=complete,enum=analysing,enum=in_progress,enum=never_slept,enum=too_short,enum=damaged"`
	Bedtime    string   `json:"bedtime,omitempty"`
	WakeTime   string   `json:"wake_time,omitempty" jsonschema_description:"Final awakening."`
	Asleep     *float64 `json:"asleep_minutes,omitempty"`
	InBed      *float64 `json:"in_bed_minutes,omitempty"`
	Efficiency *float64 `json:"efficiency_percent,omitempty"`
	Latency    *float64 `json:"latency_minutes,omitempty"`
	Awakenings *int     `json:"awakenings_30s,omitempty"`
	Snoring    *float64 `json:"snoring_minutes,omitempty"`
	SleepIndex *float64 `json:"sleep_index,omitempty"`
	LeftOut    string   `json:"left_out,omitempty" jsonschema_description:"Why averages do not use it."`

	start time.Time
}
