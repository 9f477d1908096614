package serve_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each test here shows a behaviour of mcp-go that serve works around. When one
// fails, mcp-go has changed: see whether the work-around may go.

func bareHTTP(t *testing.T, tools ...server.ServerTool) string {
	t.Helper()
	s := server.NewMCPServer("bare", "0")
	s.AddTools(tools...)
	srv := httptest.NewServer(server.NewStreamableHTTPServer(s, server.WithStateLess(true)))
	t.Cleanup(srv.Close)
	return srv.URL
}

func bareTool(handle server.ToolHandlerFunc) server.ServerTool {
	return server.ServerTool{Tool: mcp.NewTool("bare"), Handler: handle}
}

// Work-around: guard drops the notification.
func TestQuirkStrangersCancel(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	url := bareHTTP(t, bareTool(func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		close(started)
		<-ctx.Done()
		return mcp.NewToolResultText("cancelled"), nil
	}))
	called := start(call(t, url, "bare"))
	<-started
	send(t, newRequest(t, http.MethodPost, url, `{"jsonrpc":"2.0","Method":"notifications/cancelled","params":{"requestId":1}}`))
	assert.Contains(t, (<-called).body, "cancelled")
}

// Work-around: localOnly and guard.
func TestQuirkNoOriginCheckAndNoOtherMethods(t *testing.T) {
	t.Parallel()
	url := bareHTTP(t)
	r := newRequest(t, http.MethodPost, url, listMessage)
	r.Header.Set("Origin", "https://evil.example")
	assert.Equal(t, http.StatusOK, send(t, r).status)
	assert.Equal(t, http.StatusNotFound, send(t, newRequest(t, http.MethodPut, url, "")).status)
}

// Work-around: handler never returns an error and recovers for itself.
func TestQuirkErrorsAreProtocolErrors(t *testing.T) {
	t.Parallel()
	url := bareHTTP(t, bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return nil, assert.AnError
	}))
	got := legacy(t, url, `"method":"tools/call","params":{"name":"bare"}`)
	assert.Contains(t, got.body, "-32603")
	assert.Contains(t, got.body, assert.AnError.Error())
}

// Work-around: describe sets the fields by hand.
func TestQuirkTwoSchemas(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(mcp.NewTool("bare", mcp.WithRawInputSchema(json.RawMessage(anyObject))))
	require.Error(t, err)
}
