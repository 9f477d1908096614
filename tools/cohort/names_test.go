package cohort

import (
	"github.com/asleep-mcp/asleep-mcp/tools/manage"
	"github.com/asleep-mcp/asleep-mcp/tools/person"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

func init() {
	tooltest.Use(CohortAnalysis, OrganizationStatistics, person.SleepScore, person.AverageStats,
		manage.AddUserToOrganization, manage.RemoveUserFromOrganization, manage.DeleteUser)
}
