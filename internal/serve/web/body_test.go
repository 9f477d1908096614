package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func tellText(w http.ResponseWriter, status int, text string) { http.Error(w, text, status) }

// However many long bodies are left half-sent, only so many are in memory, and short ones
// are read all the same.
func TestHalfSentBodies(t *testing.T) {
	t.Parallel()
	limit := newBodyLimit(1<<20, "too long")
	ask := func(body io.Reader) (*httptest.ResponseRecorder, bool) {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", body)
		_, free, ok := limit.read(w, r, tellText)
		free()
		return w, ok
	}
	var senders []*io.PipeWriter
	var all sync.WaitGroup
	for range mostLarge {
		out, in := io.Pipe()
		senders = append(senders, in)
		all.Go(func() { ask(out) })
		_, err := in.Write(make([]byte, smallBody+1)) // returns once all of it is read, so there is room for it
		require.NoError(t, err)
	}
	w, ok := ask(strings.NewReader(strings.Repeat("x", smallBody+1)))
	assert.False(t, ok)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	_, ok = ask(strings.NewReader(strings.Repeat("x", smallBody-1)))
	assert.True(t, ok)
	for _, in := range senders {
		require.NoError(t, in.Close())
	}
	all.Wait()
	for _, size := range []int{0, smallBody - 1, smallBody, smallBody + 1, 1 << 20} {
		_, ok = ask(strings.NewReader(strings.Repeat("x", size)))
		assert.True(t, ok, size)
	}
	w, ok = ask(strings.NewReader(strings.Repeat("x", 1<<20+1)))
	assert.False(t, ok)
	assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
}
