package manage

import (
	"github.com/asleep-mcp/asleep-mcp/tools/cohort"
	"github.com/asleep-mcp/asleep-mcp/tools/person"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

func init() {
	tooltest.Use(SignUp, ListOrganizations, CreateOrganization, SetCadence, AddUserToOrganization, RemoveUserFromOrganization, GetUser, CreateUser, DeleteUser, DeleteSession,
		person.ListSessions, cohort.OrganizationStatistics, cohort.CohortAnalysis)
}
