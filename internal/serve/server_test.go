package serve_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestNewRefusesTwoToolsOfOneName(t *testing.T) {
	t.Parallel()
	_, err := serve.New(serve.Options{Tools: []tool.Tool{echo, echo}})
	require.ErrorContains(t, err, `tool "echo": the name is taken`)
}

func TestHints(t *testing.T) {
	t.Parallel()
	of := func(name string, a tool.Access) tool.Tool {
		hinted := echo
		hinted.Name, hinted.Access = name, a
		return hinted
	}
	local := of("d", tool.Reads)
	local.Local = true
	s := newServer(t, serve.Options{Tools: []tool.Tool{of("a", tool.Reads), of("b", tool.Writes), of("c", tool.Deletes), local}})
	reply := legacy(t, newHTTP(t, s), `"method":"tools/list"`)

	assert.JSONEq(t, `{"jsonrpc":"2.0","id":1,"result":{"tools":[`+
		shown("a", `{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":true}`)+`,`+
		shown("b", `{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":true}`)+`,`+
		shown("c", `{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true,"openWorldHint":true}`)+`,`+
		shown("d", `{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}`)+`]}}`, reply.body)
}

func shown(name, hints string) string {
	return `{"name":"` + name + `","title":"Title of echo","description":"For tests.",
		"inputSchema":{"type":"object","properties":{},"additionalProperties":false},"outputSchema":{"type":"object","properties":{}},"annotations":` + hints + `}`
}
