package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write into the pages what the program says of itself")

const docsFolder = "../../docs/"

// Every text of a failure, and every setting that can be wrong, is found in
// docs/troubleshooting.md.
func TestDocsKnowEveryMessage(t *testing.T) {
	t.Parallel()
	text := textOf(t, docsFolder+"troubleshooting.md")
	failures := failureTexts(t, "../../tools/failure.go", "../../tools/directory.go")
	assert.GreaterOrEqual(t, len(failures), 20)
	for _, failure := range failures {
		if !strings.Contains(text, "| "+firstWords(failure)) { // assert.Contains would print the whole text
			t.Errorf("%q is not found", failure)
		}
	}
	names := wrongSettings(t)
	assert.GreaterOrEqual(t, len(names), 20)
	for _, name := range names {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("%s is not found", name)
		}
	}
}

// firstWords are those somebody would search for: the first five, in one
// sentence.
func firstWords(text string) string {
	words := strings.Fields(regexp.MustCompile(`^[^.;]*`).FindString(text))
	return strings.Join(words[:min(5, len(words))], " ")
}

// failureTexts are the texts that the files give to failures: what stands behind
// Text, in the table of upstream texts, and in calls of mistake that ask for no
// arguments back.
func failureTexts(t *testing.T, files ...string) (texts []string) {
	t.Helper()
	add := func(e ast.Expr) {
		for {
			sum, isSum := e.(*ast.BinaryExpr)
			if !isSum {
				break
			}
			e = sum.X
		}
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			texts = append(texts, text)
		}
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				of, isCode := n.Key.(*ast.SelectorExpr)
				name, isName := n.Key.(*ast.Ident)
				if isName && name.Name == "Text" || isCode && of.X.(*ast.Ident).Name == "asleep" {
					add(n.Value)
				}
			case *ast.AssignStmt:
				if of, ok := n.Lhs[0].(*ast.SelectorExpr); ok && of.Sel.Name == "Text" {
					add(n.Rhs[0])
				}
			case *ast.CallExpr:
				if of, ok := n.Fun.(*ast.Ident); ok && of.Name == "mistake" && len(n.Args) == 1 {
					add(n.Args[0])
				}
			}
			return true
		})
	}
	return texts
}

// wrongSettings are the flags and variables of everything that the program calls
// a wrong setting.
func wrongSettings(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`m\.add\("([^"]+)"`).FindAllStringSubmatch(textOf(t, file), -1) {
			names = append(names, regexp.MustCompile(`--[a-z-]+|[A-Z_]{6,}`).FindAllString(m[1], -1)...)
		}
	}
	return names
}
