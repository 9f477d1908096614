package serve_test

import (
	"encoding/json"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
)

var revisions = []string{"2025-06-18", "2025-11-25", "2026-07-28"}

// converse uses the server through the official client of the protocol, which
// shares no code with mcp-go.
func converse(t *testing.T, over mcp.Transport, revision string) {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "official", Version: "0"}, nil)
	session, err := client.Connect(t.Context(), over, &mcp.ClientSessionOptions{ProtocolVersion: revision})
	require.NoError(t, err)
	assert.Equal(t, revision, session.InitializeResult().ProtocolVersion)
	assert.NotEmpty(t, session.InitializeResult().Instructions)

	listed, err := session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, listed.Tools, 1)
	assert.Equal(t, "echo", listed.Tools[0].Name)
	assert.True(t, listed.Tools[0].Annotations.ReadOnlyHint)

	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "echo", Arguments: map[string]any{"x": []any{1, "<"}}})
	require.NoError(t, err)
	assert.False(t, result.IsError)
	structured, err := json.Marshal(result.StructuredContent)
	require.NoError(t, err)
	assert.JSONEq(t, echoAnswer, string(structured))

	_, err = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "nope"})
	require.Error(t, err)
	require.NoError(t, session.Close())
}

func TestOfficialClientHTTP(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	for _, revision := range revisions {
		t.Run(revision, func(t *testing.T) {
			t.Parallel()
			converse(t, &mcp.StreamableClientTransport{Endpoint: url + "/mcp"}, revision)
		})
	}
}

func TestOfficialClientStdio(t *testing.T) {
	for _, revision := range revisions {
		t.Run(revision, func(t *testing.T) {
			s := startStdio(t, t.Context(), newServer(t, serve.Options{}))
			converse(t, &mcp.IOTransport{Reader: s.outR, Writer: s.in}, revision)
			assert.NoError(t, s.waitEnd(t))
		})
	}
}
