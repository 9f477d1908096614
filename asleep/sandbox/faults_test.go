package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const sessionsRoute = "GET /data/v1/sessions"

func faulty(t *testing.T, f Fault) (*Server, string) {
	t.Helper()
	s, url := serve(t, Options{People: sleeperOf(Recording{Start: noon.Add(-10 * time.Hour), Stages: hypnogram(t, "800×1")})})
	require.NoError(t, s.SetFault(f))
	return s, url
}

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		kind   string
		body   string
	}{
		{"unauthorized", 401, "application/json", `{"detail":"Unauthorized"}`},
		{"plan_expired", 403, "application/json", `{"detail":"Plan is expired"}`},
		{"quota", 403, "application/json", `{"detail":"Quota exceeded"}`},
		{"rate_limited", 403, "application/json", `{"detail":"Rate limit exceeded"}`},
		{"rate_limited_429", 429, "application/json", `{"detail":"Too Many Requests"}`},
		{"not_found", 404, "application/json", `{"detail":"Not Found"}`},
		{"validation", 422, "application/json", `{"detail":[{"loc":["query","start_date"],`},
		{"internal", 500, "application/json", `{"detail":"Internal Server Error"}`},
		{"bad_gateway", 502, "text/html", "<html>"},
		{"html", 200, "text/html", "<html>"},
		{"null", 200, "application/json", "null"},
		{"result_null", 200, "application/json", `{"detail":"OK","result":null}`},
		{"redirect", 302, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, url := faulty(t, Fault{Name: tc.name})
			for range 2 {
				got := get(t, url+"/data/v1/sessions", "x-user-id", "G-1")
				assert.Equal(t, tc.status, got.status)
				assert.Equal(t, tc.kind, got.header.Get("Content-Type"))
				assert.True(t, strings.HasPrefix(got.raw, tc.body), got.raw)
			}
		})
	}
}

func TestFaultRetryAfter(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Name: "rate_limited_429", RetryAfter: 5 * time.Second}, "5"},
		{Fault{Name: "rate_limited_429", RetryAfter: 1100 * time.Millisecond}, "2"},
		{Fault{Name: "rate_limited_429"}, "0"},
		{Fault{Name: "rate_limited"}, ""},
		{Fault{Name: "rate_limited", RetryAfter: time.Minute}, "60"},
		{Fault{Name: "bad_gateway", RetryAfter: time.Second}, "1"},
	} {
		_, url := faulty(t, tc.fault)
		got := get(t, url+"/data/v1/sessions")
		assert.Equal(t, tc.want, got.header.Get("Retry-After"), tc.fault)
	}
}

func TestFaultRedirectLeavesTheHost(t *testing.T) {
	t.Parallel()
	_, url := faulty(t, Fault{Name: "redirect"})
	assert.Equal(t, "http://127.0.0.1:9/data/v1/sessions", get(t, url+"/data/v1/sessions").header.Get("Location"))
}

func TestFaultCut(t *testing.T) {
	t.Parallel()
	s, url := faulty(t, Fault{Name: "cut", Times: 1})
	body, promised, err := read(t, url)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	whole := get(t, url+"/data/v1/sessions", "x-user-id", "G-1").raw
	assert.Equal(t, whole[:len(whole)/2], body)
	assert.Len(t, whole, int(promised))
	assert.Equal(t, map[string]int{sessionsRoute: 2}, s.Requests())
}

func TestFaultHugeEndsWhenNobodyReads(t *testing.T) {
	t.Parallel()
	_, url := faulty(t, Fault{Name: "huge", Times: 1})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/data/v1/sessions", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	assert.Equal(t, int64(-1), resp.ContentLength)
	n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 8<<20))
	require.NoError(t, err)
	assert.Equal(t, int64(8<<20), n)
	require.NoError(t, resp.Body.Close())
}

func TestFaultHugeIsJSON(t *testing.T) {
	t.Parallel()
	w := &counter{}
	huge(nil, Fault{}, w, nil)
	assert.Greater(t, w.n, 256<<20)
	assert.Equal(t, `"}}`, w.last)
}

// counter keeps only the length and the end of an answer.
type counter struct {
	n    int
	last string
}

func (c *counter) Header() http.Header { return http.Header{} }
func (c *counter) WriteHeader(int)     {}
func (c *counter) Write(b []byte) (int, error) {
	c.n += len(b)
	c.last = string(b[max(0, len(b)-3):])
	return len(b), nil
}

func TestFaultHangLastsTwoMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{})
		require.NoError(t, s.SetFault(Fault{Name: "hang"}))
		before := time.Now()
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/data/v1/sessions", nil))
		})
		assert.Equal(t, 2*time.Minute, time.Since(before))
	})
}

func TestFaultHangEndsWithTheClientOrTheServer(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *Server, leave func()){
		"client": func(_ *Server, leave func()) { leave() },
		"server": func(s *Server, _ func()) { s.Close(); s.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := New(Options{})
				require.NoError(t, s.SetFault(Fault{Name: "hang"}))
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				var ended any
				go func() {
					defer func() { ended = recover() }()
					s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/data/v1/sessions", nil))
				}()
				time.Sleep(time.Minute)
				require.Nil(t, ended)
				end(s, leave)
				synctest.Wait()
				assert.Equal(t, http.ErrAbortHandler, ended)
			})
		})
	}
}

