package tools

import (
	"context"
	"database/sql"
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
)

const (
	postUser  = "POST /ai/v1/users"
	dropUser  = "DELETE /ai/v1/users/{id}"
	addAnna   = `{"email":"Anna@Example.org"}`
	annaAtAcm = "Anna@example.org"
)

func TestOrganizations(t *testing.T) {
	t.Parallel()
	bothDatabases(t, func(t *testing.T, empty func(*testing.T) string) {
		for name, test := range map[string]func(*testing.T, *company){
			"life of a member":          lifeOfAMember,
			"members at once":           membersAtOnce,
			"members again":             membersAgain,
			"existing users":            existingUsers,
			"refused upstream":          refusedUpstream,
			"unknown outcome":           unknownOutcome,
			"directory refuses":         directoryRefuses,
			"directory gone":            directoryGone,
			"orphan":                    orphan,
			"deletion not confirmed":    deletionNotConfirmed,
			"taken over":                takenOver,
			"mistakes":                  mistaken,
			"hunting for one person":    hunting,
			"who joins or leaves shows": joining,
			"who is removed shows":      leaving,
			"month after month":         monthly,
		} {
			t.Run(name, func(t *testing.T) { test(t, newCompany(t, empty(t), append(crowdOf(24), formerSleeper())...)) })
		}
	})
}

