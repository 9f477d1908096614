package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// backgroundWith is background with variables.
func backgroundWith(t *testing.T, env variablesOf, args ...string) (stderr *stream, stop func() result) {
	t.Helper()
	stdout, stderr := &stream{}, &stream{}
	ctx, cancel := context.WithCancel(t.Context())
	codes := make(chan int, 1)
	go func() { codes <- run(ctx, args, env.get, strings.NewReader(""), stdout, stderr) }()
	stop = sync.OnceValue(func() result {
		cancel()
		return result{<-codes, stdout.String(), stderr.String()}
	})
	t.Cleanup(func() { stop() })
	return stderr, stop
}

// freeAddr returns an address on which nobody listens at the moment.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

type response struct {
	status int
	header http.Header
	body   string
}

func fetch(t *testing.T, method, url, token, body string) response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	b, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	return response{got.StatusCode, got.Header, string(b)}
}

const callLastNight = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_session"}}`

// served starts the program behind a provider, with the nights of a sandbox.
func served(t *testing.T, p *provider, dsn string, more ...string) (url string, stop func() result) {
	t.Helper()
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0")
	env := variablesOf{"ASLEEP_BASE_URL": waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`), "ASLEEP_API_KEY": sandboxKey, "ASLEEP_MCP_DATABASE_URL": dsn}
	args := append([]string{
		"http", "--addr", "127.0.0.1:0", "--log-format", "json", "--log-level", "debug", "--rate-limit", "0",
		"--oidc-issuer", p.URL, "--oidc-audience", p.audience,
	}, more...)
	stderr, stop := backgroundWith(t, env, args...)
	return strings.TrimSuffix(waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+/mcp)"`), "/mcp"), stop
}

// A person signs in at a real provider, has a user created, and reads their nights.
func TestSignedInPerson(t *testing.T) {
	t.Parallel()
	const audience = "https://sleep.example.org/mcp"
	p := newProvider(t, audience, "http://localhost:1/callback")
	url, stop := served(t, p, filepath.Join(t.TempDir(), "t.db"))

	refused := fetch(t, http.MethodPost, url+"/mcp", "", callLastNight)
	assert.Equal(t, http.StatusUnauthorized, refused.status)
	where := url + "/.well-known/oauth-protected-resource/mcp"
	assert.Equal(t, `Bearer scope="sleep:read sleep:write", resource_metadata="`+where+`"`, refused.header.Get("WWW-Authenticate"))
	metadata := fetch(t, http.MethodGet, where, "", "")
	assert.Contains(t, metadata.body, `"authorization_servers":["`+p.URL+`"]`)
	assert.Contains(t, metadata.body, `"resource":"`+url+`/mcp"`)

	reader := p.token(t, "openid sleep:read")
	nobody := fetch(t, http.MethodGet, url+"/api/sessions", reader, "")
	assert.Equal(t, http.StatusNotFound, nobody.status, "no user yet")
	assert.Contains(t, nobody.body, "POST /api/users")
	poor := fetch(t, http.MethodPost, url+"/api/users", reader, "{}")
	assert.Equal(t, http.StatusForbidden, poor.status)
	assert.Contains(t, poor.header.Get("WWW-Authenticate"), `error="insufficient_scope", scope="sleep:write"`)
	none := fetch(t, http.MethodPost, url+"/mcp", p.token(t, "openid"), callLastNight)
	assert.Equal(t, http.StatusForbidden, none.status)
	assert.Contains(t, none.header.Get("WWW-Authenticate"), `scope="sleep:read"`)

	writer := p.token(t, "openid sleep:write")
	bad := fetch(t, http.MethodPost, url+"/api/users", writer, `{"metadata":{"birth_year":1500}}`)
	assert.Equal(t, http.StatusUnprocessableEntity, bad.status, bad.body)
	made := fetch(t, http.MethodPost, url+"/api/users", writer, `{"metadata":{"birth_year":1980,"gender":"other"}}`)
	assert.Equal(t, http.StatusCreated, made.status, made.body)
	var first, again struct {
		UserID string `json:"user_id"`
	}
	require.NoError(t, json.Unmarshal([]byte(made.body), &first))
	require.NotEmpty(t, first.UserID)
	repeated := fetch(t, http.MethodPost, url+"/api/users", writer, "")
	assert.Equal(t, http.StatusOK, repeated.status, repeated.body)
	require.NoError(t, json.Unmarshal([]byte(repeated.body), &again))
	assert.Equal(t, first, again, "once")
	empty := fetch(t, http.MethodGet, url+"/api/sessions", reader, "")
	assert.Equal(t, http.StatusOK, empty.status, empty.body)
	assert.Contains(t, empty.body, first.UserID)
	stranger := fetch(t, http.MethodGet, url+"/api/sessions?user_id="+sandbox.DemoUser, reader, "")
	assert.Equal(t, http.StatusForbidden, stranger.status)

	ended := stop()
	assert.Equal(t, 0, ended.code)
	for _, secret := range []string{reader, writer, first.UserID, sandbox.DemoUser, `"id1"`, "1980"} {
		assert.NotContains(t, ended.stderr, secret)
	}
	assert.Contains(t, ended.stderr, `"what":"POST /api/users","outcome":"made"`)
}

