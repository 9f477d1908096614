package tools

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const metricsPage = "../docs/metrics.md"

// TestEveryNumberIsExplained: what an answer can hold, every field and every code
// word, stands in the page about numbers.
func TestEveryNumberIsExplained(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(metricsPage)
	require.NoError(t, err)
	page := string(b)
	for word, where := range wordsOfAnswers(t) {
		assert.Contains(t, page, "`"+word+"`", "%s of %s is not explained in docs/metrics.md", word, where)
	}
}

// wordsOfAnswers are the names of fields and the code words of all answers, each
// with a place where it stands.
func wordsOfAnswers(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	managing := map[string]bool{}
	for _, one := range All() {
		if one.Toolset == tool.ToolsetManage {
			managing["manage/"+one.Name+".go"] = true // its answers hold no numbers of sleep
			continue
		}
		var schema any
		require.NoError(t, json.Unmarshal(one.Output, &schema))
		addFields(words, one.Name, schema)
	}
	for _, m := range analytics.Metrics() {
		words[m.Name] = "changes"
	}
	for _, file := range sources(t, "../analytics/*.go") {
		addConstants(t, words, file)
	}
	for _, file := range sources(t, "*/*.go") {
		if !managing[file] {
			addConstants(t, words, file)
			addCodes(t, words, file)
		}
	}
	for _, reason := range []string{"not_tracked", "not_analysed", "no_nights"} {
		words[reason] = "missing"
	}
	return words
}

// addFields adds the members and the enumerated values of a schema. The names in a
// map, and user ids, are no fields.
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

func sources(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

// addConstants adds the reasons, verdicts and directions that a file declares.
func addConstants(t *testing.T, words map[string]string, file string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !slices.Contains([]string{"Reason", "Verdict", "Direction"}, typeName(spec.Type)) {
			return true
		}
		for _, value := range spec.Values {
			if text, ok := textOf(value); ok {
				words[text] = file
			}
		}
		return true
	})
}

// typeName is the name of a type, of this package or of another.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// addCodes adds the codes of warnings and the reasons that are written where they
// are given: the first argument of warn and of lacks.
func addCodes(t *testing.T, words map[string]string, file string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	ast.Inspect(tree, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || len(c.Args) == 0 {
			return true
		}
		if f, ok := c.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "Warn" || f.Sel.Name == "Lacks") {
			for _, argument := range c.Args[:2] {
				if text, ok := textOf(argument); ok && !strings.Contains(text, " ") {
					words[text] = file
					break
				}
			}
		}
		return true
	})
}

func textOf(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
