package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/tenants"
	"github.com/asleep-mcp/asleep-mcp/tools"
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

// Whatever the directory or Asleep may say has a status of its own: 500 is for
// faults of this program.
func TestEveryFailureHasItsStatus(t *testing.T) {
	t.Parallel()
	var failure error
	object := json.RawMessage(`{"type":"object"}`)
	b := newBackend(t, func(o *rest.Options) {
		o.Tools = []tools.Tool{{
			Spec:  tools.Spec{Name: "fails", Title: "Fails", Description: "For tests.", Access: tools.Reads},
			Input: object, Output: object,
			Run: func(context.Context, *tools.Deps, json.RawMessage) (json.RawMessage, error) { return nil, failure },
		}}
	})
	for _, kind := range constants(t, "../../tenants/errors.go", "Kind") {
		failure = &tenants.Unavailable{Kind: tenants.Kind(kind)}
		isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusServiceUnavailable, kind)
	}
	failure = &tenants.Invalid{Field: "database", Problem: "must be another one"}
	isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusServiceUnavailable, "the setting")

	failure = errors.New("a fault")
	isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusInternalServerError, "what nobody thought of")

	statuses := map[asleep.Code]int{
		asleep.BadID: 400, asleep.Invalid: 400, asleep.Forbidden: 403, asleep.NotFound: 404,
		asleep.BadKey: 502, asleep.PlanExpired: 502, asleep.Quota: 502, asleep.BadResponse: 502,
		asleep.RateLimited: 503, asleep.Unavailable: 503,
	}
	for _, code := range constants(t, "../../asleep/errors.go", "Code") {
		want, known := statuses[asleep.Code(code)]
		if assert.True(t, known, "say which status %s has", code) {
			failure = &asleep.Error{Code: asleep.Code(code)}
			isProblem(t, b.get(t, "operator", "/api/reports/fails"), want, code)
		}
	}
}
