package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/serve"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

const benchCallers = 8

// BenchmarkCachedTool is how many calls a second a tool answers from the cache
// over HTTP, and how many of a bare mcp-go echo tool's in the same run that is.
// The two take turns, so that what else the machine does hits both.
func BenchmarkCachedTool(b *testing.B) {
	ours, bare := benchServer(b), bareServer(b)
	for _, tool := range []string{"get_session", "sleep_score", "average_stats", "weekly_report"} {
		b.Run(tool, func(b *testing.B) { takeTurns(b, ours, callOf(tool, "{}"), bare, callOf("echo", `{"text":"hello"}`)) })
	}
}

func callOf(tool, arguments string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `","arguments":` + arguments + `}}`
}

func takeTurns(b *testing.B, ours, ourCall, bare, bareCall string) {
	storm(b, ours, ourCall)
	storm(b, bare, bareCall)
	var oursTime, bareTime time.Duration
	calls := 0
	for b.ResetTimer(); calls < b.N; calls += turn {
		oursTime += storm(b, ours, ourCall)
		bareTime += storm(b, bare, bareCall)
	}
	b.ReportMetric(float64(calls)/oursTime.Seconds(), "calls/s")
	b.ReportMetric(float64(calls)/bareTime.Seconds(), "echo-calls/s")
	b.ReportMetric(100*bareTime.Seconds()/oursTime.Seconds(), "%of-echo")
}

// turn is how many calls are sent to one server before it is the other's turn.
const turn = 200

// storm sends a turn's calls from eight callers and returns how long they took.
func storm(b *testing.B, url, body string) time.Duration {
	b.Helper()
	var sent, failed atomic.Int64
	var callers sync.WaitGroup
	began := time.Now()
	for range benchCallers {
		callers.Go(func() {
			for sent.Add(1) <= turn {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, strings.NewReader(body))
				if err != nil {
					failed.Add(1)
					return
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Accept", "application/json, text/event-stream")
				response, err := http.DefaultClient.Do(r)
				if err != nil {
					failed.Add(1)
					return
				}
				answer, _ := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if !strings.Contains(string(answer), `"result"`) {
					failed.Add(1)
				}
			}
		})
	}
	callers.Wait()
	took := time.Since(began)
	require.Zero(b, failed.Load())
	return took
}

func benchServer(b *testing.B) string {
	b.Helper()
	now := time.Now()
	api := httptest.NewServer(sandbox.New(sandbox.Options{People: sandbox.Demo(now, 1)}))
	b.Cleanup(api.Close)
	client, err := asleep.New(api.URL, "key")
	require.NoError(b, err)
	s, err := serve.New(serve.Options{
		Version: "bench", Tools: tools.All(), Principal: access.Operator(sandbox.DemoUser),
		Deps: &tools.Deps{Client: client, Now: time.Now, DataSource: "demo"},
	})
	require.NoError(b, err)
	web := httptest.NewServer(s.Handler())
	b.Cleanup(web.Close)
	return web.URL + "/mcp"
}

func bareServer(b *testing.B) string {
	b.Helper()
	s := server.NewMCPServer("bare", "1")
	s.AddTool(mcp.NewTool("echo", mcp.WithString("text")), func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(r.GetString("text", "")), nil
	})
	web := httptest.NewServer(server.NewStreamableHTTPServer(s, server.WithStateLess(true), server.WithDisableStreaming(true)))
	b.Cleanup(web.Close)
	return web.URL + "/mcp"
}