// Tokens made for another service, or by another provider, are not accepted.
func TestOtherTokens(t *testing.T) {
	t.Parallel()
	p := newProvider(t, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	other := newProvider(t, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	url, _ := served(t, p, filepath.Join(t.TempDir(), "t.db"))
	good := p.token(t, "openid sleep:read")
	assert.Equal(t, http.StatusOK, fetch(t, http.MethodPost, url+"/mcp", good, callLastNight).status)
	for name, token := range map[string]string{
		"other provider": other.token(t, "openid sleep:read"),
		"other audience": (&provider{Server: p.Server, redirect: p.redirect}).withAudience(t, p, "https://other.example.org"),
	} {
		got := fetch(t, http.MethodPost, url+"/mcp", token, callLastNight)
		assert.Equal(t, http.StatusUnauthorized, got.status, name)
		assert.Contains(t, got.header.Get("WWW-Authenticate"), `error="invalid_token"`, name)
	}
	inQuery := fetch(t, http.MethodPost, url+"/mcp?access_token="+good, "", callLastNight)
	assert.Equal(t, http.StatusBadRequest, inQuery.status)
}

// withAudience returns a token of p for another service.
func (*provider) withAudience(t *testing.T, p *provider, audience string) string {
	t.Helper()
	was := p.audience
	p.audience = audience
	defer func() { p.audience = was }()
	return p.token(t, "openid sleep:read")
}

// asMember makes the provider's person the sandbox's sleeper.
func asMember(t *testing.T, dsn, issuer string) {
	t.Helper()
	store, err := directory.Open(t.Context(), dsn)
	require.NoError(t, err)
	require.NoError(t, store.MapSubject(t.Context(), issuer, person, sandbox.DemoUser))
	require.NoError(t, store.Close())
}

// lacking skips a test that needs another program, unless those are required.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") != "" {
		require.FailNow(t, what)
	}
	t.Skip(what)
}

