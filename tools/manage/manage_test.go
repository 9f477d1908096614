package manage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

const (
	addAnna   = `{"email":"Anna@Example.org"}`
	annaAtAcm = "Anna@example.org"
)

func TestOrganizations(t *testing.T) {
	t.Parallel()
	postgrestest.Each(t, func(t *testing.T, empty func(*testing.T) string) {
		for name, test := range map[string]func(*testing.T, *tooltest.Company){
			"life of a member":       lifeOfAMember,
			"members at once":        membersAtOnce,
			"members again":          membersAgain,
			"existing users":         existingUsers,
			"refused upstream":       refusedUpstream,
			"unknown outcome":        unknownOutcome,
			"directory refuses":      directoryRefuses,
			"directory gone":         directoryGone,
			"orphan":                 orphan,
			"deletion not confirmed": deletionNotConfirmed,
			"person decides":         personDecides,
			"taken over":             takenOver,
			"mistakes":               mistaken,
		} {
			t.Run(name, func(t *testing.T) { test(t, tooltest.NewCompany(t, empty(t), tooltest.PeopleOf(24)...)) })
		}
	})
}

func lifeOfAMember(t *testing.T, c *tooltest.Company) {
	made := tooltest.AnswerOf[createOrganizationOut](t, c.World, "create_organization", `{"timezone":"Asia/Seoul"}`)
	assert.Equal(t, "acme", made.OrgID)
	assert.Equal(t, "Asia/Seoul", made.Timezone)
	assert.Equal(t, tool.Exists, tooltest.Fails(t, c.World, "create_organization", `{}`).Code)

	added := tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", `{"email":"Anna@Example.org","birth_year":1985,"gender":"female","role":"coach"}`)
	assert.Equal(t, annaAtAcm, added.UserEmail)
	assert.Equal(t, "coach", added.Role)
	assert.Equal(t, 1, *added.UserCount)
	require.NoError(t, asleep.CheckUserID(added.UserID))
	for _, again := range []string{addAnna, `{"email":"anna@example.org"}`} {
		told := tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", again)
		assert.Equal(t, added.UserID, told.UserID)
		assert.Equal(t, "coach", told.Role, "a role that is not given is kept")
		assert.Equal(t, `Anna@example.org is already a member, with the role coach. Nothing was changed. "Acme" has 1 member now.`, told.Summary)
	}
	assert.Equal(t, 1, c.Sandbox.Requests()[tooltest.PostUser], "one e-mail, one user")

	c.Open(t) // as after a restart
	user := tooltest.AnswerOf[getUserOut](t, c.World, "get_user", `{"user_id":"`+added.UserID+`"}`)
	assert.Equal(t, []membership{{"acme", annaAtAcm, "coach", 1985, "female"}}, user.Organizations)
	assert.Equal(t, 1985, *user.Metadata.BirthYear)
	assert.Equal(t, "female", user.Metadata.Gender)

	deleted := tooltest.AnswerOf[deletedOut](t, c.World, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Equal(t, added.UserID, deleted.UserID)
	assert.Equal(t, tool.NotFound, tooltest.Fails(t, c.World, "get_user", `{"user_id":"`+added.UserID+`"}`).Code)
	again := tooltest.AnswerOf[deletedOut](t, c.World, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Contains(t, again.Summary, "knows no such user", "or a typing error would pass for a deletion")
	list := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{}`)
	assert.Equal(t, 0, list.Organizations[0].UserCount)
	assert.Empty(t, list.Unfinished)
	assert.Equal(t, "1 organization with 0 members.", list.Summary)
	tooltest.Call(t, c.World, "add_user_to_organization", addAnna) // the e-mail is free again
}

func membersAtOnce(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	var calls sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for i := range 20 {
		calls.Go(func() {
			told, err := tooltest.ToolNamed(t, "add_user_to_organization").Call(c.Ctx, c.Deps,
				fmt.Appendf(nil, `{"organization":"acme","email":"member%d@example.org"}`, i%5))
			if err == nil && strings.Contains(string(told.JSON), "was added") {
				mu.Lock()
				defer mu.Unlock()
				added++
			}
		})
	}
	calls.Wait()
	assert.Equal(t, 5, added)
	assert.Len(t, c.Emails(t, "acme"), 5)
	assert.Equal(t, 5, c.Sandbox.Requests()[tooltest.PostUser])
}

// An existing member gets another role, or leaves, and nobody's nights are touched.
func membersAgain(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	c.Found(t, "other", tooltest.MemberID(0))
	add := func(more string) string {
		return `{"organization":"acme","email":"a@example.org"` + more + `}`
	}
	told := tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", add(`,"user_id":"`+tooltest.MemberID(0)+`"`))
	assert.Equal(t, "user", told.Role)
	for i, role := range []string{"coach", "coach", "analyst", "user"} {
		told = tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", add(`,"role":"`+role+`","birth_year":1980`))
		assert.Equal(t, role, told.Role)
		assert.Equal(t, tooltest.MemberID(0), told.UserID)
		assert.Equal(t, i == 1, strings.Contains(told.Summary, "Nothing was changed."), told.Summary)
		assert.Contains(t, told.Summary, "birth year and gender were not changed")
		user := tooltest.AnswerOf[getUserOut](t, c.World, "get_user", `{"user_id":"`+tooltest.MemberID(0)+`"}`)
		assert.Contains(t, user.Organizations, membership{OrgID: "acme", Email: "a@example.org", Role: role, BirthYear: 0})
	}
	told = tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", add(`,"role":"coach","take_over":true`))
	assert.Equal(t, `a@example.org is already a member. Their role is coach now; it was user. "Company acme" has 1 member now.`, told.Summary)

	f := tooltest.Fails(t, c.World, "add_user_to_organization", add(`,"user_id":"`+tooltest.MemberID(1)+`","role":"user"`))
	assert.Equal(t, tool.Exists, f.Code)
	assert.Contains(t, f.Text, tooltest.MemberID(0))
	assert.Contains(t, f.Text, "remove_user_from_organization")
	removed := tooltest.AnswerOf[removeUserFromOrganizationOut](t, c.World, "remove_user_from_organization", `{"organization":"acme","email":"A@example.org"}`)
	assert.Equal(t, tooltest.MemberID(0), removed.UserID)
	assert.Equal(t, 0, *removed.UserCount)
	assert.Contains(t, removed.Summary, `The member was removed; "Company acme" has 0 members now.`)
	f = tooltest.Fails(t, c.World, "remove_user_from_organization", `{"organization":"acme","email":"a@example.org"}`)
	assert.Equal(t, tool.NotFound, f.Code)
	assert.Contains(t, f.Text, `"a@example.org" is not a member of this organization.`)
	assert.Equal(t, []string{tooltest.MemberID(0) + "@example.org"}, c.Emails(t, "other"), "elsewhere they stay")
	tooltest.Call(t, c.World, "add_user_to_organization", add(`,"user_id":"`+tooltest.MemberID(1)+`"`))
	assert.Empty(t, c.Unfinished(t))
	assert.Zero(t, c.Sandbox.Requests()[tooltest.PostUser])
	assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser])
}

// People who are Asleep users already become members without a new user.
func existingUsers(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	c.Found(t, "other")
	add := func(organization, email, user string) string {
		return `{"organization":"` + organization + `","email":"` + email + `","user_id":"` + user + `"}`
	}
	tooltest.Call(t, c.World, "add_user_to_organization", add("acme", "a@example.org", tooltest.MemberID(0)))
	f := tooltest.Fails(t, c.World, "add_user_to_organization", add("acme", "b@example.org", tooltest.MemberID(0)))
	assert.Equal(t, tool.Exists, f.Code)
	assert.Contains(t, f.Text, "under another e-mail")
	assert.Contains(t, f.Text, "remove_user_from_organization")
	assert.Equal(t, tool.NotFound, tooltest.Fails(t, c.World, "add_user_to_organization", add("acme", "c@example.org", "G-nobody")).Code)
	tooltest.Call(t, c.World, "add_user_to_organization", add("other", "b@example.org", tooltest.MemberID(0)))
	assert.Equal(t, []string{"a@example.org"}, c.Emails(t, "acme"))
	assert.Empty(t, c.Unfinished(t))
	assert.Zero(t, c.Sandbox.Requests()[tooltest.PostUser])
	assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser], "who was there before is never removed")
}

// An attempt that Asleep certainly refused leaves nothing behind, and can be repeated.
func refusedUpstream(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	for fault, code := range map[string]tool.Code{
		"unauthorized": "bad_key", "quota": "quota", "plan_expired": "plan_expired", "rate_limited": "rate_limited",
		"rate_limited_429": "rate_limited", "validation": "invalid", "not_found": "not_found",
	} {
		require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: fault}))
		assert.Equal(t, code, tooltest.Fails(t, c.World, "add_user_to_organization", addAnna).Code, fault)
		assert.Empty(t, c.Unfinished(t), fault)
		c.Sandbox.ClearFaults()
	}
	assert.Empty(t, c.Emails(t, "acme"))
	tooltest.Call(t, c.World, "add_user_to_organization", addAnna)
}

// When it is not known whether a user was created, the e-mail stays reserved: a repeated
// call creates no second one.
func unknownOutcome(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	for i, fault := range []string{"internal", "bad_gateway", "html", "cut", "null"} {
		email := fmt.Sprintf(`{"email":"member%d@example.org"}`, i)
		require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: fault, Times: 1}))
		f := tooltest.Fails(t, c.World, "add_user_to_organization", email)
		assert.Equal(t, tool.OutcomeUnknown, f.Code, fault)
		assert.Contains(t, f.Text, "take_over")
		sent := c.Sandbox.Requests()[tooltest.PostUser]
		f = tooltest.Fails(t, c.World, "add_user_to_organization", email)
		assert.Equal(t, tool.Pending, f.Code)
		assert.Contains(t, f.Text, "ten minutes")
		assert.Equal(t, tool.Pending, tooltest.Fails(t, c.World, "add_user_to_organization", strings.TrimSuffix(email, "}")+`,"take_over":true}`).Code, "somebody may be at it")
		assert.Equal(t, sent, c.Sandbox.Requests()[tooltest.PostUser])
	}
	list := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{}`)
	assert.Equal(t, 5, list.Organizations[0].Pending)
	assert.Equal(t, 0, list.Organizations[0].UserCount)
	require.Len(t, list.Unfinished, 5)
	assert.Equal(t, "adding", list.Unfinished[0].State)
	assert.Equal(t, "member0@example.org", list.Unfinished[0].Email)
	assert.Contains(t, list.Summary, "5 changes not finished")
	assert.Equal(t, tool.OutcomeUnknown, failsOnce(t, c, "create_user", `{}`, "internal").Code)
}

