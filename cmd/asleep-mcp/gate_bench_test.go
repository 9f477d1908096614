package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// BenchmarkGate measures how many calls a second a tool answers from the cache behind each
// gate, and the ratio to calls without a gate in the same run.
func BenchmarkGate(b *testing.B) {
	open := gatedServer(b, nil, "")
	token, line, err := auth.NewToken(auth.Entry{Name: "anna", Role: "user", User: sandbox.DemoUser, Scopes: []access.Scope{access.SleepRead}})
	require.NoError(b, err)
	entries, err := auth.ReadTokens(strings.NewReader(line))
	require.NoError(b, err)
	p := newProvider(b, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	signedIn := p.token(b, "openid sleep:read")
	directory, err := directory.Open(b.Context(), filepath.Join(b.TempDir(), "t.db"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, directory.Close()) })
	require.NoError(b, directory.MapSubject(b.Context(), p.URL, person, sandbox.DemoUser))
	for name, c := range map[string]struct {
		o     auth.Options
		token string
	}{
		"static token": {auth.Options{Tokens: entries}, token},
		"OIDC, SQLite": {auth.Options{Issuer: p.URL, Audience: p.audience, Directory: directory}, signedIn},
	} {
		gate, err := auth.New(c.o)
		require.NoError(b, err)
		gated := gatedServer(b, gate, c.token)
		b.Run(name, func(b *testing.B) {
			call := callOf("get_session", "{}")
			storm(b, gated, call)
			storm(b, open, call)
			var gatedTime, openTime time.Duration
			calls := 0
			for b.ResetTimer(); calls < b.N; calls += turn {
				gatedTime += storm(b, gated, call)
				openTime += storm(b, open, call)
			}
			b.ReportMetric(float64(calls)/gatedTime.Seconds(), "calls/s")
			b.ReportMetric(float64(calls)/openTime.Seconds(), "open-calls/s")
			b.ReportMetric(100*openTime.Seconds()/gatedTime.Seconds(), "%of-open")
		})
	}
}

// gatedServer starts a server behind a gate, to which every request presents token.
func gatedServer(b *testing.B, gate *auth.Gate, token string) string {
	b.Helper()
	api := httptest.NewServer(sandbox.New(sandbox.Options{People: sandbox.Demo(time.Now(), 1)}))
	b.Cleanup(api.Close)
	client, err := asleep.New(api.URL, "key")
	require.NoError(b, err)
	s, err := serve.New(serve.Options{
		Tools: tools.All(), Principal: access.Operator(sandbox.DemoUser), HTTP: web.Settings{Gate: gate},
		Deps: &tool.Deps{Client: client, Now: time.Now, DataSource: "demo"},
	})
	require.NoError(b, err)
	handler := s.Handler()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		handler.ServeHTTP(w, r)
	}))
	b.Cleanup(web.Close)
	return web.URL + "/mcp"
}
