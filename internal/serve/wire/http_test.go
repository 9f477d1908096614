package wire

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What passes is what was sent, less the headers that would let one client speak
// in the session of another.
func TestMessagesPassUnchanged(t *testing.T) {
	t.Parallel()
	const sent = " {\"jsonrpc\":\"2.0\",\t\"id\":\"\\u0061\",\"method\":\"tools\\/other\",\"params\":{\"Name\":1,\"name\":2,\"name\":3}}\r\n"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", http.NoBody)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", "somebody")
	r.Header.Set("Last-Event-ID", "7")
	passed := false
	inner := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		passed = true
		assert.NotContains(t, r.Header, "Mcp-Session-Id")
		assert.NotContains(t, r.Header, "Last-Event-Id")
	})
	httpDoor{&Server{}, inner}.serve(httptest.NewRecorder(), r, []byte(sent))
	assert.True(t, passed)
}