func lifeOfAMember(t *testing.T, c *company) {
	made := answerOf[createOrganizationOut](t, c.world, "create_organization", `{"timezone":"Asia/Seoul"}`)
	assert.Equal(t, "acme", made.OrgID)
	assert.Equal(t, "Asia/Seoul", made.Timezone)
	assert.Equal(t, Exists, fails(t, c.world, "create_organization", `{}`).Code)

	added := answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", `{"email":"Anna@Example.org","birth_year":1985,"gender":"female","role":"coach"}`)
	assert.Equal(t, annaAtAcm, added.UserEmail)
	assert.Equal(t, "coach", added.Role)
	assert.Equal(t, 1, *added.UserCount)
	require.NoError(t, asleep.CheckUserID(added.UserID))
	for _, again := range []string{addAnna, `{"email":"anna@example.org"}`} {
		told := answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", again)
		assert.Equal(t, added.UserID, told.UserID)
		assert.Equal(t, "coach", told.Role, "a role that is not given is kept")
		assert.Equal(t, "Anna@example.org is a member already, with the role coach. Nothing was changed. Acme has 1 member now.", told.Summary)
	}
	assert.Equal(t, 1, c.sandbox.Requests()[postUser], "one e-mail, one user")

	c.open(t) // as after a restart
	user := answerOf[getUserOut](t, c.world, "get_user", `{"user_id":"`+added.UserID+`"}`)
	assert.Equal(t, []membership{{"acme", annaAtAcm, "coach", 1985, "female"}}, user.Organizations)
	assert.Equal(t, 1985, *user.Metadata.BirthYear)
	assert.Equal(t, "female", user.Metadata.Gender)

	deleted := answerOf[deletedOut](t, c.world, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Equal(t, added.UserID, deleted.UserID)
	assert.Equal(t, NotFound, fails(t, c.world, "get_user", `{"user_id":"`+added.UserID+`"}`).Code)
	again := answerOf[deletedOut](t, c.world, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Contains(t, again.Summary, "knows no such user", "or a typing error would pass for a deletion")
	list := answerOf[listOrganizationsOut](t, c.world, "list_organizations", `{}`)
	assert.Equal(t, 0, list.Organizations[0].UserCount)
	assert.Empty(t, list.Unfinished)
	assert.Equal(t, "1 organization with 0 members.", list.Summary)
	call(t, c.world, "add_user_to_organization", addAnna) // the e-mail is free again
}

func membersAtOnce(t *testing.T, c *company) {
	c.found(t, "acme")
	var calls sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for i := range 20 {
		calls.Go(func() {
			told, err := toolNamed(t, "add_user_to_organization").Call(c.ctx, c.deps,
				fmt.Appendf(nil, `{"organization":"acme","email":"member%d@example.org"}`, i%5))
			if err == nil && strings.Contains(string(told), "was added") {
				mu.Lock()
				defer mu.Unlock()
				added++
			}
		})
	}
	calls.Wait()
	assert.Equal(t, 5, added)
	assert.Len(t, c.emails(t, "acme"), 5)
	assert.Equal(t, 5, c.sandbox.Requests()[postUser])
}

// Who is a member already gets another role, or leaves, and nobody's nights are
// touched.
func membersAgain(t *testing.T, c *company) {
	c.found(t, "acme")
	c.found(t, "other", memberID(0))
	add := func(more string) string {
		return `{"organization":"acme","email":"a@example.org"` + more + `}`
	}
	told := answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", add(`,"user_id":"`+memberID(0)+`"`))
	assert.Equal(t, "user", told.Role)
	for i, role := range []string{"coach", "coach", "analyst", "user"} {
		told = answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", add(`,"role":"`+role+`","birth_year":1980`))
		assert.Equal(t, role, told.Role)
		assert.Equal(t, memberID(0), told.UserID)
		assert.Equal(t, i == 1, strings.Contains(told.Summary, "Nothing was changed."), told.Summary)
		assert.Contains(t, told.Summary, "birth year and gender stays")
		user := answerOf[getUserOut](t, c.world, "get_user", `{"user_id":"`+memberID(0)+`"}`)
		assert.Contains(t, user.Organizations, membership{OrgID: "acme", Email: "a@example.org", Role: role, BirthYear: 0})
	}
	told = answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", add(`,"role":"coach","take_over":true`))
	assert.Equal(t, "a@example.org is a member already. Their role is coach now; it was user. Company acme has 1 member now.", told.Summary)

	f := fails(t, c.world, "add_user_to_organization", add(`,"user_id":"`+memberID(1)+`","role":"user"`))
	assert.Equal(t, Exists, f.Code)
	assert.Contains(t, f.Text, memberID(0))
	assert.Contains(t, f.Text, "remove_user_from_organization")
	removed := answerOf[removeUserFromOrganizationOut](t, c.world, "remove_user_from_organization", `{"organization":"acme","email":"A@example.org"}`)
	assert.Equal(t, memberID(0), removed.UserID)
	assert.Equal(t, 0, *removed.UserCount)
	assert.Contains(t, removed.Summary, "The member was removed; Company acme has 0 members now.")
	f = fails(t, c.world, "remove_user_from_organization", `{"organization":"acme","email":"a@example.org"}`)
	assert.Equal(t, NotFound, f.Code)
	assert.Contains(t, f.Text, `"a@example.org" is no member of this organization.`)
	assert.Equal(t, []string{memberID(0) + "@example.org"}, c.emails(t, "other"), "elsewhere they stay")
	call(t, c.world, "add_user_to_organization", add(`,"user_id":"`+memberID(1)+`"`))
	assert.Empty(t, c.unfinished(t))
	assert.Zero(t, c.sandbox.Requests()[postUser])
	assert.Zero(t, c.sandbox.Requests()[dropUser])
}

// People who are at Asleep already become members without a new user.
func existingUsers(t *testing.T, c *company) {
	c.found(t, "acme")
	c.found(t, "other")
	add := func(organization, email, user string) string {
		return `{"organization":"` + organization + `","email":"` + email + `","user_id":"` + user + `"}`
	}
	call(t, c.world, "add_user_to_organization", add("acme", "a@example.org", memberID(0)))
	f := fails(t, c.world, "add_user_to_organization", add("acme", "b@example.org", memberID(0)))
	assert.Equal(t, Exists, f.Code)
	assert.Contains(t, f.Text, "under another e-mail")
	assert.Contains(t, f.Text, "remove_user_from_organization")
	assert.Equal(t, NotFound, fails(t, c.world, "add_user_to_organization", add("acme", "c@example.org", "G-nobody")).Code)
	call(t, c.world, "add_user_to_organization", add("other", "b@example.org", memberID(0)))
	assert.Equal(t, []string{"a@example.org"}, c.emails(t, "acme"))
	assert.Empty(t, c.unfinished(t))
	assert.Zero(t, c.sandbox.Requests()[postUser])
	assert.Zero(t, c.sandbox.Requests()[dropUser], "who was there before is never removed")
}

// What Asleep refused for certain leaves nothing, and can be tried again.
func refusedUpstream(t *testing.T, c *company) {
	c.found(t, "acme")
	for fault, code := range map[string]Code{
		"unauthorized": "bad_key", "quota": "quota", "plan_expired": "plan_expired", "rate_limited": "rate_limited",
		"rate_limited_429": "rate_limited", "validation": "invalid", "not_found": "not_found",
	} {
		require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: fault}))
		assert.Equal(t, code, fails(t, c.world, "add_user_to_organization", addAnna).Code, fault)
		assert.Empty(t, c.unfinished(t), fault)
		c.sandbox.ClearFaults()
	}
	assert.Empty(t, c.emails(t, "acme"))
	call(t, c.world, "add_user_to_organization", addAnna)
}

