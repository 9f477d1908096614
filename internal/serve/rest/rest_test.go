package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(tests{m}) }

type tests struct{ *testing.M }

// Run implements [goleak.TestingM].
func (t tests) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	return t.M.Run()
}

const (
	anna   = "G-20260101000000-anna"
	bo     = "G-20260101000000-bo"
	issuer = "https://id.example.org"

	leaving = "G-20260101000000-leaving"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// backend is the API over HTTP. Callers say who they are in a header; that they
// are believed is for tests of the gate to disprove.
type backend struct {
	url       string
	path      string // of the store's file
	store     *directory.Store
	api       *sandbox.Server
	described document
}

// callers are by the name that they send.
var callers = map[string]access.Principal{
	"anna":     access.Person(anna),
	"operator": access.Operator(""),
	"nobody":   access.Person("").WithLogin(directory.Login{Issuer: issuer, Subject: "nobody"}),
	"newcomer": access.Person("").WithLogin(directory.Login{Issuer: issuer, Subject: "newcomer"}),
}

func newBackend(t *testing.T, change func(*rest.Options)) *backend {
	t.Helper()
	now := func() time.Time { return today }
	b := &backend{api: sandbox.New(sandbox.Options{Key: "key", Now: now, People: []sandbox.Person{
		sandbox.Generate(anna, time.UTC, today.AddDate(0, 0, -90), today, 1), {ID: bo}, {ID: leaving, ToBeDeleted: true},
	}})}
	upstream := httptest.NewServer(b.api)
	t.Cleanup(upstream.Close)
	client, err := asleep.New(upstream.URL, "key", asleep.WithClock(now))
	require.NoError(t, err)
	b.path = filepath.Join(t.TempDir(), "directory.db")
	b.store, err = directory.Open(t.Context(), b.path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.store.Close()) })
	require.NoError(t, b.store.CreateOrganization(t.Context(), directory.Organization{ID: "north", Name: "North"}))
	o := rest.Options{
		Version: "v1.2.3", Tools: tools.All(), Log: slog.New(slog.DiscardHandler), Audit: func(context.Context, string, string) {},
		Deps: &tool.Deps{
			Client: client, Now: now, Zone: time.UTC, DataSource: "asleep",
			Directory: func(context.Context) (*directory.Store, error) { return b.store, nil },
		},
	}
	if change != nil {
		change(&o)
	}
	o.Call = func(ctx context.Context, one tool.Tool, arguments json.RawMessage) (tool.Answer, *tool.Failure) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		answer, err := one.Call(ctx, o.Deps, arguments)
		var failure *tool.Failure
		if err != nil && !assert.ErrorAs(t, err, &failure) {
			failure = &tool.Failure{Code: tool.Internal, Text: "internal"}
		}
		return answer, failure
	}
	api := rest.New(o)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case rest.DescriptionPath:
			api.Describe(w, r)
			return
		case rest.DocsPath:
			api.Docs(w, r)
			return
		}
		api.ServeHTTP(w, r.WithContext(access.With(r.Context(), callers[r.Header.Get("Caller")])))
	}))
	t.Cleanup(web.Close)
	b.url = web.URL
	require.NoError(t, json.Unmarshal([]byte(b.get(t, "", rest.DescriptionPath).body), &b.described))
	return b
}

func newStore(t *testing.T) *directory.Store {
	t.Helper()
	store, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (b *backend) send(t *testing.T, who, method, path, body string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Caller", who)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	require.NoError(t, err)
	read, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	if operation, found := b.described.operation(method, path); found {
		assert.Contains(t, operation.Responses, strconv.Itoa(response.StatusCode), "%s %s: the description says what may come", method, path)
	}
	return reply{response.StatusCode, response.Header, string(read)}
}

func (b *backend) get(t *testing.T, who, path string) reply {
	t.Helper()
	return b.send(t, who, http.MethodGet, path, "")
}

// isProblem checks that got is one of RFC 9457 and returns what it says.
func isProblem(t *testing.T, got reply, status int, what string) string {
	t.Helper()
	assert.Equal(t, status, got.status, "%s: %s", what, got.body)
	assert.Equal(t, "application/problem+json", got.header.Get("Content-Type"), what)
	var problem struct {
		Status        int
		Title, Detail string
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &problem), what)
	assert.Equal(t, status, problem.Status, what)
	assert.Equal(t, http.StatusText(status), problem.Title, what)
	assert.NotEmpty(t, problem.Detail, what)
	return problem.Detail
}

