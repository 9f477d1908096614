package serve_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestCallersNeedTokens(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	for _, door := range []struct{ method, path, body string }{
		{"POST", "/mcp", listMessage},
		{"POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`},
		{"POST", "/mcp", "garbage"},
		{"GET", "/mcp", ""},
		{"POST", "/mcp?access_token=" + g.tokens["operator"], listMessage},
		{"GET", "/api/sessions", ""},
		{"GET", "/api/nowhere", ""},
		{"POST", "/api/users", "{}"},
		{"GET", "/metrics", ""},
	} {
		got := send(t, g.request(t, "", door.method, door.path, door.body))
		want := http.StatusUnauthorized
		if strings.Contains(door.path, "?") {
			want = http.StatusBadRequest
		}
		assert.Equal(t, want, got.status, door.path)
		assert.Contains(t, got.header.Get("WWW-Authenticate"), "Bearer")
		if !strings.HasPrefix(door.path, "/mcp") {
			assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"))
			assert.Contains(t, got.body, `"status":401`)
		} else {
			checkRefusal(t, got.body, -32600)
		}
	}
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/openapi.json": 200, "/docs": 200, "/": 404, "/webhooks/asleep": 404,
		"/.well-known/oauth-protected-resource/mcp": 404, // there is no provider
	} {
		assert.Equal(t, want, g.get(t, "", path).status, path)
	}
	assert.Empty(t, g.spy.asked())
}

// Every lack of a scope is said with all scopes of the operation, before mcp-go
// sees the request.
func TestInsufficientScope(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	const lacks = `Bearer error="insufficient_scope", scope="sleep:read"`
	for name, ask := range map[string]func() reply{
		"tool":     func() reply { return g.call(t, "bare-coach", "get_session", "") },
		"prompt":   func() reply { return g.rpc(t, "bare-coach", "prompts/get", `"name":"monthly_review"`) },
		"resource": func() reply { return g.rpc(t, "bare-coach", "resources/read", `"uri":"asleep://me/last-night"`) },
		"skill": func() reply {
			return g.rpc(t, "bare-coach", "skills/get", `"uri":"skill://last-night-explained/SKILL.md"`)
		},
		"its text": func() reply {
			return g.rpc(t, "bare-coach", "resources/read", `"uri":"skill://last-night-explained/SKILL.md"`)
		},
		"completion": func() reply {
			return g.rpc(t, "bare-coach", "completion/complete", completeParams("monthly_review", "user_id", ""))
		},
		"escaped": func() reply { return g.rpc(t, "bare-coach", `tools\/call`, `"n\u0061me":"get\u005fsession"`) },
		"modern": func() reply {
			r := modernRequest(t, g.url, "tools/call", "get_session", `,"name":"get_session"`)
			r.Header.Set("Authorization", "Bearer "+g.tokens["bare-coach"])
			return send(t, r)
		},
		"REST": func() reply { return g.get(t, "bare-coach", "/api/sessions") },
	} {
		got := ask()
		assert.Equal(t, http.StatusForbidden, got.status, "%s: %s", name, got.body)
		assert.Equal(t, lacks, got.header.Get("WWW-Authenticate"), name)
		if name != "REST" {
			assert.Contains(t, got.body, `"id":1`)
		}
	}
	got := g.call(t, "bare-operator", "list_organizations", "")
	assert.Equal(t, `Bearer error="insufficient_scope", scope="admin"`, got.header.Get("WWW-Authenticate"))
	numbers := send(t, g.request(t, "bare-operator", "GET", "/metrics", ""))
	assert.Equal(t, http.StatusForbidden, numbers.status)
	assert.Equal(t, "application/problem+json", numbers.header.Get("Content-Type"))

	for name, params := range map[string]string{
		"twice":           `"name":"nothing","name":"get_session"`,
		"other case":      `"Name":"get_session"`,
		"both cases":      `"name":"nothing","NAME":"get_session"`,
		"folded":          `"name":"nothing","ſame":"x","naME":"get_session"`,
		"escaped, folded": `"name":"nothing","\u004eame":"get_session"`,
	} {
		got := g.rpc(t, "bare-coach", "tools/call", params)
		assert.Equal(t, http.StatusBadRequest, got.status, name)
		checkRefusal(t, got.body, -32602)
	}
	got = g.rpc(t, "bare-coach", "completion/complete", `"ref":{"name":"x"},"Ref":{"type":"ref/prompt","name":"monthly_review"}`)
	assert.Equal(t, http.StatusBadRequest, got.status)
	for _, params := range []string{`"name":7`, `"name":null`, `"name":{}`, ``} {
		assert.NotEqual(t, http.StatusInternalServerError, g.rpc(t, "bare-coach", "tools/call", params).status)
	}
	assert.Equal(t, http.StatusOK, g.rpc(t, "bare-coach", "resources/read", `"uri":"asleep://guide/metrics"`).status, "the guide is for everybody")
	assert.Empty(t, g.spy.asked())
}

