package manage

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type createUserIn struct{ Metadata }

type createUserOut struct {
	Summary    string `json:"summary"`
	UserID     string `json:"user_id"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

var CreateUser = tool.Define(tool.Spec{
	Name:  "create_user",
	Title: "Make an Asleep user",
	Description: "Make a new Asleep user who belongs to no organization. Every call makes another one. " +
		"To make a member of an organization, use add_user_to_organization instead.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Writes,
}, func(ctx context.Context, d *tool.Deps, in createUserIn) (out createUserOut, err error) {
	ctx, cancel := seeingThrough(ctx)
	defer cancel()
	id, err := d.Client.CreateUser(ctx, in.upstream())
	if err != nil {
		return out, explainMaking(err, "Do not simply repeat the call: every one that gets through makes another user. The Asleep dashboard lists them.")
	}
	return createUserOut{Summary: fmt.Sprintf("The Asleep user %s was made.", id), UserID: id, DataSource: d.DataSource}, nil
})
