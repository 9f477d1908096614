package serve

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// toolHandler is t as mcp-go calls it. It never returns an error: mcp-go would make
// a protocol error of it, which models do not see.
func (s *Server) toolHandler(t tool.Tool) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		ctx, settle := s.progressing(ctx, request)
		answer, failure := s.run(ctx, t, request.Params.RawArguments)
		settle()
		if failure != nil {
			return mcp.NewToolResultError(failure.Text), nil
		}
		return result(ctx, answer), nil
	}
}

// run is one call: with a principal, within its time, recovered and logged.
func (s *Server) run(ctx context.Context, t tool.Tool, arguments json.RawMessage) (answer json.RawMessage, failure *tool.Failure) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(s.asking(ctx), s.timeout)
	defer cancel()
	ctx, end := s.watched(ctx, t)
	defer func() {
		s.record(ctx, t.Name, time.Since(start), failure)
		end(failure)
	}()
	defer func() {
		if p := recover(); p != nil {
			answer, failure = nil, s.panicked(ctx, t.Name, p)
		}
	}()
	answer, err := t.Call(ctx, s.deps, arguments)
	if err != nil && !errors.As(err, &failure) {
		failure = &tool.Failure{Code: tool.Internal, Text: "asleep-mcp failed on this question. Try again.", Cause: err}
	}
	return answer, failure
}

// watched is ctx with the call of t watched until end: counted, traced, and,
// behind a gate, audited where it changes something or is about somebody else.
func (s *Server) watched(ctx context.Context, t tool.Tool) (_ context.Context, end func(*tool.Failure)) {
	if s.watch == nil {
		return ctx, func(*tool.Failure) {}
	}
	ctx, notes := access.Noting(ctx)
	ctx, ended := s.watch.Call(ctx, t.Name)
	return ctx, func(failure *tool.Failure) {
		outcome := watch.OK
		if failure != nil {
			outcome = string(failure.Code)
		}
		ended(outcome)
		if s.http.Gate != nil && (t.Access != tool.Reads || notes.Others()) {
			s.watch.Audit(ctx, access.From(ctx).Name(), t.Name, outcome)
		}
	}
}

// panicked logs where a call panicked and makes a failure of it. The panic's
// own text is kept from both unless the runtime wrote it: it may quote a night.
func (s *Server) panicked(ctx context.Context, name string, p any) *tool.Failure {
	what := fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	reference := rand.Text()[:8]
	s.log.LogAttrs(ctx, slog.LevelError, "tool panicked", slog.String("tool", name), slog.String("reference", reference),
		slog.String("panic", what), slog.String("stack", stack()))
	return &tool.Failure{
		Code: tool.Panicked,
		Text: "asleep-mcp failed on this question; nothing is wrong with the arguments. Try again, and if it happens twice, report it with the reference " + reference + ".",
	}
}

// record writes the one line about a call.
func (s *Server) record(ctx context.Context, name string, took time.Duration, failure *tool.Failure) {
	attrs := []slog.Attr{slog.String("tool", name), slog.Duration("took", took.Round(time.Millisecond))}
	if failure == nil {
		s.log.LogAttrs(ctx, slog.LevelDebug, "tool answered", attrs...)
		return
	}
	attrs = append(attrs, slog.String("code", string(failure.Code)))
	if failure.Cause != nil {
		attrs = append(attrs, slog.String("cause", failure.Cause.Error()))
	}
	level := slog.LevelWarn
	if failure.Code == tool.Internal || failure.Code == tool.Panicked {
		level = slog.LevelError
	}
	s.log.LogAttrs(ctx, level, "tool failed", attrs...)
}
