package tools

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const metricsPage = "../docs/metrics.md"

var codeWord = regexp.MustCompile("`([^`\n]+)`")

// TestEveryNumberIsExplained: every field and every code word that an answer can hold is
// in the page about numbers. That there are no other code words is checked in every
// answer of every test, see tooltest.Call.
func TestEveryNumberIsExplained(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(metricsPage)
	require.NoError(t, err)
	page := map[string]bool{}
	for _, word := range codeWord.FindAllStringSubmatch(string(b), -1) {
		page[word[1]] = true
	}
	for word, where := range wordsOfAnswers(t) {
		assert.True(t, page[word], "%s of %s is not explained in docs/metrics.md", word, where)
	}
}

// wordsOfAnswers returns the names of fields and the code words of all answers, each with
// a place where it occurs.
func wordsOfAnswers(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	for _, one := range All() {
		if one.Toolset == tool.ToolsetManage {
			continue // its answers hold no numbers of sleep
		}
		var schema any
		require.NoError(t, json.Unmarshal(one.Output(), &schema))
		addFields(words, one.Name, schema)
	}
	for _, m := range analytics.Metrics() {
		words[m.Name] = "analytics.Metrics"
	}
	addWords(words, "analytics.Verdicts", analytics.Verdicts())
	addWords(words, "analytics.Directions", analytics.Directions())
	addWords(words, "analytics.InsightCodes", analytics.InsightCodes())
	addWords(words, "analytics.Reasons", analytics.Reasons())
	addWords(words, "tool.Reasons", tool.Reasons())
	addWords(words, "tool.WarningCodes", tool.WarningCodes())
	return words
}

func addWords[W ~string](words map[string]string, where string, list []W) {
	for _, word := range list {
		words[string(word)] = where
	}
}

// addFields adds the members and the enumerated values of a schema. Names in a map, and
// user ids, are not fields.
func addFields(words map[string]string, where string, node any) {
	schema, ok := node.(map[string]any)
	if !ok {
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, child := range properties {
		words[name] = where
		addFields(words, where, child)
	}
	values, _ := schema["enum"].([]any)
	for _, v := range values {
		words[v.(string)] = where
	}
	addFields(words, where, schema["items"])
	addFields(words, where, schema["additionalProperties"])
}
