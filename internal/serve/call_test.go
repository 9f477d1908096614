package serve_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestCallInProcess(t *testing.T) {
	t.Parallel()
	s := newServer(t, serve.Options{})

	structured, failure, err := s.Call(t.Context(), "echo", json.RawMessage(`{"x":[1,"<"]}`))
	require.NoError(t, err)
	assert.Empty(t, failure)
	assert.JSONEq(t, echoAnswer, string(structured))

	structured, _, err = s.Call(t.Context(), "echo", nil)
	require.NoError(t, err)
	assert.Contains(t, string(structured), `"given":null`)

	_, _, err = s.Call(t.Context(), "nope", nil)
	require.ErrorContains(t, err, "not found")
}

func TestFailuresAreForTheCaller(t *testing.T) {
	t.Parallel()
	var logged logBuffer
	failing := testTool("failing", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		return nil, &tool.Failure{Code: "bad_key", Text: "Check the key.", Cause: errors.New("answered 401")}
	})
	s := newServer(t, serve.Options{Tools: []tool.Tool{failing}, Log: logged.logger()})

	_, failure, err := s.Call(t.Context(), "failing", json.RawMessage(`{"user_id":"secret-person"}`))
	require.NoError(t, err)
	assert.Equal(t, "Check the key.", failure)
	assert.Equal(t, 1, strings.Count(logged.String(), "\n"), logged.String())
	assert.Contains(t, logged.String(), `"level":"WARN","msg":"tool failed","tool":"failing"`)
	assert.Contains(t, logged.String(), `"code":"bad_key","cause":"answered 401"`)
	assert.NotContains(t, logged.String(), "secret-person")

	_, _, err = s.Call(t.Context(), "secret-name", nil)
	require.Error(t, err)
	assert.Contains(t, logged.String(), "unknown_tool")
	assert.NotContains(t, logged.String(), "secret-name")
}

func TestPanicsTellNothing(t *testing.T) {
	t.Parallel()
	var logged logBuffer
	boom := testTool("boom", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		panic("slept 412 minutes")
	})
	index := testTool("index", func(_ context.Context, _ *tool.Deps, arguments json.RawMessage) (json.RawMessage, error) {
		return arguments[len(arguments):][:1:1][1:][0:1], nil
	})
	url := newHTTP(t, newServer(t, serve.Options{Tools: []tool.Tool{boom, index, echo}, Log: logged.logger()}))

	got := legacy(t, url, `"method":"tools/call","params":{"name":"boom"}`)
	assert.Equal(t, true, got.result(t)["isError"])
	assert.NotContains(t, got.body+logged.String(), "412 minutes")
	reference := regexp.MustCompile(`reference ([A-Z2-7]{8})\.`).FindStringSubmatch(got.body)
	require.NotNil(t, reference, got.body)
	assert.Contains(t, logged.String(), `"reference":"`+reference[1]+`"`)
	assert.Contains(t, logged.String(), "TestPanicsTellNothing", "the stack")

	legacy(t, url, `"method":"tools/call","params":{"name":"index","arguments":{}}`)
	assert.Contains(t, logged.String(), "slice bounds out of range")
	checkEcho(t, legacy(t, url, `"method":"tools/call","params":{`+callEcho+`}`).result(t))
}

func TestCallsEndInTime(t *testing.T) {
	t.Parallel()
	block := newBlocker()
	s := newServer(t, serve.Options{Tools: []tool.Tool{block.tool()}, CallTime: 20 * time.Millisecond})
	_, failure, err := s.Call(t.Context(), "block", nil)
	require.NoError(t, err)
	assert.Contains(t, failure, "in time")
}

// A client that hangs up does not keep a call running.
func TestLeavingCancels(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	block := newBlocker()
	waiting := testTool("block", func(ctx context.Context, d *tool.Deps, a json.RawMessage) (json.RawMessage, error) {
		answer, err := block.tool().Run(ctx, d, a)
		ended <- err
		return answer.JSON, err
	})
	url := newHTTP(t, newServer(t, serve.Options{Tools: []tool.Tool{waiting}}))
	ctx, leave := context.WithCancel(t.Context())
	called := start(call(t, url+"/mcp", "block").WithContext(ctx))
	block.waitStarted(t)
	leave()
	assert.Contains(t, (<-called).body, context.Canceled.Error())
	select {
	case err := <-ended:
		require.ErrorIs(t, err, context.Canceled)
	case <-time.After(time.Minute):
		assert.Fail(t, "the call goes on")
	}
}

func TestLogsTellNothing(t *testing.T) {
	t.Parallel()
	var logged logBuffer
	url := newHTTP(t, newServer(t, serve.Options{Log: logged.logger()}))
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":"secret","method":"secret"}`,
		`{"jsonrpc":"2.0","id":"secret","result":{"secret":1}}`,
		`{"jsonrpc":"2.0","id":"secret","error":{"code":1,"message":"secret"}}`,
		`{"jsonrpc":"2.0","id":"secret","method":"tools/call","params":{"name":"secret"}}`,
		`{"jsonrpc":"2.0","id":"secret","method":"tools/call","params":{"name":"echo","arguments":{"user_id":"secret"}}}`,
		`{"jsonrpc":"2.0","id":"secret","method":"tools/call","params":"secret"}`,
		`secret`,
	} {
		r := newRequest(t, "POST", url+"/mcp?secret", body)
		r.Header.Set("Mcp-Session-Id", "secret")
		send(t, r)
	}
	assert.Contains(t, logged.String(), `"tool answered"`)
	assert.NotContains(t, logged.String(), "secret")
}
