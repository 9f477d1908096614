package person

import "github.com/asleep-mcp/asleep-mcp/tools/tooltest"

func init() {
	tooltest.Use(ListSessions, GetSession, AverageStats, SleepScore, WeeklyReport, MonthlyTrends, ComparePeriods, FindNights, CompareNights, TagNights, RemoveTags, SleepTrial)
}
