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
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// toolHandler is t as mcp-go calls it. It never returns an error: mcp-go would make
// a protocol error of it, which models do not see.
func (s *Server) toolHandler(t tools.Tool) server.ToolHandlerFunc {
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
func (s *Server) run(ctx context.Context, t tools.Tool, arguments json.RawMessage) (answer json.RawMessage, failure *tools.Failure) {
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
		failure = &tools.Failure{Code: tools.Internal, Text: "asleep-mcp failed on this question. Try again.", Cause: err}
	}
	return answer, failure
}

// watched is ctx with the call of t watched until end: counted, traced, and,
// behind a gate, audited where it changes something or is about somebody else.
func (s *Server) watched(ctx context.Context, t tools.Tool) (_ context.Context, end func(*tools.Failure)) {
	if s.watch == nil {
		return ctx, func(*tools.Failure) {}
	}
	ctx, notes := access.Noting(ctx)
	ctx, ended := s.watch.Call(ctx, t.Name)
	return ctx, func(failure *tools.Failure) {
		outcome := watch.OK
		if failure != nil {
			outcome = string(failure.Code)
		}
		ended(outcome)
		if s.http.Gate != nil && (t.Access != tools.Reads || notes.Others()) {
			s.watch.Audit(ctx, access.From(ctx).Name(), t.Name, outcome)
		}
	}
}

// panicked logs where a call panicked and makes a failure of it. The panic's
// own text is kept from both unless the runtime wrote it: it may quote a night.
func (s *Server) panicked(ctx context.Context, tool string, p any) *tools.Failure {
	what := fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	reference := rand.Text()[:8]
	s.log.LogAttrs(ctx, slog.LevelError, "tool panicked", slog.String("tool", tool), slog.String("reference", reference),
		slog.String("panic", what), slog.String("stack", stack()))
	return &tools.Failure{
		Code: tools.Panicked,
		Text: "asleep-mcp failed on this question; nothing is wrong with the arguments. Try again, and if it happens twice, report it with the reference " + reference + ".",
	}
}

// record writes the one line about a call.
func (s *Server) record(ctx context.Context, tool string, took time.Duration, failure *tools.Failure) {
	attrs := []slog.Attr{slog.String("tool", tool), slog.Duration("took", took.Round(time.Millisecond))}
	if failure == nil {
		s.log.LogAttrs(ctx, slog.LevelDebug, "tool answered", attrs...)
		return
	}
	attrs = append(attrs, slog.String("code", string(failure.Code)))
	if failure.Cause != nil {
		attrs = append(attrs, slog.String("cause", failure.Cause.Error()))
	}
	level := slog.LevelWarn
	if failure.Code == tools.Internal || failure.Code == tools.Panicked {
		level = slog.LevelError
	}
	s.log.LogAttrs(ctx, level, "tool failed", attrs...)
}
