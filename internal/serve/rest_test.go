package serve_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Each body is what the tool answers, byte for byte.
func TestRESTAnswersAsTools(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	session := g.sessionOf(t, anna)
	for path, c := range map[string]struct{ tool, arguments string }{
		"/api/sessions?date_gte=2026-11-01&date_lte=2026-11-10&limit=3&order=asc": {"list_sessions", `"from":"2026-11-01","to":"2026-11-10","limit":3,"order":"asc"`},
		"/api/sessions/" + session + "?detail=stages":                             {"get_session", `"session_id":"` + session + `","detail":"stages"`},
		"/api/sessions/last": {"get_session", ``},
		"/api/statistics?start_date=2026-11-01&end_date=2026-11-10&timezone=Europe/Paris":      {"average_stats", `"from":"2026-11-01","to":"2026-11-10","timezone":"Europe/Paris"`},
		"/api/reports/sleep_score?days=14&end_date=2026-11-20&birth_year=1980&user_id=" + anna: {"sleep_score", `"days":14,"ending":"2026-11-20","birth_year":1980,"user_id":"` + anna + `"`},
		"/api/reports/weekly_report?end_date=2026-11-15":                                       {"weekly_report", `"week_ending":"2026-11-15"`},
		"/api/reports/monthly_trends?months=2":                                                 {"monthly_trends", `"months":2`},
	} {
		got := g.get(t, "anna", path)
		require.Equal(t, http.StatusOK, got.status, "%s: %s", path, got.body)
		assert.Equal(t, "application/json", got.header.Get("Content-Type"))
		assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
		told, err := json.Marshal(g.call(t, "anna", c.tool, c.arguments).result(t)["structuredContent"])
		require.NoError(t, err)
		assert.JSONEq(t, string(told), got.body, path)
	}
	list := g.get(t, "operator", "/api/reports/cohort_analysis?include_members=true&user_ids="+anna+"&user_ids="+bo)
	assert.Equal(t, http.StatusOK, list.status, list.body)
}

func TestRESTProblems(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	for path, c := range map[string]struct {
		who    string
		want   int
		detail string
	}{
		"/api/sessions?date_gte=yesterday":         {"anna", 400, "yesterday"},
		"/api/sessions?limit=lots":                 {"anna", 400, "lots"},
		"/api/sessions?limit=5000":                 {"anna", 400, "100"},
		"/api/sessions?limit=5&limit=6":            {"anna", 400, "limit"},
		"/api/sessions?from=2026-11-01":            {"anna", 400, "date_gte"},
		"/api/statistics?start=2026-11-01":         {"anna", 400, "start"},
		"/api/sessions/..%2f..%2fusers":            {"anna", 400, "session_id"},
		"/api/sessions/20200101000000_abcde":       {"anna", 404, ""},
		"/api/sessions?user_id=" + sue:             {"anna", 403, ""},
		"/api/sessions?user_id=a%00b":              {"anna", 400, ""},
		"/api/statistics":                          {"operator", 400, `Give "user_id"`},
		"/api/reports/sleep_score":                 {"analyst", 403, "may not see one person's nights. Ask about an organization"},
		"/api/reports/list_organizations":          {"anna", 403, "for operators"},
		"/api/nowhere":                             {"anna", 404, "/docs"},
		"/api/users":                               {"anna", 405, "POST"},
		"/api/reports/delete_user?user_id=" + anna: {"operator", 404, ""},
	} {
		got := g.get(t, c.who, path)
		assert.Equal(t, c.want, got.status, "%s: %s", path, got.body)
		assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"), path)
		var problem struct {
			Status        int
			Title, Detail string
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &problem), path)
		assert.Equal(t, c.want, problem.Status)
		assert.NotEmpty(t, problem.Title)
		assert.Contains(t, problem.Detail, c.detail, path)
	}
	made := send(t, g.request(t, "anna", http.MethodPost, "/api/users", "{}"))
	assert.Equal(t, http.StatusForbidden, made.status, "a static token is no login")
}

// The doors refuse in the format of the path that was asked for.
func TestRESTDoorsTellProblems(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	for _, path := range []string{"/api", "/api/sessions", "/openapi.json", "/docs", "/mcp", "/apis"} {
		elsewhere := g.request(t, "anna", http.MethodGet, path, "")
		elsewhere.Host = "evil.example"
		lured := g.request(t, "anna", http.MethodGet, path, "")
		lured.Header.Set("Origin", "https://evil.example")
		for _, r := range []*http.Request{elsewhere, lured} {
			got := send(t, r)
			assert.Equal(t, http.StatusForbidden, got.status, path)
			if path == "/mcp" || path == "/apis" {
				checkRefusal(t, got.body, -32600)
				continue
			}
			assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"), path)
			assert.Contains(t, got.body, `"status":403`, path)
		}
	}
}

// What the API offers is told to everybody, and that it needs a token.
func TestRESTIsDescribed(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	described, page := g.get(t, "", "/openapi.json"), g.get(t, "", "/docs")
	assert.Equal(t, page.body, g.get(t, "", "//docs/").body, "slashes too many")
	assert.Contains(t, described.body, `"security":[{"token":[]}]`)
	assert.Contains(t, described.header.Get("Content-Security-Policy"), "default-src 'none'; frame")
	assert.Contains(t, page.body, "/api/sessions/{session_id}")
	assert.Contains(t, page.header.Get("Content-Security-Policy"), "style-src 'sha256-")
}

const loginIssuer = "https://id.example.org"

func TestLogins(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	put := func(who, user string) int {
		body := `{"issuer":"` + loginIssuer + `","subject":"anna","user_id":"` + user + `"}`
		return send(t, g.request(t, who, http.MethodPost, "/api/logins", body)).status
	}
	for _, who := range []string{"anna", "coach", "analyst", "bare-operator"} {
		assert.Equal(t, http.StatusForbidden, put(who, anna), who)
	}
	for range 2 {
		assert.Equal(t, http.StatusNoContent, put("operator", anna))
	}
	assert.Equal(t, http.StatusConflict, put("operator", bo))
	assert.Equal(t, http.StatusUnprocessableEntity, put("operator", "a/b"))
	drop := func(who string) int {
		return send(t, g.request(t, who, http.MethodDelete, "/api/logins?issuer="+loginIssuer+"&subject=anna", "")).status
	}
	for _, who := range []string{"anna", "coach", "analyst", "bare-operator"} {
		assert.Equal(t, http.StatusForbidden, drop(who), who)
	}
	user, err := g.store.UserOf(t.Context(), loginIssuer, "anna")
	require.NoError(t, err)
	assert.Equal(t, anna, user)
	assert.Equal(t, http.StatusNoContent, drop("operator"))
	_, err = g.store.UserOf(t.Context(), loginIssuer, "anna")
	require.ErrorIs(t, err, directory.ErrNotFound)
	assert.Contains(t, g.logged.String(), `"what":"DELETE /api/logins","outcome":"removed"`)
}
