package serve_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const listMessage = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`

func TestDoors(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	host := strings.TrimPrefix(url, "http://")
	port := host[strings.LastIndex(host, ":"):]
	cases := map[string]struct {
		method, path, body string
		host               string
		header             http.Header
		want               int
	}{
		"program":              {want: 200},
		"localhost":            {host: "localhost" + port, want: 200},
		"LOCALHOST":            {host: "LocalHost" + port, want: 200},
		"IPv6 loopback":        {host: "[::1]", want: 200},
		"other loopback":       {host: "127.0.0.2", want: 200},
		"rebound name":         {host: "evil.example" + port, want: 403},
		"name ending alike":    {host: "localhost.evil.example", want: 403},
		"LAN address":          {host: "192.168.1.7" + port, want: 403},
		"own page":             {header: http.Header{"Origin": {url}}, want: 200},
		"other page":           {header: http.Header{"Origin": {"https://evil.example"}}, want: 403},
		"page on other port":   {header: http.Header{"Origin": {"http://127.0.0.1:1"}}, want: 403},
		"page on other scheme": {header: http.Header{"Origin": {"https://" + host}}, want: 403},
		"page on other name":   {host: "localhost" + port, header: http.Header{"Origin": {url}}, want: 403},
		"null origin":          {header: http.Header{"Origin": {"null"}}, want: 403},
		"two origins":          {header: http.Header{"Origin": {url, "https://evil.example"}}, want: 403},
		"cross-site fetch":     {header: http.Header{"Sec-Fetch-Site": {"cross-site"}}, want: 403},
		"lying fetch":          {header: http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"https://evil.example"}}, want: 403},
		"GET":                  {method: "GET", want: 405},
		"DELETE":               {method: "DELETE", want: 405},
		"PUT":                  {method: "PUT", want: 405},
		"HEAD":                 {method: "HEAD", want: 405},
		"OPTIONS":              {method: "OPTIONS", want: 405},
		"form":                 {header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, want: 415},
		"text":                 {header: http.Header{"Content-Type": {"text/plain"}}, want: 415},
		"charset":              {header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, want: 200},
		"1 MiB":                {body: listMessage + strings.Repeat(" ", 1<<20-len(listMessage)), want: 200},
		"1 MiB and 1":          {body: listMessage + strings.Repeat(" ", 1<<20-len(listMessage)+1), want: 413},
		"other path":           {path: "/", want: 404},
		"slash at the end":     {path: "/mcp/", want: 200},
		"path below":           {path: "/mcp/x", want: 404},
		"byte order mark":      {body: "\xef\xbb\xbf" + listMessage, want: 200},
		"unknown version":      {header: http.Header{"Mcp-Protocol-Version": {"1.0"}}, want: 400},
		"path with dots":       {path: "/x/../mcp", want: 404},
		"health":               {method: "GET", path: "/healthz", want: 200},
		"health by HEAD":       {method: "HEAD", path: "/healthz", want: 200},
		"health by POST":       {path: "/healthz", want: 405},
		"health from a page":   {method: "GET", path: "/healthz", header: http.Header{"Origin": {"https://evil.example"}}, want: 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, orElse(c.method, "POST"), url+orElse(c.path, "/mcp"), orElse(c.body, listMessage))
			r.Host = orElse(c.host, r.Host)
			maps.Copy(r.Header, c.header)
			got := send(t, r)
			require.Equal(t, c.want, got.status, got.body)
			if c.want == http.StatusMethodNotAllowed {
				assert.NotEmpty(t, got.header.Get("Allow"))
			}
			if r.Method == http.MethodHead {
				return
			}
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			if c.want >= 400 {
				checkRefusal(t, got.body, -32600)
			}
		})
	}
}

// A page of another site cannot read an answer, nor have it asked for.
func TestReadingAcrossSites(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	for what, want := range map[string]int{
		"/api/reports/echo cross-site": 403, "/api/reports/echo same-site": 403, "/api/reports/echo same-origin": 200, "/api/reports/echo none": 200,
		"/api/reports/echo ": 200, "/docs cross-site": 200, "/healthz cross-site": 200,
	} {
		path, site, _ := strings.Cut(what, " ")
		r := newRequest(t, http.MethodGet, url+path, "")
		r.Header.Set("Sec-Fetch-Site", site)
		assert.Equal(t, want, send(t, r).status, what)
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// checkRefusal checks that body is a JSON-RPC error a person can read.
func checkRefusal(t *testing.T, body string, code int) {
	t.Helper()
	var answer struct {
		JSONRPC string
		ID      any
		Error   struct {
			Code    int
			Message string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &answer), body)
	assert.Equal(t, "2.0", answer.JSONRPC)
	assert.Equal(t, code, answer.Error.Code, body)
	assert.Contains(t, answer.Error.Message, " ")
	assert.Contains(t, body, `"id":`)
}

// spellings of a message that ends somebody else's call, and what they get.
var spellings = map[string]struct {
	body   string
	status int
	code   int
}{
	"plain":           {`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, 202, 0},
	"with blanks":     {" \r\n\t" + `{ "jsonrpc" : "2.0", "params":{"requestId":1}, "method" : "notifications/cancelled" }`, 202, 0},
	"escaped slash":   {`{"jsonrpc":"2.0","method":"notifications\/cancelled","params":{"requestId":1}}`, 202, 0},
	"escaped letter":  {`{"jsonrpc":"2.0","method":"\u006eotifications/cancelled","params":{"requestId":1}}`, 202, 0},
	"escaped name":    {`{"jsonrpc":"2.0","\u006dethod":"notifications/cancelled","params":{"requestId":1}}`, 202, 0},
	"upper case name": {`{"jsonrpc":"2.0","Method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"folded name":     {`{"jsonrpc":"2.0","method":"ping","METHOD":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"folded version":  {`{"jſonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"twice":           {`{"jsonrpc":"2.0","method":"ping","method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"twice, reversed": {`{"jsonrpc":"2.0","method":"notifications/cancelled","method":"ping","params":{"requestId":1}}`, 400, -32600},
	"null id":         {`{"jsonrpc":"2.0","id":null,"method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"object id":       {`{"jsonrpc":"2.0","id":{},"method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"ids":             {`{"jsonrpc":"2.0","id":7,"id":null,"method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"folded id":       {`{"jsonrpc":"2.0","id":7,"ID":null,"method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"batch":           {`[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}]`, 400, -32600},
	"second message":  {`{"jsonrpc":"2.0","method":"ping"}{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32700},
	"bad UTF-8":       {"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1,\"x\":\"\xff\"}}", 400, -32700},
	"cut":             {`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}`, 400, -32700},
	"unknown member":  {`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1},"x":1}`, 400, -32600},
	"a string":        {`"notifications/cancelled"`, 400, -32600},
	"nothing":         {``, 400, -32700},
	"other version":   {`{"jsonrpc":"1.0","method":"notifications/cancelled","params":{"requestId":1}}`, 400, -32600},
	"method a number": {`{"jsonrpc":"2.0","method":5,"params":{"requestId":1}}`, 400, -32600},
	"no method":       {`{"jsonrpc":"2.0","params":{"requestId":1}}`, 400, -32600},
	"an answer":       {`{"jsonrpc":"2.0","id":1,"result":{}}`, 202, 0},
}

// Every client is a stranger to every other, also when both count from 1.
func TestNobodyCancelsAnothersCall(t *testing.T) {
	t.Parallel()
	for _, era := range []string{"legacy", "modern"} {
		block := newBlocker()
		url := newHTTP(t, newServer(t, serve.Options{Tools: []tool.Tool{block.tool(), echo}}))
		victim := call(t, url+"/mcp", "block")
		if era == "modern" {
			victim = modernRequest(t, url, "tools/call", "block", `,"name":"block"`)
		}
		victim.Header.Set("Mcp-Session-Id", "victim")
		called := start(victim)
		block.waitStarted(t)

		for name, c := range spellings {
			for _, session := range []string{"", "victim"} {
				r := newRequest(t, http.MethodPost, url+"/mcp", c.body)
				if session != "" {
					r.Header.Set("Mcp-Session-Id", session)
				}
				if era == "modern" {
					r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
					r.Header.Set("Mcp-Method", "notifications/cancelled")
				}
				got := send(t, r)
				assert.Equal(t, c.status, got.status, "%s: %s", name, got.body)
				if c.code != 0 {
					checkRefusal(t, got.body, c.code)
				}
			}
		}
		// A whole call with the victim's id comes and goes in between.
		checkEcho(t, legacy(t, url, `"method":"tools/call","params":{`+callEcho+`}`).result(t))
		select {
		case got := <-called:
			require.FailNow(t, "the call ended early", got.body)
		default:
		}
		close(block.release)
		select {
		case got := <-called:
			assert.Contains(t, got.body, `"structuredContent":{"released":true}`, era)
		case <-time.After(time.Minute):
			require.FailNow(t, "the call did not end")
		}
	}
}

// The id comes back wherever it can be known, so that a client finds its call.
func TestRefusalsNameTheRequest(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	post := func(body string) string { return send(t, newRequest(t, http.MethodPost, url+"/mcp", body)).body }

	assert.Contains(t, post(`{"jsonrpc":"1.0","id":"a<b","method":"ping"}`), `"id":"a\u003cb"`)
	assert.Contains(t, post(`{"jsonrpc":"2.0","id":41,"method":"ping","extra":0}`), `"id":41`)
	assert.Contains(t, post(`{"jsonrpc":"2.0","id":41,"id":42,"method":"ping"}`), `"id":null`)
	assert.Contains(t, post(`{"jsonrpc":"2.0","id":9007199254740991,"method":"ping"}`), `"id":9007199254740991,"result"`)
	for _, id := range []string{"9007199254740993", "-9007199254740993", "1e400"} {
		assert.Contains(t, post(`{"jsonrpc":"2.0","id":`+id+`,"method":"ping"}`), `"id":`+id+`,"error"`)
	}
}

// Duplicate names below the top level are the tools' business.
func TestArgumentsPassUnchanged(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	got := legacy(t, url, `"method":"tools/call","params":{"name":"echo","arguments":{"a":1,"a":12345678901234567890}}`)
	assert.Contains(t, got.body, `"given":{"a":1,"a":12345678901234567890}`)
}
