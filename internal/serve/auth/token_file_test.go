package auth

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// A token whose line is removed does not count a second later, without a restart.
func TestTokenFileIsReadAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tokens")
	entry := func(name string) (token, line string) {
		token, line, err := NewToken(Entry{Name: name, Role: access.RoleOperator, Scopes: []access.Scope{access.Admin}})
		require.NoError(t, err)
		return token, line + "\n"
	}
	write := func(text string) {
		require.NoError(t, os.WriteFile(path+".new", []byte(text), 0o600))
		require.NoError(t, os.Rename(path+".new", path))
	}
	anna, annas := entry("anna")
	bo, bos := entry("bo")
	write(annas + bos)
	f, err := OpenTokenFile(path)
	require.NoError(t, err)
	var logged bytes.Buffer
	now := time.Now()
	f.Log, f.now = slog.New(slog.NewTextHandler(&logged, nil)), func() time.Time { return now }
	counts := func(token string) bool {
		_, err := f.Current().caller(token, nil)
		return err == nil
	}
	later := func() { now = now.Add(lookAgain) }
	assert.True(t, counts(anna) && counts(bo))

	write(bos)
	assert.True(t, counts(anna), "it was looked at just now")
	later()
	assert.False(t, counts(anna))
	assert.True(t, counts(bo))
	assert.Contains(t, logged.String(), "the token file was read again")

	write(bos + "nonsense\n")
	later()
	assert.True(t, counts(bo), "a mistake locks nobody out")
	assert.Contains(t, logged.String(), "line 2: it has 1 fields")
	before := logged.Len()
	later()
	assert.True(t, counts(bo))
	assert.Equal(t, before, logged.Len(), "it is told once")

	write("")
	later()
	assert.False(t, counts(bo), "the last line was removed")
	write(annas)
	later()
	assert.True(t, counts(anna))
	require.NoError(t, os.Remove(path))
	later()
	assert.False(t, counts(anna), "the file is gone")
	assert.NotContains(t, logged.String(), path)
	write(bos)
	later()
	assert.True(t, counts(bo))
	_, err = OpenTokenFile(path + "x")
	require.ErrorIs(t, err, os.ErrNotExist)
}
