package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// hasty reports and is done at once, which is the worst for a notification.
var hasty = testTool("hasty", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
	for done := range 5 {
		tool.ProgressOf(ctx)(done+1, 5)
	}
	return json.RawMessage(`{"summary":"done"}`), nil
})

// steady takes its time.
var steady = testTool("steady", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
	const all = 120
	for done := range all {
		tool.ProgressOf(ctx)(done+1, all)
		select {
		case <-time.After(8 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return json.RawMessage(`{"summary":"done"}`), nil
})

func progressServer(t *testing.T) *serve.Server {
	t.Helper()
	return newServer(t, serve.Options{Tools: []tool.Tool{hasty, steady}})
}

// told is what a client was told until the result of a call, which is last.
func told(t *testing.T, messages []string, token any) (progress []float64) {
	t.Helper()
	for i, text := range messages {
		var m struct {
			Method string
			Result any
			Params struct {
				ProgressToken   any
				Progress, Total float64
			}
		}
		require.NoError(t, json.Unmarshal([]byte(text), &m), text)
		if m.Method == "" {
			assert.NotNil(t, m.Result, text)
			assert.Equal(t, len(messages)-1, i, "nothing follows the result")
			return progress
		}
		assert.Equal(t, "notifications/progress", m.Method)
		assert.EqualValues(t, token, m.Params.ProgressToken)
		assert.Less(t, m.Params.Progress, m.Params.Total, "the end is told by the result")
		if len(progress) > 0 {
			assert.Greater(t, m.Params.Progress, progress[len(progress)-1])
		}
		progress = append(progress, m.Params.Progress)
	}
	require.Fail(t, "no result")
	return nil
}

// events are the messages of an answer, a stream or a single one.
func events(r reply) []string {
	if !strings.HasPrefix(r.header.Get("Content-Type"), "text/event-stream") {
		return []string{r.body}
	}
	var messages []string
	for line := range strings.Lines(r.body) {
		if data, ok := strings.CutPrefix(line, "data:"); ok {
			messages = append(messages, strings.TrimSpace(data))
		}
	}
	return messages
}

func TestProgressOverHTTPIsNeverLost(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, progressServer(t))
	for range 100 {
		got := legacy(t, url, `"method":"tools/call","params":{"name":"hasty","_meta":{"progressToken":"a"}}`)
		require.Equal(t, []float64{1}, told(t, events(got), "a"))
		require.Equal(t, "text/event-stream no-store", got.header.Get("Content-Type")+" "+got.header.Get("Cache-Control"))
		got = send(t, modernRequest(t, url, "tools/call", "hasty", `,"name":"hasty"`))
		require.Empty(t, told(t, events(got), nil), "not asked for")
		r := modernRequest(t, url, "tools/call", "hasty", "")
		body := strings.Replace(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{`+modernMeta+`,"name":"hasty"}}`,
			`"_meta":{`, `"_meta":{"progressToken":7,`, 1)
		again := newRequest(t, r.Method, r.URL.String(), body)
		again.Header = r.Header
		require.Equal(t, []float64{1}, told(t, events(send(t, again)), 7))
	}
}

func TestProgressIsToldAFewTimesASecond(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, progressServer(t))
	began := time.Now()
	got := told(t, events(legacy(t, url, `"method":"tools/call","params":{"name":"steady","_meta":{"progressToken":"a"}}`)), "a")
	most := int(time.Since(began)/(250*time.Millisecond)) + 1
	assert.LessOrEqual(t, len(got), most)
	assert.GreaterOrEqual(t, len(got), 3, "it takes a second")
	assert.InDelta(t, 1, got[0], 0, "at once")
}

func TestProgressOverStdioIsNeverLate(t *testing.T) {
	s := startStdio(t, t.Context(), progressServer(t))
	for i := range 100 {
		if i == 50 { // a client of the old days opens with this; one of today never does
			s.send(t, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}`+"\n")
			s.receive(t)
			s.send(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n")
		}
		id := strconv.Itoa(i + 1)
		meta := `"_meta":{"progressToken":` + id + `},`
		if i < 50 {
			meta = strings.Replace(modernMeta, `"_meta":{`, `"_meta":{"progressToken":`+id+`,`, 1) + ","
		}
		s.send(t, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{%s"name":"hasty"}}`+"\n", id, meta))
		first, second := s.receive(t).body, s.receive(t).body
		require.Equal(t, []float64{1}, told(t, []string{first, second}, i+1), "round %s", id)
	}
	s.end(t)
}

// The official client is told as well.
func TestProgressReachesTheOfficialClient(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, progressServer(t))
	for _, revision := range []string{"2025-06-18", "2026-07-28"} {
		heard := make(chan float64, 16)
		client := mcp.NewClient(&mcp.Implementation{Name: "official", Version: "0"}, &mcp.ClientOptions{
			ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) { heard <- r.Params.Progress },
		})
		session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url + "/mcp"}, &mcp.ClientSessionOptions{ProtocolVersion: revision})
		require.NoError(t, err)
		params := &mcp.CallToolParams{Name: "hasty"}
		params.SetProgressToken("t")
		_, err = session.CallTool(t.Context(), params)
		require.NoError(t, err)
		select {
		case done := <-heard:
			assert.InDelta(t, 1, done, 0)
		case <-time.After(time.Minute):
			assert.Fail(t, "heard nothing", revision)
		}
		require.NoError(t, session.Close())
	}
}

// Closing the stream ends the call.
func TestClosedStreamCancels(t *testing.T) {
	t.Parallel()
	b := newBlocker()
	reporting := testTool("reporting", func(ctx context.Context, d *tool.Deps, in json.RawMessage) (json.RawMessage, error) {
		tool.ProgressOf(ctx)(1, 9)
		answer, err := b.tool().Run(ctx, d, in)
		close(b.release)
		return answer.JSON, err
	})
	url := newHTTP(t, newServer(t, serve.Options{Tools: []tool.Tool{reporting}}))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r := newRequest(t, http.MethodPost, url+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"reporting","_meta":{"progressToken":"a"}}}`).WithContext(ctx)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	b.waitStarted(t)
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	require.NoError(t, err)
	assert.NotEmpty(t, line)
	leave()
	select {
	case <-b.release:
	case <-time.After(time.Minute):
		assert.Fail(t, "the call goes on")
	}
}
