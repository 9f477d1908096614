package tools

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Somebody in "south", and the organization itself, are none of the business of all
// these callers, whichever tool they take and whatever they call them.
func TestStrangersWalkOverEveryTool(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(24)...)
	c.found(t, "north", memberIDs(0, 12)...)
	c.found(t, "south", memberIDs(12, 24)...)
	stranger := memberID(20)
	named := map[string][]string{
		"cohort_analysis": {
			listOf(stranger), listOf(memberID(0), stranger), `{"organization":"south"}`, `{"organization":"south","include_members":true}`, `{"organization":"nowhere"}`,
		},
		"organization_statistics":       {`{"organization":"south"}`, `{"organization":"nowhere"}`},
		"list_organizations":            {`{}`, `{"organization":"south"}`},
		"create_organization":           {`{"organization":"new"}`},
		"add_user_to_organization":      {`{"organization":"north"}`, `{"organization":"south"}`, `{"organization":"north","user_id":"` + stranger + `"}`},
		"create_user":                   {`{}`},
		"remove_user_from_organization": {`{"email":"` + stranger + `@example.org","organization":"south"}`, `{"organization":"north"}`},
		"delete_user":                   {`{"user_id":"` + stranger + `","confirm":"` + stranger + `"}`},
	}
	for who, p := range map[string]access.Principal{
		"nobody":               {},
		"person":               access.Person(memberID(0)),
		"coach":                access.Coach(memberID(0), c.store.OrganizationsOf, "north").Named("coach"),
		"coach of nobody":      access.Coach(memberID(0), c.store.OrganizationsOf).Named("coach"),
		"analyst":              analystOf("north"),
		"operator of nothing":  access.Operator("").Scoped(),
		"operator of writing":  access.Person(memberID(0)).Scoped(access.Admin),
		"coach without people": access.Coach("", c.store.OrganizationsOf, "north").Scoped(access.OrgRead).Named("c"),
	} {
		w := c.as(p)
		for _, tool := range All() {
			arguments := named[tool.Name]
			if arguments == nil {
				arguments = []string{`{"user_id":"` + stranger + `"}`}
			}
			for _, a := range arguments {
				f := fails(t, w, tool.Name, a)
				assert.Equal(t, Forbidden, f.Code, "%s: %s %s: %s", who, tool.Name, a, f.Text)
				assert.NotContains(t, f.Text, stranger)
			}
		}
	}
	assert.Zero(t, c.requests(), "nothing was asked for")
	assert.Len(t, c.emails(t, "north"), 12)
	assert.Empty(t, c.unfinished(t))
}

// A refusal never advises what was done already.
func TestRefusalsSayWhatNext(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(12)...)
	c.found(t, "north", memberIDs(0, 12)...)
	stranger := `{"user_id":"` + memberID(5) + `"}`
	for name, one := range map[string]struct {
		who                   access.Principal
		tool, arguments, says string
	}{
		"analyst, nights":         {analystOf("north"), "list_sessions", `{}`, "This caller may not see one person's nights. Ask about an organization, or ask the operator for access."},
		"person, organizations":   {access.Person("me"), "list_organizations", `{}`, "Managing organizations and users is for operators. Ask the operator."},
		"person, a group":         {access.Person("me"), "organization_statistics", `{"organization":"north"}`, "This caller may not be told about organizations. Ask about your own nights, or ask the operator for access."},
		"person, somebody":        {access.Person("me"), "list_sessions", stranger, "This caller may not see what was asked for. Leave user_id out to ask about yourself, or ask the operator for access."},
		"coach, another group":    {access.Coach("me", nil, "south"), "organization_statistics", `{"organization":"north"}`, "This caller may not see what was asked for. Ask the operator for access."},
		"coach of none, somebody": {access.Coach("", c.store.OrganizationsOf, "south"), "list_sessions", stranger, "This caller may not see what was asked for. Ask the operator for access."},
		"person without a user":   {access.Person(""), "list_sessions", `{}`, "Nobody at Asleep stands for this login yet. Send POST /api/users to this server to have a user made, or ask the operator to map the login to the one you have (POST /api/logins)."},
		"operator":                {access.Operator(""), "list_sessions", `{}`, `It is not said whose nights to read. Give "user_id", an Asleep user id, or, where the server asks for no tokens, set ASLEEP_USER_ID for it.`},
	} {
		assert.Equal(t, one.says, fails(t, c.as(one.who), one.tool, one.arguments).Text, name)
	}
}

// What each role may do, it can.
func TestEverybodysOwnBusiness(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(24)...)
	c.found(t, "north", memberIDs(0, 12)...)
	coach := c.as(access.Coach(memberID(0), c.store.OrganizationsOf, "north").Named("coach"))
	got := answerOf[cohortAnalysisOut](t, coach, "cohort_analysis", `{"organization":"north","include_members":true}`)
	assert.Len(t, got.Users, 12)
	call(t, coach, "cohort_analysis", listOf(memberIDs(0, 3)...))
	assert.Len(t, answerOf[organizationStatisticsOut](t, coach, "organization_statistics", `{"organization":"north"}`).Users, 12)
	call(t, coach, "average_stats", `{"user_id":"`+memberID(5)+`"}`)

	analyst := answerOf[organizationStatisticsOut](t, c.as(analystOf("north")), "organization_statistics", `{"organization":"north"}`)
	assert.False(t, analyst.Suppressed)
	assert.Nil(t, analyst.Users)
}

func TestListsHideWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	names := func(list []Tool) string {
		var all []string
		for _, tool := range list {
			all = append(all, tool.Name)
		}
		return strings.Join(all, " ")
	}
	operator := access.Operator("")
	assert.Len(t, Of(Toolsets, operator), len(All()))
	assert.NotContains(t, names(Of(DefaultToolsets, operator)), "delete_user", "manage is off")
	assert.Contains(t, names(Of(DefaultToolsets, operator)), "cohort_analysis")
	assert.Equal(t, "cohort_analysis organization_statistics", names(Of(Toolsets, analystOf("north"))))
	assert.Equal(t, names(aboutOnePerson()), names(Of(Toolsets, access.Person("me"))))
	assert.Equal(t, names(Of(DefaultToolsets, operator)), names(Of(Toolsets, access.Coach("", nil, "north"))))
	assert.Empty(t, Of(nil, operator))
	assert.Empty(t, Of(Toolsets, access.Principal{}))
}

func TestScopesOfTools(t *testing.T) {
	t.Parallel()
	for _, tool := range All() {
		want := map[string]access.Scope{ToolsetSleep: access.SleepRead, ToolsetCohort: access.OrgRead, ToolsetManage: access.Admin}[tool.Toolset]
		assert.Equal(t, want, tool.Scope(), tool.Name)
		assert.True(t, slices.Contains(Toolsets, tool.Toolset))
		forGood := strings.HasPrefix(tool.Name, "delete_")
		assert.Equal(t, forGood || strings.HasPrefix(tool.Name, "remove_"), tool.Access == Deletes, tool.Name)
		assert.Equal(t, forGood, strings.Contains(string(tool.Input), `"confirm"`), tool.Name)
	}
	assert.Equal(t, access.SleepWrite, Spec{Toolset: ToolsetSleep, Access: Writes}.Scope())
}

// A directory that cannot be opened or used is a failure of the tools that need it
// and of no others; its address is told to nobody.
func TestDirectoryFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, person(nightly(3, "2026-11-22 23:00", "Europe/Paris", usual)...))
	secret := filepath.Join(t.TempDir(), "secret-place")
	require.NoError(t, os.WriteFile(secret, []byte(strings.Repeat("no database ", 100)), 0o600))
	newer := newCompany(t, filepath.Join(t.TempDir(), "secret.db"))
	_, err := newer.raw(t).ExecContext(t.Context(), `INSERT INTO asleep_mcp_versions (version_id, is_applied) VALUES (9999, 1)`)
	require.NoError(t, err)
	for dsn, code := range map[string]Code{
		newer.dsn:            "database_newer_version",
		secret:               "database_not_a_database",
		filepath.Dir(secret): "database_not_a_database",
		"mysql://secret":     "database_setting",
		"postgres://secret:secret@127.0.0.1:1/secret": "database_unreachable",
	} {
		w.deps.Directory = func(ctx context.Context) (*directory.Store, error) { return directory.Open(ctx, dsn) }
		for _, tool := range []string{
			"organization_statistics", "list_organizations", "create_organization", "add_user_to_organization", "delete_user", "get_user",
		} {
			f := fails(t, w, tool, `{}`)
			assert.Equal(t, code, f.Code, tool)
			assert.Regexp(t, "ASLEEP_MCP_DATABASE_URL|must run that version", f.Text, "what to do")
			assert.NotContains(t, f.Text, "secret")
			assert.NotContains(t, fmt.Sprint(f.Cause), "secret")
		}
		call(t, w, "average_stats", `{}`)
	}
	assert.Zero(t, w.sandbox.Requests()["POST /ai/v1/users"]+w.sandbox.Requests()["DELETE /ai/v1/users/{id}"], "nothing is done that could not be written down")
}

// Every argument of the tools about groups and of those that manage refuses what it
// cannot take.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "")
	for _, tool := range All() {
		if tool.Toolset == ToolsetSleep {
			continue
		}
		for _, name := range argumentNames(t, tool) {
			for _, value := range hostile {
				if name == "name" && strings.HasPrefix(value, `"`) {
					continue // an organization may be called almost anything
				}
				if value == "true" && (name == "include_members" || name == "take_over") || value == "7.5" && (name == "height" || name == "weight") {
					continue
				}
				f := fails(t, c.world, tool.Name, fmt.Sprintf("{%q:%s}", name, value))
				assert.Contains(t, []Code{InvalidArgument, NotFound}, f.Code, "%s %s %s: %s", tool.Name, name, value, f.Text)
			}
		}
	}
	assert.Zero(t, c.sandbox.Requests()[postUser]+c.sandbox.Requests()[dropUser])
	all, err := c.store.Organizations(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// groupAnswers are the answers that goldens hold.
func TestGroupAnswers(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(30)...)
	c.found(t, "acme", memberIDs(0, 30)...)
	c.found(t, "small", memberIDs(0, 5)...)
	var files []string
	for _, g := range []struct {
		file, tool, arguments string
		who                   access.Principal
	}{
		{"cohort_analysis", "cohort_analysis", strings.TrimSuffix(listOf(memberIDs(0, 4)...), "}") + `,"include_members":true}`, access.Operator("")},
		{"organization_statistics", "organization_statistics", `{"organization":"small"}`, access.Operator("")},
		{"organization_statistics_analyst", "organization_statistics", `{}`, analystOf("acme")},
		{"suppressed", "organization_statistics", `{"organization":"small"}`, analystOf("small")},
	} {
		compareGolden(t, filepath.Join("testdata", "groups", g.file+".json"), call(t, c.as(g.who), g.tool, g.arguments))
		files = append(files, g.file+".json")
	}
	noOrphans(t, filepath.Join("testdata", "groups"), files)
}
