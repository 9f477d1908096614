package serve_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const (
	publicURL = "https://sleep.example.org"
	otherPage = "https://app.example.org"
)

func TestPublicDoors(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.PublicURL, o.HTTP.Origins = publicURL, []string{otherPage} })
	for name, c := range map[string]struct {
		host, origin, path, who string
		want                    int
		allowed                 string
	}{
		"program":                 {host: "sleep.example.org", want: 200},
		"with port":               {host: "sleep.example.org:443", want: 200},
		"upper case":              {host: "Sleep.Example.ORG", want: 200},
		"loopback":                {host: "127.0.0.1", want: 200},
		"other name":              {host: "evil.example", want: 403},
		"name below":              {host: "x.sleep.example.org", want: 403},
		"name above":              {host: "example.org", want: 403},
		"own page":                {host: "sleep.example.org", origin: publicURL, want: 200},
		"own page, plain":         {host: "sleep.example.org", origin: "http://evil.example.org", want: 403},
		"trusted page":            {host: "sleep.example.org", origin: otherPage, want: 200, allowed: otherPage},
		"page by other scheme":    {host: "sleep.example.org", origin: "http://app.example.org", want: 403},
		"page of other name":      {host: "sleep.example.org", origin: "https://app.example.org.evil.example", want: 403},
		"null":                    {host: "sleep.example.org", origin: "null", want: 403},
		"a balancer's own health": {host: "10.1.2.3:8080", path: "/healthz", want: 200},
		"a balancer's readiness":  {host: "10.1.2.3:8080", path: "/readyz", want: 200},
		"numbers, scraped":        {host: "10.1.2.3:8080", path: "/metrics", who: "operator", want: 200},
		"numbers, no token":       {host: "10.1.2.3:8080", path: "/metrics", want: 401},
		"numbers, no operator":    {host: "10.1.2.3:8080", path: "/metrics", who: "anna", want: 403},
		"described, by address":   {host: "10.1.2.3:8080", path: "/docs", want: 403},
	} {
		r := g.request(t, "anna", http.MethodPost, "/mcp", listMessage)
		if c.path != "" {
			r = g.request(t, c.who, http.MethodGet, c.path, "")
		}
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		got := send(t, r)
		assert.Equal(t, c.want, got.status, "%s: %s", name, got.body)
		assert.Equal(t, c.allowed, got.header.Get("Access-Control-Allow-Origin"), name)
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Strict-Transport-Security": "max-age=31536000",
		} {
			assert.Equal(t, want, got.header.Get(header), name)
		}
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	ask := func(g *guarded, origin string) reply {
		r := g.request(t, "", http.MethodOptions, "/mcp", "")
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization, content-type, mcp-protocol-version")
		return send(t, r)
	}
	got := ask(newGuarded(t, func(o *serve.Options) { o.HTTP.Origins = []string{otherPage} }), otherPage)
	assert.Equal(t, http.StatusNoContent, got.status)
	for _, name := range []string{"Authorization", "Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"} {
		assert.Contains(t, got.header.Get("Access-Control-Allow-Headers"), name)
	}
	assert.Contains(t, got.header.Get("Access-Control-Expose-Headers"), "WWW-Authenticate")
	assert.Equal(t, "Origin", got.header.Get("Vary"))
	assert.Empty(t, got.header.Get("Access-Control-Allow-Credentials"))
	assert.Equal(t, http.StatusForbidden, ask(newGuarded(t, func(o *serve.Options) { o.HTTP.Origins = []string{otherPage} }), "https://evil.example").status)
	off := ask(newGuarded(t, nil), otherPage)
	assert.Equal(t, http.StatusForbidden, off.status, "off unless told")
	assert.Empty(t, off.header.Get("Access-Control-Allow-Origin"))
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	asked := 0
	broken := fmt.Errorf("no route to secret-host")
	checks := map[string]func(context.Context) error{
		"database": func(context.Context) error { asked++; return nil },
		"upstream": func(context.Context) error { return broken },
	}
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.Ready = checks })
	for range 3 {
		got := g.get(t, "", "/readyz")
		assert.Equal(t, http.StatusServiceUnavailable, got.status)
		assert.JSONEq(t, `{"status":"not_ready","database":"ok","upstream":"unavailable"}`, got.body)
	}
	assert.Equal(t, 1, asked, "kept for a moment")
	without := newGuarded(t, func(o *serve.Options) {
		o.HTTP.Ready, o.HTTP.Dispensable = checks, []string{"upstream"}
	}).get(t, "", "/readyz")
	assert.Equal(t, http.StatusOK, without.status)
	assert.JSONEq(t, `{"status":"ready","database":"ok","upstream":"unavailable"}`, without.body)
	ready := newGuarded(t, func(o *serve.Options) {
		o.HTTP.Ready = map[string]func(context.Context) error{"upstream": o.Deps.Client.Reachable}
	})
	assert.Equal(t, http.StatusOK, ready.get(t, "", "/readyz").status)
	assert.Equal(t, http.StatusMethodNotAllowed, send(t, ready.request(t, "", http.MethodPost, "/readyz", "")).status)
}