// Two replicas share nothing but a PostgreSQL database and the Asleep API. They create one
// user for a person who asks both at once, and when one is stopped under load the other
// goes on and no call is cut off.
func TestReplicas(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.For(t).Empty(t)
	p := newProvider(t, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0")
	env := variablesOf{
		"ASLEEP_BASE_URL": waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`), "ASLEEP_API_KEY": sandboxKey,
		"ASLEEP_MCP_DATABASE_URL": dsn, "ASLEEP_MCP_RATE_LIMIT": "0",
	}
	replica := func() (url string, stop func() result) {
		stderr, stop := backgroundWith(t, env, "http", "--addr", "127.0.0.1:0", "--log-format", "json", "--oidc-issuer", p.URL, "--oidc-audience", p.audience)
		return waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`), stop
	}
	first, stop := replica()
	second, _ := replica()
	token := p.token(t, "openid sleep:write")

	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			url := []string{first, second}[i%2]
			for range 1000 { // 409 while another request creates it
				got := fetch(t, http.MethodPost, url+"/api/users", token, "{}")
				if got.status < 300 {
					ids[i] = got.body
					return
				}
				assert.Equal(t, http.StatusConflict, got.status, got.body)
				time.Sleep(10 * time.Millisecond) // a busy machine takes longer than 200 requests
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		assert.Contains(t, id, "user_id")
		assert.Equal(t, ids[0], id, "the same user for everybody")
	}
	for _, url := range []string{first, second} {
		assert.Equal(t, http.StatusOK, fetch(t, http.MethodGet, url+"/readyz", "", "").status)
		assert.Equal(t, http.StatusOK, fetch(t, http.MethodGet, url+"/api/sessions", token, "").status)
	}

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	cut := make(chan error, 1000)
	for range 4 {
		all.Go(func() {
			for range 50 {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, first+"/api/sessions", nil)
				if !assert.NoError(t, err) { //nolint:testifylint // not in the test's goroutine
					return
				}
				r.Header.Set("Authorization", "Bearer "+token)
				got, err := client.Do(r)
				if err != nil {
					cut <- err
					return
				}
				_, err = io.Copy(io.Discard, got.Body)
				assert.NoError(t, err, "an answer was cut off") //nolint:testifylint // not in the test's goroutine
				assert.Equal(t, http.StatusOK, got.StatusCode)
				assert.NoError(t, got.Body.Close())
			}
		})
	}
	assert.Equal(t, 0, stop().code)
	all.Wait()
	close(cut)
	for err := range cut {
		// Refused or reset before it was accepted, or dropped: net/http does not serve a
		// request that it reads after shutdown began.
		require.Regexp(t, "connection re|EOF$", err.Error())
	}
	assert.Equal(t, http.StatusOK, fetch(t, http.MethodGet, second+"/api/sessions", token, "").status)
}

func TestTokenCommand(t *testing.T) {
	t.Parallel()
	made := runWith(t, nil, "token", "anna", "user", "--user-id", sandbox.DemoUser)
	require.Equal(t, 0, made.code, made.stderr)
	assert.Regexp(t, `^sha256:[0-9a-f]{64} anna user `+sandbox.DemoUser+` - sleep:read\n$`, made.stdout)
	var token string
	for line := range strings.Lines(made.stderr) {
		if strings.HasPrefix(line, "asleep_") {
			token = strings.TrimSpace(line)
		}
	}
	require.NotEmpty(t, token)
	file := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(file, []byte(made.stdout), 0o600))

	stderr, _ := backgroundWith(t, variablesOf{"ASLEEP_MCP_TOKEN_FILE": file}, "http", "--addr", "0.0.0.0:0", "--demo",
		"--log-format", "json", "--public-url", "https://sleep.example.org")
	port := waitFor(t, stderr, `"url":"http://.*:(\d+)/mcp"`)
	url := "http://127.0.0.1:" + port
	assert.Contains(t, fetch(t, http.MethodPost, url+"/mcp", token, callLastNight).body, "asleep_minutes")
	assert.Equal(t, http.StatusUnauthorized, fetch(t, http.MethodPost, url+"/mcp", token+"A", callLastNight).status)
	assert.Contains(t, fetch(t, http.MethodGet, url+"/readyz", "", "").body, `"status":"ready"`)
	assert.Equal(t, http.StatusForbidden, fetch(t, http.MethodGet, url+"/metrics", token, "").status)
}

func TestTokensOfEveryRole(t *testing.T) {
	t.Parallel()
	mine := variablesOf{"ASLEEP_USER_ID": "G-mine", "ASLEEP_MCP_ORGANIZATIONS": "mine"} // not the caller's
	for want, args := range map[string][]string{
		"ops operator - - admin":                        {"ops", "operator"},
		"anna user G-1 - sleep:read":                    {"anna", "user", "--user-id", "G-1"},
		"carl coach - acme,beta sleep:read,org:members": {"carl", "coach", "--organizations", "acme, beta"},
		"dora analyst - acme org:read":                  {"dora", "analyst", "--organizations", "acme"},
		"carl coach G-2 acme org:read":                  {"carl", "coach", "--user-id", "G-2", "--organizations", "acme", "--scope", "org:read"},
	} {
		got := runWith(t, mine, append([]string{"token"}, args...)...)
		assert.Equal(t, 0, got.code, got.stderr)
		assert.Regexp(t, `^sha256:[0-9a-f]{64} `+want+`\n$`, got.stdout)
	}
	for says, args := range map[string][]string{
		"operator, coach, analyst or user": {"anna", "boss"},
		"needs --user-id":                  {"anna", "user"},
		"user id":                          {"anna", "user", "--user-id", "a/b"},
		"coach needs --organizations":      {"anna", "coach"},
		"analyst needs --organizations":    {"anna", "analyst"},
		"the name":                         {"a b", "operator"},
	} {
		got := runWith(t, mine, append([]string{"token"}, args...)...)
		assert.Equal(t, 2, got.code, args)
		assert.Contains(t, got.stderr, says)
		assert.Empty(t, got.stdout)
	}
}