// names are the names of a list's items.
func names(t *testing.T, got reply, list, name string) []string {
	t.Helper()
	var all []string
	items, ok := got.result(t)[list].([]any)
	require.True(t, ok, got.body)
	for _, item := range items {
		text, ok := item.(map[string]any)[name].(string)
		require.True(t, ok)
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func TestListsByRole(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	toolset := func(sets ...string) []string {
		var all []string
		for _, t := range tools.All() {
			if slices.Contains(sets, t.Toolset) {
				all = append(all, t.Name)
			}
		}
		slices.Sort(all)
		return all
	}
	own := []string{"asleep://guide/metrics", "asleep://me/last-night", "asleep://me/weekly-report"}
	uris := slices.Clone(own)
	var books []string
	for _, s := range skills.All() {
		books = append(books, s.URI())
		for _, f := range s.Files {
			uris = append(uris, f.URI)
		}
	}
	slices.Sort(uris)
	var personal, grouped []string
	for _, p := range prompts.All() {
		if p.Of(prompts.User) != "" {
			personal = append(personal, p.Name)
		} else {
			grouped = append(grouped, p.Name)
		}
	}
	slices.Sort(personal)
	slices.Sort(grouped)
	all := slices.Sorted(slices.Values(slices.Concat(personal, grouped)))
	for who, want := range map[string]struct{ tools, prompts, resources, skills []string }{
		"operator":      {toolset("sleep", "cohort", "manage", "diary"), all, uris, books},
		"bare-operator": {toolset("sleep", "cohort", "manage", "diary"), all, uris, books},
		"anna":          {toolset("sleep", "diary"), personal, uris, books},
		"coach":         {toolset("sleep", "cohort", "diary"), all, uris, books},
		"analyst":       {toolset("cohort"), grouped, own[:1], nil},
	} {
		assert.Equal(t, want.tools, names(t, g.rpc(t, who, "tools/list", ""), "tools", "name"), who)
		assert.Equal(t, want.prompts, names(t, g.rpc(t, who, "prompts/list", ""), "prompts", "name"), who)
		assert.Equal(t, want.resources, names(t, g.rpc(t, who, "resources/list", ""), "resources", "uri"), who)
		assert.Equal(t, want.skills, names(t, g.rpc(t, who, "skills/list", ""), "skills", "uri"), who)
	}
	for _, method := range []string{"tools/list", "prompts/list", "resources/list", "skills/list", "server/discover"} {
		r := modernRequest(t, g.url, method, "", "")
		r.Header.Set("Authorization", "Bearer "+g.tokens["anna"])
		assert.Equal(t, "private", send(t, r).result(t)["cacheScope"], method)
	}
	hidden := g.call(t, "anna", "delete_user", `"user_id":"`+sue+`"`)
	unknown := g.call(t, "anna", "nothing", "")
	assert.Equal(t, unknown.status, hidden.status)
	assert.Equal(t, strings.ReplaceAll(unknown.body, "nothing", "delete_user"), hidden.body, "as if it were not there")
	for method, uri := range map[string]string{
		"skills/get": skills.All()[0].URI(), "resources/read": skills.All()[0].URI(), "resources/directory/read": "skill://" + skills.All()[0].Name,
	} {
		_, text := g.rpc(t, "analyst", method, `"uri":"`+uri+`"`).failure(t)
		assert.Contains(t, text, "There is no ", method)
	}
	_, text := g.rpc(t, "analyst", "resources/read", `"uri":"asleep://me/last-night"`).failure(t)
	assert.Equal(t, "This caller may not see one person's nights. Ask about an organization, or ask the operator for access.", text, "and sends to no tool")
}

// askSue is how most doors are asked about somebody the caller may not see.
const askSue = `"user_id":"` + sue + `"`

// strangersTool is how the other tools are asked: those that take no user_id, and those
// that need more. One of them without an entry fails the walk.
var strangersTool = map[string]string{
	"compare_nights":                `"user_id":"` + sue + `","where":"nap"`,
	"compare_periods":               `"user_id":"` + sue + `","first_from":"2026-11-01","first_to":"2026-11-07","second_from":"2026-11-08","second_to":"2026-11-14"`,
	"cohort_analysis":               `"user_ids":["` + sue + `","` + anna + `"],"include_members":true`,
	"organization_statistics":       `"organization":"south"`,
	"list_organizations":            ``,
	"set_cadence":                   `"organization":"south","cadence":"weeks"`,
	"create_organization":           `"organization":"west","name":"West"`,
	"add_user_to_organization":      `"organization":"south","email":"x@example.org"`,
	"remove_user_from_organization": `"organization":"south","email":"sue@example.org"`,
	"create_user":                   ``,
	"sign_up":                       ``,
	"delete_user":                   `"user_id":"` + sue + `","confirm":"` + sue + `"`,
	"tag_nights":                    `"user_id":"` + sue + `","tags":["x"],"nights":["2026-11-01"]`,
	"remove_tags":                   `"user_id":"` + sue + `","nights":["2026-11-01"]`,
	"delete_session":                `"user_id":"` + sue + `","session_id":"20261101220000_abcde"`,
}

// strangersArguments is how a tool is asked about sue, or about south.
func strangersArguments(t *testing.T, one tool.Tool) string {
	t.Helper()
	arguments, listed := strangersTool[one.Name]
	if listed {
		return arguments
	}
	var schema struct {
		Properties map[string]any
		Required   []string
	}
	require.NoError(t, json.Unmarshal(one.Input(), &schema))
	needsMore := slices.ContainsFunc(schema.Required, func(name string) bool { return name != "user_id" })
	require.True(t, schema.Properties["user_id"] != nil && !needsMore, "a tool without an entry in strangersTool: %s", one.Name)
	return askSue
}

// strangersPrompt is how prompts about no single person are asked for. One of them
// without an entry fails the walk.
var strangersPrompt = map[string]string{"cohort_briefing": `"organization":"south"`}

func strangersPromptArguments(t *testing.T, p prompts.Prompt) string {
	t.Helper()
	arguments, listed := strangersPrompt[p.Name]
	if listed {
		return arguments
	}
	needsMore := slices.ContainsFunc(p.Arguments, func(a prompts.Argument) bool { return a.Required && a.Kind != prompts.User })
	require.True(t, p.Of(prompts.User) == "user_id" && !needsMore, "a prompt without an entry in strangersPrompt: %s", p.Name)
	return askSue
}

// strangersResource are the resources; each is the caller's own, or nobody's.
var strangersResource = map[string]bool{"asleep://guide/metrics": true, "asleep://me/last-night": true, "asleep://me/weekly-report": true}

// strangersRoute are the paths of the OpenAPI document that take no user_id, and those
// that need more. One of them without an entry fails the walk.
var strangersRoute = map[string]string{
	"get /api/sessions/{session_id}":                   "/api/sessions/last?user_id=" + sue,
	"get /api/reports/compare_periods":                 "/api/reports/compare_periods?first_from=2026-11-01&first_to=2026-11-07&second_from=2026-11-08&second_to=2026-11-14&user_id=" + sue,
	"get /api/reports/cohort_analysis":                 "/api/reports/cohort_analysis?include_members=true&user_ids=" + sue + "," + anna,
	"get /api/reports/organization_statistics":         "/api/reports/organization_statistics?organization=south",
	"get /api/reports/list_organizations":              "/api/reports/list_organizations",
	"post /api/users":                                  "/api/users",
	"post /api/logins":                                 "/api/logins",
	"post /api/organizations":                          "/api/organizations",
	"post /api/organizations/{organization}/cadence":   "/api/organizations/south/cadence",
	"post /api/organizations/{organization}/members":   "/api/organizations/south/members",
	"delete /api/organizations/{organization}/members": "/api/organizations/south/members?email=sue@example.org",
	"delete /api/logins":                               "/api/logins?issuer=" + loginIssuer + "&subject=sue",
	"get /api/reports/compare_nights":                  "/api/reports/compare_nights?where=nap&user_id=" + sue,
}

// strangersPath are the paths of a server with everything on, and what somebody
// gets there who has no token.
var strangersPath = map[string]int{
	"/mcp": 401, "/api": 401, "/metrics": 401, "/webhooks/asleep": 405,
	"/openapi.json": 200, "/docs": 200, "/healthz": 200, "/readyz": 200, // tell about the server, not about people
	"/.well-known/oauth-protected-resource/mcp": 200,
	"/.well-known/ai-catalog.json":              200, "/mcp/server-card": 200,
}

// A path that is added without being listed above fails the test.
func TestStrangersAtEveryPath(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) {
		store, err := o.Deps.Directory(t.Context())
		require.NoError(t, err)
		gate, err := auth.New(auth.Options{Issuer: "http://127.0.0.1:1", Audience: "x", Directory: store})
		require.NoError(t, err)
		o.HTTP.Gate, o.HTTP.WebhookKey = gate, "webhook-key-of-asleep"
	})
	for _, path := range g.server.Paths() {
		want, listed := strangersPath[path]
		require.True(t, listed, "a path without an entry in strangersPath: %s", path)
		got := g.get(t, "", path)
		assert.Equal(t, want, got.status, path)
		for _, secret := range []string{anna, bo, sue, "north", "south", "sue@"} {
			assert.False(t, strings.Contains(got.body, secret), "%s is at %s", secret, path) //nolint:testifylint // the body is too long to show
		}
		assert.Empty(t, g.spy.asked(), path)
	}
	assert.Len(t, g.server.Paths(), len(strangersPath))
}

