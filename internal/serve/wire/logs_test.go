package wire

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mcp-go's log lines keep their constant words only.
func TestForeignLogLines(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	to := slog.NewTextHandler(&logged, nil)
	constantLines(slog.New(to)).Printf("Error reading input: %s", "secret")
	slog.New(constantOnly{to}).With("id", "secret").WithGroup("secret").Error("Failed to write", "err", "secret")
	assert.Contains(t, logged.String(), "Error reading input")
	assert.Contains(t, logged.String(), "Failed to write")
	assert.NotContains(t, logged.String(), "secret")
}
