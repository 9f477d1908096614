package manage

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type deleteUserIn struct {
	UserID  string `json:"user_id" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Asleep user id."`
	Confirm string `json:"confirm" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"The same id again."`
}

type deletedOut struct {
	Summary    string `json:"summary"`
	UserID     string `json:"user_id"`
	SessionID  string `json:"session_id,omitempty"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

var DeleteUser = tool.Define(tool.Spec{
	Name:  "delete_user",
	Title: "Delete an Asleep user",
	Description: "Delete an Asleep user with every recording, and their memberships and logins, for good. May be repeated until it succeeds. " +
		"To delete one recording, use delete_session.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Deletes,
}, func(ctx context.Context, d *tool.Deps, in deleteUserIn) (out deletedOut, err error) {
	if err := confirmed("user_id", in.UserID, in.Confirm); err != nil {
		return out, err
	}
	user, err := access.Resolve(ctx, in.UserID)
	if err != nil {
		return out, tool.NameReceived(err, in.UserID)
	}
	ctx, cancel := seeingThrough(ctx)
	defer cancel()
	remove := removeUser
	if d.Directory != nil {
		remove = removeEverywhere
	}
	was, err := remove(ctx, d, user.ID())
	if err != nil {
		return out, err
	}
	out = deletedOut{
		Summary: "The Asleep user, their recordings, memberships and logins are deleted.", UserID: user.ID(), DataSource: d.DataSource,
	}
	if !was {
		out.Summary = "The Asleep service knows no such user, deleted or never there; memberships and logins that named them are deleted."
	}
	return out, nil
})

// removeEverywhere deletes a user in the one order that loses nothing half-way: it is
// written down that they go, they go, what is written about them goes.
func removeEverywhere(ctx context.Context, d *tool.Deps, id string) (was bool, err error) {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return false, err
	}
	first, err := store.BeginDelete(ctx, id)
	if err != nil {
		return false, err
	}
	if was, err = removeUser(ctx, d, id); err != nil {
		return false, notRemoved(ctx, store, id, first, err)
	}
	if err := store.FinishDelete(ctx, id); err != nil {
		return was, &tool.Failure{
			Code:  tool.Unfinished,
			Text:  "The Asleep user is deleted, but the database could not forget them. They are nobody's member any more; call delete_user again to finish.",
			Cause: err,
		}
	}
	return was, nil
}

// notRemoved takes the deletion back where the service refused it for certain, and no
// attempt before this one may have got through.
func notRemoved(ctx context.Context, store *directory.Store, id string, first bool, why error) error {
	if first && asleep.Unchanged(why) && store.CancelDelete(ctx, id) == nil {
		return why
	}
	refused := ""
	if upstream, ok := errors.AsType[*asleep.Error](why); ok && asleep.Unchanged(why) {
		refused = " " + tool.ExplainUpstream(upstream).Text
	}
	return &tool.Failure{
		Code: tool.Unfinished,
		Text: "The deletion has begun and is not finished: the Asleep service did not confirm it." + refused +
			" The user is nobody's member any more; call delete_user again to finish, which may be done any number of times.",
		Cause: why,
	}
}