// listen serves a guarded server as the program does, beyond loopback too.
func listen(t *testing.T, g *guarded) string {
	t.Helper()
	l, err := g.server.Listen(t.Context(), "0.0.0.0:0")
	require.NoError(t, err, "with a gate")
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- g.server.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); assert.NoError(t, <-served) })
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return "127.0.0.1:" + port
}

func dial(t *testing.T, addr, sent string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = io.WriteString(c, sent)
	require.NoError(t, err)
	return c
}

func TestHostileBytes(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	addr := listen(t, g)
	for name, c := range map[string]struct {
		sent string
		want int
	}{
		"1 MB header": {"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1<<20), 431},
		"1,000 ids": {
			"GET /api/reports/cohort_analysis?" + strings.Repeat("user_ids=G-20261123101010-W66RHEPT6QMZI7KHJITHTLLZ25&", 1000) +
				" HTTP/1.1\r\nHost: localhost\r\n\r\n", 401,
		},
		"no HTTP":     {"\x16\x03\x01\x00\r\n\r\n", 400},
		"two lengths": {"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
		"no host":     {"POST /mcp HTTP/1.1\r\n\r\n", 400},
	} {
		conn := dial(t, addr, c.sent[:min(len(c.sent), 80<<10)])
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		got, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if assert.NoError(t, err, name) {
			assert.Equal(t, c.want, got.StatusCode, name)
			assert.NoError(t, got.Body.Close())
		}
	}
	for name, body := range map[string]string{
		"deep arrays":          strings.Repeat("[", 500_000),
		"deep params":          `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + "}",
		"deep arguments":       `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_session","arguments":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + "}}",
		"many names":           `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_session","arguments":{` + strings.Repeat(`"a":1,`, 100_000) + `"b":1}}}`,
		"a long number":        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sleep_score","arguments":{"days":1` + strings.Repeat("0", 500_000) + `}}}`,
		"duplicate arguments":  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_session","arguments":{"user_id":"` + anna + `","user_id":"` + sue + `"}}}`,
		"duplicate argument 2": `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_session","arguments":{"user_id":"` + anna + `"},"arguments":{"user_id":"` + sue + `"}}}`,
	} {
		got := send(t, g.request(t, "anna", http.MethodPost, "/mcp", body))
		assert.Less(t, got.status, 500, name)
		assert.NotContains(t, got.body, `"asleep_minutes"`, name)
		assert.NotContains(t, g.spy.asked(), "sue", name)
	}
	assert.Equal(t, http.StatusOK, g.rpc(t, "anna", "tools/list", "").status, "and it still answers")
}

