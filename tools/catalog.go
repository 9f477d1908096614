package tools

import (
	"embed"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/cohort"
	"github.com/asleep-mcp/asleep-mcp/tools/manage"
	"github.com/asleep-mcp/asleep-mcp/tools/person"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// definitions holds a file a tool, which TestDefinitions writes.
//
//go:embed definitions/*.json
var definitions embed.FS

// All lists the tools, in the order they are shown to people.
func All() []tool.Tool {
	all := declared()
	for i, one := range all {
		all[i] = one.Defined(definitions)
	}
	return all
}

// declared lists the tools as their Go types define them.
func declared() []tool.Tool {
	return []tool.Tool{
		person.ListSessions,
		person.GetSession,
		person.AverageStats,
		person.SleepScore,
		person.WeeklyReport,
		person.MonthlyTrends,
		person.ComparePeriods,
		person.FindNights,
		person.CompareNights,
		person.TagNights,
		person.RemoveTags,
		person.SleepTrial,
		cohort.CohortAnalysis,
		cohort.OrganizationStatistics,
		manage.SignUp,
		manage.ListOrganizations,
		manage.CreateOrganization,
		manage.SetCadence,
		manage.AddUserToOrganization,
		manage.RemoveUserFromOrganization,
		manage.GetUser,
		manage.CreateUser,
		manage.DeleteUser,
		manage.DeleteSession,
	}
}

// Enabled returns the tools that belong to one of the toolsets and that p may use at all.
func Enabled(toolsets []string, p access.Principal) []tool.Tool {
	return slices.DeleteFunc(All(), func(t tool.Tool) bool {
		return !slices.Contains(toolsets, t.Toolset) || !p.May(t.Scope())
	})
}