// Somebody who takes over an attempt need not know what was given about the member.
func takenOver(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	assert.Equal(t, tool.OutcomeUnknown, failsOnce(t, c, "add_user_to_organization", `{"birth_year":1985,"gender":"female","role":"coach"}`, "bad_gateway").Code)
	_, err := c.Raw(t).ExecContext(t.Context(), `UPDATE members SET since = $1`, time.Now().Add(-directory.StaleAfter).UTC().Format("2006-01-02T15:04:05.000000Z"))
	require.NoError(t, err)

	c.Join(t, "acme", tooltest.MemberID(0))
	assert.Equal(t, tool.Code(asleep.Quota), failsOnce(t, c, "add_user_to_organization", `{"take_over":true}`, "quota").Code)
	assert.Equal(t, tool.Exists, tooltest.Fails(t, c.World, "add_user_to_organization", `{"take_over":true,"user_id":"`+tooltest.MemberID(0)+`"}`).Code, "somebody else's")
	assert.Equal(t, []directory.State{directory.Adding}, c.Unfinished(t), "the first attempt may have made a user")

	added := tooltest.AnswerOf[addUserToOrganizationOut](t, c.World, "add_user_to_organization", `{"take_over":true}`)
	assert.Equal(t, "coach", added.Role)
	user := tooltest.AnswerOf[getUserOut](t, c.World, "get_user", `{"user_id":"`+added.UserID+`"}`)
	require.NotNil(t, user.Metadata)
	assert.Equal(t, 1985, *user.Metadata.BirthYear)
	assert.Equal(t, "female", user.Metadata.Gender)
}

