package serve

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What passes the guard is what was sent, less the headers that would let one
// client speak in the session of another.
func TestGuardPassesMessagesUnchanged(t *testing.T) {
	t.Parallel()
	const sent = " {\"jsonrpc\":\"2.0\",\t\"id\":\"\\u0061\",\"method\":\"tools\\/other\",\"params\":{\"Name\":1,\"name\":2,\"name\":3}}\r\n"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", strings.NewReader(sent))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", "somebody")
	r.Header.Set("Last-Event-ID", "7")
	passed := false
	inner := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		passed = true
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.True(t, string(body) == sent, "%q", body) //nolint:testifylint // as bytes, not as JSON
		assert.NotContains(t, r.Header, "Mcp-Session-Id")
		assert.NotContains(t, r.Header, "Last-Event-Id")
	})
	s, w := &Server{}, httptest.NewRecorder()
	s.let(w, r, tellRPC, func(r *http.Request, body []byte) { s.guard(w, r, body, inner) })
	assert.True(t, passed)
}

func TestRequestPanicsTellNothing(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	s := &Server{log: slog.New(slog.NewTextHandler(&logged, nil))}
	for path, says := range map[string]string{"/mcp": "-32603", "/api/sessions": `"status":500`} {
		w := httptest.NewRecorder()
		s.recovered(func(http.ResponseWriter, *http.Request, tell) { panic("slept badly") }).
			ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil))
		require.Equal(t, http.StatusInternalServerError, w.Code, path)
		assert.Contains(t, w.Body.String(), says, path)
		assert.Contains(t, logged.String(), "TestRequestPanicsTellNothing", "the stack")
		assert.NotContains(t, logged.String()+w.Body.String(), "badly", path)
	}
}

func TestInspectReadsToTheEnd(t *testing.T) {
	t.Parallel()
	_, why := inspect([]byte(`{"jsonrpc":"2.0","method":"ping"} {}`))
	assert.Equal(t, notJSON, why)
}

// mcp-go's log lines keep their constant words only.
func TestForeignLogLines(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	to := slog.NewTextHandler(&logged, nil)
	constantLines(slog.New(to)).Printf("Error reading input: %s", "secret")
	for _, line := range []string{
		"http: TLS handshake error from secret:1: EOF", "http2: server: error reading preface from client secret:1: EOF", "http: panic serving secret:1: secret",
		"http: Accept error: too many open files; retrying in 5ms",
	} {
		log.New(callerless{slog.New(to)}, "", 0).Print(line)
	}
	assert.Contains(t, logged.String(), "too many open files")
	assert.NotContains(t, logged.String(), "handshake", "on the level for debugging")
	slog.New(constantOnly{to}).With("id", "secret").WithGroup("secret").Error("Failed to write", "err", "secret")
	assert.Contains(t, logged.String(), "Error reading input")
	assert.Contains(t, logged.String(), "Failed to write")
	assert.NotContains(t, logged.String(), "secret")
}
