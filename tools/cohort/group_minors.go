package cohort

import (
	"context"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// withoutMinors takes the score, which is for adults, from the readings of the first people who
// may be minors by what any organization was told.
func (g *group) withoutMinors(ctx context.Context, readings []reading) {
	years := g.deps.BirthYears(ctx, idsOf(g.users[:len(readings)])...)
	for i, r := range readings {
		minor := slices.ContainsFunc(years[r.user.ID()], func(year int) bool {
			return analytics.Recommended(tool.Age(g.today, year, nil, nil)).Minor
		})
		if minor && r.reason == "" {
			none := analytics.Estimate{Missing: analytics.Minor}
			readings[i].now.Score, readings[i].before.Score = none, none
		}
	}
}
