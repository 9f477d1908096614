package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// balancer passes requests on to replicas in turn; those without a body go to another
// replica if the first does not answer.
func balancer(t *testing.T, replicas ...string) string {
	t.Helper()
	var next atomic.Uint64
	web := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(*httputil.ProxyRequest) {},
		Transport: roundTrip(func(r *http.Request) (response *http.Response, err error) {
			first := next.Add(1)
			for i := range uint64(len(replicas)) {
				to, _ := url.Parse(replicas[(first+i)%uint64(len(replicas))])
				r.URL.Scheme, r.URL.Host = to.Scheme, to.Host
				if response, err = http.DefaultTransport.RoundTrip(r); err == nil || r.Method != http.MethodGet {
					return response, err
				}
			}
			return nil, err
		}),
	})
	t.Cleanup(web.Close)
	return web.URL
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Behind a balancer nobody notices that one of two replicas is killed under load. While the
// database is away callers are told to retry later, and when it is back everything works as
// before, without a restart.
func TestReplicasBehindABalancer(t *testing.T) {
	t.Parallel()
	database := postgrestest.For(t)
	dsn := database.Empty(t)
	p := newProvider(t, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0")
	env := variablesOf{
		"ASLEEP_BASE_URL": waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`), "ASLEEP_API_KEY": sandboxKey, "ASLEEP_MCP_DATABASE_URL": dsn,
		"ASLEEP_MCP_RATE_LIMIT": "0", "ASLEEP_MCP_OIDC_ISSUER": p.URL, "ASLEEP_MCP_OIDC_AUDIENCE": p.audience, "ASLEEP_MCP_LOG_FORMAT": "json",
	}
	asMember(t, dsn, p.URL)
	mortal := exec.CommandContext(context.WithoutCancel(t.Context()), buildBinary(t), "http", "--addr", "127.0.0.1:0")
	for name, value := range env {
		mortal.Env = append(mortal.Env, name+"="+value)
	}
	said := &stream{}
	mortal.Stderr = said
	require.NoError(t, mortal.Start())
	t.Cleanup(func() { killNow(t, mortal) })
	const where = `"url":"(http://127\.0\.0\.1:\d+)/mcp"`
	stderr, _ := backgroundWith(t, env, "http", "--addr", "127.0.0.1:0")
	survivor := waitFor(t, stderr, where)
	front := balancer(t, waitFor(t, said, where), survivor)
	token := p.token(t, "openid sleep:read")
	ask := func() response { return fetch(t, http.MethodGet, front+"/api/sessions/last", token, "") }
	for range 4 {
		require.Contains(t, ask().body, sandbox.DemoUser)
	}

	database.Stop()
	for range 4 {
		away := ask()
		assert.Equal(t, http.StatusServiceUnavailable, away.status, away.body)
		assert.NotEmpty(t, away.header.Get("Retry-After"))
		assert.NotContains(t, away.body, sandbox.DemoUser)
		assert.Equal(t, http.StatusServiceUnavailable, fetch(t, http.MethodPost, front+"/mcp", token, callLastNight).status)
		assert.Equal(t, http.StatusOK, fetch(t, http.MethodGet, front+"/healthz", "", "").status)
	}
	require.Eventually(t, func() bool {
		ready := fetch(t, http.MethodGet, front+"/readyz", "", "")
		return ready.status == http.StatusServiceUnavailable && strings.Contains(ready.body, `"database":"unavailable"`)
	}, time.Minute, 100*time.Millisecond)
	require.NoError(t, database.Start())
	for range 4 {
		back := ask()
		assert.Equal(t, http.StatusOK, back.status, back.body)
	}

	var all sync.WaitGroup
	answered, killed := make(chan struct{}, 1000), make(chan struct{})
	for range 4 {
		all.Go(func() {
			for range 50 {
				got := ask()
				assert.Equal(t, http.StatusOK, got.status, got.body)
				answered <- struct{}{}
			}
		})
	}
	go func() {
		defer close(killed)
		for range 40 {
			<-answered
		}
		killNow(t, mortal)
	}()
	all.Wait()
	<-killed
	assert.Contains(t, ask().body, sandbox.DemoUser)
	assert.Contains(t, stderr.String(), "a caller was not looked up")
	assert.NotContains(t, stderr.String(), sandbox.DemoUser)
}
