package tools

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

var accessNames = map[tool.Access]string{tool.Reads: "reads", tool.Writes: "writes", tool.Deletes: "deletes"}

// definition returns everything a tool declares, as its golden holds it.
func definition(t *testing.T, one tool.Tool) []byte {
	t.Helper()
	b, err := json.Marshal(struct {
		Name         string          `json:"name"`
		Title        string          `json:"title"`
		Description  string          `json:"description"`
		Toolset      string          `json:"toolset"`
		Access       string          `json:"access"`
		InputSchema  json.RawMessage `json:"inputSchema"`
		OutputSchema json.RawMessage `json:"outputSchema"`
	}{one.Name, one.Title, one.Description, one.Toolset, accessNames[one.Access], one.Input(), one.Output()})
	require.NoError(t, err)
	return b
}

func TestDefinitions(t *testing.T) {
	var files []string
	for _, one := range declared() {
		files = append(files, one.Name+".json")
		tooltest.CompareGolden(t, filepath.Join("definitions", one.Name+".json"), definition(t, one))
	}
	tooltest.NoOrphans(t, "definitions", files)
}

// The tests of a family know the tools that its names_test.go lists, and no others.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	if *tooltest.Update {
		t.Skip("they are being written")
	}
	for _, one := range tooltest.AboutOnePerson() {
		assert.FileExists(t, filepath.Join("person", "testdata", "answers", one.Name+".json"),
			"add %s to tools/person/names_test.go and to demoAnswers in tools/person/answers_test.go, then make golden", one.Name)
	}
}

var (
	snakeCase = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)
	sentence  = regexp.MustCompile(`^[A-Z].*?\.( |$)`)
)

// firstSentence returns a description up to its first full stop.
func firstSentence(description string) string {
	return strings.TrimSpace(sentence.FindString(description))
}

func TestNamesAndDescriptions(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, one := range All() {
		assert.Regexp(t, snakeCase, one.Name)
		assert.LessOrEqual(t, len(one.Name), 64)
		assert.False(t, seen[one.Name], "%s is there twice", one.Name)
		seen[one.Name] = true
		assert.NotEmpty(t, one.Title)
		assert.Contains(t, accessNames, one.Access)

		length := utf8.RuneCountInString(one.Description)
		assert.True(t, length >= 60 && length <= 600, "%s: a description of %d characters", one.Name, length)
		first := firstSentence(one.Description)
		assert.GreaterOrEqual(t, len(first), 30, "%s: the first sentence says what it answers", one.Name)
		assert.True(t, slices.ContainsFunc(All(), func(sibling tool.Tool) bool {
			return sibling.Name != one.Name && strings.Contains(one.Description, sibling.Name)
		}), "%s: which tool instead?", one.Name)
		for _, word := range regexp.MustCompile(`[a-z]+_[a-z_]+`).FindAllString(one.Description, -1) {
			assert.True(t, isKnownWord(word), "%s: speaks of %s, which does not exist", one.Name, word)
		}
	}
}

// isKnownWord reports whether a word of a description is a tool, an argument or a
// field of an answer.
func isKnownWord(word string) bool {
	for _, one := range All() {
		if word == one.Name || bytes.Contains(one.Input(), []byte(`"`+word+`"`)) || bytes.Contains(one.Output(), []byte(`"`+word+`"`)) {
			return true
		}
	}
	return false
}

// A tag cannot refer to a variable, so the arguments' list is checked against the
// client's.
func TestGendersAreThoseOfTheService(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, one := range All() {
		var schema struct {
			Properties struct{ Gender *struct{ Enum []string } }
		}
		require.NoError(t, json.Unmarshal(one.Input(), &schema))
		if gender := schema.Properties.Gender; gender != nil {
			asked++
			assert.Equal(t, asleep.Genders, gender.Enum, one.Name)
		}
	}
	assert.Equal(t, 3, asked)
}

func TestSchemas(t *testing.T) {
	t.Parallel()
	for _, one := range All() {
		for kind, raw := range map[string]json.RawMessage{"input": one.Input(), "output": one.Output()} {
			tooltest.SchemaOf(t, raw)
			root, ok := tooltest.Decoded(t, raw).(map[string]any)
			require.True(t, ok)
			assert.Equal(t, "object", root["type"])
			for _, word := range []string{"anyOf", "oneOf", "allOf"} {
				assert.NotContains(t, root, word, "%s %s", one.Name, kind)
			}
			for _, word := range []string{`"$schema"`, `"$ref"`, `"$defs"`, `"$id"`} {
				assert.NotContains(t, string(raw), word, "%s %s", one.Name, kind)
			}
			checkNode(t, one.Name+" "+kind, root, kind == "input")
		}
		root, _ := tooltest.Decoded(t, one.Input()).(map[string]any)
		properties, _ := root["properties"].(map[string]any)
		require.NotEmpty(t, properties)
		for name, p := range properties {
			assert.NotEmpty(t, p.(map[string]any)["description"], "%s: argument %s", one.Name, name)
		}
	}
}

// checkNode walks a schema: every part has a type; objects of arguments are closed, those
// of answers open for later fields.
func checkNode(t *testing.T, where string, node map[string]any, closed bool) {
	t.Helper()
	assert.NotEmpty(t, node["type"], "%s: no type", where)
	if properties, ok := node["properties"].(map[string]any); ok {
		assert.Equal(t, closed, node["additionalProperties"] == false, "%s", where)
		for name, p := range properties {
			child, ok := p.(map[string]any)
			require.True(t, ok, "%s.%s is no schema but %v", where, name, p)
			checkNode(t, where+"."+name, child, closed)
		}
	}
	if node["type"] == "array" {
		items, ok := node["items"].(map[string]any)
		require.True(t, ok, "%s: items", where)
		checkNode(t, where+"[]", items, closed)
	}
}

// bytesPerToken is the average length of a token of a definition in models.
const bytesPerToken = 3.9

func TestTokenBudget(t *testing.T) {
	t.Parallel()
	annotations := map[string]bool{"readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false}
	whole := 0.0
	for _, one := range All() {
		shown, err := json.Marshal(map[string]any{
			"name": one.Name, "title": one.Title, "description": one.Description, "inputSchema": one.Input(), "annotations": annotations,
		})
		require.NoError(t, err)
		tokens := float64(len(shown)) / bytesPerToken
		if slices.Contains(tool.DefaultToolsets, one.Toolset) {
			whole += tokens
		}
		assert.LessOrEqual(t, tokens, 400.0, one.Name)
		assert.LessOrEqual(t, len(one.Output()), 4400, "%s: output schema", one.Name)
	}
	assert.LessOrEqual(t, whole, 3600.0)
}
