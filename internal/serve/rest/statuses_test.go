package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Whatever a tool, the directory or Asleep may say has a status that was chosen for it.
func TestEveryFailureHasItsStatus(t *testing.T) {
	t.Parallel()
	var failure error
	fails := tool.Define[struct{}, struct{}](tool.Spec{Name: "fails", Title: "Fails", Description: "For tests.", Toolset: "test", Access: tool.Reads}, nil)
	fails.Run = func(context.Context, *tool.Deps, json.RawMessage) (tool.Answer, error) { return tool.Answer{}, failure }
	b := newBackend(t, func(o *rest.Options) {
		o.Tools = []tool.Tool{fails}
	})
	b.described = document{} // no tool that only reads fails in all these ways
	for _, kind := range directory.AllKinds() {
		failure = &directory.Unavailable{Kind: kind}
		isProblem(t, b.get(t, "operator", "/api/reports/fails"), http.StatusServiceUnavailable, string(kind))
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
	for _, code := range asleep.AllCodes() {
		check(map[string]int{
			"bad_id": 400, "invalid": 400, "forbidden": 403, "not_found": 404,
			"bad_key": 502, "plan_expired": 502, "quota": 502, "bad_response": 502,
			"rate_limited": 503, "unavailable": 503,
		}, string(code), &asleep.Error{Code: code})
	}
	for _, code := range tool.AllCodes() {
		check(map[string]int{
			"invalid_argument": 400, "forbidden": 403, "not_found": 404, "not_confirmed": 409, "exists": 409, "pending": 409, "not_added": 409,
			"internal": 500, "panic": 500, "orphaned": 502, "unfinished": 502, "outcome_unknown": 502,
			"no_key": 503, "no_directory": 503, "no_diary": 503, "database_setting": 503, "cancelled": 503, "timeout": 504,
		}, string(code), &tool.Failure{Code: code, Text: "It failed."})
	}
}
