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
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// None of these callers may know anything about somebody in "south", or about the
// organization itself, whichever tool they use and however they name them.
func TestStrangersWalkOverEveryTool(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(24)...)
	c.Found(t, "north", tooltest.MemberIDs(0, 12)...)
	c.Found(t, "south", tooltest.MemberIDs(12, 24)...)
	stranger := tooltest.MemberID(20)
	named := map[string][]string{
		"cohort_analysis": {
			tooltest.ListOf(stranger), tooltest.ListOf(tooltest.MemberID(0), stranger), `{"organization":"south"}`, `{"organization":"south","include_members":true}`, `{"organization":"nowhere"}`,
		},
		"organization_statistics":       {`{"organization":"south"}`, `{"organization":"nowhere"}`},
		"list_organizations":            {`{}`, `{"organization":"south"}`},
		"set_cadence":                   {`{"organization":"south"}`, `{"organization":"north"}`},
		"create_organization":           {`{"organization":"new"}`},
		"add_user_to_organization":      {`{"organization":"north"}`, `{"organization":"south"}`, `{"organization":"north","user_id":"` + stranger + `"}`},
		"create_user":                   {`{}`},
		"sign_up":                       {`{}`},
		"remove_user_from_organization": {`{"email":"` + stranger + `@example.org","organization":"south"}`, `{"organization":"north"}`},
		"tag_nights":                    {`{"user_id":"` + stranger + `","tags":["a"],"nights":["2026-11-01"]}`},
		"remove_tags":                   {`{"user_id":"` + stranger + `","nights":["2026-11-01"]}`},
		"delete_user":                   {`{"user_id":"` + stranger + `","confirm":"` + stranger + `"}`},
	}
	for who, p := range map[string]access.Principal{
		"nobody":               {},
		"person":               access.Person(tooltest.MemberID(0)),
		"coach":                access.Coach(tooltest.MemberID(0), c.Store.OrganizationsOf, "north").Named("coach"),
		"coach of nobody":      access.Coach(tooltest.MemberID(0), c.Store.OrganizationsOf).Named("coach"),
		"analyst":              tooltest.AnalystOf("north"),
		"operator of nothing":  access.Operator("").Scoped(),
		"operator of writing":  access.Person(tooltest.MemberID(0)).Scoped(access.Admin),
		"coach without people": access.Coach("", c.Store.OrganizationsOf, "north").Scoped(access.OrgRead).Named("c"),
	} {
		w := c.As(p)
		for _, one := range All() {
			arguments := named[one.Name]
			if arguments == nil {
				arguments = []string{`{"user_id":"` + stranger + `"}`}
			}
			for _, a := range arguments {
				f := tooltest.Fails(t, w, one.Name, a)
				assert.Equal(t, tool.Forbidden, f.Code, "%s: %s %s: %s", who, one.Name, a, f.Text)
				assert.NotContains(t, f.Text, stranger)
			}
		}
	}
	assert.Zero(t, c.Requests(), "nothing was asked for")
	assert.Len(t, c.Emails(t, "north"), 12)
	assert.Empty(t, c.Unfinished(t))
}

// rowsOfPeople is what answers about groups say about single people.
type rowsOfPeople struct {
	Suppressed bool  `json:"suppressed"`
	Users      []any `json:"users"`
	Members    []any `json:"users_data"`
}

// A refusal never suggests what was already tried.
func TestRefusalsSayWhatNext(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(12)...)
	c.Found(t, "north", tooltest.MemberIDs(0, 12)...)
	stranger := `{"user_id":"` + tooltest.MemberID(5) + `"}`
	for name, one := range map[string]struct {
		who                   access.Principal
		tool, arguments, says string
	}{
		"analyst, nights":         {tooltest.AnalystOf("north"), "list_sessions", `{}`, "This caller may not see one person's nights. Ask about an organization, or ask the operator for access."},
		"person, organizations":   {access.Person("me"), "list_organizations", `{}`, "Managing organizations and users is for operators. Ask the operator."},
		"person, a group":         {access.Person("me"), "organization_statistics", `{"organization":"north"}`, "This caller may not see organizations. Ask about your own nights, or ask the operator for access."},
		"person, somebody":        {access.Person("me"), "list_sessions", stranger, "This caller may not see what was asked for. Leave user_id out to ask about yourself, or ask the operator for access."},
		"coach, another group":    {access.Coach("me", nil, "south"), "organization_statistics", `{"organization":"north"}`, "This caller may not see what was asked for. Ask the operator for access."},
		"coach of none, somebody": {access.Coach("", c.Store.OrganizationsOf, "south"), "list_sessions", stranger, "This caller may not see what was asked for. Ask the operator for access."},
		"person without a user":   {access.Person(""), "list_sessions", `{}`, "This login has no Asleep user yet. Call sign_up, or send POST /api/users, to create one; if you already have one, ask the operator to map this login to it (POST /api/logins)."},
		"operator":                {access.Operator(""), "list_sessions", `{}`, `It is not clear whose nights to read. Give "user_id", an Asleep user id, or, if the server requires no tokens, set ASLEEP_USER_ID for it.`},
	} {
		assert.Equal(t, one.says, tooltest.Fails(t, c.As(one.who), one.tool, one.arguments).Text, name)
	}
}

