package serve_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
)

// document asks for a public document as a page of another origin does.
func document(t *testing.T, url, mediaType string) (reply, map[string]any) {
	t.Helper()
	r := newRequest(t, http.MethodGet, url, "")
	r.Header.Set("Origin", "https://pages.example.org")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	got := send(t, r)
	if got.status != http.StatusOK {
		return got, nil
	}
	assert.Equal(t, mediaType, got.header.Get("Content-Type"))
	assert.Equal(t, "public, max-age=3600", got.header.Get("Cache-Control"))
	assert.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "GET", got.header.Get("Access-Control-Allow-Methods"))
	var read map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &read))
	return got, read
}

// From a host's name to its MCP endpoint, in two steps.
func TestServerIsFound(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.PublicURL = "https://sleep.example.org" })
	_, catalog := document(t, g.url+"/.well-known/ai-catalog.json", "application/ai-catalog+json")
	assert.Equal(t, map[string]any{"specVersion": "0.9", "entries": []any{map[string]any{
		"identifier": "urn:air:sleep.example.org:asleep-mcp", "displayName": "Asleep sleep data",
		"type": "application/mcp-server-card+json", "url": "https://sleep.example.org/mcp/server-card",
	}}}, catalog)

	_, card := document(t, g.url+"/mcp/server-card", "application/mcp-server-card+json")
	assert.Equal(t, "io.github.asleep-mcp/asleep-mcp", card["name"])
	assert.Equal(t, []any{map[string]any{
		"type": "streamable-http", "url": "https://sleep.example.org/mcp",
		"supportedProtocolVersions": []any{"2026-07-28", "2025-11-25", "2025-06-18", "2024-11-05"},
		"headers": []any{map[string]any{
			"name": "Authorization", "description": "Bearer and a token that the operator gave out.", "isRequired": true, "isSecret": true,
		}},
	}}, card["remotes"])
	// What the card says of the server, the server says of itself.
	discovered := g.rpc(t, "anna", "initialize", `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}`).result(t)
	info, ok := discovered["serverInfo"].(map[string]any)
	require.True(t, ok)
	for _, field := range []string{"title", "description", "version", "websiteUrl", "icons"} {
		assert.Equal(t, info[field], card[field], field)
	}

	// A browser may ask first.
	r := newRequest(t, http.MethodOptions, g.url+"/mcp/server-card", "")
	r.Header.Set("Origin", "https://pages.example.org")
	r.Header.Set("Access-Control-Request-Method", http.MethodGet)
	r.Header.Set("Access-Control-Request-Headers", "content-type")
	asked := send(t, r)
	assert.Equal(t, http.StatusNoContent, asked.status)
	assert.Equal(t, "GET", asked.header.Get("Access-Control-Allow-Methods"))
	assert.Equal(t, "Content-Type", asked.header.Get("Access-Control-Allow-Headers"))

	got := send(t, newRequest(t, http.MethodPost, g.url+"/mcp/server-card", "{}"))
	assert.Equal(t, http.StatusMethodNotAllowed, got.status)
	assert.Empty(t, g.spy.asked())
}

// Without a gate pages of other origins do not learn what runs on this machine.
func TestCardOnThisMachine(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("")))
	got, _ := document(t, url+"/mcp/server-card", "")
	assert.Equal(t, http.StatusForbidden, got.status)
	assert.Empty(t, got.header.Get("Access-Control-Allow-Origin"))

	got = send(t, newRequest(t, http.MethodGet, url+"/mcp/server-card", ""))
	assert.Equal(t, http.StatusOK, got.status)
	assert.Contains(t, got.body, `"url":"`+url+`/mcp"`)
	assert.NotContains(t, got.body, "Authorization")
}
