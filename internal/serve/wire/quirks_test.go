package wire_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each test here shows, on a bare server, a behaviour of mcp-go that something is
// done about in front of it. When one fails, mcp-go has changed: see whether the
// work-around it names may go.

func bareServer(tools ...server.ServerTool) *server.MCPServer {
	s := server.NewMCPServer("bare", "0")
	s.AddTools(tools...)
	return s
}

func bareTool(handle server.ToolHandlerFunc) server.ServerTool {
	return server.ServerTool{Tool: mcp.NewTool("bare"), Handler: handle}
}

// waitingTool runs until its call is cancelled.
func waitingTool() (_ server.ServerTool, started chan struct{}) {
	started = make(chan struct{}, 100)
	return bareTool(func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		started <- struct{}{}
		<-ctx.Done()
		return mcp.NewToolResultText("cancelled"), nil
	}), started
}

// hastyTool tells its progress and is done.
var hastyTool = bareTool(func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return mcp.NewToolResultText("done"), server.ServerFromContext(ctx).SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress),
		map[string]any{"progressToken": r.Params.Meta.ProgressToken, "progress": 1})
})

// chattyTool tells its progress often.
var chattyTool = bareTool(func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	for done := range chats {
		_ = server.ServerFromContext(ctx).SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress),
			map[string]any{"progressToken": r.Params.Meta.ProgressToken, "progress": done + 1})
	}
	return mcp.NewToolResultText("done"), nil
})

const chats = 5

// slowWriter is a way out to somebody who reads slowly.
type slowWriter struct{ *httptest.ResponseRecorder }

func (w slowWriter) Write(p []byte) (int, error) {
	time.Sleep(5 * time.Millisecond)
	return w.ResponseRecorder.Write(p)
}

// silentWriter is a way out that cannot be flushed.
type silentWriter struct{ http.ResponseWriter }

func bareHandler(s *server.MCPServer) http.Handler {
	return server.NewStreamableHTTPServer(s, server.WithStateLess(true), server.WithDisableStreaming(true), server.WithStreamableHTTPLogger(slog.New(slog.DiscardHandler)))
}