// Requests that servers, proxies and programs read differently are refused, or
// read in the one way that harms nobody.
func TestStrangeRequests(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.PublicURL = publicURL })
	addr := listen(t, g)
	var bomb bytes.Buffer
	zipped := gzip.NewWriter(&bomb)
	_, err := io.WriteString(zipped, listMessage+strings.Repeat(" ", 100<<20))
	require.NoError(t, err)
	require.NoError(t, zipped.Close())
	token := "Authorization: Bearer " + g.tokens["anna"] + "\r\n"
	ask := func(line, headers, body string) string {
		return line + "\r\nContent-Type: application/json\r\n" + headers + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	}
	const host = "Host: localhost\r\n"
	for name, c := range map[string]struct {
		sent string
		want int
	}{
		"usual":                 {ask("POST /mcp HTTP/1.1", host+token, listMessage), 200},
		"HTTP/1.0":              {ask("POST /mcp HTTP/1.0", host+token, listMessage), 200},
		"HTTP/1.0 without host": {ask("POST /mcp HTTP/1.0", token, listMessage), 403},
		"absolute form":         {ask("POST http://sleep.example.org/mcp HTTP/1.1", "Host: evil.example\r\n"+token, listMessage), 200},
		"absolute form, other":  {ask("POST http://evil.example/mcp HTTP/1.1", host+token, listMessage), 403},
		"CONNECT":               {ask("CONNECT localhost:80 HTTP/1.1", host+token, ""), 404},
		"HTTP/2 in the clear":   {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 403},
		"two hosts":             {ask("POST /mcp HTTP/1.1", host+"Host: evil.example\r\n"+token, listMessage), 400},
		"dot behind the host":   {ask("POST /mcp HTTP/1.1", "Host: sleep.example.org.\r\n"+token, listMessage), 403},
		"somebody at the host":  {ask("POST /mcp HTTP/1.1", "Host: x@localhost\r\n"+token, listMessage), 400},
		"a list of hosts":       {ask("POST /mcp HTTP/1.1", "Host: localhost, evil.example\r\n"+token, listMessage), 400},
		"a number as host":      {ask("POST /mcp HTTP/1.1", "Host: 2130706433\r\n"+token, listMessage), 403},
		"forwarded host":        {ask("POST /mcp HTTP/1.1", "Host: evil.example\r\nX-Forwarded-Host: localhost\r\n"+token, listMessage), 403},
		"two slashes":           {ask("POST //mcp HTTP/1.1", host+token, listMessage), 200},
		"two slashes, no token": {ask("POST //mcp// HTTP/1.1", host, listMessage), 401},
		"dots":                  {ask("POST /api/../mcp HTTP/1.1", host+token, listMessage), 404},
		"slash escaped":         {ask("POST /%2fmcp HTTP/1.1", host+token, listMessage), 404},
		"slash escaped behind":  {ask("POST /mcp%2f HTTP/1.1", host+token, listMessage), 404},
		"gzip bomb":             {ask("POST /mcp HTTP/1.1", host+token+"Content-Encoding: gzip\r\n", bomb.String()), 400},
		"gzip as transfer":      {ask("POST /mcp HTTP/1.1", host+token+"Transfer-Encoding: gzip\r\n", ""), 501},
		"chunks that are none":  {"POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\n" + host + token + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		"chunks and a length":   {ask("POST /mcp HTTP/1.1", host+token+"Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
		"expects, no token":     {ask("POST /mcp HTTP/1.1", host+"Expect: 100-continue\r\n", ""), 401},
		"expects magic":         {ask("POST /mcp HTTP/1.1", host+token+"Expect: magic\r\n", listMessage), 417},
		"two tokens":            {ask("POST /mcp HTTP/1.1", host+token+token, listMessage), 400},
	} {
		conn := dial(t, addr, c.sent)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		got, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if assert.NoError(t, err, name) {
			assert.Equal(t, c.want, got.StatusCode, name)
			assert.NoError(t, got.Body.Close())
		}
		assert.NoError(t, conn.Close())
	}
	conn := dial(t, addr, ask("POST /mcp HTTP/1.1", host+token+"Expect: 100-continue\r\n", listMessage))
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	begun, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, begun, "100 Continue", "only whom the body is wanted from")
}

// Whoever sends slowly is cut off, and many of them keep nobody out.
func TestSlowAndManyConnections(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	addr := listen(t, g)
	var slow []net.Conn
	for range 300 {
		slow = append(slow, dial(t, addr, "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: "))
	}
	r := newRequest(t, http.MethodGet, "http://"+addr+"/healthz", "")
	assert.Equal(t, http.StatusOK, send(t, r).status)
	for _, c := range slow {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err := io.Copy(io.Discard, c)
		require.NoError(t, err, "closed by the server")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	borrowed := httptest.NewUnstartedServer(nil) // for its certificate
	borrowed.StartTLS()
	defer borrowed.Close()
	g := newGuarded(t, func(o *serve.Options) {
		o.HTTP.TLS = &tls.Config{Certificates: borrowed.TLS.Certificates, MinVersion: tls.VersionTLS12}
	})
	addr := listen(t, g)
	r := newRequest(t, http.MethodPost, "https://"+addr+"/mcp", listMessage)
	r.Header.Set("Authorization", "Bearer "+g.tokens["anna"])
	r.Header.Set("Origin", "https://"+addr)
	response, err := borrowed.Client().Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.NotEmpty(t, response.Header.Get("Strict-Transport-Security"))
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	const key = "webhook-key-of-asleep"
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.WebhookKey = key })
	notify := func(key, body string) int {
		r := g.request(t, "", http.MethodPost, "/webhooks/asleep", body)
		if key != "" {
			r.Header.Set("x-api-key", key)
		}
		return send(t, r).status
	}
	fetched := func() bool {
		require.Contains(t, g.call(t, "anna", "get_session", "").body, "asleep_minutes")
		return strings.Contains(g.spy.asked(), "average-stats")
	}
	require.True(t, fetched())
	require.False(t, fetched(), "from the cache")
	for name, body := range map[string]string{
		"V3 session":   `{"event":"SESSION_COMPLETE","version":"V3","data":{"user_id":"` + anna + `","session":{"id":"20261122220000_abcde"},"stat":null}}`,
		"V3 inference": `{"event":"INFERENCE_COMPLETE","version":"V3","data":{"user_id":"` + anna + `","seq_num":39,"breath_stages":null}}`,
		"V1":           `{"callback_event":"SESSION_COMPLETE","callback_data":{"user_id":"` + anna + `","session_id":"x","sleep_data":{}}}`,
		"V2":           `{"callback_event":"INFERENCE_COMPLETE","callback_version":"V2","callback_data":{"user_id":"` + anna + `"}}`,
		"both": `{"event":"SESSION_COMPLETE","data":{"user_id":"` + anna + `"},` +
			`"callback_event":"SESSION_COMPLETE","callback_data":{"user_id":"` + anna + `"}}`,
	} {
		for range 2 {
			assert.Equal(t, http.StatusNoContent, notify(key, body), name)
		}
		assert.True(t, fetched(), name)
		assert.False(t, fetched(), name)
		assert.Equal(t, http.StatusUnauthorized, notify("", body), name)
		assert.Equal(t, http.StatusUnauthorized, notify(key+"x", body), name)
		assert.Equal(t, http.StatusUnauthorized, notify(g.tokens["operator"], body), name)
	}
	assert.Equal(t, http.StatusNoContent, notify(key, `{"event":"SOMETHING_NEW","data":{"user_id":"`+anna+`"}}`))
	assert.Equal(t, http.StatusNoContent, notify(key, `{"event":"SESSION_COMPLETE","data":{"user_id":"`+sue+`"}}`))
	assert.False(t, fetched(), "nobody's business")
	for _, body := range []string{"", "[]", "{", `{"event":"SESSION_COMPLETE"}`, `{"event":"SESSION_COMPLETE","data":{"user_id":"../x"}}`, `{"event":7}`} {
		assert.Equal(t, http.StatusBadRequest, notify(key, body), body)
	}
	assert.Equal(t, http.StatusRequestEntityTooLarge, notify(key, strings.Repeat(" ", 2<<20)))
	refused := g.get(t, "", "/webhooks/asleep")
	assert.Equal(t, http.StatusMethodNotAllowed, refused.status)
	assert.Equal(t, http.MethodPost, refused.header.Get("Allow"))
	assert.Equal(t, "application/problem+json", refused.header.Get("Content-Type"))
	assert.Equal(t, http.StatusNotFound, send(t, newGuarded(t, nil).request(t, "", http.MethodPost, "/webhooks/asleep", "{}")).status, "off unless told")
}

