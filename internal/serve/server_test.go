package serve_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestNewRefusesWhatCannotBeShown(t *testing.T) {
	t.Parallel()
	with := func(change func(*tool.Tool)) []tool.Tool {
		changed := echo
		change(&changed)
		return []tool.Tool{changed}
	}
	cases := map[string]struct {
		tools []tool.Tool
		want  string
	}{
		"no JSON":    {with(func(t *tool.Tool) { t.Input = json.RawMessage(`{"type":`) }), "input schema"},
		"no input":   {with(func(t *tool.Tool) { t.Input = nil }), "input schema"},
		"array root": {with(func(t *tool.Tool) { t.Output = json.RawMessage(`{"type":"array"}`) }), "root"},
		"bare root":  {with(func(t *tool.Tool) { t.Output = json.RawMessage(`true`) }), "output schema"},
		"same name":  {[]tool.Tool{echo, echo}, "taken"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve.New(serve.Options{Tools: c.tools})
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, `tool "echo"`)
		})
	}
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
		"inputSchema":{"type":"object"},"outputSchema":{"type":"object"},"annotations":` + hints + `}`
}