// Each role can do what it may do.
func TestEverybodysOwnBusiness(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(24)...)
	c.Found(t, "north", tooltest.MemberIDs(0, 12)...)
	coach := c.As(access.Coach(tooltest.MemberID(0), c.Store.OrganizationsOf, "north").Named("coach"))
	got := tooltest.AnswerOf[rowsOfPeople](t, coach, "cohort_analysis", `{"organization":"north","include_members":true}`)
	assert.Len(t, got.Users, 12)
	tooltest.Call(t, coach, "cohort_analysis", tooltest.ListOf(tooltest.MemberIDs(0, 3)...))
	assert.Len(t, tooltest.AnswerOf[rowsOfPeople](t, coach, "organization_statistics", `{"organization":"north"}`).Members, 12)
	tooltest.Call(t, coach, "average_stats", `{"user_id":"`+tooltest.MemberID(5)+`"}`)

	analyst := tooltest.AnswerOf[rowsOfPeople](t, c.As(tooltest.AnalystOf("north")), "organization_statistics", `{"organization":"north"}`)
	assert.False(t, analyst.Suppressed)
	assert.Nil(t, analyst.Members)
}

func TestListsHideWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	names := func(list []tool.Tool) string {
		var all []string
		for _, one := range list {
			all = append(all, one.Name)
		}
		return strings.Join(all, " ")
	}
	operator := access.Operator("")
	assert.Len(t, Enabled(append(slices.Clone(tool.Toolsets), tool.ToolsetAccount), operator), len(All()))
	assert.NotContains(t, names(Enabled(tool.DefaultToolsets, operator)), "delete_user", "manage is off")
	assert.Contains(t, names(Enabled(tool.DefaultToolsets, operator)), "cohort_analysis")
	assert.Equal(t, "cohort_analysis organization_statistics", names(Enabled(tool.Toolsets, tooltest.AnalystOf("north"))))
	all := append(slices.Clone(tool.DefaultToolsets), tool.ToolsetDiary)
	assert.Equal(t, names(tooltest.AboutOnePerson()), names(Enabled(tool.DefaultToolsets, access.Person("me"))), "the diary is off")
	assert.Equal(t, names(Enabled([]string{tool.ToolsetSleep, tool.ToolsetDiary}, operator)), names(Enabled(tool.Toolsets, access.Person("me"))))
	assert.Equal(t, names(Enabled([]string{tool.ToolsetSleep}, operator)), names(Enabled(tool.Toolsets, access.Person("me").Scoped(access.SleepRead))))
	assert.Equal(t, names(Enabled(all, operator)), names(Enabled(tool.Toolsets, access.Coach("", nil, "north"))))
	assert.Empty(t, Enabled(nil, operator))
	assert.Empty(t, Enabled(tool.Toolsets, access.Principal{}))
}

func TestScopesOfTools(t *testing.T) {
	t.Parallel()
	for _, one := range All() {
		want := map[string]access.Scope{tool.ToolsetSleep: access.SleepRead, tool.ToolsetCohort: access.OrgRead, tool.ToolsetManage: access.Admin, tool.ToolsetAccount: access.SleepWrite, tool.ToolsetDiary: access.SleepWrite}[one.Toolset]
		assert.Equal(t, want, one.Scope(), one.Name)
		assert.True(t, slices.Contains(append(slices.Clone(tool.Toolsets), tool.ToolsetAccount), one.Toolset))
		forGood := strings.HasPrefix(one.Name, "delete_")
		assert.Equal(t, forGood || strings.HasPrefix(one.Name, "remove_"), one.Access == tool.Deletes, one.Name)
		assert.Equal(t, forGood, strings.Contains(string(one.Input()), `"confirm"`), one.Name)
	}
	assert.Equal(t, access.SleepWrite, tool.Spec{Toolset: tool.ToolsetSleep, Access: tool.Writes}.Scope())
}

