package serve_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func completeParams(prompt, argument, typed string) string {
	return `"ref":{"type":"ref/prompt","name":"` + prompt + `"},"argument":{"name":"` + argument + `","value":"` + typed + `"}`
}

// suggestions are the values of an answer to completion/complete.
func suggestions(t *testing.T, r reply) []any {
	t.Helper()
	completion, ok := r.result(t)["completion"].(map[string]any)
	require.True(t, ok)
	values, ok := completion["values"].([]any)
	require.True(t, ok, r.body)
	if total, ok := completion["total"].(float64); ok {
		assert.GreaterOrEqual(t, int(total), len(values))
		assert.Equal(t, int(total) > len(values), completion["hasMore"] == true)
	}
	return values
}

func TestCompletionsInBothEras(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, _ int) {
		complete := func(params string) []any {
			return suggestions(t, ask(t, url, "completion/complete", "", params))
		}
		assert.Equal(t, []any{"own-user"}, complete(completeParams("monthly_review", "user_id", "OWN")))
		assert.Equal(t, []any{"20261122221501_ownuser", "20261121221501_cd34e"}, complete(completeParams("explain_last_night", "session_id", "2026")))
		assert.Equal(t, []any{"20261122221501_somebody", "20261121221501_cd34e"},
			complete(completeParams("explain_last_night", "session_id", "")+`,"context":{"arguments":{"user_id":"somebody"}}`), "of whom was named")
		assert.Equal(t, []any{"2026-11", "2026-10"}, complete(completeParams("monthly_review", "month", "2026-1")))
		assert.Equal(t, []any{"Europe/Paris"}, complete(completeParams("monthly_review", "timezone", "PARI")))
		zones := complete(completeParams("monthly_review", "timezone", ""))
		assert.Len(t, zones, 100)
		assert.Equal(t, "Asia/Seoul", zones[0], "the zone that is set")
		for _, nothing := range []string{
			completeParams("nope", "user_id", ""),
			completeParams("monthly_review", "nope", ""),
			completeParams("cohort_briefing", "organization", ""),
			`"ref":{"type":"ref/resource","uri":"asleep://guide/metrics"},"argument":{"name":"user_id","value":""}`,
		} {
			assert.Empty(t, complete(nothing))
		}
	})
}

// Everybody is suggested the organizations they may ask about.
func TestOrganizationsAreSuggested(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	for who, want := range map[string][]any{
		"operator": {"north", "south"}, "coach": {"north"}, "analyst": {"north"}, "bare-coach": {"north"}, "anna": {},
	} {
		got := g.rpc(t, who, "completion/complete", completeParams("cohort_briefing", "organization", ""))
		assert.Equal(t, want, suggestions(t, got), who)
	}
	assert.Equal(t, []any{"south"}, suggestions(t, g.rpc(t, "operator", "completion/complete", completeParams("cohort_briefing", "organization", "S"))))
	require.NoError(t, g.store.Close())
	assert.Empty(t, suggestions(t, g.rpc(t, "operator", "completion/complete", completeParams("cohort_briefing", "organization", ""))))
}

// The running month is that of the zone that is set.
func TestMonthOfTheZone(t *testing.T) {
	t.Parallel()
	o := everything(access.Operator("own-user"))
	deps := &tool.Deps{
		Client: o.Deps.Client, Zone: o.Deps.Zone,
		Now: func() time.Time { return time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC) },
	}
	o.Deps = deps
	values := suggestions(t, legacyGet(t, newFull(t, o), "completion/complete", "", completeParams("monthly_review", "month", "")))
	require.Len(t, values, 12)
	assert.Equal(t, "2027-01", values[0])
	deps.Zone = nil
	values = suggestions(t, legacyGet(t, newFull(t, o), "completion/complete", "", completeParams("monthly_review", "month", "")))
	assert.Equal(t, "2026-12", values[0])
}

func TestCompletionsNeverFail(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]run{
		"error": func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
			return nil, assert.AnError
		},
		"panic": func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) { panic("412") },
		"words": func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{"sessions":"none"}`), nil
		},
	} {
		o := everything(access.Operator("own-user"))
		o.Deps = nil
		for i := range o.Tools {
			o.Tools[i].Run = testTool(o.Tools[i].Name, run).Run
		}
		assert.Empty(t, suggestions(t, legacyGet(t, newFull(t, o), "completion/complete", "", completeParams("explain_last_night", "session_id", ""))), name)
		assert.Empty(t, suggestions(t, legacyGet(t, newFull(t, o), "completion/complete", "", completeParams("monthly_review", "month", ""))), name)
	}
	o := everything(access.Operator("own-user"))
	o.Deps = &tool.Deps{Now: func() time.Time { panic("412") }}
	assert.Empty(t, suggestions(t, legacyGet(t, newFull(t, o), "completion/complete", "", completeParams("monthly_review", "month", ""))))
}
