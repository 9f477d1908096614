package serve_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

const (
	listenParams = `"notifications":{"toolsListChanged":true}`
	acknowledged = `"notifications/subscriptions/acknowledged"`
)

// Nothing here ever changes, so a subscription ends at once: acknowledged first.
func TestListenIsAcknowledgedFirst(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	for range 50 {
		body := send(t, modernRequest(t, url, "subscriptions/listen", "", ","+listenParams)).body
		first, rest, _ := strings.Cut(body, "\n\n")
		require.Contains(t, first, acknowledged, body)
		require.Contains(t, rest, `"result"`)
	}
}

func TestStdioListenIsAcknowledgedFirst(t *testing.T) {
	s := startStdio(t, t.Context(), newWhole(t, everything(access.Operator("own-user"))))
	for range 50 {
		s.send(t, `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{`+modernMeta+`,`+listenParams+"}}\n")
		require.Contains(t, s.receive(t).body, acknowledged)
		assert.Contains(t, s.receive(t).body, `"result"`)
	}
	s.end(t)
}