// When nobody knows whether a user was made, the e-mail stays reserved: a repeated
// call makes no second one.
func unknownOutcome(t *testing.T, c *company) {
	c.found(t, "acme")
	for i, fault := range []string{"internal", "bad_gateway", "html", "cut", "null"} {
		email := fmt.Sprintf(`{"email":"member%d@example.org"}`, i)
		require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: fault, Times: 1}))
		f := fails(t, c.world, "add_user_to_organization", email)
		assert.Equal(t, OutcomeUnknown, f.Code, fault)
		assert.Contains(t, f.Text, "take_over")
		sent := c.sandbox.Requests()[postUser]
		f = fails(t, c.world, "add_user_to_organization", email)
		assert.Equal(t, Pending, f.Code)
		assert.Contains(t, f.Text, "ten minutes")
		assert.Equal(t, Pending, fails(t, c.world, "add_user_to_organization", strings.TrimSuffix(email, "}")+`,"take_over":true}`).Code, "somebody may be at it")
		assert.Equal(t, sent, c.sandbox.Requests()[postUser])
	}
	list := answerOf[listOrganizationsOut](t, c.world, "list_organizations", `{}`)
	assert.Equal(t, 5, list.Organizations[0].Pending)
	assert.Equal(t, 0, list.Organizations[0].UserCount)
	require.Len(t, list.Unfinished, 5)
	assert.Equal(t, "adding", list.Unfinished[0].State)
	assert.Equal(t, "member0@example.org", list.Unfinished[0].Email)
	assert.Contains(t, list.Summary, "5 changes not finished")
	assert.Equal(t, OutcomeUnknown, failsOnce(t, c, "create_user", `{}`, "internal").Code)
}

// Who takes an attempt over need not know what was told about the member.
func takenOver(t *testing.T, c *company) {
	c.found(t, "acme")
	assert.Equal(t, OutcomeUnknown, failsOnce(t, c, "add_user_to_organization", `{"birth_year":1985,"gender":"female","role":"coach"}`, "bad_gateway").Code)
	_, err := c.raw(t).ExecContext(t.Context(), `UPDATE members SET since = $1`, time.Now().Add(-directory.StaleAfter).UTC().Format("2006-01-02T15:04:05.000000Z"))
	require.NoError(t, err)

	c.join(t, "acme", memberID(0))
	assert.Equal(t, Code(asleep.Quota), failsOnce(t, c, "add_user_to_organization", `{"take_over":true}`, "quota").Code)
	assert.Equal(t, Exists, fails(t, c.world, "add_user_to_organization", `{"take_over":true,"user_id":"`+memberID(0)+`"}`).Code, "somebody else's")
	assert.Equal(t, []directory.State{directory.Adding}, c.unfinished(t), "the first attempt may have made a user")

	added := answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", `{"take_over":true}`)
	assert.Equal(t, "coach", added.Role)
	user := answerOf[getUserOut](t, c.world, "get_user", `{"user_id":"`+added.UserID+`"}`)
	require.NotNil(t, user.Metadata)
	assert.Equal(t, 1985, *user.Metadata.BirthYear)
	assert.Equal(t, "female", user.Metadata.Gender)
}

