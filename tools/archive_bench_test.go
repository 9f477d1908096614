package tools

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// BenchmarkKeptAnswer compares answers from an archive, of a program that has just started and
// of one that was asked before, with those of a program that has the nights in memory.
func BenchmarkKeptAnswer(b *testing.B) {
	live := tooltest.Demo(b, tooltest.Morning)
	alone := kept(b, live, live.Deps.Now, access.From(live.Ctx).Own())
	store, options := alone.Deps.Archive.Store(), alone.Deps.Archive.Options
	for _, name := range []string{"get_session", "weekly_report", "monthly_trends"} {
		one, arguments := tooltest.ToolNamed(b, name), json.RawMessage(`{}`)
		ask := func(b *testing.B, deps func() *tool.Deps) {
			b.Helper()
			b.ReportAllocs()
			for b.Loop() {
				_, err := one.Call(live.Ctx, deps(), arguments)
				require.NoError(b, err)
			}
		}
		b.Run(name+"/live", func(b *testing.B) { ask(b, func() *tool.Deps { return live.Deps }) })
		b.Run(name+"/kept", func(b *testing.B) { ask(b, func() *tool.Deps { return alone.Deps }) })
		b.Run(name+"/cold", func(b *testing.B) {
			ask(b, func() *tool.Deps {
				return &tool.Deps{Archive: archive.NewSource(store, options), Now: options.Now, DataSource: "demo"}
			})
		})
	}
}
