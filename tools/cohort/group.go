// Package cohort contains the tools about groups of people.
package cohort

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// group is the people a question is about.
type group struct {
	deps         *tool.Deps
	users        []access.User // of an organization only once they are loaded
	emails       []string      // of users, in the same order; nil: a list of the caller's
	organization directory.Organization
	allowed      access.Group     // of an organization
	store        *directory.Store // nil: a list of the caller's
	repeated     int              // ids that were given more than once
	local        *time.Location
	now          time.Time
	today        civil.Date

	aggregatesOnly bool // the caller is told releases and nothing else; users are not listed then
}

// askUsers prepares a question about people whom the caller lists.
func askUsers(ctx context.Context, d *tool.Deps, ids []string) (*group, error) {
	unique := make([]string, 0, len(ids))
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		if !tool.IsUserID(id) {
			return nil, tool.Mistake(`%s must hold Asleep user ids of 1 to 128 letters, digits, "-" or "_", received %s in place %d. For example %s.`,
				tool.Argument("user_ids"), tool.ReceivedText(id), i+1, tool.ExampleOf("user_ids"))
		}
		if !seen[id] {
			seen[id] = true
			unique = append(unique, id)
		}
	}
	users, err := access.ResolveUsers(ctx, unique)
	if err != nil {
		return nil, err
	}
	g := &group{deps: d, users: users, repeated: len(ids) - len(unique)}
	g.place("")
	return g, nil
}

// askOrganization prepares a question about the members of an organization.
func askOrganization(ctx context.Context, d *tool.Deps, id string) (*group, error) {
	allowed, err := access.ResolveGroup(ctx, id)
	if err != nil {
		return nil, err
	}
	g := &group{deps: d, allowed: allowed, aggregatesOnly: !allowed.Members()}
	if g.store, err = d.OpenDirectory(ctx); err != nil {
		return nil, err
	}
	if g.organization, err = tool.OrganizationOf(ctx, g.store, allowed.ID()); err != nil {
		return nil, err
	}
	g.place(g.organization.Settings.Timezone)
	return g, nil
}

// load lists the members of an organization.
func (g *group) load(ctx context.Context) error {
	if g.store == nil {
		return nil
	}
	for m, err := range g.store.Members(ctx, g.organization.ID) {
		if err != nil {
			return err
		}
		if err := g.join(m); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) join(m directory.Member) error {
	user, err := g.allowed.User(m.UserID)
	if err == nil {
		g.users, g.emails = append(g.users, user), append(g.emails, m.Email)
	}
	return err
}

// place decides which zone's date is today: that of the organization, else of the
// setting, else UTC.
func (g *group) place(timezone string) {
	g.local, g.now = time.UTC, g.deps.Now()
	if g.deps.Zone != nil {
		g.local = g.deps.Zone
	}
	if zone, ok := tool.ZoneNamed(timezone); ok {
		g.local = zone
	}
	g.today = civil.DateOf(g.now.In(g.local))
}

// name returns what a summary calls the group.
func (g *group) name() string {
	if g.store == nil {
		return "The group"
	}
	return "The members of " + tool.Shown(g.organization.Name)
}
