package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// echoed has characters that JSON encoders like to escape.
const echoed = `{"summary":"7 h < 8 h & \"fine\"","user":"","given":`

type run = func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error)

// testTool takes whatever arguments it is given, though it declares none.
func testTool(name string, run run) tool.Tool {
	one := tool.Define[struct{}, struct{}](
		tool.Spec{Name: name, Title: "Title of " + name, Description: "For tests.", Toolset: "test", Access: tool.Reads}, nil,
	)
	one.Run = func(ctx context.Context, d *tool.Deps, arguments json.RawMessage) (tool.Answer, error) {
		answer, err := run(ctx, d, arguments)
		return tool.Answer{JSON: answer}, err
	}
	return one
}

// echo answers with the arguments and with whose nights it may see.
var echo = testTool("echo", func(ctx context.Context, _ *tool.Deps, arguments json.RawMessage) (json.RawMessage, error) {
	u, err := access.Resolve(ctx, "")
	if err != nil {
		return nil, err
	}
	if len(arguments) == 0 {
		arguments = json.RawMessage("null")
	}
	answer := strings.Replace(echoed, `"user":"`, `"user":"`+u.ID(), 1) + string(arguments) + "}"
	return json.RawMessage(answer), nil
})

// blocker is a tool that runs until it is released or cancelled.
type blocker struct {
	started chan struct{}
	release chan struct{}
}

func newBlocker() *blocker {
	return &blocker{started: make(chan struct{}, 8), release: make(chan struct{})}
}

func (b *blocker) tool() tool.Tool {
	return testTool("block", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
		b.started <- struct{}{}
		select {
		case <-b.release:
			return json.RawMessage(`{"released":true}`), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}

// waitStarted fails the test when no call starts.
func (b *blocker) waitStarted(t *testing.T) {
	t.Helper()
	select {
	case <-b.started:
	case <-time.After(time.Minute):
		require.FailNow(t, "no call started")
	}
}

// logBuffer collects what is logged, at every level.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func newServer(t *testing.T, o serve.Options) *serve.Server {
	t.Helper()
	o.Version = "v1.2.3"
	o.Principal = access.Operator("own-user")
	if o.Tools == nil {
		o.Tools = []tool.Tool{echo}
	}
	s, err := serve.New(o)
	require.NoError(t, err)
	return s
}

// newHTTP starts s on loopback and returns its base URL.
func newHTTP(t *testing.T, s *serve.Server) string {
	t.Helper()
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return srv.URL
}
