package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

const (
	patient    = "secret-user"
	patientKey = "secret-key"
)

// asleepAPI starts a service with one user; before is called before it answers.
func asleepAPI(t *testing.T, before func(http.ResponseWriter, *http.Request)) string {
	t.Helper()
	api := sandbox.New(sandbox.Options{Key: patientKey, People: []sandbox.Person{{ID: patient}}})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before != nil {
			before(w, r)
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	t.Cleanup(api.Close)
	return web.URL
}

// examined runs the doctor and returns the lines by their subject.
func examined(t *testing.T, env variablesOf, args ...string) (lines map[string]string, code int) {
	t.Helper()
	env["HOME"], env["XDG_DATA_HOME"] = t.TempDir(), ""
	got := runWith(t, env, append([]string{"doctor"}, args...)...)
	assert.NotContains(t, got.stdout+got.stderr, "secret")
	lines = map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+|the rest) +(ok|problem|not set|not checked) +(\S.*)$`).FindAllStringSubmatch(got.stdout, -1) {
		lines[m[1]] += m[2] + ": " + m[3]
	}
	return lines, got.code
}

func TestDoctorOfTheDemo(t *testing.T) {
	t.Parallel()
	lines, code := examined(t, variablesOf{}, "--demo")
	assert.Equal(t, 0, code, lines)
	for _, about := range []string{"key", "user", "clock", "network"} {
		assert.Regexp(t, "^ok: ", lines[about], about)
	}
	assert.Regexp(t, "made-up nights need no key", lines["key"])
	assert.Regexp(t, "uses its own", lines["database"])
	for _, about := range []string{"zone", "database", "provider"} {
		assert.Regexp(t, "^not set: ", lines[about], about)
	}
	lines, code = examined(t, variablesOf{}, "--demo", "--now", "2031-06-15T12:00:00+02:00", "--timezone", "Asia/Seoul")
	assert.Equal(t, 0, code, lines)
	assert.Equal(t, "ok: Asia/Seoul, where it is 19:00; used only for recordings without a zone", lines["zone"])
}

func TestDoctorTellsOfAUserWhoGoes(t *testing.T) {
	t.Parallel()
	api := sandbox.New(sandbox.Options{Key: patientKey, People: []sandbox.Person{{ID: patient, ToBeDeleted: true}}})
	web := httptest.NewServer(api)
	t.Cleanup(web.Close)
	t.Cleanup(api.Close)
	lines, code := examined(t, variablesOf{"ASLEEP_BASE_URL": web.URL, "ASLEEP_API_KEY": patientKey, "ASLEEP_USER_ID": patient})
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem: .*deletion", lines["user"])
}

func TestDoctorOfARealKey(t *testing.T) {
	t.Parallel()
	url := asleepAPI(t, nil)
	cases := map[string]struct {
		env  variablesOf
		code int
		want map[string]string
	}{
		"all is well":    {variablesOf{"ASLEEP_USER_ID": patient}, 0, map[string]string{"key": "^ok", "user": "^ok: .*no recordings yet", "clock": "^ok", "network": "^ok: .* ms$", "database": "^not set: created when"}},
		"no user":        {nil, 0, map[string]string{"key": "^ok", "user": "^not set: .*ASLEEP_USER_ID"}},
		"another's user": {variablesOf{"ASLEEP_USER_ID": "secret-stranger"}, 1, map[string]string{"key": "^ok", "user": "^problem: .*ASLEEP_USER_ID"}},
		"refused key":    {variablesOf{"ASLEEP_API_KEY": "secret-other"}, 1, map[string]string{"key": "^problem: .*ASLEEP_API_KEY", "user": "^not set"}},
		"no key":         {variablesOf{"ASLEEP_API_KEY": " ", "ASLEEP_USER_ID": patient}, 1, map[string]string{"key": "^problem: .*ASLEEP_API_KEY", "user": "^not checked"}},
		"stopped clock":  {variablesOf{"ASLEEP_MCP_NOW": "2031-06-15T12:00:00Z"}, 1, map[string]string{"key": "^ok", "clock": "^problem: .*--now"}},
		"nobody there":   {variablesOf{"ASLEEP_BASE_URL": "http://127.0.0.1:1"}, 1, map[string]string{"network": "^problem: .*ASLEEP_BASE_URL", "key": "^not checked", "clock": "^not checked"}},
		"unknown name":   {variablesOf{"ASLEEP_BASE_URL": "https://nowhere.invalid"}, 1, map[string]string{"network": "^problem: "}},
		"misread": {variablesOf{"ASLEEP_TIMEZONE": "Mars/Base", "ASLEEP_USER_ID": "secret/../x"}, 1, map[string]string{
			"settings": "ASLEEP_USER_ID.*ASLEEP_TIMEZONE", "the rest": "^not checked",
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := variablesOf{"ASLEEP_BASE_URL": url, "ASLEEP_API_KEY": patientKey}
			maps.Copy(env, c.env)
			lines, code := examined(t, env)
			assert.Equal(t, c.code, code, lines)
			for about, pattern := range c.want {
				assert.Regexp(t, pattern, lines[about], about)
			}
		})
	}
}

// The doctor distinguishes the service's refusals, and answers that are not the service's.
func TestDoctorTellsRefusalsApart(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status int
		body   string
		key    string
	}{
		"plan":    {403, `{"detail":"Plan is expired"}`, "expired"},
		"quota":   {403, `{"detail":"Quota exceeded"}`, "quota"},
		"unknown": {403, `{"detail":"secret reasons"}`, "ask Asleep"},
		"a page":  {200, `<html>secret</html>`, "ASLEEP_BASE_URL"},
		"no page": {404, `<html>secret</html>`, "ASLEEP_BASE_URL"},
		"a fault": {500, `{"detail":"secret fault"}`, "status 500"},
		"no path": {404, `{"detail":"Not Found"}`, "ASLEEP_BASE_URL"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			}))
			t.Cleanup(web.Close)
			lines, code := examined(t, variablesOf{"ASLEEP_BASE_URL": web.URL, "ASLEEP_API_KEY": patientKey, "ASLEEP_USER_ID": patient})
			assert.Equal(t, 1, code)
			assert.Regexp(t, "^problem: .*"+c.key, lines["key"])
			assert.Regexp(t, "^not checked", lines["user"])
			assert.Regexp(t, "^ok", lines["network"])
		})
	}
}

func TestDoctorComparesClocks(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]string{
		0:                "^ok",
		30 * time.Second: "^ok",
		90 * time.Second: "^problem: .*behind",
		-time.Hour:       "^problem: 1h0m.* ahead of",
		time.Hour:        "^problem: .*behind",
	} {
		url := asleepAPI(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		})
		lines, _ := examined(t, variablesOf{"ASLEEP_BASE_URL": url})
		assert.Regexp(t, want, lines["clock"], ahead)
	}
}

// The key is sent only to the service, and only where one is needed.
func TestDoctorFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was asked elsewhere", r.Method, r.URL)
	}))
	t.Cleanup(elsewhere.Close)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			assert.Empty(t, r.Header.Get("X-Api-Key"))
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(web.Close)
	lines, code := examined(t, variablesOf{"ASLEEP_BASE_URL": web.URL, "ASLEEP_API_KEY": patientKey})
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem", lines["key"])
}

func TestDoctorOpensTheDatabase(t *testing.T) {
	t.Parallel()
	folder, url := t.TempDir(), asleepAPI(t, nil)
	examinedWith := func(database string) (map[string]string, int) {
		return examined(t, variablesOf{"ASLEEP_BASE_URL": url, "ASLEEP_API_KEY": patientKey, "ASLEEP_MCP_DATABASE_URL": database})
	}
	missing := filepath.Join(folder, "none.db")
	lines, code := examinedWith(missing)
	assert.Equal(t, 0, code)
	assert.Regexp(t, "^ok: the file does not exist yet", lines["database"])
	assert.NoFileExists(t, missing)

	made := filepath.Join(folder, "made.db")
	store, err := directory.Open(t.Context(), made)
	require.NoError(t, err)
	require.NoError(t, store.Close())
	lines, code = examinedWith(made)
	assert.Equal(t, 0, code)
	assert.Regexp(t, "^ok: it can be opened", lines["database"])

	lines, code = examinedWith(filepath.Join(made, "under", "a-file.db"))
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem: .*cannot be created.*ASLEEP_MCP_DATABASE_URL", lines["database"])

	lines, code = examinedWith(filepath.Join(folder, "new", "a.db"))
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem: .*ASLEEP_MCP_DATABASE_URL.*folder", lines["settings"])
	assert.NoDirExists(t, filepath.Join(folder, "new"))

	lines, code = examinedWith(folder)
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem: .*ASLEEP_MCP_DATABASE_URL", lines["database"])
}

func TestDoctorCountsWhatIsPending(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	young := directory.Pending{Since: now.Add(-time.Minute), Email: "secret@example.org"}
	old := directory.Pending{Since: now.Add(-time.Hour), Email: "secret@example.org"}
	assert.Equal(t, finding{"database", fine, "it can be opened; unfinished changes of members: 1"}, pendingFinding([]directory.Pending{young}, now))
	f := pendingFinding([]directory.Pending{old, young, old}, now)
	assert.Equal(t, problem, f.state)
	assert.Regexp(t, "^it can be opened, but 2 changes", f.text)
}

func TestDoctorAsksTheProvider(t *testing.T) {
	t.Parallel()
	var body string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/openid-configuration" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprint(w, body)
	}))
	t.Cleanup(provider.Close)
	for want, said := range map[string]string{
		"^ok": `{"issuer":"` + provider.URL + `","jwks_uri":"` + provider.URL + `/keys"}`,
		"^problem: its configuration names another issuer": `{"issuer":"` + provider.URL + `/","jwks_uri":"x"}`,
		"^problem: its configuration has no":               `{"issuer":"` + provider.URL + `"}`,
		"^problem: there is no OpenID configuratio":        `secret`,
	} {
		body = said
		lines, _ := examined(t, variablesOf{"ASLEEP_MCP_OIDC_ISSUER": provider.URL}, "--demo")
		assert.Regexp(t, want, lines["provider"])
	}
	lines, code := examined(t, variablesOf{"ASLEEP_MCP_OIDC_ISSUER": "https://127.0.0.1:1"}, "--demo")
	assert.Equal(t, 1, code)
	assert.Regexp(t, "^problem: it does not respond", lines["provider"])
}
