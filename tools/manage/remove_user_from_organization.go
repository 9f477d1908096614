package manage

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type removeUserFromOrganizationIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Email        string `json:"email" jsonschema:"minLength=1,maxLength=254" jsonschema_description:"E-mail of the member."`
}

type removeUserFromOrganizationOut struct {
	Summary    string `json:"summary"`
	OrgID      string `json:"org_id"`
	UserEmail  string `json:"user_email"`
	UserID     string `json:"user_id"`
	UserCount  *int   `json:"user_count,omitempty"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

// RemoveUserFromOrganization ends a membership.
var RemoveUserFromOrganization = tool.Define(tool.Spec{
	Name:  "remove_user_from_organization",
	Title: "Remove a member",
	Description: "End a membership by e-mail; the Asleep user and their recordings stay. " +
		"To delete those too, use delete_user; to change a role, use add_user_to_organization.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Deletes,
	Local:   true,
}, removeUserFromOrganization)

func removeUserFromOrganization(ctx context.Context, d *tool.Deps, in removeUserFromOrganizationIn) (out removeUserFromOrganizationOut, err error) {
	m, err := registry(d).Remove(ctx, in.Organization, in.Email)
	if errors.Is(err, directory.ErrNotFound) {
		return out, in.noMember(ctx, d)
	}
	if err != nil {
		return out, err
	}
	out = removeUserFromOrganizationOut{
		Summary: "The member was removed", OrgID: m.Organization, UserEmail: m.Email, UserID: m.UserID, DataSource: d.DataSource,
	}
	var now string
	if out.UserCount, now = membersNow(ctx, d, in.Organization); now != "" {
		out.Summary += "; " + now
	}
	out.Summary += ". The Asleep user and their recordings stay: add_user_to_organization with this user_id adds them again, delete_user deletes them."
	return out, nil
}

func (in removeUserFromOrganizationIn) noMember(ctx context.Context, d *tool.Deps) error {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return err
	}
	if _, err := tool.OrganizationOf(ctx, store, in.Organization); err != nil {
		return err
	}
	return &tool.Failure{
		Code: tool.NotFound,
		Text: tool.Shown(in.Email) + ` is not a member of this organization. Nothing was changed. cohort_analysis with "include_members":true names the members; ` +
			"list_organizations shows who is still being added or deleted.",
	}
}
