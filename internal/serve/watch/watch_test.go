package watch_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func shown(t *testing.T, w *watch.Watch) string {
	t.Helper()
	got := httptest.NewRecorder()
	w.Handler().ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, got.Code)
	return got.Body.String()
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	w := watch.New(watch.Options{})
	ctx, end := w.Call(t.Context(), "get_session")
	endAttempt := w.Attempt(ctx, "GET /data/v3/sessions/{id}")
	during := shown(t, w)
	assert.Contains(t, during, "asleep_mcp_calls_running 1\n")
	assert.Contains(t, during, "asleep_mcp_upstream_running 1\n")
	endAttempt("unavailable")
	end(watch.OK)
	for range 3 {
		w.Lookup("hit")
	}
	w.Limited()
	w.Refused(http.StatusUnauthorized)
	after := shown(t, w)
	for _, line := range []string{
		`asleep_mcp_calls_total{outcome="ok",tool="get_session"} 1`,
		`asleep_mcp_call_seconds_count{tool="get_session"} 1`,
		`asleep_mcp_upstream_requests_total{outcome="unavailable",route="GET /data/v3/sessions/{id}"} 1`,
		`asleep_mcp_upstream_seconds_count{route="GET /data/v3/sessions/{id}"} 1`,
		`asleep_mcp_cache_lookups_total{result="hit"} 3`,
		`asleep_mcp_rate_limited_total 1`,
		`asleep_mcp_refused_total{status="Unauthorized"} 1`,
		`asleep_mcp_calls_running 0`, `asleep_mcp_upstream_running 0`, "go_goroutines", "process_resident_memory_bytes",
	} {
		assert.Contains(t, after, line)
	}
}

func TestAuditHidesWho(t *testing.T) {
	t.Parallel()
	line := func(secret, who string) string {
		var b bytes.Buffer
		log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		watch.New(watch.Options{Log: log, Secret: []byte(secret)}).Audit(t.Context(), who, "delete_user", "ok")
		return b.String()
	}
	assert.Regexp(t, `^level=INFO msg=audit caller=[0-9a-f]{16} what=delete_user outcome=ok\n$`, line("k", "anna"))
	first, second := line("k", "anna"), line("k", "anna")
	assert.Equal(t, first, second, "the same on every replica")
	assert.NotEqual(t, line("k", "anna"), line("k", "bo"))
	assert.NotEqual(t, line("k", "anna"), line("l", "anna"))
}

func TestNobodyWatches(t *testing.T) {
	t.Parallel()
	var w *watch.Watch
	ctx, end := w.Call(t.Context(), "x")
	assert.Equal(t, t.Context(), ctx)
	end("ok")
	w.Attempt(ctx, "x")("ok")
	w.Lookup("hit")
	w.Limited()
	w.Refused(401)
	w.Audit(ctx, "a", "b", "c")
}

// A collector that keeps what it is sent.
func TestTraces(t *testing.T) {
	var mu sync.Mutex
	var got []byte
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "/v1/traces", r.URL.Path)
		mu.Lock()
		defer mu.Unlock()
		got = append(got, body...)
	}))
	defer collector.Close()
	t.Setenv(watch.OTLPVariables[0], collector.URL)
	tracer, stop, err := watch.Tracer(t.Context(), "v1", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	w := watch.New(watch.Options{Tracer: tracer})
	ctx, end := w.Call(t.Context(), "get_session")
	w.Attempt(ctx, "GET /data/v3/sessions/{id}")("not_found")
	end(watch.OK)
	require.NoError(t, stop(t.Context()))
	mu.Lock()
	defer mu.Unlock()
	for _, words := range []string{"tools/call get_session", "GET /data/v3/sessions/{id}", "not_found", "asleep-mcp", "service.version"} {
		assert.Contains(t, string(got), words)
	}
}
