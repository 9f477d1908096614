package tool

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// OrganizationOf finds an organization; if there is none, the error names a similar one.
func OrganizationOf(ctx context.Context, store *directory.Store, id string) (directory.Organization, error) {
	o, err := store.Organization(ctx, id)
	if !errors.Is(err, directory.ErrNotFound) {
		return o, err
	}
	hint := "Ask the operator, who makes them."
	if access.From(ctx).May(access.Admin) {
		hint = "list_organizations, of the toolset manage, lists them."
		all, err := store.Organizations(ctx)
		if err != nil {
			return o, err
		}
		ids := make([]string, len(all))
		for i := range all {
			ids[i] = all[i].ID
		}
		if near := Closest(id, ids); near != "" {
			hint = "Did you mean " + Shown(near) + "? " + hint
		} else if len(all) == 0 {
			hint = "There are none yet; create_organization makes one."
		}
	}
	return o, &Failure{Code: NotFound, Text: "There is no organization " + Shown(id) + ". " + hint}
}
