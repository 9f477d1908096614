package tool

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// mostNamed is how many organizations an error names.
const mostNamed = 10

// OrganizationOf finds an organization; if there is none, the error tells operators which
// there are.
func OrganizationOf(ctx context.Context, store *directory.Store, id string) (directory.Organization, error) {
	o, err := store.Organization(ctx, id)
	if !errors.Is(err, directory.ErrNotFound) {
		return o, err
	}
	hint := "Ask the operator, who creates them."
	if access.From(ctx).May(access.Admin) {
		all, err := store.Organizations(ctx)
		if err != nil {
			return o, err
		}
		hint = whichThereAre(id, all)
	}
	return o, &Failure{Code: NotFound, Text: "There is no organization " + Shown(id) + ". " + hint}
}

func whichThereAre(id string, all []directory.Organization) string {
	if len(all) == 0 {
		return "There are none yet: create one first."
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	hint := ""
	if near := Closest(id, ids); near != "" {
		hint = "Did you mean " + Shown(near) + "? "
	}
	more := ""
	if len(ids) > mostNamed {
		more = fmt.Sprintf(" and %d more", len(ids)-mostNamed)
		ids = ids[:mostNamed]
	}
	return hint + "Known: " + strings.Join(ids, ", ") + more + "."
}