// harmless checks that an answer tells nothing about sue, or that south is there.
func harmless(t *testing.T, g *guarded, got reply, what string) {
	t.Helper()
	said := strings.ReplaceAll(got.body, `\"`, `"`)
	for _, secret := range []string{`"asleep_minutes"`, `"avg_sleep_hours"`, `"session_id":"2026`, `"org_id":"south"`, `"user_count"`, "sue@", `"user_id":"` + sue} {
		assert.NotContains(t, said, secret, what)
	}
	assert.NotContains(t, g.spy.asked(), "sue", what)
}

// Nothing about somebody the caller may not see comes out of any door, and the
// question does not even reach Asleep.
func TestStrangersAtEveryDoor(t *testing.T) {
	t.Parallel()
	for name, world := range worlds(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			strangersAtEveryDoor(t, newGuarded(t, world))
		})
	}
}

func strangersAtEveryDoor(t *testing.T, g *guarded) {
	t.Helper()
	session := g.sessionOf(t, sue)
	g.spy.asked()
	for _, who := range []string{"", "anna", "coach", "analyst", "bare-coach", "bare-operator"} {
		if who != "bare-operator" { // who may see sue's nights, and nothing of organizations
			for _, tool := range tools.All() {
				harmless(t, g, g.call(t, who, tool.Name, strangersArguments(t, tool)), who+" "+tool.Name)
			}
			for _, p := range prompts.All() {
				arguments := strangersPromptArguments(t, p)
				got := g.rpc(t, who, "prompts/get", getPrompt(p.Name, arguments))
				assert.NotContains(t, got.body, `"messages"`, who+" "+p.Name)
				harmless(t, g, got, who+" "+p.Name)
				for _, a := range p.Arguments {
					got := g.rpc(t, who, "completion/complete", completeParams(p.Name, a.Name, "")+`,"context":{"arguments":{`+arguments+`}}`)
					harmless(t, g, got, who+" "+p.Name+" "+a.Name)
					assert.NotContains(t, got.body, sue[:len(sue)-3]+"sue")
				}
			}
			for _, r := range prompts.Resources() {
				require.True(t, strangersResource[r.URI], "a resource without an entry in strangersResource: %s", r.URI)
				assert.NotContains(t, g.rpc(t, who, "resources/read", `"uri":"`+r.URI+`"`).body, sue)
				assert.NotContains(t, g.spy.asked(), "sue", r.URI)
			}
			for key, path := range routes(t, g) {
				method := strings.ToUpper(strings.Fields(key)[0])
				harmless(t, g, send(t, g.request(t, who, method, path, "{}")), who+" "+path)
			}
			for _, arguments := range []string{`"session_id":"` + session + `"`, `"session_id":"` + session + `","user_id":"` + anna + `"`} {
				got := g.call(t, who, "get_session", arguments)
				assert.NotContains(t, got.body, "asleep_minutes", who)
				g.spy.asked() // Asleep is asked whether it is the caller's own
			}
		}
		for _, method := range []string{"resources/subscribe", "resources/unsubscribe", "subscriptions/listen", "tasks/list", "logging/setLevel", "nothing/at/all"} {
			harmless(t, g, g.rpc(t, who, method, `"uri":"asleep://users/`+sue+`"`), who+" "+method)
		}
		harmless(t, g, g.rpc(t, who, "resources/templates/list", ""), who)
		harmless(t, g, g.rpc(t, who, "resources/read", `"uri":"asleep://users/`+sue+`/last-night"`), who)
	}
	for _, who := range []string{"bare-operator"} {
		for _, tool := range []string{"list_organizations", "organization_statistics", "delete_user", "delete_session", "create_user"} {
			got := g.call(t, who, tool, strangersTool[tool])
			assert.Equal(t, http.StatusForbidden, got.status, tool)
			harmless(t, g, got, tool)
		}
	}
	assert.Contains(t, g.get(t, "operator", "/api/sessions/last?user_id="+sue).body, "asleep_minutes", "whoever may sees it")
}

