package cohort

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// counted is what there is to count in a small world.
type smallWorld struct{ eligible, noNights, fewNights, notFound, timeout, short int }

// people returns all the counts that must not be found to be one to ten.
func (c smallWorld) people() map[string]int {
	excluded, lost := c.noNights+c.fewNights, c.notFound+c.timeout
	return map[string]int{
		"without a night": c.noNights, "with few": c.fewNights, "not found": c.notFound, "too late": c.timeout,
		"excluded": excluded, "not read": lost, "not behind the figures": excluded + lost,
		"short of sleep": c.short, "not short": c.eligible - c.short,
	}
}

// told is the answer about such a world, without its averages.
func (c smallWorld) told(t *testing.T, rule disclosure.Rule) string {
	t.Helper()
	counts := func(of ...tool.Exclusion) (list []tool.Exclusion) {
		for _, n := range of {
			if n.Count > 0 {
				list = append(list, n)
			}
		}
		return list
	}
	size, sessions, share := c.eligible+c.noNights+c.fewNights, 0, tool.Rounded(100*float64(c.short)/float64(c.eligible), 0)
	h := GroupHead{}
	out := Cohort{
		Size: &size, Eligible: &c.eligible, TotalSessions: &sessions, ShortOfSleep: &share, Quartiles: &quartiles{},
		Excluded: counts(tool.Exclusion{Reason: "no_nights", Count: c.noNights}, tool.Exclusion{Reason: "few_nights", Count: c.fewNights}),
		Failures: counts(tool.Exclusion{Reason: "not_found", Count: c.notFound}, tool.Exclusion{Reason: "timeout", Count: c.timeout}),
	}
	out.suppressFigures(&h, analytics.Cohort{People: c.eligible, ShortOfSleep: c.short}, rule)
	answer := map[string]any{"missing": h.Missing, "cohort": out}
	if out.Eligible != nil {
		answer["user_count"] = size + c.notFound + c.timeout
	}
	b, err := json.Marshal(answer)
	require.NoError(t, err)
	return string(b)
}

// TestNoCountIsFound looks at all small worlds. Somebody who knows an answer knows which
// worlds give it: in none of those classes may every world have one to ten of anything.
func TestNoCountIsFound(t *testing.T) {
	t.Parallel()
	rule := disclosure.RuleFor(false)
	classes := map[string]map[string]bool{} // for each answer, the counts that may be zero or large
	counts := []int{0, 1, 2, 10, 11, 12}
	for _, eligible := range []int{11, 12, 13, 19, 20, 21, 22, 23, 24, 33} {
		for _, short := range []int{0, 1, 10, 11, eligible - 11, eligible - 1, eligible} {
			for _, noNights := range counts {
				for _, fewNights := range counts {
					for _, notFound := range counts {
						for _, timeout := range counts {
							c := smallWorld{eligible, noNights, fewNights, notFound, timeout, max(short, 0)}
							if c.short > eligible {
								continue
							}
							answer := c.told(t, rule)
							if classes[answer] == nil {
								classes[answer] = map[string]bool{}
							}
							for of, n := range c.people() {
								classes[answer][of] = classes[answer][of] || !rule.Few(n)
							}
						}
					}
				}
			}
		}
	}
	for answer, safe := range classes {
		for of, is := range safe {
			assert.True(t, is, "how many are %s is found to be one to ten from %s", of, answer)
		}
	}
	assert.Greater(t, len(classes), 100)
}
