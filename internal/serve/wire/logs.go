package wire

import (
	"bytes"
	"context"
	"log"
	"log/slog"
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
