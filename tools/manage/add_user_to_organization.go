package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type addUserToOrganizationIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Email        string `json:"email" jsonschema:"minLength=1,maxLength=254" jsonschema_description:"Member's e-mail."`
	UserID       string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Existing Asleep user; default: a new one."`
	Role         string `json:"role,omitempty" jsonschema:"enum=user,enum=coach,enum=analyst" jsonschema_description:"What the member may see: themself, members, aggregates; default: user, or what they have."`
	BirthYear    *int   `json:"birth_year,omitempty" jsonschema:"minimum=1900,maximum=2100" jsonschema_description:"Year of birth."`
	Gender       string `json:"gender,omitempty" jsonschema:"enum=male,enum=female,enum=non_binary,enum=other,enum=prefer_not_to_say" jsonschema_description:"Gender."`
	TakeOver     bool   `json:"take_over,omitempty" jsonschema_description:"End an attempt that has been unfinished for ten minutes; its role and metadata stay."`
}

type addUserToOrganizationOut struct {
	Summary    string `json:"summary"`
	OrgID      string `json:"org_id"`
	UserEmail  string `json:"user_email"`
	UserID     string `json:"user_id"`
	Role       string `json:"role"`
	UserCount  *int   `json:"user_count,omitempty"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

// AddUserToOrganization adds a member.
var AddUserToOrganization = tool.Define(tool.Spec{
	Name:  "add_user_to_organization",
	Title: "Add a member",
	Description: "Add a member to an organization by e-mail: creates an Asleep user for them, or uses the one given, and remembers who it is. " +
		"Called again, it changes the role and never adds a second member; list_organizations shows what is unfinished. To end it, use remove_user_from_organization.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Writes,
}, addUserToOrganization)

func addUserToOrganization(ctx context.Context, d *tool.Deps, in addUserToOrganizationIn) (out addUserToOrganizationOut, err error) {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	if in.UserID != "" {
		if _, err := access.Resolve(ctx, in.UserID); err != nil {
			return out, tool.NameReceived(err, in.UserID)
		}
	}
	added, err := registry(d).Add(ctx, in.addition())
	if err != nil {
		return out, in.explain(ctx, store, err)
	}
	out = addUserToOrganizationOut{
		Summary: in.summary(added), OrgID: in.Organization, UserEmail: added.Email, UserID: added.UserID,
		Role: string(added.Role), DataSource: d.DataSource,
	}
	var now string
	if out.UserCount, now = membersNow(ctx, d, in.Organization); now != "" {
		out.Summary += " " + now + "."
	}
	return out, nil
}

func (in addUserToOrganizationIn) addition() members.Addition {
	n := members.Addition{
		Organization: in.Organization, Email: in.Email, UserID: in.UserID, Role: directory.Role(in.Role), TakeOver: in.TakeOver,
		Metadata: directory.Metadata{Gender: in.Gender},
	}
	if in.BirthYear != nil {
		n.Metadata.BirthYear = *in.BirthYear
	}
	return n
}

func (in addUserToOrganizationIn) summary(added members.Added) string {
	var text string
	switch {
	case added.Joined:
		return "The member was added, as the Asleep user who signed up with this e-mail."
	case added.Before == "":
		return "The member was added."
	case added.Before == added.Role:
		text = fmt.Sprintf("%s is already a member, with the role %s. Nothing was changed.", added.Email, added.Role)
	default:
		text = fmt.Sprintf("%s is already a member. Their role is %s now; it was %s.", added.Email, added.Role, added.Before)
	}
	if in.BirthYear != nil || in.Gender != "" {
		text += " Their birth year and gender were not changed."
	}
	return text
}

func (in addUserToOrganizationIn) explain(ctx context.Context, store *directory.Store, err error) error {
	if failed, ok := errors.AsType[*members.Error](err); ok {
		return in.explainOutcome(failed)
	}
	if pending, ok := errors.AsType[*directory.PendingError](err); ok {
		return in.stillPending(pending)
	}
	if errors.Is(err, directory.ErrNotFound) {
		if _, err := tool.OrganizationOf(ctx, store, in.Organization); err != nil {
			return err
		}
		return &tool.Failure{Code: tool.NotFound, Text: "The organization changed meanwhile. Try again."}
	}
	return notMade(err)
}

func (in addUserToOrganizationIn) stillPending(pending *directory.PendingError) error {
	next := "Wait until it is ten minutes old; somebody may still be working on it."
	if time.Since(pending.Since) >= directory.StaleAfter { // the directory uses real time
		next = `Check in the Asleep dashboard whether a user was created at that time, then call again with "take_over":true, and with that "user_id" if there is one.`
	}
	return &tool.Failure{
		Code: tool.Pending,
		Text: fmt.Sprintf("An earlier attempt to add %s, or to delete them, began at %s and has not finished. %s list_organizations shows it.",
			tool.Shown(in.Email), pending.Since.UTC().Format(time.RFC3339), next),
	}
}

// explainOutcome says what the attempt left behind, and what to do about it.
func (in addUserToOrganizationIn) explainOutcome(e *members.Error) error {
	f := &tool.Failure{Cause: e.Err}
	switch e.Outcome {
	case members.UserLeaving:
		return tool.Mistake(`The Asleep user %s is marked for deletion and cannot become a member. Leave %s out to create a new one.`,
			tool.ReceivedText(in.UserID), tool.Argument("user_id"))
	case members.OtherUser:
		f.Code = tool.Exists
		f.Text = fmt.Sprintf("%s is already a member, as another Asleep user, %s. Nothing was changed. To tie the e-mail to %s, "+
			"call remove_user_from_organization first, which deletes nobody's recordings, and then repeat this call.", tool.Shown(in.Email), tool.Shown(e.UserID), tool.Shown(in.UserID))
	case members.OtherEmail:
		f.Code = tool.Exists
		f.Text = "The Asleep user is already a member under another e-mail; get_user shows it. Nothing was changed. " +
			"To change the e-mail, call remove_user_from_organization with the old one first, which deletes nobody's recordings, and then repeat this call."
	case members.MemberLeft:
		f.Code, f.Text = tool.NotAdded, "The member left meanwhile. Nothing was changed. Try again."
	case members.ReservationLost:
		f.Code, f.Text = tool.NotAdded, "The member was not added: somebody else released the e-mail meanwhile. The Asleep user stays as they were. Try again."
	case members.Undone:
		f.Code = tool.NotAdded
		f.Text = "The member was not added: the database did not accept them. The Asleep user created for them was removed again, so nothing is left over. Try again."
	case members.StillReserved:
		f.Code = tool.Pending
		f.Text = "The member was not added: the database could not be written. The e-mail may stay reserved; list_organizations shows it and says what to do."
	case members.Unrecorded:
		f.Code = tool.Unfinished
		f.Text = fmt.Sprintf("The Asleep user %s was created, but the database could not be written, so they are not a member yet. The e-mail stays reserved. "+
			`When the database is back and ten minutes have passed, call again with "take_over":true and "user_id":"%s".`, e.UserID, e.UserID)
	case members.Orphaned:
		f.Code = tool.Orphaned
		f.Text = fmt.Sprintf("The member was not added, and the Asleep user %s who was created for them could not be removed. list_organizations shows it; delete_user removes it.", e.UserID)
	case members.Unknown:
		return outcomeUnknown(e.Err, "the user was created. The e-mail stays reserved and list_organizations shows it. After ten minutes check in the Asleep dashboard whether a user was created, "+
			`then call again with "take_over":true, and with that "user_id" if there is one.`)
	default:
		return e
	}
	return f
}