func newRequest(ctx context.Context, body string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func bareHTTP(t *testing.T, s *server.MCPServer) (url string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(bareHandler(s))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

type reply struct {
	status int
	header http.Header
	body   string
}

const (
	legacyCall   = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bare"}}`
	progressCall = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bare","_meta":{"progressToken":7}}}`
	initialize   = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}`
	ping         = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	modernMeta   = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
	modernListen = `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{` + modernMeta + `,"notifications":{"toolsListChanged":true}}}`
)

var modern = []string{"Mcp-Protocol-Version", "2026-07-28", "Mcp-Method"}

// ask sends a message with headers beside the usual ones.
func ask(ctx context.Context, method, url, body string, headers ...string) (reply, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Host = r.Header.Get("Host")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	got, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, strings.TrimSpace(string(got))}, errors.Join(err, response.Body.Close())
}

func post(t *testing.T, url, body string, headers ...string) reply {
	t.Helper()
	got, err := ask(t.Context(), http.MethodPost, url, body, headers...)
	require.NoError(t, err)
	return got
}

// bareStdio is a bare server behind pipes.
type bareStdio struct {
	in      *io.PipeWriter
	lines   chan string
	ended   chan struct{}
	stop    context.CancelFunc
	printed *strings.Builder // by the error logger; read it when all has ended
}

// startBare serves over pipes. Its tests are not parallel: mcp-go keeps the session
// of standard input and output in a package variable.
func startBare(t *testing.T, s *server.MCPServer) *bareStdio {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	b := &bareStdio{in: inW, lines: make(chan string, 100), ended: make(chan struct{}), stop: stop, printed: &strings.Builder{}}
	go func() {
		listener := server.NewStdioServer(s)
		listener.SetErrorLogger(log.New(b.printed, "", 0))
		_ = listener.Listen(ctx, inR, outW)
		close(b.ended)
		_ = outW.Close()
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(outR); lines.Scan(); {
			b.lines <- lines.Text()
		}
	}()
	t.Cleanup(func() { stop(); _ = inW.Close(); _ = outR.Close(); <-b.ended; <-read })
	return b
}

func (b *bareStdio) send(t *testing.T, text string) {
	t.Helper()
	_, err := io.WriteString(b.in, text)
	require.NoError(t, err)
}

// receive returns the next line, "" when there is none.
func (b *bareStdio) receive() string {
	select {
	case line := <-b.lines:
		return line
	case <-time.After(time.Minute):
		return ""
	}
}

const (
	soon = 200 * time.Millisecond // in which nothing is to come
	many = 500                    // rounds, in which what happens by chance happens
)

// Work-around: toolHandler.call never returns an error.
func TestQuirkErrorsAreProtocolErrors(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer(bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return nil, assert.AnError
	}))), legacyCall)
	assert.Contains(t, got.body, "-32603")
	assert.Contains(t, got.body, assert.AnError.Error())
}

// Work-around: calls recover for themselves in package surface, and requests in package web.
func TestQuirkPanicsAreTold(t *testing.T) {
	s := bareServer(bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { panic("slept badly") }))
	_, err := ask(t.Context(), http.MethodPost, bareHTTP(t, s), legacyCall)
	require.Error(t, err, "the connection is cut")
	b := startBare(t, s)
	b.send(t, legacyCall+"\n")
	assert.Contains(t, b.receive(), "slept badly")
}

// Work-around: describeTool sets the fields by hand.
func TestQuirkTwoSchemas(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(mcp.NewTool("bare", mcp.WithRawInputSchema(json.RawMessage(`{"type":"object"}`))))
	require.Error(t, err)
}

// Work-around: checkSchema, at start.
func TestQuirkOneBadSchemaEmptiesTheList(t *testing.T) {
	t.Parallel()
	s := bareServer(bareTool(nil), server.ServerTool{Tool: mcp.Tool{Name: "bad", RawInputSchema: json.RawMessage(`{"type":`)}})
	assert.Empty(t, post(t, bareHTTP(t, s), `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`).body)
}

// Work-around: New says that no list changes.
func TestQuirkListsAreSaidToChange(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer(bareTool(nil))), initialize)
	assert.Contains(t, got.body, `"listChanged":true`)
}

// Work-around: inspect refuses members in another case, or twice; so does memberOf.
func TestQuirkMembersAreFolded(t *testing.T) {
	t.Parallel()
	url := bareHTTP(t, bareServer())
	for _, body := range []string{`{"jsonrpc":"2.0","id":1,"METHOD":"ping"}`, `{"jsonrpc":"2.0","id":1,"method":"nothing","method":"ping"}`} {
		assert.Contains(t, post(t, url, body).body, `"result":{}`, body)
	}
}

// Work-around: interpret bounds ids.
func TestQuirkLargeIDsChange(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer()), `{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}`)
	assert.Contains(t, got.body, "900719925474099")
	assert.NotContains(t, got.body, "9007199254740993")
}

// Work-around: httpDoor.serve drops the notification.
func TestQuirkStrangersCancel(t *testing.T) {
	t.Parallel()
	tool, started := waitingTool()
	url := bareHTTP(t, bareServer(tool))
	called := make(chan string, 1)
	go func() {
		got, err := ask(t.Context(), http.MethodPost, url, legacyCall)
		called <- fmt.Sprint(got.body, err)
	}()
	<-started
	post(t, url, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	assert.Contains(t, <-called, "cancelled")
}

// Work-around: the origin policy of package web.
func TestQuirkNoOriginCheck(t *testing.T) {
	t.Parallel()
	url := bareHTTP(t, bareServer())
	assert.Equal(t, http.StatusOK, post(t, url, ping, "Origin", "https://evil.example").status)
	assert.Equal(t, http.StatusForbidden, post(t, url, ping, "Host", "sleep.example.org").status, "the public name")
}

// Work-around: httpDoor.serve answers 405.
func TestQuirkOtherMethodsAreNotFound(t *testing.T) {
	t.Parallel()
	got, err := ask(t.Context(), http.MethodPut, bareHTTP(t, bareServer()), "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, got.status)
}

// Work-around: package web reads the body, and readLine a line, up to a limit.
func TestQuirkMessagesMayBeOfAnyLength(t *testing.T) {
	long := strings.Replace(ping, `"method"`, strings.Repeat(" ", 2<<20)+`"method"`, 1)
	assert.Contains(t, post(t, bareHTTP(t, bareServer()), long).body, `"result":{}`)
	b := startBare(t, bareServer())
	b.send(t, long+"\n")
	assert.Contains(t, b.receive(), `"result":{}`)
}

// Work-around: httpDoor.serve deletes the header.
func TestQuirkCallersNameTheirSession(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer(bareTool(func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(server.ClientSessionFromContext(ctx).SessionID()), nil
	}))), legacyCall, "Mcp-Session-Id", "somebody-else")
	assert.Contains(t, got.body, "somebody-else")
}

// Work-around: httpDoor.serve deletes the header.
func TestQuirkLastEventIDIsRefused(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer()), `{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{`+modernMeta+`}}`,
		append(modern, "server/discover", "Last-Event-ID", "7")...)
	assert.Equal(t, http.StatusBadRequest, got.status)
}

// Work-around: checks, before mcp-go decodes the params.
func TestQuirkDecoderSpeaks(t *testing.T) {
	t.Parallel()
	s := bareServer()
	s.AddPrompt(mcp.NewPrompt("bare"), nil)
	assert.Contains(t, post(t, bareHTTP(t, s), `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":7}}`).body, "json: cannot unmarshal")
}

// Work-around: checks, by Prompts.Check of package surface.
func TestQuirkMistakesInPromptsAreInternalErrors(t *testing.T) {
	t.Parallel()
	s := bareServer()
	s.AddPrompt(mcp.NewPrompt("bare", mcp.WithArgument("needed", mcp.RequiredArgument())),
		func(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			assert.Empty(t, r.Params.Arguments["needed"], "not enforced")
			return nil, assert.AnError
		})
	got := post(t, bareHTTP(t, s), `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"bare"}}`)
	assert.Contains(t, got.body, "-32603")
	assert.Contains(t, got.body, assert.AnError.Error())
}

// Work-around: checks, by Tools.Check of package surface.
func TestQuirkUnknownToolsTeachNothing(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer(bareTool(nil))), `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bear"}}`)
	assert.Contains(t, got.body, "not found")
	assert.NotContains(t, got.body, "bare")
}

