package tools

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
	}
}
