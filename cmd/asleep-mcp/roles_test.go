package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// listedTools returns the names that tools/list shows with these arguments.
func listedTools(t *testing.T, env variablesOf, args ...string) []string {
	t.Helper()
	var stdout, stderr stream
	in, out, err := os.Pipe()
	require.NoError(t, err)
	_, err = out.WriteString(listTools + "\n")
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.Equal(t, 0, run(t.Context(), args, env.get, in, &stdout, &stderr), stderr.String())
	var answer struct {
		Result struct{ Tools []struct{ Name string } }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout.String()), &answer), stdout.String())
	names := []string{}
	for _, tool := range answer.Result.Tools {
		names = append(names, tool.Name)
	}
	return names
}

// Not parallel: mcp-go serves standard input once at a time.
func TestListsAreThoseOfTheRole(t *testing.T) {
	of := func(args ...string) string { return strings.Join(listedTools(t, nil, append(args, "--demo")...), " ") }
	plain := of()
	assert.Contains(t, plain, "sleep_score")
	assert.Contains(t, plain, "cohort_analysis")
	assert.NotContains(t, plain, "delete_user")
	assert.Contains(t, of("--toolsets", "manage"), "delete_user")
	assert.NotContains(t, of("--toolsets", "manage"), "sleep_score")
	assert.Equal(t, "cohort_analysis organization_statistics", of("--role", "analyst", "--organizations", "demo-team", "--toolsets", "sleep,cohort,manage"))
	assert.Equal(t, plain, of("--role", "coach", "--organizations", "demo-team"))
	user := of("--role", "user", "--user-id", sandbox.DemoTeamMember(0))
	assert.NotContains(t, user, "cohort_analysis")
	assert.Contains(t, user, "sleep_score")
}

func TestRolesOfACaller(t *testing.T) {
	t.Parallel()
	statistics := []string{"call", "organization_statistics", `{"organization":"demo-team"}`, "--demo", "--json"}
	operator := runWith(t, nil, statistics...)
	require.Equal(t, 0, operator.code, operator.stderr)
	assert.Contains(t, operator.stdout, "member01@example.org")
	coach := runWith(t, nil, append(statistics, "--role", "coach", "--organizations", "demo-team")...)
	assert.Contains(t, coach.stdout, "member01@example.org")
	analyst := runWith(t, nil, append(statistics, "--role", "analyst", "--organizations", "other, demo-team")...)
	require.Equal(t, 0, analyst.code, analyst.stderr)
	assert.Contains(t, analyst.stdout, `"avg_score"`)
	assert.NotContains(t, analyst.stdout, "member01")

	of := func(id string) []string { return []string{"call", "sleep_score", `{"user_id":"` + id + `"}`, "--demo"} }
	assert.Equal(t, 0, runWith(t, nil, append(of(sandbox.DemoTeamMember(3)), "--role", "coach", "--organizations", "demo-team")...).code)
	for _, who := range [][]string{
		{"--role", "coach", "--organizations", "other"}, {"--role", "user", "--user-id", sandbox.DemoTeamMember(1)},
	} {
		refused := runWith(t, nil, append(of(sandbox.DemoTeamMember(3)), who...)...)
		assert.Equal(t, 1, refused.code, who)
		assert.Contains(t, refused.stderr, "may not see")
	}
	assert.Equal(t, 0, runWith(t, nil, append(of(sandbox.DemoTeamMember(1)), "--role", "user", "--user-id", sandbox.DemoTeamMember(1))...).code)
}

func TestToolsThatAreOff(t *testing.T) {
	t.Parallel()
	got := runWith(t, nil, "call", "list_organizations", "--demo")
	assert.Equal(t, 2, got.code)
	assert.Contains(t, got.stderr, "--toolsets sleep,cohort,manage")
	got = runWith(t, nil, "call", "sleep_score", "--demo", "--role", "analyst", "--organizations", "a")
	assert.Equal(t, 2, got.code)
	assert.Contains(t, got.stderr, "the role analyst may not use sleep_score")
	env := variablesOf{"ASLEEP_MCP_TOOLSETS": "manage"}
	assert.Equal(t, 0, runWith(t, env, "call", "list_organizations", "--demo").code)
}

