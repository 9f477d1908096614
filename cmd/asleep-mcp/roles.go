package main

import (
	"cmp"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// readRole reads the role of the caller, and the organizations that go with it.
func (m *mistakes) readRole(name, userID, text string) (access.Role, []string) {
	role := cmp.Or(access.Role(name), access.RoleOperator)
	organizations := listed(text)
	if slices.ContainsFunc(organizations, func(id string) bool { return directory.CheckOrganizationID(id) != nil }) {
		m.add("--organizations (ASLEEP_MCP_ORGANIZATIONS)", "the id of an organization has 1 to 63 lower-case letters, digits and hyphens, as list_organizations shows it")
	}
	switch role {
	case access.RoleCoach, access.RoleAnalyst:
		if len(organizations) == 0 {
			m.add("--organizations (ASLEEP_MCP_ORGANIZATIONS)", "the role %s needs at least one", role)
		}
	case access.RoleOperator, access.RoleUser:
		if len(organizations) > 0 {
			m.add("--organizations (ASLEEP_MCP_ORGANIZATIONS)", "they are for the roles coach and analyst only")
		}
		if role == access.RoleUser && userID == "" {
			m.add("--user-id (ASLEEP_USER_ID)", "the role user needs it")
		}
	default:
		m.add("--role (ASLEEP_MCP_ROLE)", "%q is not one of operator, coach, analyst and user", role)
	}
	return role, organizations
}

// principal returns who is asking where callers are not authenticated.
func (c config) principal(memberOf access.Directory) access.Principal {
	return access.New(c.role, c.ownUser(), memberOf, c.ofOrgs...).Named(string(c.role))
}

// asked returns the broadest caller there can be: anybody if callers are authenticated,
// else the one principal.
func (c config) asked(d *lazyDirectory) access.Principal {
	if c.service.gated() {
		return access.Operator("")
	}
	return c.principal(d.memberOf)
}

// ownUser returns whose nights are meant where nobody is named, "" if that is not known.
func (c config) ownUser() string {
	if c.userID == "" && c.key == "" {
		return importedUser
	}
	return c.userID
}
