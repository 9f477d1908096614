package manage

import (
	"context"
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type setCadenceIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Cadence      string `json:"cadence" jsonschema:"enum=weeks,enum=months" jsonschema_description:"How long its releases are."`
}

type setCadenceOut struct {
	Summary string `json:"summary"`
	OrgID   string `json:"org_id"`
	Cadence string `json:"cadence"`
	From    string `json:"from" jsonschema_description:"First night of the first such period."`
}

// SetCadence decides whether an organization's figures are released by week or by month.
var SetCadence = tool.Define(tool.Spec{
	Name:  "set_cadence",
	Title: "Weeks or months",
	Description: "Whether analysts see figures of an organization by calendar week or by month. A change takes effect after the current week and month have ended. " +
		"To choose it for a new organization, use create_organization.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Writes,
	Local:   true,
}, setCadence)

func setCadence(ctx context.Context, d *tool.Deps, in setCadenceIn) (out setCadenceOut, err error) {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	o, err := tool.OrganizationOf(ctx, store, in.Organization)
	if err != nil {
		return out, err
	}
	m := releases.Maker{Directory: store, Now: d.Now, Zone: d.HomeZone()}
	from, leader, err := m.SetCadence(ctx, o.ID, directory.Cadence(in.Cadence))
	switch {
	case err != nil:
		return out, err
	case leader != o.ID:
		return out, &tool.Failure{Code: tool.Exists, Text: fmt.Sprintf(
			"Nothing was changed: %s shares members with %s, which is older and whose cadence holds for both. Set it there.", tool.Shown(o.ID), tool.Shown(leader))}
	}
	out = setCadenceOut{OrgID: o.ID, Cadence: in.Cadence, From: from.String()}
	out.Summary = fmt.Sprintf("Figures are released by %s, from the night of %s on.", in.Cadence, from.In(time.UTC).Format("2 January 2006"))
	return out, nil
}