func failsOnce(t *testing.T, c *tooltest.Company, tool, arguments, fault string) *tool.Failure {
	t.Helper()
	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: fault, Times: 1}))
	return tooltest.Fails(t, c.World, tool, arguments)
}

// The directory refuses after the user was created: both are as before.
func directoryRefuses(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	during(c, func() { forgetReservations(t, c) })
	f := tooltest.Fails(t, c.World, "add_user_to_organization", addAnna)
	assert.Equal(t, tool.NotAdded, f.Code)
	assert.Contains(t, f.Text, "nothing is left over")
	assert.Equal(t, 1, c.Sandbox.Requests()[tooltest.DropUser])
	assert.Empty(t, c.Unfinished(t))
	c.OnPost.Store(nil)
	tooltest.Call(t, c.World, "add_user_to_organization", addAnna)
	assert.Len(t, c.Emails(t, "acme"), 1)
}

// The directory can no longer be written at all: the caller is told the user's id, and
// the reservation is still there when the directory is back.
func directoryGone(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	during(c, func() { assert.NoError(t, c.Store.Close()) })
	f := tooltest.Fails(t, c.World, "add_user_to_organization", addAnna)
	assert.Equal(t, tool.Unfinished, f.Code)
	assert.Regexp(t, `The Asleep user G-\d{14}-\w{20} was created`, f.Text)
	assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser], "the directory may say that they are a member")
	c.OnPost.Store(nil)
	c.Open(t)
	assert.Equal(t, []directory.State{directory.Adding}, c.Unfinished(t))
	assert.Equal(t, tool.Pending, tooltest.Fails(t, c.World, "add_user_to_organization", addAnna).Code)
}

