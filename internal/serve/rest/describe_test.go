package rest_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

type document struct {
	OpenAPI string
	Paths   map[string]map[string]operation

	Components struct{ SecuritySchemes map[string]any }
	Security   []map[string][]string
	Tags       []struct{ Name, Description string }
}

type operation struct {
	OperationID string
	Summary     string
	Tags        []string
	Parameters  []struct {
		Name, In string
		Required bool
		Schema   struct {
			Type  string
			Items *struct{ Type string }
		}
	}
	Responses map[string]struct {
		Content map[string]json.RawMessage
	}
}

// operation is the one that a request is for.
func (d document) operation(method, asked string) (o operation, found bool) {
	asked, _, _ = strings.Cut(asked, "?")
	if dir, id := path.Split(asked); dir == "/api/sessions/" && id != "" {
		asked = dir + "{session_id}"
	}
	o, found = d.Paths[asked][strings.ToLower(method)]
	return o, found
}

// ownNights reports whether the operation answers about the caller's own nights when it
// is told nothing.
func (o operation) ownNights() bool {
	taken := map[string]bool{}
	for _, p := range o.Parameters {
		if p.Required {
			return false
		}
		taken[p.Name] = true
	}
	return taken["user_id"]
}

// example is a request to a route, and how it ends.
type example struct {
	who, query, body string
	status           string
}

// examples are requests to routes. One without any is asked about the caller's own
// nights where it takes a user_id and needs nothing, and fails the test otherwise. So does
// an answer that is not as described.
var examples = map[string][]example{
	"get /api/sessions": {
		{who: "anna", status: "200"},
		{who: "anna", query: "?date_gte=2026-11-01&date_lte=2026-11-20&limit=3&order=asc", status: "200"},
		{who: "anna", query: "?limit=0", status: "400"},
		{who: "nobody", status: "404"},
	},
	"get /api/sessions/{session_id}": {
		{who: "anna", query: "/last?detail=stages", status: "200"},
		{who: "anna", query: "/last?detail=epochs", status: "200"},
		{who: "anna", query: "/20200101000000_abcde", status: "404"},
		{who: "anna", query: "/x", status: "400"},
		{who: "anna", query: "/last?user_id=G-20260101000000-bo", status: "403"},
	},
	"get /api/statistics": {
		{who: "anna", query: "?days=60", status: "200"}, {who: "anna", query: "?start_date=2020-01-01&end_date=2020-01-31", status: "200"},
	},
	"get /api/reports/sleep_score":    {{who: "anna", status: "200"}, {who: "anna", query: "?end_date=2020-01-01", status: "200"}},
	"get /api/reports/weekly_report":  {{who: "anna", status: "200"}, {who: "operator", query: "?user_id=" + anna, status: "200"}},
	"get /api/reports/monthly_trends": {{who: "anna", status: "200"}, {who: "anna", query: "?months=0", status: "400"}},
	"get /api/reports/compare_nights": {{who: "anna", query: "?where=weekend", status: "200"}, {who: "anna", query: "?where=week", status: "400"}},
	"get /api/reports/compare_periods": {
		{who: "anna", query: "?first_from=2026-10-01&first_to=2026-10-31&second_from=2026-11-01&second_to=2026-11-20", status: "200"},
		{who: "anna", status: "400"},
	},
	"get /api/reports/cohort_analysis": {
		{who: "operator", query: "?include_members=true&user_ids=" + anna + "&user_ids=G-20260101000000-none", status: "200"},
		{who: "operator", query: "?user_ids=" + anna + ",G-20260101000000-none", status: "200"},
		{who: "anna", query: "?organization=north", status: "403"},
	},
	"get /api/reports/organization_statistics": {{who: "operator", query: "?organization=north", status: "200"}},
	"get /api/reports/list_organizations":      {{who: "operator", status: "200"}, {who: "anna", status: "403"}},
	"get /api/reports/get_user":                {{who: "operator", query: "?user_id=" + anna, status: "200"}},
	"post /api/users": {
		{who: "newcomer", body: "{", status: "400"},
		{who: "newcomer", body: `{"metadata":7}`, status: "422"},
		{who: "newcomer", body: `{"metadata":{"gender":"other","height":171.5}}`, status: "201"},
		{who: "newcomer", body: "{}", status: "200"},
		{who: "anna", body: "{}", status: "403"},
	},
	"post /api/logins": {
		{who: "operator", body: `{"issuer":"` + issuer + `","subject":"x","user_id":"` + anna + `"}`, status: "204"},
		{who: "operator", body: `{"issuer":"` + issuer + `","subject":"x","user_id":"` + bo + `"}`, status: "409"},
		{who: "operator", body: `{"issuer":"` + issuer + `","subject":"x","user_id":"G-20260101000000-none"}`, status: "404"},
		{who: "operator", body: `{}`, status: "422"},
		{who: "anna", body: `{"issuer":"i","subject":"x","user_id":"u"}`, status: "403"},
	},
	"post /api/organizations": {
		{who: "operator", body: `{"organization":"east","name":"East"}`, status: "200"},
		{who: "operator", body: `{"organization":"east","name":"East"}`, status: "409"},
		{who: "anna", body: `{"organization":"west","name":"West"}`, status: "403"},
	},
	"post /api/organizations/{organization}/cadence": {
		{who: "operator", body: `{"cadence":"weeks"}`, status: "200"},
		{who: "operator", body: `{"cadence":"days"}`, status: "422"},
		{who: "anna", body: `{"cadence":"weeks"}`, status: "403"},
	},
	"post /api/organizations/{organization}/members": {
		{who: "operator", body: `{"email":"new@example.org"}`, status: "200"},
		{who: "operator", body: `{}`, status: "422"},
	},
	"delete /api/organizations/{organization}/members": {
		{who: "operator", query: "?email=nobody@example.org", status: "404"},
		{who: "anna", query: "?email=nobody@example.org", status: "403"},
	},
	"delete /api/logins": {
		{who: "operator", query: "?issuer=" + issuer + "&subject=x", status: "204"},
		{who: "operator", query: "?issuer=" + issuer + "&subject=x", status: "204"},
		{who: "operator", query: "?subject=x", status: "422"},
		{who: "anna", query: "?issuer=" + issuer + "&subject=x", status: "403"},
	},
}

