package serve

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
)

// constantOnly lets only the constant words of log lines through. mcp-go puts
// session ids, errors with pieces of messages and panics into attributes.
type constantOnly struct{ slog.Handler }

func (h constantOnly) Handle(ctx context.Context, r slog.Record) error {
	return h.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "mcp-go: "+r.Message, r.PC))
}

func (h constantOnly) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h constantOnly) WithGroup(string) slog.Handler { return h }

// linesBeforeColon does the same for a [log.Logger], whose lines have their
// constant words before the first colon.
type linesBeforeColon struct{ log *slog.Logger }

func (l linesBeforeColon) Write(line []byte) (int, error) {
	words, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
	l.log.Warn("mcp-go reports", slog.String("what", string(words)))
	return len(line), nil
}

func constantLines(l *slog.Logger) *log.Logger {
	return log.New(linesBeforeColon{l}, "", 0)
}

// callerless does it for net/http, which puts a caller's address behind its
// words. That somebody cannot speak TLS happens to every server all day.
type callerless struct{ log *slog.Logger }

func (l callerless) Write(line []byte) (int, error) {
	words, _, _ := strings.Cut(strings.TrimSpace(string(line)), " from ")
	words, _, _ = strings.Cut(words, " serving ")
	level := slog.LevelWarn
	if strings.Contains(words, "TLS handshake error") {
		level = slog.LevelDebug
	}
	l.log.Log(context.Background(), level, "net/http reports", slog.String("what", words))
	return len(line), nil
}

// stack is where the goroutine is, functions and lines only: the runtime's own
// print of it holds arguments, and those may be health values.
func stack() string {
	calls := make([]uintptr, 32)
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls)])
	var b strings.Builder
	for {
		frame, more := frames.Next()
		b.WriteString(frame.Function + ":" + strconv.Itoa(frame.Line))
		if !more {
			return b.String()
		}
		b.WriteString(" < ")
	}
}
