package sandbox

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestKey(t *testing.T) {
	t.Parallel()
	_, open := serve(t, Options{People: sleeperOf()})
	_, closed := serve(t, Options{Key: "secret", People: sleeperOf()})
	for _, tc := range []struct {
		url, key string
		status   int
	}{
		{open, "anything", 200},
		{open, "", 401},
		{closed, "secret", 200},
		{closed, "Secret", 401},
		{closed, "", 401},
	} {
		got := get(t, tc.url+"/data/v1/sessions", "x-user-id", "G-1", "x-api-key", tc.key)
		assert.Equal(t, tc.status, got.status, tc.key)
		if tc.status == http.StatusUnauthorized {
			assert.Equal(t, "Unauthorized", got.detail)
			assert.JSONEq(t, `{"detail":"Unauthorized"}`, got.raw)
		}
	}
	assert.Equal(t, "Unauthorized", get(t, closed+"/nothing/here").detail, "the key comes first")
}

func TestPathsThatAreNoRoutes(t *testing.T) {
	t.Parallel()
	s, url := serve(t, Options{People: sleeperOf()})
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/", 404},
		{http.MethodGet, "/data/v2/sessions/20261101000000", 404},
		{http.MethodGet, "/data//v1/sessions", 404},
		{http.MethodGet, "/data/v1/users/../sessions", 404},
		{http.MethodPut, "/ai/v1/users/G-1", 405},
		{http.MethodPost, "/data/v1/sessions", 405},
		{http.MethodGet, "/ai/v1/users", 405},
	} {
		got := call(t, tc.method, url+tc.path, "", "x-user-id", "G-1")
		assert.Equal(t, tc.status, got.status, "%s %s", tc.method, tc.path)
		assert.IsType(t, "", got.detail)
	}
	assert.NotContains(t, s.Requests(), "GET /data/v1/sessions")
}

func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	s, url := serve(t, Options{Key: "k", People: sleeperOf()})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			get(t, url+"/data/v1/sessions", "x-user-id", "G-1")
			call(t, http.MethodPost, url+"/ai/v1/users", "")
			get(t, url+stats, "x-api-key", "wrong")
		})
	}
	group.Wait()
	want := map[string]int{"GET /data/v1/sessions": 8, "POST /ai/v1/users": 8, "GET /data/v1/users/{id}/average-stats": 8}
	got := s.Requests()
	assert.Equal(t, want, got)
	got["GET /data/v1/sessions"] = 0
	assert.Equal(t, want, s.Requests(), "the caller has a copy")
	for route := range want {
		assert.Contains(t, s.Routes(), route)
	}
	assert.Len(t, s.Routes(), 7)
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Latency: 50 * time.Millisecond, People: sleeperOf()})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/data/v1/sessions", nil)
		before := time.Now()
		s.ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, 50*time.Millisecond, time.Since(before))
		s.Close()
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() { s.ServeHTTP(httptest.NewRecorder(), r) })
	})
}

func TestNewRefusesSnoringOfAnotherLength(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() {
		New(Options{People: sleeperOf(Recording{Start: noon, Stages: make([]int8, 3), Snoring: make([]int8, 2)})})
	})
}
