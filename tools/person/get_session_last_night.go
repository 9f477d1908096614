package person

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// lookBack is how many days back the newest night is looked for. Together with the days
// read around them they lie within three chunks of 100 days, whatever day it is.
const lookBack = 150

// lastNight answers about the newest finished night, and says so when that is not
// last night.
func (q *query) lastNight(ctx context.Context, detail string) (out getSessionOut, err error) {
	w, err := q.Window(ctx, nights.LastDays(lookBack, q.Today), 0)
	if err != nil {
		return out, err
	}
	newest, id := w.Newest(), newestSparse(w, func(nights.Recording) bool { return true })
	switch {
	case newest != nil:
		out, err = q.describeNight(ctx, w, newest, detail)
	case id != "":
		out, err = q.describe(ctx, w, nil, id, detail)
	default:
		date, ok := q.NewestNight()
		if !ok {
			return q.noNight(w), nil
		}
		out, err = q.nightOn(ctx, date.String(), detail)
	}
	if err != nil {
		return out, err
	}
	if out.Night != q.Today.String() {
		_, why := q.notLastNight(w)
		out.Summary = tool.Sentences(why, out.Summary)
	}
	return out, nil
}

// noNight answers when no main sleep was found, and says why.
func (q *query) noNight(w *nights.Window) (out getSessionOut) {
	reason, why := q.notLastNight(w)
	if w.Unfinished == nil && len(w.Nights) > 0 {
		reason = w.Nights[len(w.Nights)-1].Excluded
	}
	out.Head = q.head(w)
	out.Summary = tool.Sentences(nothing(&out.Head, w), why)
	tool.Lacks(&out.Caveats, reason, "session_id")
	return out
}

// unusable says why a recorded night has no numbers.
func unusable(why analytics.Reason) string {
	switch nights.State(why) {
	case nights.TooShort:
		return "too short to be analysed"
	case nights.Damaged:
		return "too damaged to be analysed"
	}
	return "without usable sleep"
}

// notLastNight says, in a word and in a sentence, why there are no numbers of last
// night.
func (q *query) notLastNight(w *nights.Window) (analytics.Reason, string) {
	open := ""
	if u := w.Unfinished; u != nil {
		open = q.unfinishedText(w) + " Its session_id is " + u.ID + "."
		if u.Date == q.Today {
			return nothingBecause[u.State], open
		}
	}
	if w.Has(q.Today) {
		why := w.Night(q.Today).Excluded
		return why, tool.Sentences(fmt.Sprintf("Last night (%s) was recorded, but %s.", q.Today, unusable(why)), open)
	}
	return "not_tracked", tool.Sentences(q.notRecorded(fmt.Sprintf("Last night (%s)", q.Today), q.Today), open)
}