func TestMistakesInRoles(t *testing.T) {
	t.Parallel()
	for says, env := range map[string]variablesOf{
		"ASLEEP_MCP_TOOLSETS":      {"ASLEEP_MCP_TOOLSETS": "sleep,sleeep"},
		"ASLEEP_MCP_ROLE":          {"ASLEEP_MCP_ROLE": "king"},
		"needs at least one":       {"ASLEEP_MCP_ROLE": "analyst"},
		"coach and analyst only":   {"ASLEEP_MCP_ORGANIZATIONS": "acme"},
		"id of an organization":    {"ASLEEP_MCP_ROLE": "analyst", "ASLEEP_MCP_ORGANIZATIONS": "demo-team,Demo Team"},
		"the role user needs it":   {"ASLEEP_MCP_ROLE": "user"},
		"ASLEEP_MCP_DATABASE_URL)": {"ASLEEP_MCP_DATABASE_URL": "mysql://me:hunter2@host/db"},
		"a folder that is there":   {"ASLEEP_MCP_DATABASE_URL": "/nowhere/hunter2/x.db"},
	} {
		got := runWith(t, env, "call", "sleep_score")
		assert.Equal(t, 2, got.code)
		assert.Contains(t, got.stderr, says)
		assert.NotContains(t, got.stderr, "hunter2")
	}
}

// The database's address may hold a password: it is never shown.
func TestDatabaseAddressIsSaidNowhere(t *testing.T) {
	t.Parallel()
	env := variablesOf{
		"ASLEEP_API_KEY": "key", "ASLEEP_MCP_TOOLSETS": "manage", "ASLEEP_MCP_LOG_LEVEL": "debug",
		"ASLEEP_MCP_DATABASE_URL": "postgres://me:hunter2@127.0.0.1:1/asleep",
	}
	for _, args := range [][]string{{"call", "list_organizations"}, {"--help"}, {"call", "--help"}} {
		got := runWith(t, env, args...)
		assert.NotContains(t, got.stdout+got.stderr, "hunter2")
		assert.NotContains(t, got.stdout+got.stderr, "127.0.0.1:1")
	}
	assert.Contains(t, runWith(t, env, "call", "list_organizations").stderr, "cannot be reached")
}

// A file appears when something is first stored, and is used again.
func TestDatabaseIsMadeWhenSomethingIsKept(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := variablesOf{"HOME": home, "XDG_DATA_HOME": home, "LocalAppData": home, "ASLEEP_API_KEY": "key", "ASLEEP_BASE_URL": "http://127.0.0.1:1", "ASLEEP_MCP_TOOLSETS": "sleep,cohort,manage"}
	runWith(t, env, "call", "sleep_score", `{"user_id":"G-1"}`)
	runWith(t, env, "call", "list_organizations", "--demo")
	assert.Contains(t, runWith(t, env, "call", "organization_statistics", `{"organization":"acme"}`).stderr, "acme")
	assert.Equal(t, 0, runWith(t, env, "call", "list_organizations").code)
	entries, err := os.ReadDir(home)
	require.NoError(t, err)
	assert.Empty(t, entries, "who only asks leaves nothing behind")

	require.Equal(t, 0, runWith(t, env, "call", "create_organization", `{"organization":"acme","name":"Acme"}`).code)
	again := runWith(t, env, "call", "list_organizations", "--json")
	assert.Contains(t, again.stdout, `"org_id":"acme"`)
	path, err := directory.DefaultPath(env.get)
	require.NoError(t, err)
	assert.FileExists(t, path)
}

// Without a home there is no default place, which is not a mistake in a path.
func TestNoPlaceForADatabase(t *testing.T) {
	t.Parallel()
	got := runWith(t, variablesOf{"ASLEEP_API_KEY": "key", "ASLEEP_MCP_TOOLSETS": "manage"}, "call", "list_organizations")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "ASLEEP_MCP_DATABASE_URL is not set, and")
	assert.Contains(t, got.stderr, "HOME")
}

// Made-up people never get into a database that a setting names, and people in it are not
// part of the demo.
func TestDemoLeavesTheDatabaseAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "real.db")
	env := variablesOf{"ASLEEP_MCP_DATABASE_URL": path, "ASLEEP_MCP_TOOLSETS": "manage,cohort", "ASLEEP_API_KEY": "key"}
	require.Equal(t, 0, runWith(t, env, "call", "create_organization", `{"organization":"acme","name":"Acme"}`).code)
	got := runWith(t, env, "call", "add_user_to_organization", `{"organization":"acme","email":"anna@example.org"}`, "--demo")
	assert.Equal(t, 1, got.code, got.stdout)
	got = runWith(t, env, "call", "organization_statistics", `{"organization":"demo-team"}`, "--demo")
	assert.Equal(t, 0, got.code, got.stderr)
	got = runWith(t, env, "call", "list_organizations", "--json")
	assert.Contains(t, got.stdout, `"user_count":0`)
	assert.NotContains(t, got.stdout, "demo-team")
}