func failsOnce(t *testing.T, c *company, tool, arguments, fault string) *Failure {
	t.Helper()
	require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: fault, Times: 1}))
	return fails(t, c.world, tool, arguments)
}

// The directory refuses after the user was made: both are as before.
func directoryRefuses(t *testing.T, c *company) {
	c.found(t, "acme")
	c.during(func() { c.forgetReservations(t) })
	f := fails(t, c.world, "add_user_to_organization", addAnna)
	assert.Equal(t, NotAdded, f.Code)
	assert.Contains(t, f.Text, "nothing is left over")
	assert.Equal(t, 1, c.sandbox.Requests()[dropUser])
	assert.Empty(t, c.unfinished(t))
	c.onPost.Store(nil)
	call(t, c.world, "add_user_to_organization", addAnna)
	assert.Len(t, c.emails(t, "acme"), 1)
}

// It cannot be written at all any more: the user's id is told, and the reservation
// stands when it is back.
func directoryGone(t *testing.T, c *company) {
	c.found(t, "acme")
	c.during(func() { assert.NoError(t, c.store.Close()) })
	f := fails(t, c.world, "add_user_to_organization", addAnna)
	assert.Equal(t, Unfinished, f.Code)
	assert.Regexp(t, `The Asleep user G-\d{14}-\w{20} was made`, f.Text)
	assert.Zero(t, c.sandbox.Requests()[dropUser], "the directory may say that they are a member")
	c.onPost.Store(nil)
	c.open(t)
	assert.Equal(t, []directory.State{directory.Adding}, c.unfinished(t))
	assert.Equal(t, Pending, fails(t, c.world, "add_user_to_organization", addAnna).Code)
}

