package cohort

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// alike returns n people who sleep alike, with ids of their own.
func alike(name string, n, nights, asleep int) (people []sandbox.Person, ids []string) {
	for i, id := range tooltest.MemberIDs(0, n) {
		ids = append(ids, id+name)
		people = append(people, tooltest.SleepsFor(ids[i], nights, asleep, 500))
	}
	return people, ids
}

// TestTwoOrganizationsTellNoCountOfOthers has a team and a company of that team and
// others: subtracting the answers about both would count a few of the others.
func TestTwoOrganizationsTellNoCountOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		short, rested, few int // of the others
		share, counts      bool
	}{
		"many of each":          {11, 12, 0, true, true},
		"few are rested":        {20, 5, 0, false, true},
		"few are short":         {5, 20, 0, false, true},
		"nobody is rested":      {20, 0, 0, false, true},
		"nobody is short":       {0, 20, 0, false, true},
		"few have few nights":   {11, 12, 4, false, false},
		"eleven have few":       {11, 12, 11, true, true},
		"only few nights, many": {0, 0, 12, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var people []sandbox.Person
			var team, all []string
			add := func(sort string, n, nights, asleep int) {
				more, ids := alike(sort, n, nights, asleep)
				people, all = append(people, more...), append(all, ids...)
			}
			add("ts", 13, 8, 380)
			add("tr", 14, 8, 450)
			add("tf", 12, 4, 450)
			team = all
			add("s", c.short, 8, 380)
			add("r", c.rested, 8, 450)
			add("f", c.few, 4, 450)
			company := tooltest.NewCompany(t, "", people...)
			company.Found(t, "team", team...)
			company.Found(t, "all", all...)
			analyst := company.As(tooltest.AnalystOf("team", "all"))
			first := askQuietly(t, analyst, "cohort_analysis", `{"organization":"team","days":7}`)
			require.NotNil(t, first.Eligible)
			require.NotNil(t, first.ShortOfSleep)

			got := askQuietly(t, analyst, "cohort_analysis", `{"organization":"all","days":7}`)
			assert.False(t, got.Suppressed)
			assert.Equal(t, c.counts, got.Eligible != nil, "counts")
			assert.Equal(t, c.share, got.ShortOfSleep != nil, "share")
		})
	}
}
