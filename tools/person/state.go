package person

import (
	"context"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// stateListed reads the state of a session of the census that is in neither list
// of analysed sessions; a finished one has to be fetched to know why.
func (q *Question) stateListed(ctx context.Context, s asleep.SessionInfo) (string, error) {
	if progress := tool.RunState(s.State); progress != tool.StateComplete {
		return progress, nil
	}
	detail, err := q.Deps.Client.Session(ctx, q.User.ID(), s.ID)
	if err != nil {
		return "", err
	}
	return tool.StateOf(detail), nil
}

// dateOf is the date of the night that a recording belongs to: that of its end, or
// today for one that is still running.
func (q *Question) dateOf(r asleep.Recording) civil.Date {
	if r.State == asleep.Open {
		return q.today
	}
	return civil.DateOf(r.Ended().In(q.place(r.CreatedTimezone)))
}
