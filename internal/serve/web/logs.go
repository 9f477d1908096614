package web

import (
	"context"
	"log/slog"
	"strings"
)

// callerless keeps the constant words of net/http's log lines, which puts a caller's address behind its
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