// What is wrong with a query is said with the names that queries have.
func TestQueries(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	for path, detail := range map[string]string{
		"/api/sessions?date_gt=2026-11-01":                      `There is no parameter "date_gt". Did you mean "date_gte"? Known: chart, cursor, date_gte, date_lte, days, limit, newer_than, order, timezone, user_id.`,
		"/api/sessions?limit=0":                                 `For example /api/sessions?limit=`,
		"/api/sessions/x":                                       `For example /api/sessions/20261121221501_ab12c. The ids are in the answers of GET /api/sessions.`,
		"/api/sessions/last?detail=x":                           `For example /api/sessions/last?detail=`,
		"/api/sessions?cursor=list_sessions":                    `"cursor" must be the next_cursor of an answer of GET /api/sessions, received "list_sessions".`,
		"/api/sessions?date_gte=2026-11-05&date_lte=2026-11-01": "/api/sessions?date_gte=",
		"/api/sessions?from=2026-11-01":                         `There is no parameter "from". Known`,
		"/api/sessions/last?session_id=x":                       `There is no parameter "session_id".`,
		"/api/statistics?start_date=yesterday":                  `"start_date" must be a date that exists, written YYYY-MM-DD, received "yesterday".`,
		"/api/statistics?start_date=2026-02-30":                 `"start_date" must be a date that exists`,
		"/api/sessions?date_lte=2026-13-01":                     `"date_lte" must be a date that exists`,
		"/api/reports/weekly_report?end_date=x":                 `"end_date" must be a date that exists`,
		"/api/statistics?days=7&days=8":                         `"days" must be a whole number from 1 to 3660, received a list.`,
		"/api/statistics?days=seven":                            `received "seven"`,
		"/api/statistics?days=7.5":                              `received "7.5"`,
		"/api/statistics?days=0":                                `received "0"`,
		"/api/statistics?days=4000":                             `received "4000"`,
		"/api/statistics?days=1" + zeros:                        `received "1000`,
		"/api/sessions?order=up":                                `received "up"`,
		"/api/sessions?timezone=" + zeros:                       `"timezone" must be a text of 1 to 64 characters, received "0000`,
		"/api/sessions?user_id=a%00b":                           `"user_id" must be`,
		"/api/sessions?user_id=" + anna + ";x=1":                "The query cannot be read.",
		"/api/sessions?user_id=%zz":                             "The query cannot be read.",
		"/api/sessions/..%2f..%2fusers":                         `"session_id" must be`,
		"/api/sessions/20261101220000_abcde%20":                 `"session_id" must be`,
		"/api/reports/compare_periods?first_from":               `"second_to" are missing. Give them, for example /api/reports/compare_periods?first_from=`,
		"/api/reports/compare_periods?second_to=soon":           `For example /api/reports/compare_periods?first_from=2026-09-24&first_to=2026-10-23&second_from=2026-10-24&second_to=2026-11-22`,
		"/api/reports/compare_periods?first_from=2026-11-09&first_to=2026-11-02&second_from=2026-11-10&second_to=2026-11-20": `/api/reports/compare_periods?first_from=2026-11-02&first_to=2026-11-09&second_from=2026-11-10&second_to=2026-11-20`,
		"/api/reports/compare_periods?first_from=2026-10-01&first_to=2026-10-20&second_from=2026-10-21&second_to=yesterday":  `/api/reports/compare_periods?first_from=2026-10-01&first_to=2026-10-20&second_from=2026-10-21&second_to=2026-11-22`,
	} {
		said := isProblem(t, b.get(t, "anna", path), http.StatusBadRequest, path)
		assert.Contains(t, said, detail, path)
		assert.Less(t, len(said), 1000, path)
	}
}

// Whatever is wrong, the example in the words about it can be requested as it stands, and
// no tool is named that callers of REST do not have.
func TestExamplesAreAnswered(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(b.get(t, "", rest.DescriptionPath).body), &document))
	examples := 0
	for path, methods := range document.Paths {
		for _, parameter := range methods["get"].Parameters {
			at := strings.ReplaceAll(path, "{session_id}", "last") + "?" + parameter.Name + "=!"
			if parameter.In == "path" {
				at = strings.ReplaceAll(path, "{"+parameter.Name+"}", "!")
			}
			if parameter.Name != "user_id" && !strings.Contains(at, "organization") && !strings.Contains(at, "cohort") {
				at += map[bool]string{true: "&", false: "?"}[strings.Contains(at, "?")] + "user_id=" + anna
			}
			said := isProblem(t, b.get(t, "operator", at), http.StatusBadRequest, at)
			assert.NotRegexp(t, `(^| )(list|create)_`, said, at)
			example := regexp.MustCompile(`/api/[^ ;]*[a-z0-9]`).FindString(strings.ReplaceAll(said, "GET /api", ""))
			if example == "" {
				assert.Regexp(t, `next_cursor|give "organization"`, said, at)
				continue
			}
			examples++
			got := b.get(t, "operator", example)
			assert.Contains(t, []int{http.StatusOK, http.StatusNotFound, http.StatusBadRequest}, got.status, "%s: %s", example, got.body)
			if got.status == http.StatusBadRequest { // an operator has to say whose nights, or which people
				assert.Regexp(t, "It is not clear|whose nights", isProblem(t, got, http.StatusBadRequest, example))
			}
		}
	}
	assert.Greater(t, examples, 20)
}