// A directory that cannot be opened or used is a failure of the tools that need it and of
// no others; nobody is told its address.
func TestDirectoryFailures(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(3, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	secret := filepath.Join(t.TempDir(), "secret-place")
	require.NoError(t, os.WriteFile(secret, []byte(strings.Repeat("no database ", 100)), 0o600))
	newer := tooltest.NewCompany(t, filepath.Join(t.TempDir(), "secret.db"))
	_, err := newer.Raw(t).ExecContext(t.Context(), `INSERT INTO asleep_mcp_versions (version_id, is_applied) VALUES (9999, 1)`)
	require.NoError(t, err)
	for dsn, code := range map[string]tool.Code{
		newer.Dsn:            "database_newer_version",
		secret:               "database_not_a_database",
		filepath.Dir(secret): "database_not_a_database",
		"mysql://secret":     "database_setting",
		"postgres://secret:secret@127.0.0.1:1/secret": "database_unreachable",
	} {
		w.Deps.Directory = func(ctx context.Context) (*directory.Store, error) { return directory.Open(ctx, dsn) }
		for _, tool := range []string{
			"organization_statistics", "list_organizations", "create_organization", "add_user_to_organization", "delete_user", "get_user",
		} {
			f := tooltest.Fails(t, w, tool, `{}`)
			assert.Equal(t, code, f.Code, tool)
			assert.Regexp(t, "ASLEEP_MCP_DATABASE_URL|must run that version", f.Text, "what to do")
			assert.NotContains(t, f.Text, "secret")
			assert.NotContains(t, fmt.Sprint(f.Cause), "secret")
		}
		tooltest.Call(t, w, "average_stats", `{}`)
	}
	assert.Zero(t, w.Sandbox.Requests()["POST /ai/v1/users"]+w.Sandbox.Requests()["DELETE /ai/v1/users/{id}"], "nothing is done that could not be written down")
}

// Every argument of the tools about groups and of the managing tools refuses what it
// cannot take.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "")
	for _, one := range All() {
		if one.Toolset == tool.ToolsetSleep {
			continue
		}
		for _, name := range tooltest.ArgumentNames(t, one) {
			for _, value := range tooltest.Hostile {
				if (name == "name" || name == "tags" || name == "note") && strings.HasPrefix(value, `"`) {
					continue // an organization may be called almost anything, and so may what was special about a night
				}
				if value == "true" && (name == "include_members" || name == "take_over") || value == "0.5" && (name == "height" || name == "weight") {
					continue
				}
				f := tooltest.Fails(t, c.World, one.Name, fmt.Sprintf("{%q:%s}", name, value))
				assert.Contains(t, []tool.Code{tool.InvalidArgument, tool.NotFound}, f.Code, "%s %s %s: %s", one.Name, name, value, f.Text)
			}
		}
	}
	assert.Zero(t, c.Sandbox.Requests()[tooltest.PostUser]+c.Sandbox.Requests()[tooltest.DropUser])
	all, err := c.Store.Organizations(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

// groupAnswers are the answers that goldens hold.
func TestGroupAnswers(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(30)...)
	c.Found(t, "acme", tooltest.MemberIDs(0, 30)...)
	c.Found(t, "small", tooltest.MemberIDs(0, 5)...)
	var files []string
	for _, g := range []struct {
		file, tool, arguments string
		who                   access.Principal
	}{
		{"cohort_analysis", "cohort_analysis", strings.TrimSuffix(tooltest.ListOf(tooltest.MemberIDs(0, 4)...), "}") + `,"include_members":true}`, access.Operator("")},
		{"organization_statistics", "organization_statistics", `{"organization":"small"}`, access.Operator("")},
		{"organization_statistics_analyst", "organization_statistics", `{}`, tooltest.AnalystOf("acme")},
		{"suppressed", "organization_statistics", `{"organization":"small"}`, tooltest.AnalystOf("small")},
	} {
		tooltest.CompareGolden(t, filepath.Join("testdata", "groups", g.file+".json"), tooltest.Call(t, c.As(g.who), g.tool, g.arguments))
		files = append(files, g.file+".json")
	}
	tooltest.NoOrphans(t, filepath.Join("testdata", "groups"), files)
}
