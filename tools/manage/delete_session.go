package manage

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type deleteSessionIn struct {
	UserID    string `json:"user_id" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Asleep user id."`
	SessionID string `json:"session_id" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"From list_sessions."`
	Confirm   string `json:"confirm" jsonschema:"minLength=1,maxLength=64,example=20261121221501_ab12c" jsonschema_description:"The same session_id again."`
}

// DeleteSession deletes a recording.
var DeleteSession = tool.Define(tool.Spec{
	Name:  "delete_session",
	Title: "Delete a recording",
	Description: "Delete one recording with its audio and numbers, permanently. " +
		"Ids are in list_sessions; to delete a user with everything, use delete_user.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Deletes,
}, deleteSession)

func deleteSession(ctx context.Context, d *tool.Deps, in deleteSessionIn) (out deletedOut, err error) {
	if err := tool.CheckSessionID(in.SessionID); err != nil {
		return out, err
	}
	user, err := access.Resolve(ctx, in.UserID)
	if err != nil {
		return out, tool.NameReceived(err, in.UserID)
	}
	question := "Delete the recording " + in.SessionID + " of " + user.ID() + ", with its audio and numbers? This cannot be undone."
	if err := confirmed(ctx, "session_id", in.SessionID, in.Confirm, question); err != nil {
		return out, err
	}
	ctx, cancel := members.Uninterrupted(ctx)
	defer cancel()
	defer d.Nights().Forget(user.ID()) // whatever became of it
	err = d.Client.DeleteSession(ctx, user.ID(), in.SessionID)
	switch {
	case err == nil:
		if err := d.ForgetSession(ctx, user.ID(), in.SessionID); err != nil {
			return out, err
		}
	case asleep.Unchanged(err):
		return out, err
	default:
		return out, outcomeUnknown(err, "the recording was deleted. "+
			"Call delete_session again; if the answer is that there is no such session, it is deleted.")
	}
	return deletedOut{Summary: "The recording is deleted.", UserID: user.ID(), SessionID: in.SessionID, DataSource: d.DataSource}, nil
}