// What is left blank is as if it was not there.
func TestBlankParameters(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	plain := b.get(t, "anna", "/api/statistics")
	require.Equal(t, http.StatusOK, plain.status)
	for _, query := range []string{"days", "days=", "end_date=&days=", "timezone=", "user_id="} {
		assert.Equal(t, plain.body, b.get(t, "anna", "/api/statistics?"+query).body, query)
	}
	assert.Equal(t, b.get(t, "anna", "/api/statistics?days=7").body, b.get(t, "anna", "/api/statistics?days=+7.0").body)
}

var zeros = strings.Repeat("0", 5000)

// A login is mapped to somebody who is there, by the issuer whose tokens count, and
// a mistake is fixed without losing anything.
func TestLogins(t *testing.T) {
	t.Parallel()
	var audited []string
	b := newBackend(t, func(o *rest.Options) {
		o.Audit = func(_ context.Context, what, outcome string) { audited = append(audited, what+": "+outcome) }
		gate, err := auth.New(auth.Options{Issuer: issuer, Audience: "x", Directory: newStore(t)})
		require.NoError(t, err)
		o.Gate = gate
	})
	post := func(issuer, user string) reply {
		return b.send(t, "operator", http.MethodPost, "/api/logins", fmt.Sprintf(`{"issuer":%q,"subject":"x","user_id":%q}`, issuer, user))
	}
	drop := func() reply {
		return b.send(t, "operator", http.MethodDelete, "/api/logins?issuer="+issuer+"&subject=x", "")
	}
	stands := func() string {
		user, err := b.store.UserOf(t.Context(), issuer, "x")
		if err != nil {
			require.ErrorIs(t, err, directory.ErrNotFound)
		}
		return user
	}
	assert.Contains(t, isProblem(t, post(issuer+"/", anna), 422, "another issuer"), `"`+issuer+`"`)
	assert.Contains(t, isProblem(t, post(issuer, "G-nobody"), 404, "nobody"), "Asleep has no user")
	assert.Contains(t, isProblem(t, post(issuer, leaving), 409, "marked for deletion"), "marked for deletion")
	assert.Contains(t, isProblem(t, post(issuer, "a/b"), 422, "no id"), "user_id")
	require.NoError(t, b.api.SetFault(sandbox.Fault{Name: "html", Times: 1}))
	assert.Contains(t, isProblem(t, post(issuer, anna), 503, "Asleep is away"), "Try again")
	require.NoError(t, b.api.SetFault(sandbox.Fault{Name: "unauthorized"}))
	isProblem(t, post(issuer, anna), 502, "a wrong key")
	b.api.ClearFaults()
	assert.Empty(t, stands(), "nothing was written so far")

	audited = nil
	assert.Equal(t, http.StatusNoContent, post(issuer, anna).status)
	assert.Contains(t, isProblem(t, post(issuer, bo), 409, "taken"), "DELETE /api/logins")
	assert.Equal(t, anna, stands())
	assert.Equal(t, http.StatusNoContent, drop().status)
	assert.Empty(t, stands())
	assert.Equal(t, http.StatusNoContent, drop().status)
	assert.Equal(t, http.StatusNoContent, post(issuer, bo).status)
	assert.Equal(t, bo, stands())
	assert.Equal(t, []string{
		"POST /api/logins: made", "POST /api/logins: failed", "DELETE /api/logins: removed", "DELETE /api/logins: there was none", "POST /api/logins: made",
	}, audited)
	isProblem(t, b.send(t, "anna", http.MethodDelete, "/api/logins?issuer="+issuer+"&subject=x", ""), 403, "not for everybody")
	assert.Equal(t, bo, stands())
}

