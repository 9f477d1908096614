package serve_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// contentText is the text of an answer to resources/read, and checks the rest.
func contentText(t *testing.T, r prompts.Resource, result map[string]any) string {
	t.Helper()
	contents, ok := result["contents"].([]any)
	require.True(t, ok)
	require.Len(t, contents, 1)
	content, ok := contents[0].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, r.URI, content["uri"])
	assert.Equal(t, r.MIMEType, content["mimeType"])
	text, ok := content["text"].(string)
	require.True(t, ok)
	return text
}

func TestResourcesInBothEras(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int) {
		for _, r := range prompts.Resources() {
			result := ask(t, url, "resources/read", r.URI, `"uri":"`+r.URI+`"`).result(t)
			text := contentText(t, r, result)
			if r.Tool == "" {
				assert.Equal(t, r.Text, text)
			} else {
				assert.Contains(t, text, `{"user_id":"own-user",`+night)
				assert.True(t, json.Valid([]byte(text)))
			}
			if refused == 400 {
				assert.InDelta(t, 0, result["ttlMs"], 0)
				assert.Equal(t, "private", result["cacheScope"])
			}
		}
		got := ask(t, url, "resources/read", "asleep://user/other", `"uri":"asleep://user/other"`)
		code, text := got.failure(t)
		assert.Equal(t, map[int]int{200: -32002, 400: -32602}[refused], code)
		assert.Equal(t, refused, got.status)
		assert.Equal(t, `There is no resource "asleep://user/other". Known: asleep://guide/metrics, asleep://me/last-night, asleep://me/weekly-report, `+
			`skill://doctor-visit-preparation/SKILL.md, skill://doctor-visit-preparation/references/page.md, skill://fair-sleep-experiment/SKILL.md, `+
			`skill://last-night-explained/SKILL.md, skill://weekly-sleep-coaching/SKILL.md. `+
			`Nights of other users or dates are read with tools.`, text)
	})
}

func TestResourceFailures(t *testing.T) {
	t.Parallel()
	read := func(who access.Principal, last tool.Tool) string {
		o := everything(who)
		o.Tools, o.CallTime = []tool.Tool{last}, 20*time.Millisecond
		code, text := legacyGet(t, newHTTP(t, newWhole(t, o)), "resources/read", "", `"uri":"asleep://me/last-night"`).failure(t)
		assert.Equal(t, -32603, code)
		return text
	}
	own := access.Operator("own-user")
	assert.Equal(t, "This resource is about the caller's own nights, and this caller has no Asleep user. "+
		`Call the tool get_session with "user_id", or set ASLEEP_USER_ID for the server.`, read(access.Operator(""), stand("get_session")))
	assert.Equal(t, "This caller may not see anybody's nights.", read(access.Principal{}, stand("get_session")))
	failing := func(how func(ctx context.Context) error) tool.Tool {
		return testTool("get_session", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
			return nil, how(ctx)
		})
	}
	assert.Equal(t, "Check the key.", read(own, failing(func(context.Context) error {
		return &tool.Failure{Code: "bad_key", Text: "Check the key.", Cause: assert.AnError}
	})))
	assert.Contains(t, read(own, failing(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })), "in time")
	panicked := read(own, failing(func(context.Context) error { panic("slept 412 minutes") }))
	assert.Contains(t, panicked, "reference ")
	assert.NotContains(t, panicked, "412")
	assert.NotContains(t, read(own, failing(func(context.Context) error { return assert.AnError })), assert.AnError.Error())
}
