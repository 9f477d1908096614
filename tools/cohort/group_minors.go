package cohort

import (
	"context"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// withoutMinors takes the score, which is for adults, out of the rows of members who may be
// minors by what an organization was told. field is where rows have it.
func (g *group) withoutMinors(ctx context.Context, h *GroupHead, rows []reading, field string) {
	years := g.deps.BirthYears(ctx, idsOf(g.users[:len(rows)])...)
	for i, r := range rows {
		minor := slices.ContainsFunc(years[r.user.ID()], func(year int) bool {
			return analytics.Recommended(tool.Age(g.today, year, nil, nil)).Minor
		})
		if minor && r.now.Score.Value != nil {
			rows[i].now.Score = analytics.Estimate{Missing: analytics.Minor}
			tool.Lacks(&h.Caveats, analytics.Minor, field)
		}
	}
}