// Work-around: checks, by Resources.Check of package surface.
func TestQuirkMissingResourcesAreNotNamed(t *testing.T) {
	t.Parallel()
	s := bareServer()
	s.AddResource(mcp.Resource{URI: "bare://there", Name: "there"}, nil)
	got := post(t, bareHTTP(t, s), `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"bare://gone"}}`)
	assert.Contains(t, got.body, "-32002")
	assert.NotContains(t, got.body, `"data"`)
}

// Work-around: checkCursor.
func TestQuirkAnyCursorIsTaken(t *testing.T) {
	t.Parallel()
	url := bareHTTP(t, bareServer(bareTool(nil)))
	list := func(cursor string) string {
		return post(t, url, `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"`+cursor+`"}}`).body
	}
	assert.Contains(t, list("%%%"), "illegal base64")
	assert.Contains(t, list("Z2V0X3Nlc3Npb24="), `"tools":[]`, "a list that begins in the middle")
}

// Work-around: resultWriter.
func TestQuirkAnswersAreEncodedAgain(t *testing.T) {
	t.Parallel()
	got := post(t, bareHTTP(t, bareServer(bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{StructuredContent: json.RawMessage(`{"a":"7 < 8"}`)}, nil
	}))), legacyCall)
	assert.Contains(t, got.body, `{"a":"7 \u003c 8"}`)
}

// Work-around: responseWriter.WriteHeader, and X-Accel-Buffering in httpDoor.serve.
func TestQuirkStreamsMayBeKept(t *testing.T) {
	t.Parallel()
	slow := bareTool(func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		result, err := hastyTool.Handler(ctx, r)
		time.Sleep(soon) // for the stream to begin
		return result, err
	})
	got := post(t, bareHTTP(t, bareServer(slow)), progressCall)
	assert.Equal(t, "text/event-stream", got.header.Get("Content-Type"))
	assert.NotContains(t, got.header.Get("Cache-Control"), "no-store")
	assert.Empty(t, got.header.Get("X-Accel-Buffering"))
}

// Work-around: responseWriter.Flush and resultWriter.Flush.
func TestQuirkWritersMustFlush(t *testing.T) {
	t.Parallel()
	inner := bareHandler(bareServer(hastyTool))
	for range 20 {
		w := httptest.NewRecorder()
		inner.ServeHTTP(silentWriter{w}, newRequest(t.Context(), progressCall))
		assert.NotContains(t, w.Body.String(), "notifications/progress")
	}
}

// overtakes reports whether the result comes before what is told on the way to it.
func overtakes(body, told string) bool {
	before, _, answered := strings.Cut(body, `"result"`)
	return answered && !strings.Contains(before, told)
}

