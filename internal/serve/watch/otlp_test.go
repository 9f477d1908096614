package watch_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// collector keeps the requests it is sent, and answers what it is told to.
type collector struct {
	mu     sync.Mutex
	got    []*http.Request
	bodies []string
	answer func(n int, w http.ResponseWriter) // the nth request, from 1
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	c.got, c.bodies = append(c.got, r), append(c.bodies, string(body))
	n := len(c.got)
	c.mu.Unlock()
	if c.answer != nil {
		c.answer(n, w)
	}
}

// trace sends one call with one attempt inside to where the variables say.
func trace(t *testing.T, variables map[string]string) (logged string) {
	t.Helper()
	to, err := watch.ReadOTLP(func(name string) string { return variables[name] })
	require.NoError(t, err)
	var log strings.Builder
	tracer, stop := watch.Tracer(to, "v1", slog.New(slog.NewTextHandler(&log, nil)))
	w := watch.New(watch.Options{Tracer: tracer})
	ctx, end := w.Call(t.Context(), "get_session")
	w.Attempt(ctx, "GET /data/v3/sessions/{id}")("not_found")
	end(watch.OK)
	within, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_ = stop(within)
	return log.String()
}

// The tests below are not parallel: OpenTelemetry has one error handler.

func TestTracesAreOTLP(t *testing.T) {
	c := &collector{}
	srv := httptest.NewServer(c)
	defer srv.Close()
	assert.Empty(t, trace(t, map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": srv.URL + "/base/", "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Basic%20abc, x-key = a=b",
	}))
	require.Len(t, c.got, 1)
	assert.Equal(t, "/base/v1/traces", c.got[0].URL.Path)
	assert.Equal(t, "application/json", c.got[0].Header.Get("Content-Type"))
	assert.Equal(t, "Basic abc", c.got[0].Header.Get("Authorization"))
	assert.Equal(t, "a=b", c.got[0].Header.Get("X-Key"))

	type attributes []struct {
		Key   string
		Value map[string]any
	}
	var sent struct {
		ResourceSpans []struct {
			Resource   struct{ Attributes attributes }
			ScopeSpans []struct {
				Scope struct{ Name string }
				Spans []struct {
					TraceID, SpanID, ParentSpanID, Name string
					Kind, Flags                         int
					StartTimeUnixNano, EndTimeUnixNano  string
					Attributes                          attributes
					Status                              struct {
						Code    int
						Message string
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(c.bodies[0]), &sent))
	require.Len(t, sent.ResourceSpans, 1)
	resource, err := json.Marshal(sent.ResourceSpans[0].Resource.Attributes)
	require.NoError(t, err)
	assert.JSONEq(t, `[{"Key":"service.name","Value":{"stringValue":"asleep-mcp"}},{"Key":"service.version","Value":{"stringValue":"v1"}}]`, string(resource))
	scope := sent.ResourceSpans[0].ScopeSpans[0]
	assert.Equal(t, "github.com/asleep-mcp/asleep-mcp", scope.Scope.Name)
	require.Len(t, scope.Spans, 2)
	attempt, call := scope.Spans[0], scope.Spans[1]
	assert.Equal(t, "tools/call get_session", call.Name)
	assert.Equal(t, "GET /data/v3/sessions/{id}", attempt.Name)
	assert.Regexp(t, "^[0-9a-f]{32}$", call.TraceID)
	assert.Regexp(t, "^[0-9a-f]{16}$", call.SpanID)
	assert.Equal(t, call.TraceID, attempt.TraceID)
	assert.Equal(t, call.SpanID, attempt.ParentSpanID)
	assert.Empty(t, call.ParentSpanID)
	assert.Equal(t, []int{2, 3, 1}, []int{call.Kind, attempt.Kind, call.Flags}, "a server's, a client's, sampled")
	assert.Regexp(t, "^[0-9]{19}$", call.StartTimeUnixNano)
	assert.GreaterOrEqual(t, call.EndTimeUnixNano, attempt.EndTimeUnixNano)
	assert.Equal(t, map[string]any{"stringValue": "not_found"}, attempt.Attributes[0].Value)
	assert.Equal(t, 2, attempt.Status.Code)
	assert.Equal(t, "not_found", attempt.Status.Message)
	assert.Zero(t, call.Status.Code)
}

func TestTracesByVariable(t *testing.T) {
	c := &collector{}
	srv := httptest.NewTLSServer(c)
	defer srv.Close()
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600))
	assert.Empty(t, trace(t, map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": srv.URL + "/here",
		"OTEL_EXPORTER_OTLP_CERTIFICATE": trusted, "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "gzip",
	}))
	require.Len(t, c.got, 1)
	assert.Equal(t, "/here", c.got[0].URL.Path)
	assert.Equal(t, "gzip", c.got[0].Header.Get("Content-Encoding"))
	unzipped, err := gzip.NewReader(strings.NewReader(c.bodies[0]))
	require.NoError(t, err)
	body, err := io.ReadAll(unzipped)
	require.NoError(t, err)
	assert.Contains(t, string(body), `"tools/call get_session"`)
}

// A collector that has too much to do is asked again; one that refuses is not, and
// nobody else gets to see the headers.
func TestTracesAreSentAgain(t *testing.T) {
	elsewhere := &collector{}
	other := httptest.NewServer(elsewhere)
	defer other.Close()
	for name, test := range map[string]struct {
		answer func(n int, w http.ResponseWriter)
		sent   int
		logged string
	}{
		"busy": {func(n int, w http.ResponseWriter) {
			if n == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}, 2, ""},
		"refuses": {func(_ int, w http.ResponseWriter) { w.WriteHeader(http.StatusBadRequest) }, 1, "traces could not be sent"},
		"sends elsewhere": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, 1, "traces could not be sent"},
	} {
		c := &collector{answer: test.answer}
		srv := httptest.NewServer(c)
		logged := trace(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": srv.URL, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=secret"})
		srv.Close()
		assert.Len(t, c.got, test.sent, name)
		assert.Contains(t, logged, test.logged, name)
		assert.NotContains(t, logged, srv.URL, name)
	}
	assert.Empty(t, elsewhere.got)
	began := time.Now()
	assert.Contains(t, trace(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TIMEOUT": "50"}), "traces could not be sent")
	assert.Less(t, time.Since(began), 10*time.Second)
}

func TestVariablesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	to, err := watch.ReadOTLP(func(string) string { return "" })
	require.NoError(t, err)
	assert.Nil(t, to)
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "ftp://secret", "OTEL_EXPORTER_OTLP_HEADERS": "secret",
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=%zz", "OTEL_EXPORTER_OTLP_TIMEOUT": "secret", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "0",
		"OTEL_EXPORTER_OTLP_COMPRESSION": "secret", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/secret", "OTEL_EXPORTER_OTLP_CLIENT_KEY": "/secret",
	} {
		_, err := watch.ReadOTLP(func(asked string) string {
			if asked == name {
				return value
			}
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}[asked]
		})
		var bad *watch.BadVariable
		require.ErrorAs(t, err, &bad, name)
		assert.Contains(t, bad.Name, name)
		assert.NotContains(t, err.Error(), "secret")
	}
}
