package manage

import (
	"context"
	"errors"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type signUpIn struct{ Metadata }

// SignUp creates the Asleep user of somebody who signed in and has none.
var SignUp = tool.Define(tool.Spec{
	Name:  "sign_up",
	Title: "Create my Asleep user",
	Description: "Create the Asleep user of the person who is signed in and has none yet, once; ask the person first. " +
		"Nights are recorded in an app that uses the id in the answer. Afterwards ask with list_sessions.",
	Toolset: tool.ToolsetAccount,
	Access:  tool.Writes,
}, signUp)

func signUp(ctx context.Context, d *tool.Deps, in signUpIn) (out createUserOut, err error) {
	login := access.From(ctx).Login()
	if login == (directory.Login{}) {
		return out, &tool.Failure{Code: tool.Forbidden, Text: "Only a person who signed in with the OpenID provider can sign up. To create a user for somebody else, use create_user."}
	}
	signed, err := registry(d).SignUp(ctx, login, in.upstream())
	switch {
	case errors.Is(err, directory.ErrPending):
		return out, &tool.Failure{
			Code: tool.Pending,
			Text: "An earlier sign-up has not finished, and it is not known whether a user was created. Try again in a minute; after ten minutes a new one is created.",
		}
	case asleep.CodeOf(err) != "" && !asleep.Unchanged(err):
		return out, outcomeUnknown(err, "a user was created. Try again after ten minutes.")
	case err != nil:
		return out, notMade(err)
	}
	out = createUserOut{Summary: fmt.Sprintf("The Asleep user %s was created for this login.", signed.UserID), UserID: signed.UserID, DataSource: d.DataSource}
	if !signed.Made {
		out.Summary = fmt.Sprintf("This login already has the Asleep user %s. Nothing was changed.", signed.UserID)
	}
	return out, nil
}