// A replica that was not told of a night hears of it within a minute.
func TestOtherReplicasFollow(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	fetched := func() bool {
		require.Contains(t, g.call(t, "anna", "get_session", "").body, "asleep_minutes")
		return strings.Contains(g.spy.asked(), "average-stats")
	}
	require.True(t, fetched())
	g.ahead.Store(int64(59 * time.Second))
	assert.False(t, fetched(), "from the cache")
	g.ahead.Store(int64(60 * time.Second))
	assert.True(t, fetched())
}

// What is written down anywhere names nobody and tells no values.
func TestNothingPersonalIsWrittenDown(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.WebhookKey = "webhook-key-of-asleep" })
	session := g.sessionOf(t, sue)
	for _, who := range []string{"", "anna", "coach", "analyst", "operator", "bare-coach"} {
		for _, tool := range tools.All() {
			g.call(t, who, tool.Name, strangersArguments(t, tool))
		}
		g.call(t, who, "get_session", `"session_id":"`+session+`"`)
		g.call(t, who, sue, `"`+anna+`":1`)
		g.rpc(t, who, sue, "")
		g.rpc(t, who, "prompts/get", getPrompt("monthly_review", `"user_id":"`+sue+`"`))
		for _, path := range routes(t, g) {
			g.get(t, who, path)
		}
		g.get(t, who, "/api/sessions/"+session+"?user_id="+anna)
		g.get(t, who, "/"+sue)
	}
	metrics := g.get(t, "operator", "/metrics").body
	for _, code := range regexp.MustCompile(`"code":"(\w+)"`).FindAllStringSubmatch(g.logged.String(), -1) {
		assert.True(t, known(code[1]), "a failure whose code is in no list, so that REST has no status for it: %s", code[1])
	}
	written := g.logged.String() + metrics
	for _, secret := range []string{
		anna, bo, sue, session, apiKey, "webhook-key", "asleep_minutes", "example.org", "token:", "Bearer", "127.0.0.1",
		g.tokens["anna"], g.tokens["operator"], "north", "south", `"anna"`,
	} {
		assert.False(t, strings.Contains(written, secret), "%s is in what was written", secret) //nolint:testifylint // the whole text is too long to show
	}
	assert.Contains(t, metrics, `asleep_mcp_calls_total{outcome="ok",tool="get_session"}`)
	assert.Contains(t, metrics, `asleep_mcp_calls_total{outcome="forbidden",tool="get_session"}`)
	assert.Contains(t, metrics, `asleep_mcp_upstream_requests_total{`)
	assert.Contains(t, metrics, `asleep_mcp_cache_lookups_total{result="miss"}`)
	assert.Contains(t, metrics, `asleep_mcp_refused_total{status="Unauthorized"}`)
}

