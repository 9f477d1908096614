package surface

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// calls runs tools.
type calls struct {
	callers

	deps    *tool.Deps
	log     *slog.Logger
	watch   *watch.Watch
	timeout time.Duration
}

// now is the time, in the zone that is set or else in UTC.
func (c *calls) now() time.Time {
	switch d := c.deps; {
	case d == nil || d.Now == nil:
		return time.Now().UTC()
	case d.Zone == nil:
		return d.Now().UTC()
	default:
		return d.Now().In(d.Zone)
	}
}

// run is one call: with a principal, within its time, recovered and logged.
func (c *calls) run(ctx context.Context, t tool.Tool, arguments json.RawMessage) (answer tool.Answer, failure *tool.Failure) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(c.identify(ctx), c.timeout)
	defer cancel()
	ctx, end := c.watched(ctx, t)
	defer func() {
		c.record(ctx, t.Name, time.Since(start), failure)
		end(failure)
	}()
	defer func() {
		if p := recover(); p != nil {
			answer, failure = tool.Answer{}, c.panicked(ctx, t.Name, p)
		}
	}()
	answer, err := t.Call(ctx, c.deps, arguments)
	if err != nil && !errors.As(err, &failure) {
		failure = &tool.Failure{Code: tool.Internal, Text: "asleep-mcp failed on this question. Try again.", Cause: err}
	}
	return answer, failure
}

// watched is ctx with the call of t watched until end: counted, traced, and,
// behind a gate, audited where it changes something or is about somebody else.
func (c *calls) watched(ctx context.Context, t tool.Tool) (_ context.Context, end func(*tool.Failure)) {
	if c.watch == nil {
		return ctx, func(*tool.Failure) {}
	}
	ctx, notes := access.Noting(ctx)
	ctx, ended := c.watch.Call(ctx, t.Name)
	return ctx, func(failure *tool.Failure) {
		outcome := watch.OK
		if failure != nil {
			outcome = string(failure.Code)
		}
		ended(outcome)
		if c.gated && (t.Access != tool.Reads || notes.Others()) {
			c.watch.Audit(ctx, access.From(ctx).Name(), t.Name, outcome)
		}
	}
}

// recoverAs, deferred, turns a panic into an error.
func (c *calls) recoverAs(ctx context.Context, what string, err *error) {
	if p := recover(); p != nil {
		*err = c.panicked(ctx, what, p)
	}
}

// panicked logs where a call panicked and makes a failure of it. The panic's
// own text is kept from both unless the runtime wrote it: it may quote a night.
func (c *calls) panicked(ctx context.Context, name string, p any) *tool.Failure {
	what := fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	reference := rand.Text()[:8]
	c.log.LogAttrs(ctx, slog.LevelError, "tool panicked", slog.String("tool", name), slog.String("reference", reference),
		slog.String("panic", what), slog.String("stack", watch.Stack()))
	return &tool.Failure{
		Code: tool.Panicked,
		Text: "asleep-mcp failed on this question; nothing is wrong with the arguments. Try again, and if it happens twice, report it with the reference " + reference + ".",
	}
}

// record writes the one line about a call.
func (c *calls) record(ctx context.Context, name string, took time.Duration, failure *tool.Failure) {
	attrs := []slog.Attr{slog.String("tool", name), slog.Duration("took", took.Round(time.Millisecond))}
	if failure == nil {
		c.log.LogAttrs(ctx, slog.LevelDebug, "tool answered", attrs...)
		return
	}
	attrs = append(attrs, slog.String("code", string(failure.Code)))
	if failure.Cause != nil {
		attrs = append(attrs, slog.String("cause", failure.Cause.Error()))
	}
	level := slog.LevelWarn
	if failure.Ask != "" { // it is not over
		level = slog.LevelDebug
	}
	if failure.Code == tool.Internal || failure.Code == tool.Panicked {
		level = slog.LevelError
	}
	c.log.LogAttrs(ctx, level, "tool failed", attrs...)
}