// Without authentication, REST answers as the operator.
func TestRESTOnThisMachine(t *testing.T) {
	t.Parallel()
	stderr, _ := backgroundWith(t, nil, "http", "--addr", "127.0.0.1:0", "--demo", "--log-format", "json")
	url := waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)
	got := fetch(t, http.MethodGet, url+"/api/statistics?days=7", "", "")
	assert.Equal(t, http.StatusOK, got.status, got.body)
	assert.Contains(t, got.body, `"data_source":"demo"`)
	assert.Contains(t, fetch(t, http.MethodGet, url+"/metrics", "", "").body, `asleep_mcp_calls_total{outcome="ok",tool="average_stats"} 1`)
	assert.Equal(t, http.StatusForbidden, fetch(t, http.MethodPost, url+"/api/users", "", "{}").status)
}

// Asking whether the server is ready makes no database: if none is set, there is none to
// wait for.
func TestReadinessMakesNoDatabase(t *testing.T) {
	t.Parallel()
	stdout, _, _ := background(t, "sandbox", "--addr", "127.0.0.1:0")
	upstream := waitFor(t, stdout, `ASLEEP_BASE_URL=(\S+)`)
	ready := func(home, database string) response {
		env := variablesOf{
			"ASLEEP_BASE_URL": upstream, "ASLEEP_API_KEY": sandboxKey, "HOME": home, "XDG_DATA_HOME": home, "LocalAppData": home,
			"ASLEEP_MCP_DATABASE_URL": database,
		}
		stderr, _ := backgroundWith(t, env, "http", "--addr", "127.0.0.1:0", "--log-format", "json")
		return fetch(t, http.MethodGet, waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)+"/readyz", "", "")
	}
	home := t.TempDir()
	got := ready(home, "")
	assert.Equal(t, http.StatusOK, got.status, got.body)
	entries, err := os.ReadDir(home)
	require.NoError(t, err)
	assert.Empty(t, entries)

	noFolder := filepath.Join(home, "file")
	require.NoError(t, os.WriteFile(noFolder, nil, 0o600))
	got = ready(noFolder, "")
	assert.Equal(t, http.StatusOK, got.status, "nothing can be written: %s", got.body)
	got = ready(home, filepath.Join(noFolder, "t.db"))
	assert.Equal(t, http.StatusServiceUnavailable, got.status, got.body)
	assert.Contains(t, got.body, `"database":"unavailable"`)
	got = ready(noFolder, filepath.Join(home, "t.db"))
	assert.Equal(t, http.StatusOK, got.status, got.body)
	assert.FileExists(t, filepath.Join(home, "t.db"), "it was asked for")
}

// Replicas that keep nights stay in service while Asleep is away.
func TestReadinessWithoutAsleep(t *testing.T) {
	t.Parallel()
	ready := func(keep string) response {
		home := t.TempDir()
		env := variablesOf{
			"ASLEEP_BASE_URL": "http://127.0.0.1:1", "ASLEEP_API_KEY": sandboxKey, "HOME": home, "XDG_DATA_HOME": home, "LocalAppData": home, "ASLEEP_MCP_KEEP_NIGHTS": keep,
		}
		stderr, _ := backgroundWith(t, env, "http", "--addr", "127.0.0.1:0", "--no-worker", "--log-format", "json")
		return fetch(t, http.MethodGet, waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)+"/readyz", "", "")
	}
	for keep, status := range map[string]int{"true": http.StatusOK, "false": http.StatusServiceUnavailable} {
		got := ready(keep)
		assert.Equal(t, status, got.status, "%s: %s", keep, got.body)
		assert.Contains(t, got.body, `"upstream":"unavailable"`)
	}
}