// The user can be neither kept nor removed: they are recorded as orphaned.
func orphan(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme")
	during(c, func() { forgetReservations(t, c) })
	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: "internal", Route: tooltest.DropUser}))
	f := tooltest.Fails(t, c.World, "add_user_to_organization", addAnna)
	assert.Equal(t, tool.Orphaned, f.Code)
	list := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{}`)
	require.Len(t, list.Unfinished, 1)
	assert.Equal(t, "orphaned", list.Unfinished[0].State)
	id := list.Unfinished[0].UserID
	assert.Contains(t, f.Text, id)

	c.Sandbox.ClearFaults()
	tooltest.Call(t, c.World, "delete_user", `{"user_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Empty(t, c.Unfinished(t))
	assert.Equal(t, tool.NotFound, tooltest.Fails(t, c.World, "get_user", `{"user_id":"`+id+`"}`).Code)
}

// during has something happen after Asleep created a user and before it answers.
func during(c *tooltest.Company, happens func()) { c.OnPost.Store(&happens) }

// forgetReservations does what an impatient operator might do with another program.
func forgetReservations(t *testing.T, c *tooltest.Company) {
	t.Helper()
	db := c.Raw(t)
	_, err := db.ExecContext(context.WithoutCancel(t.Context()), "DELETE FROM members WHERE user_id IS NULL")
	assert.NoError(t, err)
}

func deletionNotConfirmed(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberID(0), tooltest.MemberID(1))
	both := `{"user_id":"` + tooltest.MemberID(0) + `","confirm":"` + tooltest.MemberID(0) + `"}`
	for _, fault := range []string{"unauthorized", "rate_limited"} {
		require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: fault, Route: tooltest.DropUser}))
		require.Error(t, tooltest.Fails(t, c.World, "delete_user", both))
		assert.Empty(t, c.Unfinished(t), "%s: it was refused, so they stay", fault)
		assert.Len(t, c.Emails(t, "acme"), 2)
		c.Sandbox.ClearFaults()
	}
	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: "bad_gateway", Route: tooltest.DropUser}))
	f := tooltest.Fails(t, c.World, "delete_user", both)
	assert.Equal(t, tool.Unfinished, f.Code)
	assert.Equal(t, []directory.State{directory.Deleting}, c.Unfinished(t))
	assert.Len(t, c.Emails(t, "acme"), 1)
	c.Sandbox.ClearFaults()

	require.NoError(t, c.Sandbox.SetFault(sandbox.Fault{Name: "unauthorized", Route: tooltest.DropUser}))
	f = tooltest.Fails(t, c.World, "delete_user", both)
	assert.Equal(t, tool.Unfinished, f.Code)
	assert.Contains(t, f.Text, "ASLEEP_API_KEY", "why it was refused this time")
	assert.Equal(t, []directory.State{directory.Deleting}, c.Unfinished(t), "the attempt before may have got through")
	c.Sandbox.ClearFaults()
	tooltest.Call(t, c.World, "delete_user", both)
	assert.Empty(t, c.Unfinished(t))
	assert.Len(t, c.Emails(t, "acme"), 1)
}

