package tools

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// BenchmarkAnswer measures a tool's answer about one person, computed each time from
// nights that are in memory.
func BenchmarkAnswer(b *testing.B) {
	w := tooltest.Demo(b, tooltest.Morning)
	for _, c := range []struct{ name, tool, arguments string }{
		{"list_sessions", "list_sessions", `{}`},
		{"get_session", "get_session", `{}`},
		{"average_stats", "average_stats", `{}`},
		{"sleep_score", "sleep_score", `{}`},
		{"weekly_report", "weekly_report", `{}`},
		{"compare_periods", "compare_periods", `{"first_from":"2026-09-01","first_to":"2026-09-30","second_from":"2026-10-01","second_to":"2026-10-31"}`},
		{"monthly_trends", "monthly_trends", `{}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			one, arguments := tooltest.ToolNamed(b, c.tool), json.RawMessage(c.arguments)
			b.ReportAllocs()
			for b.Loop() {
				_, err := one.Call(w.Ctx, w.Deps, arguments)
				require.NoError(b, err)
			}
		})
	}
}