func TestFaultHangDropsTheConnection(t *testing.T) {
	t.Parallel()
	s, url := faulty(t, Fault{Name: "hang"})
	s.Close()
	_, _, err := read(t, url)
	require.ErrorIs(t, err, io.EOF)
}

func TestFaultWrongTypes(t *testing.T) {
	t.Parallel()
	_, url := faulty(t, Fault{Name: "wrong_types"})
	got := get(t, url+"/data/v1/sessions", "x-user-id", "G-1")
	assert.Equal(t, http.StatusOK, got.status)
	var body struct {
		Detail float64
		Result struct {
			Timezone float64
			Rows     []map[string]any `json:"sleep_session_list"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.raw), &body), got.raw)
	require.Len(t, body.Result.Rows, 1)
	assert.Equal(t, "24000", body.Result.Rows[0]["time_in_bed"])
	assert.InEpsilon(t, 20., body.Result.Rows[0]["session_id"], 0)
	assert.Nil(t, body.Result.Rows[0]["unexpected_end_time"])
}

func TestFaultTimesAndRoute(t *testing.T) {
	t.Parallel()
	s, url := faulty(t, Fault{Name: "internal", Times: 2, Route: sessionsRoute})
	require.NoError(t, s.SetFault(Fault{Name: "quota", Route: "GET /ai/v1/users/{id}"}))
	status := func(path string) int { return get(t, url+path, "x-user-id", "G-1").status }
	assert.Equal(t, http.StatusOK, status(stats))
	assert.Equal(t, http.StatusForbidden, status("/ai/v1/users/G-1"))
	assert.Equal(t, http.StatusInternalServerError, status("/data/v1/sessions"))
	assert.Equal(t, http.StatusInternalServerError, status("/data/v1/sessions"))
	assert.Equal(t, http.StatusOK, status("/data/v1/sessions"))
	assert.Equal(t, http.StatusForbidden, status("/ai/v1/users/G-1"))
	require.NoError(t, s.SetFault(Fault{Name: "quota", Route: "GET /ai/v1/users/{id}", Times: 1}))
	assert.Equal(t, http.StatusForbidden, status("/ai/v1/users/G-1"))
	assert.Equal(t, http.StatusOK, status("/ai/v1/users/G-1"), "the same fault was replaced")
	require.NoError(t, s.SetFault(Fault{Name: "null"}))
	s.ClearFaults()
	assert.NotEqual(t, "null", get(t, url+stats).raw)
}

func TestSetFaultRefuses(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	require.ErrorContains(t, s.SetFault(Fault{Name: "gremlins"}), `unknown fault "gremlins"; known are bad_gateway, cut,`)
	require.ErrorContains(t, s.SetFault(Fault{Name: "null", Route: "/data"}), `unknown route "/data"; known are POST /ai/v1/users,`)
	require.ErrorContains(t, s.SetFault(Fault{Name: "null", Times: -1}), "negative")
	require.ErrorContains(t, s.SetFault(Fault{Name: "null", RetryAfter: -1}), "negative")
	assert.Len(t, Faults(), 17)
}

func TestFaultsOverHTTP(t *testing.T) {
	t.Parallel()
	s, url := serve(t, Options{Key: "secret", People: sleeperOf()})
	put := func(body string) reply {
		return call(t, http.MethodPut, url+"/_sandbox/fault", body, "x-api-key", "")
	}
	assert.Equal(t, http.StatusNoContent, put(`{"name":"rate_limited_429","times":1,"retry_after_seconds":2.5,"route":"GET /data/v1/sessions"}`).status)
	got := get(t, url+"/data/v1/sessions")
	assert.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, "3", got.header.Get("Retry-After"))
	assert.Equal(t, http.StatusUnauthorized, get(t, url+"/data/v1/sessions").status)

	assert.Equal(t, http.StatusNoContent, put(`{"name":"null"}`).status)
	assert.Equal(t, "null", get(t, url+"/data/v1/sessions").raw)
	assert.Equal(t, http.StatusNoContent, call(t, http.MethodDelete, url+"/_sandbox/fault", "").status)
	assert.Equal(t, http.StatusUnauthorized, get(t, url+"/data/v1/sessions").status)

	for body, detail := range map[string]string{
		`{"name":"gremlins"}`:         "unknown fault",
		`{"name":"null","time":1}`:    "unknown field",
		`{"name":"null","times":"1"}`: "cannot unmarshal",
		``:                            "EOF",
	} {
		got := put(body)
		assert.Equal(t, http.StatusBadRequest, got.status, body)
		assert.Contains(t, got.detail, detail, body)
	}
	assert.Equal(t, map[string]int{sessionsRoute: 4}, s.Requests(), "switching is not counted")
}

// read sends a request that may fail half way.
func read(t *testing.T, url string) (body string, promised int64, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/data/v1/sessions", nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("X-Api-Key", "k")
	req.Header.Set("X-User-Id", "G-1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", 0, err
	}
	raw, err := io.ReadAll(resp.Body)
	return string(raw), resp.ContentLength, errors.Join(err, resp.Body.Close())
}
