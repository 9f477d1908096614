package serve_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type reply struct {
	status int
	header http.Header
	body   string
}

// result decodes the result of a JSON-RPC answer.
func (r reply) result(t *testing.T) map[string]any {
	t.Helper()
	var answer struct{ Result map[string]any }
	require.NoError(t, json.Unmarshal([]byte(r.body), &answer), r.body)
	require.NotNil(t, answer.Result, r.body)
	return answer.Result
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	return r
}

func send(t *testing.T, r *http.Request) reply {
	t.Helper()
	got, err := do(r)
	require.NoError(t, err)
	return got
}

func do(r *http.Request) (reply, error) {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, strings.TrimSpace(string(body))}, errors.Join(err, response.Body.Close())
}

// start sends r without waiting for the reply; a failed one has no status.
func start(r *http.Request) <-chan reply {
	replies := make(chan reply, 1)
	go func() {
		got, err := do(r)
		if err != nil {
			got = reply{body: err.Error()}
		}
		replies <- got
	}()
	return replies
}

// call is a legacy request of id 1 for one tool without arguments.
func call(t *testing.T, endpoint, tool string) *http.Request {
	t.Helper()
	return newRequest(t, http.MethodPost, endpoint, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"`+tool+`"}}`)
}

// legacy sends a request of id 1 with the given members as an old client does.
func legacy(t *testing.T, url, members string) reply {
	t.Helper()
	return send(t, newRequest(t, http.MethodPost, url+"/mcp", `{"jsonrpc":"2.0","id":1,`+members+`}`))
}

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// modernRequest is one of id 1 as a client of 2026-07-28 makes it; params go
// into the params object, behind a comma.
func modernRequest(t *testing.T, url, method, name, params string) *http.Request {
	t.Helper()
	r := newRequest(t, http.MethodPost, url+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{`+modernMeta+params+`}}`)
	r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
	r.Header.Set("Mcp-Method", method)
	if name != "" {
		r.Header.Set("Mcp-Name", name)
	}
	return r
}

const (
	callEcho   = `"name":"echo","arguments":{"x":[1,"<"]}`
	echoAnswer = `{"summary":"7 h < 8 h & \"fine\"","user":"own-user","given":{"x":[1,"<"]}}`
)

func checkEcho(t *testing.T, result map[string]any) {
	t.Helper()
	content, ok := result["content"].([]any)
	require.True(t, ok)
	require.Len(t, content, 1)
	assert.Equal(t, map[string]any{"type": "text", "text": echoAnswer}, content[0])
	structured, err := json.Marshal(result["structuredContent"])
	require.NoError(t, err)
	assert.JSONEq(t, echoAnswer, string(structured))
	assert.NotContains(t, result, "isError")
}

func TestLegacyClients(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))

	// A server of 2025-03-26 would have to take batches.
	for asked, version := range map[string]string{"2024-11-05": "2024-11-05", "2025-03-26": "2024-11-05", "2025-06-18": "2025-06-18", "2025-11-25": "2025-11-25", "1.0": "2025-11-25", "": "2025-11-25"} {
		hello := legacy(t, url, `"method":"initialize","params":{"protocolVersion":"`+asked+`","capabilities":{},"clientInfo":{"name":"t","version":"0"}}`)
		assert.Equal(t, http.StatusOK, hello.status)
		assert.Empty(t, hello.header.Get("Mcp-Session-Id"))
		result := hello.result(t)
		assert.Equal(t, version, result["protocolVersion"])
		assert.Equal(t, map[string]any{"tools": map[string]any{}}, result["capabilities"])
		info, ok := result["serverInfo"].(map[string]any)
		require.True(t, ok)
		assert.Equal(t, "asleep-mcp", info["name"])
		assert.Equal(t, "v1.2.3", info["version"])
		assert.NotEmpty(t, info["title"])
		assert.NotEmpty(t, info["description"])
		assert.NotEmpty(t, result["instructions"])
	}
	initialized := send(t, newRequest(t, http.MethodPost, url+"/mcp", `{"jsonrpc":"2.0","method":"notifications/initialized"}`))
	assert.Equal(t, http.StatusAccepted, initialized.status)
	assert.Len(t, legacy(t, url, `"method":"tools/list"`).result(t)["tools"], 1)
	checkEcho(t, legacy(t, url, `"method":"tools/call","params":{`+callEcho+`}`).result(t))
	assert.Equal(t, map[string]any{}, legacy(t, url, `"method":"ping"`).result(t))

	for _, method := range []string{"resources/list", "prompts/list", "logging/setLevel", "tasks/list", "server/discover"} {
		assert.Contains(t, legacy(t, url, `"method":"`+method+`"`).body, `-32601`, method)
	}
}