// The user can neither be kept nor removed: they are written down.
func orphan(t *testing.T, c *company) {
	c.found(t, "acme")
	c.during(func() { c.forgetReservations(t) })
	require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: "internal", Route: dropUser}))
	f := fails(t, c.world, "add_user_to_organization", addAnna)
	assert.Equal(t, Orphaned, f.Code)
	list := answerOf[listOrganizationsOut](t, c.world, "list_organizations", `{}`)
	require.Len(t, list.Unfinished, 1)
	assert.Equal(t, "orphaned", list.Unfinished[0].State)
	id := list.Unfinished[0].UserID
	assert.Contains(t, f.Text, id)

	c.sandbox.ClearFaults()
	call(t, c.world, "delete_user", `{"user_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Empty(t, c.unfinished(t))
	assert.Equal(t, NotFound, fails(t, c.world, "get_user", `{"user_id":"`+id+`"}`).Code)
}

// during has something happen after Asleep made a user and before it says so.
func (c *company) during(happens func()) { c.onPost.Store(&happens) }

// forgetReservations does what an impatient operator does with another program.
func (c *company) forgetReservations(t *testing.T) {
	t.Helper()
	db := c.raw(t)
	_, err := db.ExecContext(context.WithoutCancel(t.Context()), "DELETE FROM members WHERE user_id IS NULL")
	assert.NoError(t, err)
}

func deletionNotConfirmed(t *testing.T, c *company) {
	c.found(t, "acme", memberID(0), memberID(1))
	both := `{"user_id":"` + memberID(0) + `","confirm":"` + memberID(0) + `"}`
	for _, fault := range []string{"unauthorized", "rate_limited"} {
		require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: fault, Route: dropUser}))
		require.Error(t, fails(t, c.world, "delete_user", both))
		assert.Empty(t, c.unfinished(t), "%s: it was refused, so they stay", fault)
		assert.Len(t, c.emails(t, "acme"), 2)
		c.sandbox.ClearFaults()
	}
	require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: "bad_gateway", Route: dropUser}))
	f := fails(t, c.world, "delete_user", both)
	assert.Equal(t, Unfinished, f.Code)
	assert.Equal(t, []directory.State{directory.Deleting}, c.unfinished(t))
	assert.Len(t, c.emails(t, "acme"), 1)
	c.sandbox.ClearFaults()

	require.NoError(t, c.sandbox.SetFault(sandbox.Fault{Name: "unauthorized", Route: dropUser}))
	f = fails(t, c.world, "delete_user", both)
	assert.Equal(t, Unfinished, f.Code)
	assert.Contains(t, f.Text, "ASLEEP_API_KEY", "why it was refused this time")
	assert.Equal(t, []directory.State{directory.Deleting}, c.unfinished(t), "the attempt before may have got through")
	c.sandbox.ClearFaults()
	call(t, c.world, "delete_user", both)
	assert.Empty(t, c.unfinished(t))
	assert.Len(t, c.emails(t, "acme"), 1)
}

func mistaken(t *testing.T, c *company) {
	c.found(t, "acme", memberID(0))
	for _, m := range []struct {
		tool, arguments string
		code            Code
		says            string
	}{
		{"add_user_to_organization", `{"organization":"acne"}`, NotFound, `Did you mean "acme"?`},
		{"add_user_to_organization", `{"organization":"somewhere-else"}`, NotFound, "list_organizations"},
		{"add_user_to_organization", `{"organization":"Not An Id"}`, InvalidArgument, `"organization" must be 1 to 63 lower-case letters, digits and hyphens, and not start with a hyphen, received "Not An Id".`},
		{"add_user_to_organization", `{"email":"nobody"}`, InvalidArgument, `{"email":"anna@example.org"}`},
		{"add_user_to_organization", `{"email":"Anna <anna@example.org>"}`, InvalidArgument, "without a name"},
		{"add_user_to_organization", `{"email":"anna@example.org\r\nBcc: eve@example.org"}`, InvalidArgument, "received \"anna@example.org\ufffd\ufffdBcc"},
		{"add_user_to_organization", `{"email":"anna@example.org, ben@example.org"}`, InvalidArgument, "one e-mail address"},
		{"add_user_to_organization", `{"email":"` + strings.Repeat("a", 308) + `@example.org"}`, InvalidArgument, "(320 characters)"},
		{"add_user_to_organization", `{"email":"` + strings.Repeat("é", 130) + `@example.org"}`, InvalidArgument, "at most 254 bytes"},
		{"add_user_to_organization", `{"email":"` + strings.ToUpper(memberID(0)) + `@EXAMPLE.org","user_id":"` + memberID(1) + `"}`, Exists, "is a member already, as another Asleep user"},
		{"remove_user_from_organization", `{"organization":"acne"}`, NotFound, `Did you mean "acme"?`},
		{"remove_user_from_organization", `{"email":"nobody"}`, InvalidArgument, `{"email":"anna@example.org"}`},
		{"remove_user_from_organization", `{}`, NotFound, "is no member of this organization"},
		{"add_user_to_organization", `{"user_id":"G-nobody"}`, NotFound, "Check user_id"},
		{"add_user_to_organization", `{"birth_year":2099}`, InvalidArgument, `received 2099. For example {"birth_year":1985}`},
		{"add_user_to_organization", `{"user_id":"../x"}`, InvalidArgument, `"user_id"`},
		{"organization_statistics", `{"organization":"acne"}`, NotFound, `Did you mean "acme"?`},
		{"cohort_analysis", `{"organization":"acne"}`, NotFound, `Did you mean "acme"?`},
		{"list_organizations", `{"organization":"acne"}`, NotFound, `Did you mean "acme"?`},
		{"create_organization", `{"organization":"-x"}`, InvalidArgument, "must be 1 to 63"},
		{"create_organization", `{"organization":"new","name":"a\u0000b"}`, InvalidArgument, `"name" must be`},
		{"create_organization", `{"organization":"new","timezone":"Mars/Base"}`, InvalidArgument, "IANA"},
		{"delete_user", `{"confirm":"G-other"}`, InvalidArgument, `"confirm" must repeat "user_id"`},
		{"delete_session", `{"confirm":"G-other"}`, InvalidArgument, `"confirm" must repeat "session_id"`},
		{"delete_session", `{"session_id":"nonsense","confirm":"nonsense"}`, InvalidArgument, "list_sessions gives the ids"},
		{"create_user", `{"birth_month":2,"birth_day":30}`, InvalidArgument, "birth_day must be a day of its month"},
		{"create_user", `{"height":1.234}`, InvalidArgument, "at most one decimal"},
		{"create_user", `{"weight":"heavy"}`, InvalidArgument, "a number from 0 to 1000"},
	} {
		f := fails(t, c.world, m.tool, m.arguments)
		assert.Equal(t, m.code, f.Code, "%s %s", m.tool, m.arguments)
		assert.Contains(t, f.Text, m.says, "%s %s", m.tool, m.arguments)
	}
	stranger := c.as(analystOf("acne"))
	assert.Equal(t, `There is no organization "acne". Ask the operator, who makes them.`, fails(t, stranger, "organization_statistics", `{"organization":"acne"}`).Text)
	assert.Empty(t, c.unfinished(t))
	requests := c.sandbox.Requests()
	assert.Zero(t, requests[postUser]+requests[dropUser])
	assert.Len(t, c.emails(t, "acme"), 1)
}

// Another program holds the lock of the file after the user was made: the member is
// there once it lets go, and written down as unfinished when it does not in time.
func TestLockedWhileAdding(t *testing.T) {
	t.Parallel()
	hold := func(t *testing.T, c *company) *sql.Tx {
		t.Helper()
		ctx := context.WithoutCancel(t.Context())
		tx, err := c.raw(t).BeginTx(ctx, nil)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE organizations SET name = name`)
		}
		assert.NoError(t, err)
		return tx
	}
	t.Run("until the second try", func(t *testing.T) {
		t.Parallel()
		c := newCompany(t, "")
		c.found(t, "acme")
		c.during(func() {
			lock := hold(t, c)
			time.AfterFunc(7*time.Second, func() { assert.NoError(t, lock.Rollback()) }) // the first waits for five
		})
		call(t, c.world, "add_user_to_organization", addAnna)
		assert.Empty(t, c.unfinished(t))
		assert.Zero(t, c.sandbox.Requests()[dropUser])
	})
	t.Run("for too long", func(t *testing.T) {
		t.Parallel()
		c := newCompany(t, "")
		c.found(t, "acme")
		var lock *sql.Tx
		c.during(func() { lock = hold(t, c) })
		f := fails(t, c.world, "add_user_to_organization", addAnna)
		assert.Equal(t, Unfinished, f.Code)
		assert.Contains(t, f.Text, "take_over")
		assert.Zero(t, c.sandbox.Requests()[dropUser])
		require.NoError(t, lock.Rollback())
		assert.Equal(t, []directory.State{directory.Adding}, c.unfinished(t))
		assert.Equal(t, Pending, fails(t, c.world, "add_user_to_organization", addAnna).Code)
		assert.Equal(t, 1, c.sandbox.Requests()[postUser])
	})
}

