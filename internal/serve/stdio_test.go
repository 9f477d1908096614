package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// The tests of this file do not run in parallel: mcp-go keeps the session of
// standard input and output in a package variable.

// session is a running Stdio over pipes of the system, as a host starts it.
type session struct {
	in    *os.File
	out   *bufio.Reader
	outR  *os.File
	ended chan error
}

func startStdio(t *testing.T, ctx context.Context, s *serve.Server) *session { //nolint:revive // t first reads better here
	t.Helper()
	inR, inW, err := os.Pipe()
	require.NoError(t, err)
	outR, outW, err := os.Pipe()
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() {
		err := s.Stdio(ctx, inR, outW)
		_ = outW.Close()
		ended <- err
	}()
	t.Cleanup(func() {
		_ = inW.Close()
		_ = outR.Close()
		_ = inR.Close()
	})
	return &session{in: inW, out: bufio.NewReader(outR), outR: outR, ended: ended}
}

func (s *session) send(t *testing.T, text string) {
	t.Helper()
	_, err := s.in.WriteString(text)
	require.NoError(t, err)
}

// receive reads one line and checks that it is a message.
func (s *session) receive(t *testing.T) reply {
	t.Helper()
	require.NoError(t, s.outR.SetReadDeadline(time.Now().Add(time.Minute)))
	line, err := s.out.ReadString('\n')
	require.NoError(t, err)
	var m struct{ JSONRPC string }
	require.NoError(t, json.Unmarshal([]byte(line), &m), line)
	require.Equal(t, "2.0", m.JSONRPC)
	return reply{body: strings.TrimSpace(line)}
}

func (s *session) waitEnd(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.ended:
		return err
	case <-time.After(time.Minute):
		require.FailNow(t, "did not end")
		return nil
	}
}

// end closes the input and checks that nothing is left to read.
func (s *session) end(t *testing.T) {
	t.Helper()
	require.NoError(t, s.in.Close())
	require.NoError(t, s.waitEnd(t))
	rest, err := io.ReadAll(s.out)
	require.NoError(t, err)
	assert.Empty(t, string(rest))
}

func TestStdioBothEras(t *testing.T) {
	s := startStdio(t, t.Context(), newServer(t, serve.Options{}))

	s.send(t, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}`+"\n")
	assert.Equal(t, "2025-06-18", s.receive(t).result(t)["protocolVersion"])
	s.send(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n")
	s.send(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{`+callEcho+`}}`+"\n")
	checkEcho(t, s.receive(t).result(t))

	s.send(t, `{"jsonrpc":"2.0","id":"three","method":"server/discover","params":{`+modernMeta+`}}`+"\n")
	discovered := s.receive(t)
	assert.Contains(t, discovered.body, `"id":"three"`)
	assert.Contains(t, discovered.result(t)["supportedVersions"], "2026-07-28")
	s.send(t, `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{`+modernMeta+`,`+callEcho+`}}`+"\n")
	checkEcho(t, s.receive(t).result(t))
	s.end(t)
}

func TestStdioToleratesLineEnds(t *testing.T) {
	s := startStdio(t, t.Context(), newServer(t, serve.Options{}))
	s.send(t, "\n\r\n  \n"+listMessage+"\r\n\r\n")
	assert.Contains(t, s.receive(t).body, `"id":1`)
	s.end(t)
}

func TestStdioRefuses(t *testing.T) {
	s := startStdio(t, t.Context(), newServer(t, serve.Options{}))
	for name, c := range spellings {
		if c.code == 0 || strings.Contains(c.body, "\n") || c.body == "" {
			continue
		}
		s.send(t, c.body+"\n")
		t.Log(name)
		checkRefusal(t, s.receive(t).body, c.code)
	}
	s.send(t, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"an answer to nothing"}}`+"\n")
	s.end(t)
}

func TestStdioBoundsLines(t *testing.T) {
	s := startStdio(t, t.Context(), newServer(t, serve.Options{}))
	longest := listMessage + strings.Repeat(" ", 1<<20-len(listMessage))
	go func() {
		for range 16 {
			_, _ = s.in.WriteString(longest)
		}
		_, _ = s.in.WriteString("\n" + longest + "\n" + longest + " \n")
	}()
	checkRefusal(t, s.receive(t).body, -32600)
	var bodies []string
	for range 2 {
		bodies = append(bodies, s.receive(t).body)
	}
	assert.Contains(t, strings.Join(bodies, "\n"), `"tools":[`, "a line of 1 MiB is read")
	assert.Contains(t, strings.Join(bodies, "\n"), "1 MiB", "a longer one is not")
	s.end(t)
}

// What a shell sends before it closes the pipe is answered, also when the last
// line has no end.
func TestStdioAnswersBeforeTheEnd(t *testing.T) {
	block := newBlocker()
	s := startStdio(t, t.Context(), newServer(t, serve.Options{Tools: []tool.Tool{block.tool()}}))
	s.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"block"}}`+"\n"+
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"block"}}`+"\n"+
		`{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n"+listMessage)
	require.NoError(t, s.in.Close())
	block.waitStarted(t)
	block.waitStarted(t)
	assert.Contains(t, s.receive(t).body, `"tools"`)
	close(block.release)
	assert.Contains(t, s.receive(t).body, `"released":true`)
	assert.Contains(t, s.receive(t).body, `"released":true`)
	assert.NoError(t, s.waitEnd(t))
}

