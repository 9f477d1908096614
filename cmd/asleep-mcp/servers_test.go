package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

var revisions = []string{"2025-06-18", "2025-11-25", "2026-07-28"}

// converse asks for the tools and for a score through the official client.
func converse(t *testing.T, over mcp.Transport, revision, version string) {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "official", Version: "0"}, nil)
	session, err := client.Connect(t.Context(), over, &mcp.ClientSessionOptions{ProtocolVersion: revision})
	require.NoError(t, err)
	assert.Equal(t, revision, session.InitializeResult().ProtocolVersion)
	assert.Equal(t, version, session.InitializeResult().ServerInfo.Version)

	listed, err := session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	assert.Len(t, listed.Tools, len(tools.Enabled(tool.DefaultToolsets, access.Operator(""))))
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "sleep_score"})
	require.NoError(t, err)
	require.False(t, result.IsError, result.Content)
	structured, ok := result.StructuredContent.(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "demo", structured["data_source"])
	assert.NotEmpty(t, structured["overall_score"])
	require.NoError(t, session.Close())
}

// waitFor returns the first group of the pattern once the stream holds it.
func waitFor(t *testing.T, s *stream, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	var found []string
	require.Eventually(t, func() bool {
		found = re.FindStringSubmatch(s.String())
		return found != nil
	}, time.Minute, 5*time.Millisecond, "no %s", pattern)
	return found[1]
}

func TestHTTPServer(t *testing.T) {
	t.Parallel()
	_, stderr, stop := background(t, "http", "--addr", "127.0.0.1:0", "--demo", "--log-format", "json")
	url := waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+/mcp)"`)
	for _, revision := range revisions {
		converse(t, &mcp.StreamableClientTransport{Endpoint: url}, revision, version())
	}
	ended := stop()
	assert.Equal(t, 0, ended.code)
	assert.Empty(t, ended.stdout)
}

// The sandbox prints everything that another process needs to use it.
func TestSandbox(t *testing.T) {
	t.Parallel()
	stdout, _, stop := background(t, "sandbox", "--addr", "127.0.0.1:0", "--now", "2026-06-15T12:00:00+02:00")
	waitFor(t, stdout, `export ASLEEP_MCP_NOW=(.*)\n`)
	env := variablesOf{}
	for line := range strings.Lines(stdout.String()) {
		if name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "="); ok {
			env[name] = value
		}
	}
	answered := runWith(t, env, "call", "weekly_report", "--json")
	require.Equal(t, 0, answered.code, answered.stderr)
	assert.Contains(t, answered.stdout, `"data_source":"asleep"`)
	assert.Contains(t, answered.stdout, `"to":"2026-06-15"`)
	assert.Equal(t, 0, stop().code)
}

func TestSandboxWithNightsOfAFile(t *testing.T) {
	t.Parallel()
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0", "--nights", "testdata/nights.ndjson")
	env := variablesOf{
		"ASLEEP_BASE_URL": waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`),
		"ASLEEP_USER_ID":  waitFor(t, stdout, `ASLEEP_USER_ID=(\S+)`),
		"ASLEEP_API_KEY":  sandboxKey,
		"ASLEEP_MCP_NOW":  "2026-09-03T12:00:00+02:00",
	}
	assert.Equal(t, "file-user", env["ASLEEP_USER_ID"])
	answered := runWith(t, env, "call", "get_session", "--json")
	require.Equal(t, 0, answered.code, answered.stderr)
	assert.Contains(t, answered.stdout, `"night":"2026-09-02"`)
}

// The log of a refused key contains neither the key nor the user.
func TestSecretsStayOutOfSight(t *testing.T) {
	t.Parallel()
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0", "--fault", "unauthorized")
	env := variablesOf{
		"ASLEEP_BASE_URL":      waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`),
		"ASLEEP_API_KEY":       "secret-key",
		"ASLEEP_USER_ID":       "secret-user",
		"ASLEEP_MCP_LOG_LEVEL": "debug",
	}
	for _, format := range []string{"text", "json"} {
		got := runWith(t, env, "call", "weekly_report", "--log-format", format)
		assert.Equal(t, 1, got.code)
		assert.Contains(t, got.stderr, "bad_key")
		assert.Contains(t, got.stderr, "refused the API key")
		assert.NotContains(t, got.stderr+got.stdout, "secret")
	}
}

func TestServersSayThatThereIsNoKey(t *testing.T) {
	t.Parallel()
	const says = "set ASLEEP_API_KEY and start again"
	for key, check := range map[string]func(assert.TestingT, any, any, ...any) bool{"": assert.Contains, "key": assert.NotContains} {
		stderr, _ := backgroundWith(t, variablesOf{"ASLEEP_API_KEY": key}, "http", "--addr", "127.0.0.1:0")
		waitFor(t, stderr, `(serving) MCP over HTTP`)
		check(t, stderr.String(), says)
	}
}

func TestWithoutKeyToolsSayHowToSetIt(t *testing.T) {
	t.Parallel()
	for _, tool := range tools.Enabled(tool.DefaultToolsets, access.Operator("")) {
		if bytes.Contains(tool.Input(), []byte(`"required"`)) {
			continue // its arguments are asked for first
		}
		got := runWith(t, nil, "call", tool.Name)
		assert.Equal(t, 1, got.code)
		assert.Contains(t, got.stderr, "ASLEEP_API_KEY", tool.Name)
		assert.Contains(t, got.stderr, "--demo", tool.Name)
	}
}