// parameter is one of a path in the OpenAPI document.
type parameter struct {
	Name     string
	Required bool
}

// routes are the paths to ask at, by method and path in the OpenAPI document.
func routes(t *testing.T, g *guarded) map[string]string {
	t.Helper()
	var document struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ Parameters []parameter }
	}
	require.NoError(t, json.Unmarshal([]byte(g.get(t, "", "/openapi.json").body), &document))
	assert.True(t, strings.HasPrefix(document.OpenAPI, "3.1"), document.OpenAPI)
	all := map[string]string{}
	for path, methods := range document.Paths {
		for method, operation := range methods {
			asked, listed := strangersRoute[method+" "+path]
			if !listed {
				takesUser := slices.ContainsFunc(operation.Parameters, func(p parameter) bool { return p.Name == "user_id" })
				needsMore := slices.ContainsFunc(operation.Parameters, func(p parameter) bool { return p.Required && p.Name != "user_id" })
				require.True(t, takesUser && !needsMore, "a route without an entry in strangersRoute: %s %s", method, path)
				asked = path + "?user_id=" + sue
			}
			all[method+" "+path] = asked
		}
	}
	return all
}

// A coach sees members and themself, over every door.
func TestMembersAreSeen(t *testing.T) {
	t.Parallel()
	for name, world := range worlds(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			membersAreSeen(t, newGuarded(t, world))
		})
	}
}

