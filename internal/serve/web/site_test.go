package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tell answers with a door's name in front.
func tell(door string) Tell {
	return func(w http.ResponseWriter, status int, text string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, door+": "+text)
	}
}

func visit(t *testing.T, s *Site, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Host = "localhost"
	s.ServeHTTP(w, r)
	return w
}

// What is behind a door finds the body where it looks for it, as it was sent.
func TestDoors(t *testing.T) {
	t.Parallel()
	const sent = " {\"a\":\t1}\r\n"
	var seen []string
	s := New(Options{Tell: tell("site"), Problem: tell("problem"), NotFound: "Nothing.", MaxBody: int64(len(sent)), TooLong: "Too long.", Doors: []Door{
		{Path: "/in", Below: true, Tell: tell("in"), Admitted: func(_ http.ResponseWriter, r *http.Request, body []byte) {
			again, err := io.ReadAll(r.Body)
			assert.Equal(t, body, again, err)
			seen = append(seen, r.URL.Path+string(body))
		}},
		{Path: "/open", Tell: tell("open"), Open: func(http.ResponseWriter, *http.Request) { seen = append(seen, "open") }},
	}})
	for _, path := range []string{"/in", "/in/below", "/open"} {
		assert.Equal(t, http.StatusOK, visit(t, s, path, sent).Code, path)
	}
	assert.Equal(t, []string{"/in" + sent, "/in/below" + sent, "open"}, seen)
	for path, want := range map[string]string{
		"/inner": "site: Nothing.", "/open/below": "site: Nothing.", "/metrics": "problem: Nothing.", "/webhooks/asleep": "problem: Nothing.",
	} {
		got := visit(t, s, path, sent)
		assert.Equal(t, http.StatusNotFound, got.Code, path)
		assert.Equal(t, want, got.Body.String())
	}
	got := visit(t, s, "/in", sent+" ")
	assert.Equal(t, http.StatusRequestEntityTooLarge, got.Code)
	assert.Equal(t, "in: Too long.", got.Body.String())
	assert.Equal(t, []string{"/healthz", "/readyz", "/in", "/open"}, s.Paths())
}

func TestRequestPanicsTellNothing(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	s := New(Options{Log: slog.New(slog.NewTextHandler(&logged, nil)), Doors: []Door{
		{Path: "/in", Tell: tell("in"), Admitted: func(http.ResponseWriter, *http.Request, []byte) { panic("slept badly") }},
	}})
	got := visit(t, s, "/in", "")
	require.Equal(t, http.StatusInternalServerError, got.Code)
	assert.Equal(t, "in: asleep-mcp failed on this message.", strings.TrimSpace(got.Body.String()))
	assert.Contains(t, logged.String(), "TestRequestPanicsTellNothing", "the stack")
	assert.NotContains(t, logged.String(), "badly")
}