// Every mistake in the service's settings is named at once.
func TestServiceSettingsAreReportedTogether(t *testing.T) {
	t.Parallel()
	env := variablesOf{
		"ASLEEP_MCP_ADDR":        "nowhere",
		"ASLEEP_MCP_PUBLIC_URL":  "http://sleep.example.org/path",
		"ASLEEP_MCP_OIDC_ISSUER": "http://id.example.org",
		"ASLEEP_MCP_TOKEN_FILE":  "/no/such/file",
		"ASLEEP_MCP_TLS_CERT":    "cert.pem",
		"ASLEEP_MCP_CORS_ORIGIN": "https://app.example.org,*",
		"ASLEEP_MCP_RATE_LIMIT":  "many",
		"ASLEEP_MCP_WEBHOOK_KEY": "secret",
		"ASLEEP_TIMEZONE":        "Mars/Base",
		"ASLEEP_MCP_ROLE":        "user",
		"ASLEEP_USER_ID":         "anna",
		"ASLEEP_MCP_BIRTH_YEAR":  "1980",

		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318",
	}
	got := runWith(t, env, "http")
	assert.Equal(t, 2, got.code)
	for name := range env {
		if name != "ASLEEP_USER_ID" { // which is correct
			assert.Contains(t, got.stderr, name)
		}
	}
	for _, flag := range []string{"--addr", "--public-url", "--oidc-issuer", "--oidc-audience", "--token-file", "--tls-key", "--cors-origin", "--rate-limit", "--timezone"} {
		assert.Contains(t, got.stderr, flag)
	}
	assert.NotContains(t, got.stderr, "secret")

	below := runWith(t, env, "http", "--rate-limit", "-1", "--birth-year", "-2")
	assert.Equal(t, 2, below.code)
	for _, part := range []string{`--rate-limit (ASLEEP_MCP_RATE_LIMIT): "-1"`, "--birth-year", "--timezone"} {
		assert.Contains(t, below.stderr, part)
	}

	beyond := runWith(t, variablesOf{"ASLEEP_MCP_OIDC_AUDIENCE": "x"}, "http", "--addr", "0.0.0.0:0")
	assert.Contains(t, beyond.stderr, "not authenticated")
	assert.Contains(t, beyond.stderr, "--oidc-issuer")
	named := runWith(t, nil, "http", "--addr", "0.0.0.0:0", "--oidc-issuer", "https://id.example.org", "--oidc-audience", "x")
	assert.Equal(t, 2, named.code)
	assert.Contains(t, named.stderr, "--public-url")
}

// A public URL has a host and nothing after it: addresses are built from it.
func TestPublicURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"https://:443", "https://sleep.example.org?", "https://sleep.example.org#", "https://sleep.example.org/mcp", "http://sleep.example.org"} {
		got := runWith(t, nil, "http", "--addr", "nowhere", "--public-url", url)
		assert.Equal(t, 2, got.code, url)
		assert.Contains(t, got.stderr, "--public-url", url)
	}
	for _, url := range []string{"https://sleep.example.org", "https://sleep.example.org:8443/", "http://localhost:8080", "https://[2001:db8::1]"} {
		assert.NotContains(t, runWith(t, nil, "http", "--addr", "nowhere", "--public-url", url).stderr, "--public-url", url)
	}
}

// Failures that only show at startup are named too.
func TestServiceCannotStart(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	inUse := runWith(t, nil, "http", "--addr", taken.Addr().String())
	assert.Equal(t, 1, inUse.code)
	assert.Contains(t, inUse.stderr, "ASLEEP_MCP_ADDR")

	nobody := variablesOf{"ASLEEP_API_KEY": "key", "ASLEEP_MCP_DATABASE_URL": "postgres://u:secret@127.0.0.1:1/d?sslmode=disable"}
	got := runWith(t, nobody, "http", "--addr", "127.0.0.1:0", "--oidc-issuer", "https://id.example.org", "--oidc-audience", "x")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "ASLEEP_MCP_DATABASE_URL")
	assert.Contains(t, got.stderr, "the database cannot be reached")
	assert.NotContains(t, got.stderr, "secret")
}
