package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const benchCallers = 8

// BenchmarkToolOverHTTP is how many calls a second a tool answers over HTTP, each
// answer computed from nights in memory, and how many those are of a bare mcp-go tool's
// that returns the same bytes. The two take turns, so that whatever else the machine
// does hits both, and the ratio is the median of those of all turns.
func BenchmarkToolOverHTTP(b *testing.B) {
	ours := benchServer(b)
	for _, name := range []string{"list_sessions", "get_session", "average_stats", "sleep_score", "weekly_report", "monthly_trends"} {
		b.Run(name, func(b *testing.B) {
			call := callOf(name, "{}")
			takeTurns(b, ours, call, bareServer(b, name, answerTo(b, ours, call)), call)
		})
	}
}

// answerTo is the answer of a tool.
func answerTo(b *testing.B, url, body string) json.RawMessage {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(b, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	response, err := http.DefaultClient.Do(r)
	require.NoError(b, err)
	defer func() { _ = response.Body.Close() }()
	var message struct {
		Result struct {
			StructuredContent json.RawMessage `json:"structuredContent"`
		} `json:"result"`
	}
	require.NoError(b, json.NewDecoder(response.Body).Decode(&message))
	require.NotEmpty(b, message.Result.StructuredContent)
	return message.Result.StructuredContent
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func callOf(tool, arguments string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `","arguments":` + arguments + `}}`
}

func takeTurns(b *testing.B, ours, ourCall, bare, bareCall string) {
	storm(b, ours, ourCall)
	storm(b, bare, bareCall)
	var rates, bareRates, ratios []float64
	for b.Loop() {
		bareTime, ourTime := storm(b, bare, bareCall), storm(b, ours, ourCall)
		rates, bareRates = append(rates, turn/ourTime.Seconds()), append(bareRates, turn/bareTime.Seconds())
		ratios = append(ratios, 100*bareTime.Seconds()/ourTime.Seconds())
	}
	b.ReportMetric(median(rates), "calls/s")
	b.ReportMetric(median(bareRates), "bare-calls/s")
	b.ReportMetric(median(ratios), "%of-bare")
	b.ReportMetric(0, "ns/op") // of a turn of both: nothing anybody asks for
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
			var answer bytes.Buffer // one per caller: only the server is measured
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
				answer.Reset()
				_, err = answer.ReadFrom(response.Body)
				_ = response.Body.Close()
				if err != nil || !bytes.Contains(answer.Bytes(), []byte(`"result"`)) {
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
		Deps:  &tool.Deps{Client: client, Now: time.Now, DataSource: "demo"},
		Watch: watch.New(watch.Options{Log: slog.New(slog.DiscardHandler)}),
	})
	require.NoError(b, err)
	web := httptest.NewServer(s.Handler())
	b.Cleanup(web.Close)
	return web.URL + "/mcp"
}

// bareServer has one tool, which always returns the same answer.
func bareServer(b *testing.B, name string, answer json.RawMessage) string {
	b.Helper()
	s := server.NewMCPServer("bare", "1")
	s.AddTool(mcp.NewTool(name), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(answer))}, StructuredContent: answer}, nil
	})
	web := httptest.NewServer(server.NewStreamableHTTPServer(s, server.WithStateLess(true), server.WithDisableStreaming(true)))
	b.Cleanup(web.Close)
	return web.URL + "/mcp"
}
