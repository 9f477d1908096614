package watch_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