// A user who was there before stays, also when the directory loses the reservation.
func TestExistingUserIsNotRemoved(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(1)...)
	c.found(t, "acme")
	_, err := c.raw(t).ExecContext(t.Context(), `CREATE TRIGGER lost AFTER INSERT ON members BEGIN DELETE FROM members; END`)
	require.NoError(t, err)
	f := fails(t, c.world, "add_user_to_organization", `{"user_id":"`+memberID(0)+`"}`)
	assert.Equal(t, NotAdded, f.Code)
	assert.Contains(t, f.Text, "stays as they were. Try again.")
	assert.Zero(t, c.sandbox.Requests()[dropUser])
	assert.Empty(t, c.unfinished(t))
	call(t, c.world, "get_user", `{"user_id":"`+memberID(0)+`"}`)
}

// The cause of a failure goes to the log: it is the directory's own error, never a
// text that was written for the caller.
func TestCauseOfAFailureIsNoText(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(1)...)
	c.found(t, "acme", memberID(0))
	_, err := c.raw(t).ExecContext(t.Context(), `CREATE TRIGGER stays BEFORE DELETE ON members BEGIN SELECT RAISE(ABORT, 'it stays'); END`)
	require.NoError(t, err)
	f := fails(t, c.world, "add_user_to_organization", `{"user_id":"`+memberID(0)+`"}`)
	assert.Equal(t, Pending, f.Code)
	require.ErrorIs(t, f.Cause, directory.ErrExists)
	_, isText := errors.AsType[*Failure](f.Cause)
	assert.False(t, isText)
}

func TestDeleteSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, person(nightly(3, "2026-11-22 23:00", "Europe/Paris", usual)...))
	list := answerOf[listSessionsOut](t, w, "list_sessions", `{}`)
	id := list.Sessions[1].SessionID
	require.NoError(t, w.sandbox.SetFault(sandbox.Fault{Name: "bad_gateway", Times: 1}))
	f := fails(t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, OutcomeUnknown, f.Code)
	assert.Contains(t, f.Text, "no such session, it is deleted")
	got := answerOf[deletedOut](t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, id, got.SessionID)
	after := answerOf[listSessionsOut](t, w, "list_sessions", `{}`)
	assert.Len(t, after.Sessions, 2)
	assert.NotContains(t, after.Sessions, list.Sessions[1])
	f = fails(t, w, "delete_session", `{"session_id":"`+id+`","confirm":"`+id+`"}`)
	assert.Equal(t, NotFound, f.Code)
	assert.Contains(t, f.Text, "no such user or session")
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning)
	w.deps.Directory = nil
	made := answerOf[createUserOut](t, w, "create_user", `{"birth_year":1985,"birth_month":2,"birth_day":28,"gender":"other","height":172.5,"weight":70}`)
	user := answerOf[getUserOut](t, w, "get_user", `{"user_id":"`+made.UserID+`"}`)
	assert.InDelta(t, 172.5, *user.Metadata.Height, 0)
	assert.Empty(t, user.Organizations, "without a directory nobody is a member")
	assert.Equal(t, "The user is a member of 0 organizations and has no recordings.", user.Summary)
	call(t, w, "delete_user", `{"user_id":"`+made.UserID+`","confirm":"`+made.UserID+`"}`)
	assert.Equal(t, NoDirectory, fails(t, w, "list_organizations", `{}`).Code)
	assert.Equal(t, NotFound, fails(t, w, "get_user", `{"user_id":"`+made.UserID+`"}`).Code)
}

func TestLongListsOfOrganizationsAreCut(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "")
	assert.Contains(t, fails(t, c.world, "organization_statistics", `{"organization":"acme"}`).Text, "There is none yet; create_organization makes one.")
	for i := range 300 {
		c.found(t, fmt.Sprintf("organization-with-a-long-id-%04d", i))
	}
	got := answerOf[listOrganizationsOut](t, c.world, "list_organizations", `{}`)
	assert.Less(t, len(got.Organizations), 300)
	assert.Equal(t, "truncated", got.Warnings[0].Code)
	one := answerOf[listOrganizationsOut](t, c.world, "list_organizations", `{"organization":"organization-with-a-long-id-0299"}`)
	assert.Len(t, one.Organizations, 1)
}
