package web

import (
	"bytes"
	"log"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
)

// net/http's log lines keep their constant words only.
func TestForeignLogLines(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	for _, line := range []string{
		"http: TLS handshake error from secret:1: EOF", "http2: server: error reading preface from client secret:1: EOF", "http: panic serving secret:1: secret",
		"http: Accept error: too many open files; retrying in 5ms",
	} {
		log.New(callerless{slog.New(slog.NewTextHandler(&logged, nil))}, "", 0).Print(line)
	}
	assert.Contains(t, logged.String(), "too many open files")
	assert.NotContains(t, logged.String(), "handshake", "on the level for debugging")
	assert.NotContains(t, logged.String(), "secret")
}