// Each kind of failure has its status, and says what the tool says.
func TestFailures(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	for path, c := range map[string]struct {
		who    string
		status int
		detail string
	}{
		"/api/sessions/20200101000000_abcde":                  {"anna", 404, ""},
		"/api/sessions?user_id=G-20260101000000-bo":           {"anna", 403, "may not see"},
		"/api/statistics":                                     {"nobody", 404, "POST /api/users"},
		"/api/reports/organization_statistics?organization=x": {"operator", 404, ""},
	} {
		assert.Contains(t, isProblem(t, b.get(t, c.who, path), c.status, path), c.detail, path)
	}
	unavailable := newBackend(t, func(o *rest.Options) {
		o.Deps.Directory = func(context.Context) (*directory.Store, error) {
			return nil, &directory.Unavailable{Kind: directory.Unreachable}
		}
	})
	isProblem(t, unavailable.get(t, "operator", "/api/reports/list_organizations"), http.StatusServiceUnavailable, "no database")
	isProblem(t, unavailable.send(t, "newcomer", http.MethodPost, "/api/users", "{}"), http.StatusServiceUnavailable, "no database")
	noKey := newBackend(t, func(o *rest.Options) { o.Deps.Client = nil })
	isProblem(t, noKey.get(t, "anna", "/api/statistics"), http.StatusServiceUnavailable, "no key")
	for what, b := range map[string]*backend{"no key": noKey, "no directory": newBackend(t, func(o *rest.Options) { o.Deps.Directory = nil })} {
		isProblem(t, b.send(t, "newcomer", http.MethodPost, "/api/users", "{}"), http.StatusServiceUnavailable, what)
		isProblem(t, b.send(t, "operator", http.MethodPost, "/api/logins", `{"issuer":"i","subject":"x","user_id":"u"}`), http.StatusServiceUnavailable, what)
	}
}

// Whatever is no route of this method is a problem, and nothing is redirected.
func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	for _, path := range []string{
		"/api", "/api/", "/api/nowhere", "/api/sessions/", "/api//sessions", "/api/./sessions", "/api/x/../sessions", "/api/sessions%2flast",
		"/api/reports/", "/api/reports/delete_user", "/api/reports/get_session", "/api/Sessions",
	} {
		isProblem(t, b.get(t, "anna", path), http.StatusNotFound, path)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, "MADEUP"} {
		for path, allowed := range map[string]string{"/api/sessions": "GET, HEAD", "/api/users": "POST", "/api/logins": "POST, DELETE", "/docs": "GET, HEAD", "/openapi.json": "GET, HEAD"} {
			if strings.Contains(allowed, method) {
				continue
			}
			got := b.send(t, "anna", method, path, "")
			isProblem(t, got, http.StatusMethodNotAllowed, method+" "+path)
			assert.Equal(t, allowed, got.header.Get("Allow"), "%s %s", method, path)
		}
	}
	for _, path := range []string{"/api/sessions/last", "/docs", "/openapi.json"} {
		asked, headed := b.get(t, "anna", path), b.send(t, "anna", http.MethodHead, path, "")
		assert.Equal(t, http.StatusOK, headed.status, path)
		assert.Empty(t, headed.body)
		assert.Equal(t, asked.header.Get("Content-Type"), headed.header.Get("Content-Type"))
	}
}

// A newcomer has a user made once, whatever goes wrong on the way.
func TestSignUp(t *testing.T) {
	t.Parallel()
	var audited []string
	b := newBackend(t, func(o *rest.Options) {
		o.Audit = func(_ context.Context, what, outcome string) { audited = append(audited, what+": "+outcome) }
	})
	post := func(body string) reply { return b.send(t, "newcomer", http.MethodPost, "/api/users", body) }
	for body, status := range map[string]int{
		`{`: 400, `[]`: 422, `{"metadata":7}`: 422, `{"metadata":{"birth_year":1500}}`: 422, `{"metadata":{"gender":"x"}}`: 422, `{"name":"x"}`: 422,
		`{"metadata":` + strings.Repeat(`[`, 7000): 400, `"` + zeros + zeros + zeros + zeros + `"`: 413,
	} {
		isProblem(t, post(body), status, body[:min(40, len(body))])
	}
	isProblem(t, b.send(t, "anna", http.MethodPost, "/api/users", "{}"), http.StatusForbidden, "who did not sign in")
	_, err := b.store.UserOf(t.Context(), issuer, "newcomer")
	require.ErrorIs(t, err, directory.ErrNotFound, "nothing was made so far")

	made := post(`{"metadata":{"birth_year":1980}}`)
	require.Equal(t, http.StatusCreated, made.status, made.body)
	id, err := b.store.UserOf(t.Context(), issuer, "newcomer")
	require.NoError(t, err)
	assert.JSONEq(t, fmt.Sprintf(`{"user_id":%q}`, id), made.body)
	again := post("")
	assert.Equal(t, http.StatusOK, again.status)
	assert.JSONEq(t, made.body, again.body)
	assert.Equal(t, []string{"POST /api/users: made", "POST /api/users: there already"}, audited)
	assert.Contains(t, b.get(t, "operator", "/api/reports/get_user?user_id="+id).body, `1980`, "Asleep was told")
}