func membersAreSeen(t *testing.T, g *guarded) {
	t.Helper()
	for who, users := range map[string][]string{"coach": {anna, bo}, "anna": {anna}, "operator": {anna, bo, sue}, "bare-operator": {sue}} {
		for _, user := range users {
			assert.Contains(t, g.call(t, who, "get_session", `"user_id":"`+user+`"`).body, "asleep_minutes", who)
			got := g.get(t, who, "/api/sessions/last?user_id="+url.QueryEscape(user))
			assert.Equal(t, http.StatusOK, got.status)
			assert.Contains(t, got.body, `"user_id":"`+user+`"`)
		}
	}
	assert.Contains(t, g.call(t, "anna", "get_session", "").body, anna)
	assert.Contains(t, g.rpc(t, "anna", "resources/read", `"uri":"asleep://me/last-night"`).body, "asleep_minutes")
}

// Two callers who count their requests alike get their own answers.
func TestEqualIDsOfTwoCallers(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, nil)
	var all sync.WaitGroup
	for range 40 {
		for who, own := range map[string]string{"anna": anna, "coach": bo} {
			r := g.request(t, who, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sleep_score"}}`)
			r.Header.Set("Mcp-Session-Id", "the same")
			all.Go(func() {
				got, err := do(r)
				assert.NoError(t, err) //nolint:testifylint // not in the test's goroutine
				assert.Contains(t, got.body, own)
			})
		}
	}
	all.Wait()
	asked := g.spy.asked()
	assert.NotContains(t, asked, "Bearer", "tokens are not passed on")
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.CallsPerMinute = 8 })
	for range 2 {
		require.Equal(t, http.StatusOK, g.rpc(t, "anna", "tools/list", "").status)
	}
	for _, got := range []reply{g.rpc(t, "anna", "tools/list", ""), g.get(t, "anna", "/api/sessions")} {
		assert.Equal(t, http.StatusTooManyRequests, got.status)
		assert.Contains(t, []string{"7", "8"}, got.header.Get("Retry-After"), "8 a minute are one every 7.5 s")
	}
	assert.Equal(t, http.StatusOK, g.rpc(t, "coach", "tools/list", "").status, "somebody else")
	assert.Contains(t, g.get(t, "operator", "/metrics").body, "asleep_mcp_rate_limited_total 2")
}

func TestRateLimitOfASecond(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, func(o *serve.Options) { o.HTTP.CallsPerMinute = 60 })
	var got reply
	for range 200 { // a quarter of 60 may come at once, and then one a second
		if got = g.rpc(t, "anna", "tools/list", ""); got.status != http.StatusOK {
			break
		}
	}
	require.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, "1", got.header.Get("Retry-After"))
	assert.Contains(t, got.body, "Wait one second.")
}
