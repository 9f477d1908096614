package tools

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// All lists the tools, in the order they are shown to people.
func All() []Tool {
	return []Tool{
		listSessions,
		getSession,
		averageStats,
		sleepScore,
		weeklyReport,
		monthlyTrends,
		comparePeriods,
		cohortAnalysis,
		organizationStatistics,
		listOrganizations,
		createOrganization,
		addUserToOrganization,
		removeUserFromOrganization,
		getUser,
		createUser,
		deleteUser,
		deleteSession,
	}
}

// Of is those of All that belong to one of the toolsets and that p may use at all.
func Of(toolsets []string, p access.Principal) []Tool {
	return slices.DeleteFunc(All(), func(t Tool) bool {
		return !slices.Contains(toolsets, t.Toolset) || !p.May(t.Scope())
	})
}
