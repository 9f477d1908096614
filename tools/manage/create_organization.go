package manage

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type createOrganizationIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Id of the new organization: lower-case letters, digits and hyphens."`
	Name         string `json:"name" jsonschema:"minLength=1,maxLength=200" jsonschema_description:"Name for people."`
	Timezone     string `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"IANA zone that decides which date is today for it."`
	Cadence      string `json:"cadence,omitempty" jsonschema:"enum=weeks,enum=months" jsonschema_description:"Whether analysts see its figures by calendar week or by month; default months."`
}

type createOrganizationOut struct {
	Summary string `json:"summary"`
	organizationRow
}

// CreateOrganization makes an organization.
var CreateOrganization = tool.Define(tool.Spec{
	Name:        "create_organization",
	Title:       "Create an organization",
	Description: "Create an organization, a group of people to ask about together. Then fill it with add_user_to_organization.",
	Toolset:     tool.ToolsetManage,
	Access:      tool.Writes,
	Local:       true,
}, createOrganization)

func createOrganization(ctx context.Context, d *tool.Deps, in createOrganizationIn) (out createOrganizationOut, err error) {
	zone, err := tool.AskedZone(in.Timezone)
	if err != nil {
		return out, err
	}
	if zone != nil {
		in.Timezone = zone.String()
	}
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	err = store.CreateOrganization(ctx, directory.Organization{
		ID: in.Organization, Name: in.Name, Settings: directory.Settings{Timezone: in.Timezone, Cadence: directory.Cadence(in.Cadence)},
	})
	if errors.Is(err, directory.ErrExists) {
		return out, &tool.Failure{Code: tool.Exists, Text: "There already is an organization " + tool.Shown(in.Organization) + ". Choose another id, or use that one; list_organizations shows it."}
	}
	if err != nil {
		return out, err
	}
	made, err := store.Organization(ctx, in.Organization)
	if err != nil {
		return out, err
	}
	return createOrganizationOut{"The organization was created. It has no members yet.", rowOf(made, d.Now())}, nil
}
