package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts/app"
)

// The committed page says which sources it was built from, so that this needs no Node.
func TestPageIsAsNewAsItsSource(t *testing.T) {
	t.Parallel()
	sources := []string{"index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"}
	inside, err := filepath.Glob("src/*")
	require.NoError(t, err)
	require.NotEmpty(t, inside)
	for _, file := range inside {
		sources = append(sources, filepath.ToSlash(file))
	}
	slices.Sort(sources)
	hash := sha256.New()
	for _, file := range sources {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		hash.Write([]byte(file + "\x00"))
		hash.Write(content)
		hash.Write([]byte{0})
	}
	stamped := regexp.MustCompile(`<meta name="sources" content="([0-9a-f]{64})"`).FindStringSubmatch(app.Page())
	require.NotNil(t, stamped)
	assert.Equal(t, hex.EncodeToString(hash.Sum(nil)), stamped[1], "app.html is older than its source: in internal/charts/app run npm install and npm run build")
}

// Hosts show the page without any domain, so it must hold everything.
func TestPageIsWhole(t *testing.T) {
	t.Parallel()
	assert.LessOrEqual(t, len(app.Page()), 400_000)
	for _, outside := range []string{`<(script|img|iframe|link)[^>]+(src|href)=`, `@import`, `:url\(`, `\beval\(`, `new Function\(`, `innerHTML`, `\bfetch\(`, `XMLHttpRequest`, `localStorage`} {
		assert.False(t, regexp.MustCompile(outside).MatchString(app.Page()), outside)
	}
}
