package tools

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
)

// saidOf are the numbers that both the guide for conversations and the page about
// numbers tell, by the constant of analytics; # stands for the number, in figures
// or in words.
var saidOf = map[string]struct{ guide, page string }{
	"efficiencyWeight":  {"Score**: # efficiency + ", "`overall_score` = # `efficiency_score`"},
	"consistencyWeight": {" efficiency + # consistency + ", " + # `consistency_score`"},
	"durationWeight":    {" consistency + # duration, ", " + # `duration_score`"},
	"leastOverall":      {"from # nights on. The weights", "It needs # nights, efficiency and duration"},
	"comparedDays":      {"needs # comparable days", "| # days that can be compared with the day before |"},
	"leastSpread":       {"from # nights on. A week's spread", "of the shorter way from their mean; # nights |"},
	"significant":       {"needs p < #", "`p_value` < #"},
	"relevantMinutes":   {"(# minutes of sleep or of clock time", "`sleep_onset`, `wake_time` | # min |"},
	"relevantWake":      {", # minutes awake,", "`latency_minutes` | # min |"},
	"relevantPercent":   {" # points of efficiency) and", "| `efficiency_percent` | # points |"},
	"shortfallDays":     {"over # days, what", "tracked nights of # days"},
	"LeastPersonNights": {"A person counts from # nights on", "among them have # nights or more"},
}

// The guide and the page say the numbers that are computed with.
func TestTextsSayTheNumbers(t *testing.T) {
	t.Parallel()
	guide, page := flowing(t, "../prompts/guide.md"), flowing(t, metricsPage)
	constants := constantsOf(t, "../analytics/*.go")
	for name, said := range saidOf {
		number, found := constants[name]
		if assert.True(t, found, "analytics has no %s", name) {
			assert.True(t, says(guide, said.guide, number), "prompts/guide.md does not say %q with %s (%s)", said.guide, number, name)
			assert.True(t, says(page, said.page, number), "docs/metrics.md does not say %q with %s (%s)", said.page, number, name)
		}
	}
	rule := disclosure.RuleFor(false)
	for _, c := range []struct {
		number      int
		guide, page string
	}{
		{rule.People, "told nothing of fewer than # people", "is told nothing of fewer than # people"},
		{rule.Quartiles, "no quartiles of fewer than #.", "no quartiles below #"},
		{3, "A week's mean needs # nights", "with the warning `few_nights` below # nights of a week"},
		{5, "a month's #;", "nights of a week and # of more"},
	} {
		assert.True(t, says(guide, c.guide, strconv.Itoa(c.number)), "prompts/guide.md does not say %q with %d", c.guide, c.number)
		assert.True(t, says(page, c.page, strconv.Itoa(c.number)), "docs/metrics.md does not say %q with %d", c.page, c.number)
	}
}

// flowing is a text without its line breaks.
func flowing(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.Join(strings.Fields(string(text)), " ")
}

// says looks for a phrase with its number.
func says(text, phrase, number string) bool {
	words := map[string]string{"3": "three", "5": "five", "7": "seven", "10": "ten"}
	for _, written := range []string{number, words[number]} {
		if written != "" && strings.Contains(text, strings.Replace(phrase, "#", written, 1)) {
			return true
		}
	}
	return false
}

// constantsOf are the constants of some files that are one number.
func constantsOf(t *testing.T, pattern string) map[string]string {
	t.Helper()
	constants := map[string]string{}
	for _, file := range sources(t, pattern) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, name := range spec.Names {
				if literal, ok := spec.Values[i].(*ast.BasicLit); ok {
					constants[name.Name] = literal.Value
				}
			}
			return true
		})
	}
	return constants
}
