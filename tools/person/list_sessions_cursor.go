package person

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// page is where a list continues: the range and order of the first answer, and the last
// session that was given.
type page struct {
	Range
	Order string    `json:"o"`
	Start time.Time `json:"s,omitzero"`
	ID    string    `json:"i,omitempty"`
}

// page reads the cursor, or begins a list. Arguments given with a cursor must be those it
// was made for.
func (in listSessionsIn) page() (page, error) {
	if in.Cursor == "" {
		return page{Range: in.Range, Order: in.Order}, nil
	}
	var at page
	b, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil || json.Unmarshal(b, &at) != nil || at.ID == "" || tool.ParseDate(at.From) == nil || tool.ParseDate(at.To) == nil || (at.Order != "asc" && at.Order != "desc") {
		return page{}, tool.Mistake(`"cursor" must be the next_cursor of an answer of list_sessions, received %s. Leave it out to start again.`, tool.Shown(in.Cursor))
	}
	differs := in.From != "" && in.From != at.From || in.To != "" && in.To != at.To || in.Days != nil
	if differs {
		return page{}, tool.Mistake(`"cursor" continues with the nights %s to %s; give it without from, to and days, or leave it out to start again.`, at.From, at.To)
	}
	return at, nil
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
		Range: Range{From: p.From.String(), To: p.To.String()}, Order: at.Order, Start: last.start.UTC(), ID: last.SessionID,
	})
	if err != nil {
		panic("tools: encode cursor: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
