package serve_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	official "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// deletion asks the person where it can, and tells what it knew of their will.
func deletion(t *testing.T) *serve.Server {
	t.Helper()
	words := map[tool.Consent]string{tool.CannotAsk: "cannot ask", tool.Agreed: "agreed", tool.Declined: "declined"}
	o := everything(access.Operator("own-user"))
	o.Tools = append(o.Tools, testTool("erase", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
		consent := tool.ConsentFrom(ctx)
		if consent == tool.NotAsked {
			return nil, &tool.Failure{Code: tool.NotConfirmed, Text: "Not yet.", Ask: "Erase it all?"}
		}
		return json.RawMessage(`{"consent":"` + words[consent] + `"}`), nil
	}))
	return newWhole(t, o)
}

// consents calls erase through the official client, with a person who answers so; "" has no
// way to be asked. It returns what the tool knew and how often the person was asked.
func consents(t *testing.T, over official.Transport, revision, action string) (knew string, asked int) {
	t.Helper()
	options := &official.ClientOptions{}
	if action != "" {
		options.ElicitationHandler = func(_ context.Context, r *official.ElicitRequest) (*official.ElicitResult, error) {
			asked++
			assert.Equal(t, "Erase it all?", r.Params.Message)
			return &official.ElicitResult{Action: action}, nil
		}
	}
	session, err := official.NewClient(&official.Implementation{Name: "official", Version: "0"}, options).
		Connect(t.Context(), over, &official.ClientSessionOptions{ProtocolVersion: revision})
	require.NoError(t, err)
	result, err := session.CallTool(t.Context(), &official.CallToolParams{Name: "erase", Arguments: map[string]any{"b": 1, "a": 2}})
	require.NoError(t, err)
	require.False(t, result.IsError)
	content, ok := result.StructuredContent.(map[string]any)
	require.True(t, ok)
	require.NoError(t, session.Close())
	return content["consent"].(string), asked
}

var answersOfPeople = map[string]string{"": "cannot ask", "accept": "agreed", "decline": "declined", "cancel": "declined"}

func TestPersonIsAsked(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, deletion(t))
	for _, revision := range revisions {
		for action, want := range answersOfPeople {
			if revision != "2026-07-28" { // over HTTP nothing is remembered of such clients
				want = "cannot ask"
			}
			knew, asked := consents(t, &official.StreamableClientTransport{Endpoint: url + "/mcp"}, revision, action)
			assert.Equal(t, want, knew, "%s %s", revision, action)
			assert.Equal(t, map[bool]int{true: 0, false: 1}[want == "cannot ask"], asked, "%s %s", revision, action)
		}
	}
}

func TestPersonIsAskedOverStdio(t *testing.T) {
	for _, revision := range revisions {
		for action, want := range answersOfPeople {
			s := startStdio(t, t.Context(), deletion(t))
			knew, asked := consents(t, &official.IOTransport{Reader: s.outR, Writer: s.in}, revision, action)
			assert.Equal(t, want, knew, "%s %s", revision, action)
			assert.Equal(t, map[bool]int{true: 0, false: 1}[action == ""], asked, "%s %s", revision, action)
			require.NoError(t, s.waitEnd(t))
		}
	}
}

const canBeAsked = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}},`

// An answer counts for the arguments that the person was asked about, and for no others.
func TestConsentIsForOneCall(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, deletion(t))
	call := func(params string) map[string]any {
		r := newRequest(t, "POST", url+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{`+canBeAsked+`"name":"erase"`+params+`}}`)
		r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
		r.Header.Set("Mcp-Method", "tools/call")
		r.Header.Set("Mcp-Name", "erase")
		return send(t, r).result(t)
	}
	first := call(`,"arguments":{"id":"a"}`)
	assert.Equal(t, "input_required", first["resultType"])
	requests, ok := first["inputRequests"].(map[string]any)
	require.True(t, ok)
	assert.Contains(t, requests, "confirm")
	state, ok := first["requestState"].(string)
	require.True(t, ok)
	accept := `,"inputResponses":{"confirm":{"action":"accept"}}`
	assert.Equal(t, map[string]any{"consent": "agreed"}, call(`,"arguments":{ "id": "a" },"requestState":"` + state + `"` + accept)["structuredContent"])
	for _, other := range []string{
		`,"arguments":{"id":"b"},"requestState":"` + state + `"` + accept,
		`,"arguments":{"id":"a"},"requestState":"made up"` + accept,
		`,"arguments":{"id":"a"}` + accept,
		`,"arguments":{"id":"a"},"requestState":"` + state + `"`,
	} {
		assert.Equal(t, "input_required", call(other)["resultType"], other)
	}
}

// A client that leaves while the person thinks has not agreed, and holds nothing up.
func TestClientLeavesWhileThePersonThinks(t *testing.T) {
	t.Parallel()
	in, inW := io.Pipe()
	outR, out := io.Pipe()
	ended := make(chan error, 1)
	s := deletion(t)
	go func() {
		err := s.Stdio(t.Context(), in, out)
		_ = out.Close()
		ended <- err
	}()
	_, err := io.WriteString(inW, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"0"}}}`+"\n"+
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n"+
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"erase","arguments":{}}}`+"\n"+
		`{"jsonrpc":"2.0","id":99,"result":{"action":"accept"}}`+"\n") // nobody was asked that
	require.NoError(t, err)
	var heard strings.Builder
	buffer := make([]byte, 1<<16)
	for !strings.Contains(heard.String(), "elicitation/create") {
		n, err := outR.Read(buffer)
		require.NoError(t, err)
		heard.Write(buffer[:n])
	}
	require.NoError(t, inW.Close())
	rest, err := io.ReadAll(outR)
	require.NoError(t, err)
	assert.Contains(t, string(rest), `"consent":"declined"`)
	require.NoError(t, <-ended)
}
