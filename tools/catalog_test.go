package tools

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

var accessNames = map[Access]string{Reads: "reads", Writes: "writes", Deletes: "deletes"}

// definition is everything a tool says of itself, as its golden holds it.
func definition(t *testing.T, tool Tool) []byte {
	t.Helper()
	b, err := json.Marshal(struct {
		Name         string          `json:"name"`
		Title        string          `json:"title"`
		Description  string          `json:"description"`
		Toolset      string          `json:"toolset"`
		Access       string          `json:"access"`
		InputSchema  json.RawMessage `json:"inputSchema"`
		OutputSchema json.RawMessage `json:"outputSchema"`
	}{tool.Name, tool.Title, tool.Description, tool.Toolset, accessNames[tool.Access], tool.Input, tool.Output})
	require.NoError(t, err)
	return b
}

func TestDefinitions(t *testing.T) {
	var files []string
	for _, tool := range All() {
		files = append(files, tool.Name+".json")
		compareGolden(t, filepath.Join("testdata", "tools", tool.Name+".json"), definition(t, tool))
	}
	noOrphans(t, filepath.Join("testdata", "tools"), files)
}

// compareGolden holds compact JSON against a golden, which is indented so that a
// change can be reviewed line by line.
func compareGolden(t *testing.T, file string, document []byte) {
	t.Helper()
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, document, "", "  "))
	indented.WriteByte('\n')
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, indented.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "no golden; go test ./tools -update writes it")
	assert.Equal(t, string(want), indented.String(), "%s; if the change is meant: go test ./tools -update", file)
}

// noOrphans fails on goldens of what no longer exists.
func noOrphans(t *testing.T, folder string, wanted []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		assert.Contains(t, wanted, e.Name(), "golden of something that is gone")
	}
}

func TestEveryDeclaredToolIsListed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	declared := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for name := range definedIn(tree) {
			declared[name] = true
			assert.Equal(t, name+".go", file, "a tool is one file, named after it")
		}
	}
	listed := map[string]bool{}
	for _, tool := range All() {
		listed[tool.Name] = true
	}
	assert.Equal(t, slices.Sorted(maps.Keys(declared)), slices.Sorted(maps.Keys(listed)))
}

// definedIn finds calls of define in a file and the name each gives.
func definedIn(tree *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || len(c.Args) == 0 {
			return true
		}
		if f, ok := c.Fun.(*ast.Ident); !ok || f.Name != "define" {
			return true
		}
		for _, e := range c.Args[0].(*ast.CompositeLit).Elts {
			field := e.(*ast.KeyValueExpr)
			if field.Key.(*ast.Ident).Name == "Name" {
				names[strings.Trim(field.Value.(*ast.BasicLit).Value, `"`)] = true
			}
		}
		return true
	})
	return names
}

var (
	snakeCase = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)
	sentence  = regexp.MustCompile(`^[A-Z].*?\.( |$)`)
)

// firstSentence is what a description says before the first full stop.
func firstSentence(description string) string {
	return strings.TrimSpace(sentence.FindString(description))
}

func TestNamesAndDescriptions(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tool := range All() {
		assert.Regexp(t, snakeCase, tool.Name)
		assert.LessOrEqual(t, len(tool.Name), 64)
		assert.False(t, seen[tool.Name], "%s is there twice", tool.Name)
		seen[tool.Name] = true
		assert.NotEmpty(t, tool.Title)
		assert.Contains(t, accessNames, tool.Access)

		length := utf8.RuneCountInString(tool.Description)
		assert.True(t, length >= 60 && length <= 600, "%s: a description of %d characters", tool.Name, length)
		first := firstSentence(tool.Description)
		assert.GreaterOrEqual(t, len(first), 30, "%s: the first sentence says what it answers", tool.Name)
		assert.True(t, slices.ContainsFunc(All(), func(sibling Tool) bool {
			return sibling.Name != tool.Name && strings.Contains(tool.Description, sibling.Name)
		}), "%s: which tool instead?", tool.Name)
		for _, word := range regexp.MustCompile(`[a-z]+_[a-z_]+`).FindAllString(tool.Description, -1) {
			assert.True(t, isKnownWord(word), "%s: speaks of %s, which does not exist", tool.Name, word)
		}
	}
}

// isKnownWord says whether a word of a description is a tool, an argument or a
// field of an answer.
func isKnownWord(word string) bool {
	for _, tool := range All() {
		if word == tool.Name || bytes.Contains(tool.Input, []byte(`"`+word+`"`)) || bytes.Contains(tool.Output, []byte(`"`+word+`"`)) {
			return true
		}
	}
	return false
}

// A tag cannot name a list: that of the arguments is the client's.
func TestGendersAreThoseOfTheService(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, tool := range All() {
		var schema struct {
			Properties struct{ Gender *struct{ Enum []string } }
		}
		require.NoError(t, json.Unmarshal(tool.Input, &schema))
		if gender := schema.Properties.Gender; gender != nil {
			asked++
			assert.Equal(t, asleep.Genders, gender.Enum, tool.Name)
		}
	}
	assert.Equal(t, 2, asked)
}

func TestSchemas(t *testing.T) {
	t.Parallel()
	for _, tool := range All() {
		for kind, raw := range map[string]json.RawMessage{"input": tool.Input, "output": tool.Output} {
			schemaOf(t, raw)
			root, ok := decoded(t, raw).(map[string]any)
			require.True(t, ok)
			assert.Equal(t, "object", root["type"])
			for _, word := range []string{"anyOf", "oneOf", "allOf"} {
				assert.NotContains(t, root, word, "%s %s", tool.Name, kind)
			}
			for _, word := range []string{`"$schema"`, `"$ref"`, `"$defs"`, `"$id"`} {
				assert.NotContains(t, string(raw), word, "%s %s", tool.Name, kind)
			}
			checkNode(t, tool.Name+" "+kind, root, kind == "input")
		}
		root, _ := decoded(t, tool.Input).(map[string]any)
		properties, _ := root["properties"].(map[string]any)
		require.NotEmpty(t, properties)
		for name, p := range properties {
			assert.NotEmpty(t, p.(map[string]any)["description"], "%s: argument %s", tool.Name, name)
		}
	}
}

// checkNode walks a schema: every part says its type; objects of arguments are
// closed, those of answers open for fields that come later.
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

// bytesPerToken is what a token of a definition comes to in models.
const bytesPerToken = 3.9

func TestTokenBudget(t *testing.T) {
	t.Parallel()
	annotations := map[string]bool{"readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false}
	whole := 0.0
	for _, tool := range All() {
		shown, err := json.Marshal(map[string]any{
			"name": tool.Name, "title": tool.Title, "description": tool.Description, "inputSchema": tool.Input, "annotations": annotations,
		})
		require.NoError(t, err)
		tokens := float64(len(shown)) / bytesPerToken
		if slices.Contains(DefaultToolsets, tool.Toolset) {
			whole += tokens
		}
		assert.LessOrEqual(t, tokens, 350.0, tool.Name)
		assert.LessOrEqual(t, len(tool.Output), 3500, "%s: output schema", tool.Name)
	}
	assert.LessOrEqual(t, whole, 3000.0)
}