func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	described := b.get(t, "", "/openapi.json")
	assert.Equal(t, "application/json", described.header.Get("Content-Type"))
	var d document
	require.NoError(t, json.Unmarshal([]byte(described.body), &d))
	raw, err := jsonschema.UnmarshalJSON(strings.NewReader(described.body))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("openapi.json", raw))

	ids, tags := map[string]bool{}, map[string]bool{}
	for _, tag := range d.Tags {
		assert.NotEmpty(t, tag.Description, tag.Name)
		tags[tag.Name] = true
	}
	for path, methods := range d.Paths {
		for method, operation := range methods {
			name := method + " " + path
			assert.False(t, ids[operation.OperationID], "the id of %s is taken", name)
			ids[operation.OperationID] = true
			assert.NotEmpty(t, operation.Summary, name)
			for _, tag := range operation.Tags {
				assert.True(t, tags[tag], "the tag %s of %s is not declared", tag, name)
			}
			var taken []string
			for _, p := range operation.Parameters {
				assert.Equal(t, strings.Contains(path, "{"+p.Name+"}"), p.In == "path", "%s %s", name, p.Name)
				assert.Equal(t, p.Schema.Type == "array", p.Schema.Items != nil, "%s %s", name, p.Name)
				taken = append(taken, p.Name)
			}
			asked := examples[name]
			if asked == nil && operation.ownNights() {
				asked = []example{{who: "anna", status: "200"}}
			}
			require.NotEmpty(t, asked, "a route without examples: %s", name)
			for _, e := range asked {
				got := b.send(t, e.who, strings.ToUpper(method), strings.NewReplacer("/{session_id}", "", "{organization}", "north").Replace(path)+e.query, e.body)
				require.Equal(t, e.status, strconv.Itoa(got.status), "%s%s: %s", name, e.query, got.body)
				_, query, _ := strings.Cut(e.query, "?")
				values, err := url.ParseQuery(query)
				require.NoError(t, err)
				assert.Subset(t, taken, slices.Collect(maps.Keys(values)), name)
				response := operation.Responses[e.status]
				if e.status == "204" {
					assert.Empty(t, got.body)
					continue
				}
				media := got.header.Get("Content-Type")
				require.Contains(t, response.Content, media, "%s %s", name, e.status)
				escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
				schema, err := compiler.Compile("openapi.json#/paths/" + escape(strings.NewReplacer("{", "%7B", "}", "%7D").Replace(path)) + "/" + method +
					"/responses/" + e.status + "/content/" + escape(media) + "/schema")
				require.NoError(t, err, name)
				body, err := jsonschema.UnmarshalJSON(strings.NewReader(got.body))
				require.NoError(t, err, name)
				assert.NoError(t, schema.Validate(body), "%s%s", name, e.query)
			}
		}
	}
	for name := range examples {
		method, path, _ := strings.Cut(name, " ")
		assert.Contains(t, d.Paths[path], method, "examples of a route that is not there")
	}
}

