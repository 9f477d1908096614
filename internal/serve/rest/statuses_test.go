package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// constants are the values of all texts of a type that a file declares.
func constants(t *testing.T, file, of string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	var values []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != of {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		require.True(t, ok)
		value, err := strconv.Unquote(literal.Value)
		require.NoError(t, err)
		values = append(values, value)
		return true
	})
	require.NotEmpty(t, values)
	return values
}

// Whatever a tool, the directory or Asleep may say has a status that was chosen for it.
func TestEveryFailureHasItsStatus(t *testing.T) {
	t.Parallel()
	var failure error
	object := json.RawMessage(`{"type":"object"}`)
	b := newBackend(t, func(o *rest.Options) {
		o.Tools = []tool.Tool{{
			Spec:  tool.Spec{Name: "fails", Title: "Fails", Description: "For tests.", Access: tool.Reads},
			Input: object, Output: object,
			Run: func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) { return nil, failure },
		}}
	})
	b.described = document{} // no tool that only reads fails in all these ways
	for _, kind := range constants(t, "../../directory/errors.go", "Kind") {
		failure = &directory.Unavailable{Kind: directory.Kind(kind)}
		isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusServiceUnavailable, kind)
	}
	failure = &directory.Invalid{Field: "database", Problem: "must be another one"}
	isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusServiceUnavailable, "the setting")

	failure = errors.New("a fault")
	isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusInternalServerError, "what nobody thought of")

	check := func(statuses map[string]int, code string, is error) {
		if want, known := statuses[code]; assert.True(t, known, "say which status %s has", code) {
			failure = is
			isProblem(t, b.get(t, "operator", "/api/reports/fails"), want, code)
		}
	}
	for _, code := range constants(t, "../../../asleep/errors.go", "Code") {
		check(map[string]int{
			"bad_id": 400, "invalid": 400, "forbidden": 403, "not_found": 404,
			"bad_key": 502, "plan_expired": 502, "quota": 502, "bad_response": 502,
			"rate_limited": 503, "unavailable": 503,
		}, code, &asleep.Error{Code: asleep.Code(code)})
	}
	for _, code := range constants(t, "../../../tools/code.go", "Code") {
		check(map[string]int{
			"invalid_argument": 400, "forbidden": 403, "not_found": 404, "exists": 409, "pending": 409, "not_added": 409,
			"internal": 500, "panic": 500, "orphaned": 502, "unfinished": 502, "outcome_unknown": 502,
			"no_key": 503, "no_directory": 503, "database_setting": 503, "cancelled": 503, "timeout": 504,
		}, code, &tool.Failure{Code: tool.Code(code), Text: "It failed."})
	}
}

var writtenOut = regexp.MustCompile(`Failure\{\s*Code:\s*"`)

// A code that is written out where a failure is made would miss the list above.
func TestNoCodeIsWrittenOut(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"../../../tools", "..", "."} {
		files, err := filepath.Glob(folder + "/*.go")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			if !strings.HasSuffix(file, "_test.go") {
				assert.False(t, writtenOut.Match(source), "use a constant of tools/code.go in %s", file)
			}
		}
	}
}
