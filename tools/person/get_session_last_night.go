package person

import (
	"context"
	"fmt"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// earlyHour is when the night that ends on a date may be taken to be over.
const earlyHour = 5

// lookBack is how far back the newest night is looked for. With what is read
// around it, it lies within three chunks of 100 days whatever day it is.
const lookBack = 180

// lastNight answers about the newest finished night, and says so when that is not
// last night.
func (q *Question) lastNight(ctx context.Context, detail string) (out getSessionOut, err error) {
	r, err := q.read(ctx, nights.Days{From: q.today.AddDays(-lookBack), To: q.today})
	if err != nil {
		return out, err
	}
	newest, id := r.newest(), r.newestSparse(func(asleep.SleptSession) bool { return true })
	switch {
	case newest != nil:
		out, err = q.describeNight(ctx, r, newest, detail)
	case id != "":
		out, err = q.describe(ctx, r, nil, id, detail)
	default:
		return q.noNight(ctx, r)
	}
	if err != nil {
		return out, err
	}
	if out.Night != q.today.String() {
		_, why, err := q.notLastNight(ctx, r)
		if err != nil {
			return out, err
		}
		out.Summary = tool.Sentences(why, out.Summary)
	}
	return out, nil
}

// noNight answers where no main sleep was found, and says which kind of nothing
// it is.
func (q *Question) noNight(ctx context.Context, r *record) (out getSessionOut, err error) {
	reason, why, err := q.notLastNight(ctx, r)
	if err != nil {
		return out, err
	}
	if r.open == nil && len(r.Nights) > 0 {
		reason = r.Nights[len(r.Nights)-1].Excluded
	}
	out.Head = q.head(r.Days, r)
	out.Summary = tool.Sentences(nothing(&out.Head, r), why)
	tool.Lacks(&out.Caveats, reason, "session_id")
	return out, nil
}

// notLastNight says, in a word and in a sentence, why there are no numbers of last
// night.
func (q *Question) notLastNight(ctx context.Context, r *record) (analytics.Reason, string, error) {
	open, err := q.unfinished(ctx)
	if err != nil {
		return "", "", err
	}
	recent, err := q.census(ctx)
	if err != nil {
		return "", "", err
	}
	failed := func(s asleep.SessionInfo) bool {
		_, slept := r.slept[s.ID]
		return s.State == asleep.Complete && !slept && q.dateOf(s.Recording) == q.today
	}
	r.open = open
	switch {
	case open != nil:
		return nothingBecause[open.code], open.text + " Its session_id is " + open.id + ".", nil
	case r.has(q.today):
		return r.night(q.today).Excluded, fmt.Sprintf("Last night (%s) was recorded, but without usable sleep.", q.today), nil
	case slices.ContainsFunc(recent, failed):
		return "not_analysed", fmt.Sprintf("Last night (%s) was recorded, but too short or too damaged to be analysed.", q.today), nil
	}
	return "not_tracked", q.notRecorded(fmt.Sprintf("Last night (%s)", q.today), q.today), nil
}

// newestSparse is the newest of some sessions of a deployment that lists sessions
// without numbers; "" elsewhere.
func (r *record) newestSparse(among func(asleep.SleptSession) bool) string {
	var newest asleep.SleptSession
	for _, s := range r.slept {
		if r.sparse && among(s) && s.Start.After(newest.Start) {
			newest = s
		}
	}
	return newest.ID
}