// Work-around: barrier, by progressReporter.settle.
func TestQuirkResultsOvertakeProgress(t *testing.T) {
	inner, overtaken := bareHandler(bareServer(chattyTool)), false
	for i := 0; i < many && !overtaken; i++ {
		w := slowWriter{httptest.NewRecorder()}
		inner.ServeHTTP(w, newRequest(t.Context(), progressCall))
		before, _, answered := strings.Cut(w.Body.String(), `"result"`)
		overtaken = answered && strings.Count(before, "notifications/progress") < chats
	}
	assert.True(t, overtaken, "over HTTP")
	b := startBare(t, bareServer(hastyTool))
	b.send(t, initialize+"\n")
	require.NotEmpty(t, b.receive())
	b.send(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n")
	overtaken = false
	for i := 0; i < many && !overtaken; i++ {
		b.send(t, progressCall+"\n")
		overtaken = overtakes(b.receive()+b.receive(), "notifications/progress")
	}
	assert.True(t, overtaken, "over standard output")
}

// Work-around: barrier, by acknowledgeFirst.
func TestQuirkResultsOvertakeAcknowledgements(t *testing.T) {
	s := server.NewMCPServer("bare", "0", server.WithToolCapabilities(false)) // so that there is nothing to listen to
	b, overtaken := startBare(t, s), false
	for i := 0; i < many && !overtaken; i++ {
		b.send(t, modernListen+"\n")
		overtaken = overtakes(b.receive()+b.receive(), "acknowledged")
	}
	assert.True(t, overtaken)
}

// Work-around: Stdio sets the number of workers.
func TestQuirkFiveCallsAtOnce(t *testing.T) {
	tool, started := waitingTool()
	b := startBare(t, bareServer(tool))
	for i := range 6 {
		b.send(t, strings.Replace(legacyCall, `"id":1`, fmt.Sprintf(`"id":%d`, i), 1)+"\n")
	}
	for range 5 {
		<-started
	}
	select {
	case <-started:
		assert.Fail(t, "a sixth call runs")
	case <-time.After(soon):
	}
}

// Work-around: Stdio keeps the input open until pending requests are answered.
func TestQuirkEndOfInputCancels(t *testing.T) {
	tool, started := waitingTool()
	b := startBare(t, bareServer(tool))
	b.send(t, legacyCall+"\n")
	<-started
	require.NoError(t, b.in.Close())
	assert.Contains(t, b.receive(), "cancelled")
}

// Work-around: Stdio leaves calls behind that do not notice.
func TestQuirkCallsHoldTheEnd(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	b := startBare(t, bareServer(bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		close(started)
		<-release
		return mcp.NewToolResultText("done"), nil
	})))
	b.send(t, legacyCall+"\n")
	<-started
	b.stop()
	select {
	case <-b.ended:
		assert.Fail(t, "it ends")
	case <-time.After(soon):
	}
	close(release)
}

// Work-around: answers.Write drops the answer.
func TestQuirkCancelledCallsAreAnswered(t *testing.T) {
	tool, started := waitingTool()
	b := startBare(t, bareServer(tool))
	b.send(t, legacyCall+"\n")
	<-started
	b.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`+"\n")
	assert.Contains(t, b.receive(), "cancelled")
}

// Work-around: Stdio passes no blank lines on.
func TestQuirkBlankLinesAreAnswered(t *testing.T) {
	b := startBare(t, bareServer())
	b.send(t, "\n")
	assert.Contains(t, b.receive(), "-32700")
}

// Work-around: constantOnly and constantLines.
func TestQuirkLogsTellValues(t *testing.T) {
	b := startBare(t, bareServer(bareTool(func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { panic("slept badly") })))
	b.send(t, legacyCall+"\n")
	b.receive()
	b.stop()
	<-b.ended
	assert.Contains(t, b.printed.String(), "slept badly")
}

// Work-around: a process has only one Stdio.
func TestQuirkStdioHasOneSession(t *testing.T) {
	sessions := make(chan server.ClientSession, 2)
	for range 2 {
		b := startBare(t, bareServer(bareTool(func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			sessions <- server.ClientSessionFromContext(ctx)
			return mcp.NewToolResultText("done"), nil
		})))
		b.send(t, legacyCall+"\n")
		b.receive()
		b.stop()
		<-b.ended
	}
	first, second := <-sessions, <-sessions
	assert.Same(t, first, second)
}

// It knows no skills: see skills.go.
func TestQuirkNoSkills(t *testing.T) {
	t.Parallel()
	answer, ok := bareServer().HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"skills/list"}`)).(mcp.JSONRPCError)
	require.True(t, ok)
	assert.Equal(t, mcp.METHOD_NOT_FOUND, answer.Error.Code)
}