func TestModernClients(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))

	discovered := send(t, modernRequest(t, url, "server/discover", "", ""))
	assert.Equal(t, http.StatusOK, discovered.status)
	assert.Equal(t, "no", discovered.header.Get("X-Accel-Buffering"))
	assert.Equal(t, "no-store", discovered.header.Get("Cache-Control"))
	assert.Equal(t, "nosniff", discovered.header.Get("X-Content-Type-Options"))
	result := discovered.result(t)
	assert.Contains(t, result["supportedVersions"], "2026-07-28")
	assert.Equal(t, map[string]any{"tools": map[string]any{}}, result["capabilities"])
	assert.NotEmpty(t, result["instructions"])

	listed := send(t, modernRequest(t, url, "tools/list", "", "")).result(t)
	assert.Len(t, listed["tools"], 1)
	assert.InDelta(t, 300_000, listed["ttlMs"], 0)
	assert.Equal(t, "public", listed["cacheScope"])
	assert.Equal(t, "complete", listed["resultType"])

	checkEcho(t, send(t, modernRequest(t, url, "tools/call", "echo", ","+callEcho)).result(t))

	wrongName := send(t, modernRequest(t, url, "tools/call", "other", ","+callEcho))
	assert.Equal(t, http.StatusBadRequest, wrongName.status)
	assert.Contains(t, wrongName.body, "-32020")
	gone := send(t, modernRequest(t, url, "ping", "", ""))
	assert.Equal(t, http.StatusNotFound, gone.status)

	resumed := modernRequest(t, url, "tools/list", "", "")
	resumed.Header.Set("Last-Event-ID", "7")
	assert.Equal(t, http.StatusOK, send(t, resumed).status, "the header is to be ignored")
}

// A tool may take longer than a body may take to arrive.
func TestReadDeadlineDoesNotEndCalls(t *testing.T) {
	t.Parallel()
	var limits readLimits
	slow := testTool("slow", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		limits.mu.Lock()
		defer limits.mu.Unlock()
		return fmt.Appendf(nil, `{"limited":%t,"lifted":%t}`, len(limits.set) > 1, limits.set[len(limits.set)-1].IsZero()), nil
	})
	l, err := web.Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	limits.Listener = l
	srv := &http.Server{Handler: newServer(t, serve.Options{Tools: []tool.Tool{slow}}).Handler(), ReadTimeout: time.Minute}
	go func() { _ = srv.Serve(&limits) }()
	t.Cleanup(func() { require.NoError(t, srv.Close()) })

	called := send(t, call(t, "http://"+l.Addr().String()+"/mcp", "slow"))
	assert.Contains(t, called.body, `"structuredContent":{"limited":true,"lifted":true}`)
}

// readLimits is a listener that notes until when its connections may be read.
type readLimits struct {
	net.Listener
	mu  sync.Mutex
	set []time.Time
}

// Accept implements [net.Listener].
func (l *readLimits) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return limited{c, l}, err
}

type limited struct {
	net.Conn
	by *readLimits
}

// SetReadDeadline implements [net.Conn].
func (c limited) SetReadDeadline(until time.Time) error {
	c.by.mu.Lock()
	c.by.set = append(c.by.set, until)
	c.by.mu.Unlock()
	return c.Conn.SetReadDeadline(until)
}

func TestServeStopsWithItsContext(t *testing.T) {
	t.Parallel()
	block := newBlocker()
	s := newServer(t, serve.Options{Tools: []tool.Tool{block.tool()}})
	l, err := web.Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()

	called := start(call(t, "http://"+l.Addr().String()+"/mcp", "block"))
	block.waitStarted(t)
	stop()
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", l.Addr().String()) //nolint:noctx // loopback, and refused at once
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}, time.Minute, 5*time.Millisecond, "still accepts")
	close(block.release)
	assert.Contains(t, (<-called).body, `"released":true`, "a call in flight is answered")
	assert.NoError(t, <-served)
}

func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"127.0.0.1:8080", "127.9.9.9:0", "[::1]:80", "localhost:8080", "[::ffff:127.0.0.1]:1"} {
		require.NoError(t, web.CheckAddr(addr), addr)
	}
	for _, addr := range []string{":8080", "0.0.0.0:8080", "[::]:8080", "192.168.1.7:80", "example.com:80", "localhost.example.com:80", "*:80"} {
		err := web.CheckAddr(addr)
		require.ErrorContains(t, err, "not authenticated", addr)
		require.ErrorContains(t, err, web.DefaultAddr, addr)
	}
	for _, addr := range []string{"", "8080", "127.0.0.1", "127.0.0.1:80800", "0.0.0.0:-1", "127.0.0.1:nothing"} {
		require.ErrorContains(t, web.CheckAddr(addr), "host:port", addr)
	}
	_, err := web.Listen(t.Context(), "0.0.0.0:0")
	require.Error(t, err)

	var config net.ListenConfig
	open, err := config.Listen(t.Context(), "tcp", "0.0.0.0:0")
	require.NoError(t, err)
	require.ErrorContains(t, newServer(t, serve.Options{}).Serve(t.Context(), open), "not authenticated")
	assert.ErrorIs(t, open.Close(), net.ErrClosed, "closed already")
}
