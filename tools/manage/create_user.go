package manage

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type createUserIn struct{ Metadata }

// createUserOut is also the answer of sign_up.
type createUserOut struct {
	Summary    string `json:"summary"`
	UserID     string `json:"user_id"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

// CreateUser creates an Asleep user.
var CreateUser = tool.Define(tool.Spec{
	Name:  "create_user",
	Title: "Create an Asleep user",
	Description: "Create an Asleep user who belongs to no organization. Every call creates another one. " +
		"To add a member to an organization, use add_user_to_organization instead.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Writes,
}, createUser)

func createUser(ctx context.Context, d *tool.Deps, in createUserIn) (out createUserOut, err error) {
	ctx, cancel := members.Uninterrupted(ctx)
	defer cancel()
	var store *directory.Store // nil: there is none, so nobody is known here
	if d.Directory != nil {
		if store, err = d.OpenDirectory(ctx); err != nil {
			return out, err
		}
	}
	id, err := members.CreateUser(ctx, d.Client, store, in.upstream())
	switch {
	case err == nil:
		return createUserOut{Summary: fmt.Sprintf("The Asleep user %s was created.", id), UserID: id, DataSource: d.DataSource}, nil
	case asleep.Unchanged(err):
		return out, notMade(err)
	}
	return out, outcomeUnknown(err, "the user was created. Do not simply repeat the call: each one that gets through creates another user. The Asleep dashboard lists them.")
}
