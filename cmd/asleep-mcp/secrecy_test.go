package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// collector keeps the traces it is sent.
func collector(t *testing.T) (url string, got *stream) {
	t.Helper()
	got = &stream{}
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(r.Body)
			if !assert.NoError(t, err) {
				return
			}
			body = unzipped
		}
		_, err := io.Copy(got, body)
		assert.NoError(t, err)
	}))
	t.Cleanup(web.Close)
	return web.URL, got
}

// moody is an Asleep API that can be made to fail, in words nobody may see.
func moody(t *testing.T) (url, user string, fails *atomic.Bool) {
	t.Helper()
	user, fails = "G-20260101000000-marked-user", &atomic.Bool{}
	now := time.Now()
	api := sandbox.New(sandbox.Options{Key: "marked-api-key", People: []sandbox.Person{
		sandbox.Generate(user, time.UTC, now.AddDate(0, 0, -40), now, 7),
	}})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fails.Load() {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"detail":"marked-upstream-text of `+user+`"}`)
			return
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	return web.URL, user, fails
}

// texts returns all texts in a JSON value that could reveal something about somebody.
func texts(value any) (all []string) {
	switch v := value.(type) {
	case string:
		var inner any
		if json.Unmarshal([]byte(v), &inner) == nil {
			all = texts(inner)
		}
		if len(v) > len(time.DateOnly) { // the log has dates of its own
			all = append(all, v)
		}
	case []any:
		for _, one := range v {
			all = append(all, texts(one)...)
		}
	case map[string]any:
		for name, one := range v {
			if name != "title" { // the status in words
				all = append(all, texts(one)...)
			}
		}
	}
	return all
}

// Nothing that a caller presents, asks or is told is in the log, the traces or the metrics,
// whichever way the call comes in and however it ends.
func TestNothingPersonalLeaves(t *testing.T) {
	traces, traced := collector(t)
	upstream, user, fails := moody(t)
	p := newProvider(t, "https://sleep.example.org/mcp", "http://localhost:1/callback")
	dir := t.TempDir()
	static, file := staticTokens(t, user)
	tokenFile, dsn := filepath.Join(dir, "tokens"), filepath.Join(dir, "marked-database.db")
	require.NoError(t, os.WriteFile(tokenFile, []byte(file), 0o600))
	stderr, stop := backgroundWith(t, variablesOf{
		"OTEL_EXPORTER_OTLP_ENDPOINT": traces, "ASLEEP_BASE_URL": upstream, "ASLEEP_API_KEY": "marked-api-key", "ASLEEP_MCP_DATABASE_URL": dsn,
		webhookVariable: "marked-webhook-key", "ASLEEP_MCP_TOOLSETS": strings.Join(tool.Toolsets, ","), "ASLEEP_MCP_TOKEN_FILE": tokenFile,
	}, "http", "--addr", "127.0.0.1:0", "--log-format", "json", "--log-level", "debug", "--rate-limit", "0", "--oidc-issuer", p.URL, "--oidc-audience", p.audience)
	url := waitFor(t, stderr, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)

	signedIn := p.token(t, "openid sleep:write")
	secrets := []string{
		user, "marked", "marked-api-key", signedIn, strings.Split(signedIn, ".")[1], `"` + person + `"`, p.URL, upstream, traces, dsn, "asleep_minutes", "overall_score",
	}
	told := func(got response) {
		var body any
		if json.Unmarshal([]byte(got.body), &body) == nil {
			secrets = append(secrets, texts(body)...)
		}
	}
	arguments := `{"user_id":"` + user + `","organization":"marked-organization","name":"Marked Name","email":"marked@example.org","session_id":"20260101000000_markd"}`
	for _, failing := range []bool{false, true} {
		fails.Store(failing)
		for _, token := range append(static, signedIn, "marked-forged-token", "") {
			for _, tool := range tools.All() {
				for _, given := range []string{argumentsOf(t, tool, arguments), `{"marked_argument":"marked"}`, `{"user_id":"marked/../id"}`} {
					told(fetch(t, http.MethodPost, url+"/mcp", token, `{"jsonrpc":"2.0","id":"marked-id","method":"tools/call","params":{"name":"`+tool.Name+`","arguments":`+given+`}}`))
				}
			}
			for _, message := range []string{
				`"method":"prompts/get","params":{"name":"monthly_review","arguments":{"user_id":"` + user + `"}}`,
				`"method":"resources/read","params":{"uri":"asleep://me/last-night"}`, `"method":"resources/read","params":{"uri":"asleep://marked"}`,
				`"method":"tools/call","params":{"name":"marked_tool"}`, `"method":"marked/method"`,
			} {
				told(fetch(t, http.MethodPost, url+"/mcp", token, `{"jsonrpc":"2.0","id":1,`+message+`}`))
			}
			for _, path := range []string{
				"/api/sessions?user_id=" + user, "/api/sessions/last?user_id=" + user, "/api/sessions/20260101000000_markd", "/api/statistics?marked=" + user,
				"/api/reports/weekly_report?user_id=marked-stranger", "/api/marked", "/marked", "/mcp?access_token=" + token, "/metrics?marked", "/api/sessions?marked;%zz",
			} {
				told(fetch(t, http.MethodGet, url+path, token, ""))
			}
			told(fetch(t, http.MethodPost, url+"/api/users", token, `{"metadata":{"height":123.4,"gender":"marked"}}`))
			told(fetch(t, http.MethodPost, url+"/api/users", token, `{"metadata":{"height":123.4}}`))
			told(fetch(t, http.MethodPost, url+"/api/logins", token, `{"issuer":"`+p.URL+`","subject":"marked-subject","user_id":"`+user+`"}`))
			told(fetch(t, http.MethodDelete, url+"/api/logins?issuer="+p.URL+"&subject=marked-subject", token, ""))
			told(fetch(t, http.MethodPost, url+"/mcp", token, `{"marked"`))
		}
		for _, key := range []string{"marked-webhook-key", "marked-wrong-key"} {
			notify(t, url, key, `{"event":"SESSION_COMPLETE","data":{"user_id":"`+user+`","stat":{"sleep_efficiency":0.4321}}}`)
			notify(t, url, key, `{"event":"marked-event","data":{"user_id":"marked/id"}}`)
		}
	}
	operator := static[len(static)-1]
	numbers := fetch(t, http.MethodGet, url+"/metrics", operator, "")
	require.Equal(t, http.StatusOK, numbers.status)
	ended := stop() // and the last traces are sent
	require.Equal(t, 0, ended.code)

	for _, words := range []string{"tools/call get_session", "forbidden", "service.version"} {
		assert.Contains(t, traced.String(), words)
	}
	assert.Contains(t, ended.stderr, `"msg":"audit"`)
	assert.Contains(t, ended.stderr, `"msg":"webhook heard"`)
	_, log, _ := strings.Cut(ended.stderr, "serving MCP over HTTP") // whose line has the address
	for _, named := range tools.All() {                             // results say which tool they are of
		secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == named.Name })
	}
	for name, written := range map[string]string{"log": log, "traces": traced.String(), "numbers": numbers.body} {
		for _, secret := range append(secrets, static...) {
			if strings.Contains(written, secret) {
				assert.Fail(t, "personal", "%q is in the %s", secret, name)
			}
		}
	}
	require.Greater(t, len(secrets), 500, "of what was told")
}

// staticTokens returns those of a user and of an operator, and their file.
func staticTokens(t *testing.T, user string) (tokens []string, file string) {
	t.Helper()
	for _, args := range [][]string{{"marked-name", "user", "--user-id", user}, {"marked-operator", "operator"}} {
		made := runWith(t, nil, append([]string{"token"}, args...)...)
		require.Equal(t, 0, made.code, made.stderr)
		file += made.stdout
		tokens = append(tokens, strings.TrimSpace(strings.Split(made.stderr, "\n")[1]))
	}
	return tokens, file
}

// argumentsOf returns those among all that a tool takes.
func argumentsOf(t *testing.T, tool tool.Tool, all string) string {
	t.Helper()
	var schema struct{ Properties map[string]any }
	require.NoError(t, json.Unmarshal(tool.Input(), &schema))
	var given map[string]any
	require.NoError(t, json.Unmarshal([]byte(all), &given))
	for name := range given {
		if schema.Properties[name] == nil || name == "session_id" && tool.Name != "delete_session" {
			delete(given, name)
		}
	}
	written, err := json.Marshal(given)
	require.NoError(t, err)
	return string(written)
}

// notify sends a notice to the webhook and returns the status of the answer.
func notify(t *testing.T, url, key, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/webhooks/asleep", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("x-api-key", key)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
