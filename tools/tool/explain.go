package tool

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// explain turns an error that a handler returned to the caller in ctx, for these
// arguments, into a [Failure].
func explain(ctx context.Context, err error, arguments json.RawMessage) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure
	}
	if failure := explainKept(err); failure != nil {
		return failure
	}
	if failure := explainDirectory(err, arguments); failure != nil {
		return failure
	}
	var upstream *asleep.Error
	switch {
	case errors.Is(err, archive.ErrNoKey):
		return errNoKey
	case errors.As(err, &upstream):
		return ExplainUpstream(upstream)
	case errors.Is(err, access.ErrNobody):
		return Mistake(`It is not clear whose nights to read. Give %s, an Asleep user id, or, if the server requires no tokens, set ASLEEP_USER_ID for it.`, Argument("user_id"))
	case errors.Is(err, access.ErrUnmapped):
		return &Failure{
			Code: NotFound,
			Text: "This login has no Asleep user yet. Call sign_up, or send POST /api/users, to create one; " +
				"if you already have one, ask the operator to map this login to it (POST /api/logins).",
		}
	case errors.Is(err, access.ErrStranger):
		return &Failure{Code: Forbidden, Text: "This caller may not see anybody's nights."}
	case errors.Is(err, access.ErrNotAllowed):
		return notAllowed(ctx, arguments)
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{
			Code: TimedOut,
			Text: "The Asleep service did not answer in time. Try again in a minute, or ask for a shorter range.",
		}
	case errors.Is(err, context.Canceled):
		return &Failure{Code: Cancelled, Text: "The call was cancelled."}
	}
	return &Failure{
		Code:  Internal,
		Text:  "asleep-mcp failed on this question; nothing is wrong with the arguments. Try again, and report it if it happens twice.",
		Cause: err,
	}
}

// notAllowed returns the failure for a caller who named somebody they may not see.
func notAllowed(ctx context.Context, arguments json.RawMessage) *Failure {
	next := "Ask the operator for access."
	var given struct {
		UserID *string `json:"user_id"`
	}
	if json.Unmarshal(arguments, &given) == nil && given.UserID != nil && access.From(ctx).Own() != "" {
		next = "Leave user_id out to ask about yourself, or ask the operator for access."
	}
	return &Failure{Code: Forbidden, Text: "This caller may not see what was asked for. " + next}
}