// The page says what the document says, and loads nothing.
func TestPage(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	var d document
	require.NoError(t, json.Unmarshal([]byte(b.get(t, "", "/openapi.json").body), &d))
	assert.Empty(t, d.Security, "without a gate")
	page := b.get(t, "", "/docs")
	assert.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	assert.Contains(t, page.header.Get("Content-Security-Policy"), "default-src 'none'")
	for path, methods := range d.Paths {
		assert.Contains(t, page.body, path)
		for _, operation := range methods {
			for _, p := range operation.Parameters {
				assert.Contains(t, page.body, "<code>"+p.Name+"</code>")
			}
		}
	}
	assert.Contains(t, page.body, "Use GET /api/sessions/{session_id} for one night in detail, GET /api/statistics for means")
	assert.NotContains(t, page.body, "from or to")
	assert.Contains(t, page.body, "&#34;last&#34; is the newest finished night")
	for _, field := range []string{"issuer", "subject", "metadata.birth_year", "metadata.weight"} {
		assert.Contains(t, page.body, "<code>"+field+"</code>", "in a body")
	}
	for _, loads := range []string{"<script", "src=", "@import", "url(", "http:", "https:", "<link"} {
		assert.NotContains(t, page.body, loads)
	}
}

// Who must show a token is told so.
func TestTokensAreDescribed(t *testing.T) {
	t.Parallel()
	d := newBackend(t, func(o *rest.Options) { o.Gate = gateOf(t) }).described
	assert.Equal(t, []map[string][]string{{"token": {}}}, d.Security)
	assert.Contains(t, d.Components.SecuritySchemes, "token")
}

func gateOf(t *testing.T) *auth.Gate {
	t.Helper()
	gate, err := auth.New(auth.Options{Tokens: auth.Tokens{{}: auth.Entry{Name: "x", Role: "operator", Scopes: []access.Scope{access.Admin}}}})
	require.NoError(t, err)
	return gate
}

// An independent checker finds the document to be OpenAPI 3.1, with a gate and
// without.
func TestOutsideChecker(t *testing.T) {
	const checker = "@seriousme/openapi-schema-validator@2.11.0"
	if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") == "" {
		t.Skip("fetches " + checker + " with npm; set ASLEEP_MCP_REQUIRE_ALL=1 to run it")
	}
	t.Parallel()
	dir := t.TempDir()
	said, err := exec.CommandContext(t.Context(), "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", dir, checker).CombinedOutput()
	require.NoError(t, err, string(said))
	for name, change := range map[string]func(*rest.Options){
		"open.json":  nil,
		"gated.json": func(o *rest.Options) { o.Gate = gateOf(t) },
		"empty.json": func(o *rest.Options) { o.Tools = tools.Enabled([]string{"sleep"}, access.Operator("")) },
	} {
		body := newBackend(t, change).get(t, "", "/openapi.json").body
		var d document
		require.NoError(t, json.Unmarshal([]byte(body), &d))
		assert.True(t, strings.HasPrefix(d.OpenAPI, "3.1."), d.OpenAPI)
		for _, needed := range d.Security {
			for scheme := range needed {
				assert.Contains(t, d.Components.SecuritySchemes, scheme)
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600))
		check := exec.CommandContext(t.Context(), "node", "node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js", name)
		check.Dir = dir
		said, err := check.CombinedOutput()
		assert.NoError(t, err, "%s: %s", name, said)
	}
}