func TestAudit(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	lines := func(ask func()) []string {
		before := len(g.logged.String())
		ask()
		var all []string
		for line := range strings.Lines(g.logged.String()[before:]) {
			if strings.Contains(line, `"msg":"audit"`) {
				all = append(all, line)
			}
		}
		return all
	}
	assert.Empty(t, lines(func() { g.call(t, "anna", "get_session", "") }), "one's own nights")
	own := lines(func() { g.call(t, "coach", "get_session", `"user_id":"`+anna+`"`) })
	require.Len(t, own, 1)
	assert.Contains(t, own[0], `"what":"get_session","outcome":"ok"`)
	refused := lines(func() { g.get(t, "coach", "/api/sessions/last?user_id="+sue) })
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0], `"what":"get_session","outcome":"forbidden"`)
	assert.Equal(t, caller(t, own[0]), caller(t, refused[0]), "the same person")
	changed := lines(func() { g.call(t, "operator", "create_organization", `"organization":"west","name":"West"`) })
	require.Len(t, changed, 1)
	assert.NotEqual(t, caller(t, own[0]), caller(t, changed[0]))

	g = newGuarded(t, func(o *serve.Options) { o.HTTP.Gate, o.Principal = nil, access.Operator("") })
	assert.Empty(t, lines(func() {
		assert.Contains(t, g.call(t, "", "get_session", `"user_id":"`+anna+`"`).body, "asleep_minutes")
	}), "on one's own machine nobody is told apart")
}

// caller is the pseudonym in an audit line.
func caller(t *testing.T, line string) string {
	t.Helper()
	_, after, found := strings.Cut(line, `"caller":"`)
	require.True(t, found, line)
	return after[:16]
}

// known reports whether a failure's code is one that has a name.
func known(code string) bool {
	return slices.Contains(tool.AllCodes(), tool.Code(code)) || slices.Contains(asleep.AllCodes(), asleep.Code(code)) ||
		tool.Code(code).OfDatabase() || code == "unknown_tool"
}
