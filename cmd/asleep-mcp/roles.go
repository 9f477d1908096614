package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/tenants"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// listed are the parts of a text that are separated by commas.
func listed(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return parts
}

func (m *mistakes) readToolsets(text string) []string {
	names := listed(text)
	for _, name := range names {
		if !slices.Contains(tools.Toolsets, name) {
			m.add("--toolsets (ASLEEP_MCP_TOOLSETS)", "%q is none of %s", name, strings.Join(tools.Toolsets, ", "))
		}
	}
	if len(names) == 0 {
		return tools.DefaultToolsets
	}
	return names
}

// readDatabase does not open the database; that is done when it is needed.
func (m *mistakes) readDatabase(dsn string) string {
	if wrong, ok := errors.AsType[*tenants.Invalid](tenants.Check(dsn)); ok && dsn != "" {
		m.add("--database-url (ASLEEP_MCP_DATABASE_URL)", "it %s", wrong.Problem)
	}
	return dsn
}

// readRole reads who is asking, and the organizations of those who have some.
func (m *mistakes) readRole(name, userID, text string) (access.Role, []string) {
	role := cmp.Or(access.Role(name), access.RoleOperator)
	organizations := listed(text)
	if slices.ContainsFunc(organizations, func(id string) bool { return tenants.CheckOrganizationID(id) != nil }) {
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
		m.add("--role (ASLEEP_MCP_ROLE)", "%q is none of operator, coach, analyst and user", role)
	}
	return role, organizations
}