func mistaken(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberID(0))
	for _, m := range []struct {
		tool, arguments string
		code            tool.Code
		says            string
	}{
		{"add_user_to_organization", `{"organization":"acne"}`, tool.NotFound, `Did you mean "acme"?`},
		{"add_user_to_organization", `{"organization":"somewhere-else"}`, tool.NotFound, "Known: acme"},
		{"add_user_to_organization", `{"organization":"Not An Id"}`, tool.InvalidArgument, `"organization" must be 1 to 63 lower-case letters, digits and hyphens, and not start with a hyphen, received "Not An Id".`},
		{"add_user_to_organization", `{"email":"nobody"}`, tool.InvalidArgument, `{"organization":"acme","email":"anna@example.org"}`},
		{"add_user_to_organization", `{"email":"Anna <anna@example.org>"}`, tool.InvalidArgument, "without a name"},
		{"add_user_to_organization", `{"email":"anna@example.org\r\nBcc: eve@example.org"}`, tool.InvalidArgument, "received \"anna@example.org\ufffd\ufffdBcc"},
		{"add_user_to_organization", `{"email":"anna@example.org, ben@example.org"}`, tool.InvalidArgument, "one e-mail address"},
		{"add_user_to_organization", `{"email":"` + strings.Repeat("a", 308) + `@example.org"}`, tool.InvalidArgument, "(320 characters)"},
		{"add_user_to_organization", `{"email":"` + strings.Repeat("é", 130) + `@example.org"}`, tool.InvalidArgument, "at most 254 bytes"},
		{"add_user_to_organization", `{"email":"` + strings.ToUpper(tooltest.MemberID(0)) + `@EXAMPLE.org","user_id":"` + tooltest.MemberID(1) + `"}`, tool.Exists, "is already a member, as another Asleep user"},
		{"remove_user_from_organization", `{"organization":"acne"}`, tool.NotFound, `Did you mean "acme"?`},
		{"remove_user_from_organization", `{"email":"nobody"}`, tool.InvalidArgument, `{"organization":"acme","email":"anna@example.org"}`},
		{"remove_user_from_organization", `{}`, tool.NotFound, "is not a member of this organization"},
		{"add_user_to_organization", `{"user_id":"G-nobody"}`, tool.NotFound, "Check user_id"},
		{"add_user_to_organization", `{"birth_year":2099}`, tool.InvalidArgument, `received 2099. For example {"organization":"acme","email":"anna@example.org","birth_year":1985}`},
		{"add_user_to_organization", `{"user_id":"../x"}`, tool.InvalidArgument, `"user_id"`},
		{"organization_statistics", `{"organization":"acne"}`, tool.NotFound, `Did you mean "acme"?`},
		{"cohort_analysis", `{"organization":"acne"}`, tool.NotFound, `Did you mean "acme"?`},
		{"list_organizations", `{"organization":"acne"}`, tool.NotFound, `Did you mean "acme"?`},
		{"create_organization", `{"organization":"-x"}`, tool.InvalidArgument, "must be 1 to 63"},
		{"create_organization", `{"organization":"new","name":"a\u0000b"}`, tool.InvalidArgument, `"name" must be`},
		{"create_organization", `{"organization":"new","timezone":"Mars/Base"}`, tool.InvalidArgument, "IANA"},
		{"delete_user", `{"confirm":"G-other"}`, tool.InvalidArgument, `"confirm" must repeat "user_id"`},
		{"delete_session", `{"confirm":"G-other"}`, tool.InvalidArgument, `"confirm" must repeat "session_id"`},
		{"delete_session", `{"session_id":"nonsense","confirm":"nonsense"}`, tool.InvalidArgument, "The ids are in the answers of list_sessions"},
		{"create_user", `{"birth_month":2,"birth_day":30}`, tool.InvalidArgument, "birth_day must be a day of its month"},
		{"create_user", `{"height":1.234}`, tool.InvalidArgument, "at most one decimal"},
		{"create_user", `{"weight":"heavy"}`, tool.InvalidArgument, "a number from 0 to 1000"},
	} {
		f := tooltest.Fails(t, c.World, m.tool, m.arguments)
		assert.Equal(t, m.code, f.Code, "%s %s", m.tool, m.arguments)
		assert.Contains(t, f.Text, m.says, "%s %s", m.tool, m.arguments)
	}
	stranger := c.As(tooltest.AnalystOf("acne"))
	assert.Equal(t, `There is no organization "acne". Ask the operator, who creates them.`, tooltest.Fails(t, stranger, "organization_statistics", `{"organization":"acne"}`).Text)
	assert.Empty(t, c.Unfinished(t))
	requests := c.Sandbox.Requests()
	assert.Zero(t, requests[tooltest.PostUser]+requests[tooltest.DropUser])
	assert.Len(t, c.Emails(t, "acme"), 1)
}

