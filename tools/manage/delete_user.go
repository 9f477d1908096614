package manage

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
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

// DeleteUser deletes an Asleep user with everything that is theirs.
var DeleteUser = tool.Define(tool.Spec{
	Name:  "delete_user",
	Title: "Delete an Asleep user",
	Description: "Delete an Asleep user with every recording, and their memberships and logins, permanently. May be repeated until it succeeds. " +
		"To delete one recording, use delete_session.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Deletes,
}, deleteUser)

func deleteUser(ctx context.Context, d *tool.Deps, in deleteUserIn) (out deletedOut, err error) {
	user, err := access.Resolve(ctx, in.UserID)
	if err != nil {
		return out, tool.NameReceived(err, in.UserID)
	}
	question := "Delete the Asleep user " + user.ID() + " with every recording, all memberships and logins? This cannot be undone."
	if err := confirmed(ctx, "user_id", in.UserID, in.Confirm, question); err != nil {
		return out, err
	}
	defer d.Nights().Forget(user.ID()) // whatever became of it: nobody is answered from what was
	if err := forgotten(ctx, d, user.ID()); err != nil {
		return out, err
	}
	existed, err := members.Registry{Directory: d.Directory, Asleep: d.Client}.Delete(ctx, user.ID())
	if err != nil {
		return out, explainDeletion(err)
	}
	out = deletedOut{
		Summary: "The Asleep user, their recordings, memberships and logins are deleted.", UserID: user.ID(), DataSource: d.DataSource,
	}
	if !existed {
		out.Summary = "The Asleep service knows no such user: it was deleted, or never existed; memberships and logins that named them are deleted."
	}
	return out, nil
}

// forgotten removes what is kept of a user, before anything else: what fails later can be
// asked for again, and until then nobody is answered from it.
func forgotten(ctx context.Context, d *tool.Deps, userID string) error {
	if d.Archive == nil {
		return nil
	}
	ctx, cancel := members.Uninterrupted(ctx)
	defer cancel()
	_, err := d.Archive.Store().Forget(ctx, userID)
	return err
}

func explainDeletion(err error) error {
	failed, ok := errors.AsType[*members.Error](err)
	if !ok {
		return err
	}
	f := &tool.Failure{Code: tool.Unfinished, Cause: failed.Err}
	if failed.Outcome == members.Unforgotten {
		f.Text = "The Asleep user is deleted, but the database could not forget them. They are no longer a member anywhere; call delete_user again to finish."
		return f
	}
	refused := ""
	if upstream, ok := errors.AsType[*asleep.Error](failed.Err); ok && asleep.Unchanged(failed.Err) {
		refused = " " + tool.ExplainUpstream(upstream).Text
	}
	f.Text = "The deletion has begun and is not finished: the Asleep service did not confirm it." + refused +
		" The user is no longer a member anywhere; call delete_user again to finish, which may be done any number of times."
	return f
}
