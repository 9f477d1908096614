package asleep_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// diary records what an observer was notified of.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) add(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) observer() asleep.Observer {
	return asleep.Observer{
		Attempt: func(_ context.Context, route string) func(asleep.Code) {
			return func(code asleep.Code) { d.add(route + " " + string(code)) }
		},
		Lookup: d.add,
	}
}

func TestObserver(t *testing.T) {
	t.Parallel()
	const nobody = "G-20250318162239-secret"
	status := http.StatusOK
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"detail":"gone","result":{"average_stats":null,"never_slept_sessions":[],"slept_sessions":[]}}`))
	}))
	defer service.Close()
	told := &diary{}
	c, err := asleep.New(service.URL, "key", asleep.WithObserver(told.observer()))
	require.NoError(t, err)

	day := civil.Date{Year: 2025, Month: 3, Day: 1}
	for range 2 {
		_, err = c.Nights(t.Context(), nobody, day, day)
		require.NoError(t, err)
	}
	status = http.StatusNotFound
	_, err = c.User(t.Context(), nobody)
	require.Equal(t, asleep.NotFound, asleep.CodeOf(err))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.User(gone, nobody)
	require.Error(t, err)
	assert.Equal(t, []string{
		"miss", "GET /data/v1/users/{id}/average-stats ", "hit", "GET /ai/v1/users/{id} not_found",
	}, told.lines)
}

func TestReachable(t *testing.T) {
	t.Parallel()
	status := http.StatusUnauthorized
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Empty(t, r.Header.Get("x-api-key"))
		w.WriteHeader(status)
	}))
	c, err := asleep.New(service.URL, "key")
	require.NoError(t, err)
	require.NoError(t, c.Reachable(t.Context()), "it answers")
	status = http.StatusBadGateway
	require.Equal(t, asleep.Unavailable, asleep.CodeOf(c.Reachable(t.Context())))
	service.Close()
	require.Equal(t, asleep.Unavailable, asleep.CodeOf(c.Reachable(t.Context())))
}