// Another program holds the lock of the file after the user was created: the member is
// added once it lets go, and recorded as unfinished if it does not in time.
func TestLockedWhileAdding(t *testing.T) {
	t.Parallel()
	hold := func(t *testing.T, c *tooltest.Company) *sql.Tx {
		t.Helper()
		ctx := context.WithoutCancel(t.Context())
		tx, err := c.Raw(t).BeginTx(ctx, nil)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE organizations SET name = name`)
		}
		assert.NoError(t, err)
		return tx
	}
	t.Run("until the second try", func(t *testing.T) {
		t.Parallel()
		c := tooltest.NewCompany(t, "")
		c.Found(t, "acme")
		during(c, func() {
			lock := hold(t, c)
			time.AfterFunc(7*time.Second, func() { assert.NoError(t, lock.Rollback()) }) // the first waits for five
		})
		tooltest.Call(t, c.World, "add_user_to_organization", addAnna)
		assert.Empty(t, c.Unfinished(t))
		assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser])
	})
	t.Run("for too long", func(t *testing.T) {
		t.Parallel()
		c := tooltest.NewCompany(t, "")
		c.Found(t, "acme")
		var lock *sql.Tx
		during(c, func() { lock = hold(t, c) })
		f := tooltest.Fails(t, c.World, "add_user_to_organization", addAnna)
		assert.Equal(t, tool.Unfinished, f.Code)
		assert.Contains(t, f.Text, "take_over")
		assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser])
		require.NoError(t, lock.Rollback())
		assert.Equal(t, []directory.State{directory.Adding}, c.Unfinished(t))
		assert.Equal(t, tool.Pending, tooltest.Fails(t, c.World, "add_user_to_organization", addAnna).Code)
		assert.Equal(t, 1, c.Sandbox.Requests()[tooltest.PostUser])
	})
}

// A user who existed before stays, also when the directory loses the reservation.
func TestExistingUserIsNotRemoved(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(1)...)
	c.Found(t, "acme")
	_, err := c.Raw(t).ExecContext(t.Context(), `CREATE TRIGGER lost AFTER INSERT ON members BEGIN DELETE FROM members; END`)
	require.NoError(t, err)
	f := tooltest.Fails(t, c.World, "add_user_to_organization", `{"user_id":"`+tooltest.MemberID(0)+`"}`)
	assert.Equal(t, tool.NotAdded, f.Code)
	assert.Contains(t, f.Text, "stays as they were. Try again.")
	assert.Zero(t, c.Sandbox.Requests()[tooltest.DropUser])
	assert.Empty(t, c.Unfinished(t))
	tooltest.Call(t, c.World, "get_user", `{"user_id":"`+tooltest.MemberID(0)+`"}`)
}

// The cause of a failure goes to the log: it is the directory's own error, never a text
// for the caller.
func TestCauseOfAFailureIsNoText(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(1)...)
	c.Found(t, "acme", tooltest.MemberID(0))
	_, err := c.Raw(t).ExecContext(t.Context(), `CREATE TRIGGER stays BEFORE DELETE ON members BEGIN SELECT RAISE(ABORT, 'it stays'); END`)
	require.NoError(t, err)
	f := tooltest.Fails(t, c.World, "add_user_to_organization", `{"user_id":"`+tooltest.MemberID(0)+`"}`)
	assert.Equal(t, tool.Pending, f.Code)
	require.ErrorIs(t, f.Cause, directory.ErrExists)
	_, isText := errors.AsType[*tool.Failure](f.Cause)
	assert.False(t, isText)
}

func TestDeleteSession(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(3, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	list := tooltest.AnswerOf[struct {
		Sessions []struct {
			SessionID string `json:"session_id"`
		} `json:"sessions"`
	}](t, w, "list_sessions", `{}`)
	id := list.Sessions[1].SessionID
	require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "bad_gateway", Times: 1}))
	f := tooltest.Fails(t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, tool.OutcomeUnknown, f.Code)
	assert.Contains(t, f.Text, "no such session, it is deleted")
	got := tooltest.AnswerOf[deletedOut](t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, id, got.SessionID)
	after := tooltest.AnswerOf[struct {
		Sessions []struct {
			SessionID string `json:"session_id"`
		} `json:"sessions"`
	}](t, w, "list_sessions", `{}`)
	assert.Len(t, after.Sessions, 2)
	assert.NotContains(t, after.Sessions, list.Sessions[1])
	f = tooltest.Fails(t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, tool.NotFound, f.Code)
	assert.Contains(t, f.Text, "no such user or session")
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning)
	w.Deps.Directory = nil
	made := tooltest.AnswerOf[createUserOut](t, w, "create_user", `{"birth_year":1985,"birth_month":2,"birth_day":28,"gender":"other","height":172.5,"weight":70}`)
	user := tooltest.AnswerOf[getUserOut](t, w, "get_user", `{"user_id":"`+made.UserID+`"}`)
	assert.InDelta(t, 172.5, *user.Metadata.Height, 0)
	assert.Empty(t, user.Organizations, "without a directory nobody is a member")
	assert.Equal(t, "The user is a member of 0 organizations and has no recordings.", user.Summary)
	tooltest.Call(t, w, "delete_user", `{"user_id":"`+made.UserID+`","confirm":"`+made.UserID+`"}`)
	assert.Equal(t, tool.NoDirectory, tooltest.Fails(t, w, "list_organizations", `{}`).Code)
	assert.Equal(t, tool.NotFound, tooltest.Fails(t, w, "get_user", `{"user_id":"`+made.UserID+`"}`).Code)
}

func TestLongListsOfOrganizationsAreCut(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "")
	assert.Contains(t, tooltest.Fails(t, c.World, "organization_statistics", `{"organization":"acme"}`).Text, "There are none yet: create one first.")
	for i := range 300 {
		c.Found(t, fmt.Sprintf("organization-with-a-long-id-%04d", i))
	}
	got := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{}`)
	assert.Less(t, len(got.Organizations), 300)
	assert.Equal(t, "truncated", got.Warnings[0].Code)
	one := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{"organization":"organization-with-a-long-id-0299"}`)
	assert.Len(t, one.Organizations, 1)
}

// Where the host can ask, the person is asked about the very thing, and their word holds.
func personDecides(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberID(0))
	id := tooltest.MemberID(0)
	ask := func(consent tool.Consent, arguments string) *tool.Failure {
		_, err := DeleteUser.Call(tool.WithConsent(c.Ctx, consent), c.Deps, json.RawMessage(arguments))
		failure, _ := errors.AsType[*tool.Failure](err)
		return failure
	}
	named := `{"user_id":"` + id + `","confirm":"` + id + `"}`
	f := ask(tool.NotAsked, named)
	assert.Equal(t, tool.NotConfirmed, f.Code)
	assert.Contains(t, f.Ask, id)
	assert.Contains(t, f.Ask, "cannot be undone")
	f = ask(tool.Declined, named)
	assert.Equal(t, tool.NotConfirmed, f.Code)
	assert.Empty(t, f.Ask)
	assert.Equal(t, tool.InvalidArgument, ask(tool.Agreed, `{"user_id":"`+id+`","confirm":"G-other"}`).Code)
	assert.Len(t, c.Emails(t, "acme"), 1, "nothing is deleted so far")
	assert.Nil(t, ask(tool.Agreed, named))
	assert.Empty(t, c.Emails(t, "acme"))
}