func TestStdioDoesNotWaitForever(t *testing.T) {
	stuck := make(chan struct{})
	t.Cleanup(func() { close(stuck) })
	deaf := testTool("deaf", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		<-stuck
		return nil, errors.New("released by the test")
	})
	ctx, stop := context.WithCancel(t.Context())
	s := startStdio(t, ctx, newServer(t, serve.Options{Tools: []tool.Tool{deaf}}))
	s.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"deaf"}}`+"\n"+listMessage+"\n")
	s.receive(t)
	stop()
	assert.NoError(t, s.waitEnd(t))
}

// On this door a client cancels its own calls. It is not answered then, and an id
// that is cancelled too late can be used again.
func TestStdioCancels(t *testing.T) {
	block := newBlocker()
	s := startStdio(t, t.Context(), newServer(t, serve.Options{Tools: []tool.Tool{block.tool()}}))
	cancel := func(id string) {
		s.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":`+id+`}}`+"\n")
	}
	for id, spelled := range map[string]string{"1": "1.0", `"a"`: `"\u0061"`} {
		for range 2 {
			s.send(t, `{"jsonrpc":"2.0","id":`+id+`,"method":"ping"}`+"\n")
			assert.JSONEq(t, `{"jsonrpc":"2.0","id":`+id+`,"result":{}}`, s.receive(t).body)
			cancel(id)
		}
		s.send(t, `{"jsonrpc":"2.0","id":`+id+`,"method":"tools/call","params":{"name":"block"}}`+"\n")
		block.waitStarted(t)
		cancel(spelled)
	}
	s.end(t)
}

func TestStdioEndsWithItsContext(t *testing.T) {
	block := newBlocker()
	ctx, stop := context.WithCancel(t.Context())
	s := startStdio(t, ctx, newServer(t, serve.Options{Tools: []tool.Tool{block.tool()}}))
	s.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"block"}}`+"\n")
	block.waitStarted(t)
	stop()
	assert.NoError(t, s.waitEnd(t))
}

func TestStdioEndsWithItsReader(t *testing.T) {
	var logged logBuffer
	s := startStdio(t, t.Context(), newServer(t, serve.Options{Log: logged.logger()}))
	require.NoError(t, s.outR.Close())
	s.send(t, listMessage+"\n")
	require.NoError(t, s.waitEnd(t))
	assert.Contains(t, logged.String(), "Error writing response")
	assert.NotContains(t, logged.String(), "pipe", "what the system said stays out of the log")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestStdioReportsBrokenOutput(t *testing.T) {
	err := newServer(t, serve.Options{}).Stdio(t.Context(), strings.NewReader(listMessage), fullDisk{})
	assert.ErrorContains(t, err, "disk full")
}

func TestStdioPanicsTellNothing(t *testing.T) {
	var logged logBuffer
	boom := testTool("boom", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		panic("slept 412 minutes")
	})
	s := startStdio(t, t.Context(), newServer(t, serve.Options{Tools: []tool.Tool{boom}, Log: logged.logger()}))
	s.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"boom"}}`+"\n")
	got := s.receive(t)
	assert.Equal(t, true, got.result(t)["isError"])
	assert.NotContains(t, got.body+logged.String(), "slept")
	s.end(t)
}

// Ids of two types are two ids, though mcp-go takes them for one.
func TestStdioCancelsByType(t *testing.T) {
	b := newBlocker()
	s := startStdio(t, t.Context(), newServer(t, serve.Options{Tools: []tool.Tool{b.tool(), echo}}))
	s.send(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"block"}}`+"\n")
	b.waitStarted(t)
	s.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"2"}}`+"\n")
	s.send(t, `{"jsonrpc":"2.0","id":"3","method":"ping"}`+"\n")
	assert.JSONEq(t, `{"jsonrpc":"2.0","id":"3","result":{}}`, s.receive(t).body)
	close(b.release)
	assert.Contains(t, s.receive(t).body, `"id":2,`, "the call of the other type goes on")
	s.end(t)
}

func TestStdioByteOrderMark(t *testing.T) {
	s := startStdio(t, t.Context(), newServer(t, serve.Options{}))
	s.send(t, "\xef\xbb\xbf"+`{"jsonrpc":"2.0","id":1,"method":"ping"}`+"\r\n")
	assert.JSONEq(t, `{"jsonrpc":"2.0","id":1,"result":{}}`, s.receive(t).body)
	s.end(t)
}
