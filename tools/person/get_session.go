package person

import (
	"cmp"
	"context"
	"time"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type getSessionIn struct {
	About
	SessionID string `json:"session_id,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"From list_sessions; default: the newest finished night."`
	Night     string `json:"night,omitempty" jsonschema:"format=date" jsonschema_description:"Date of the night instead, YYYY-MM-DD."`
	Detail    string `json:"detail,omitempty" jsonschema:"enum=summary,enum=stages,enum=epochs,default=summary" jsonschema_description:"stages: segments of one stage; epochs: one character per 30 s."`
	tool.Charted
}

// GetSession is the tool get_session.
var GetSession = tool.Define(tool.Spec{
	Name:  "get_session",
	Title: "Last night, or one session",
	Description: "One recorded night in full: onset, awakenings, stages, snoring. Without night or session_id it is the newest finished night. " +
		"Use list_sessions to find naps and session ids, weekly_report or average_stats for several nights.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, getSession)

func getSession(ctx context.Context, d *tool.Deps, in getSessionIn) (out getSessionOut, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About, cmp.Or(in.Night, begun(in.SessionID)))
	switch {
	case err != nil:
		return out, err
	case in.SessionID != "":
		return q.session(ctx, in.SessionID, in.Detail)
	case in.Night != "":
		return q.nightOn(ctx, in.Night, in.Detail)
	}
	return q.lastNight(ctx, in.Detail)
}

// begun returns the date with which the id of a session begins, if it does.
func begun(id string) string {
	at, err := time.Parse("20060102", id[:min(len(id), 8)])
	if err != nil {
		return ""
	}
	return at.Format(time.DateOnly)
}

func (in getSessionIn) check() error {
	if in.SessionID != "" && in.Night != "" {
		return tool.Mistake(`%s and %s both say which recording is meant, received %s and "%s". Give one of them.`,
			tool.Argument("session_id"), tool.Argument("night"), tool.ReceivedText(in.SessionID), in.Night)
	}
	return tool.CheckSessionID(in.SessionID)
}

// session answers about the session with an id.
func (q *query) session(ctx context.Context, id, detail string) (out getSessionOut, err error) {
	d, err := q.Detail(ctx, id)
	if err != nil {
		return out, err
	}
	w, err := q.around(ctx, d.Date)
	if err != nil {
		return out, err
	}
	return q.tell(w, w.NightOf(id), d, detail), nil
}
