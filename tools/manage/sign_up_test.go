package manage

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Somebody who signs in for the first time has a user after one call, and the same one
// after the next.
func TestSignUp(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "")
	login := directory.Login{Issuer: "https://id.example.org", Subject: "anna"}
	newcomer := access.Person("").WithLogin(login)
	made := tooltest.AnswerOf[createUserOut](t, c.As(newcomer), "sign_up", `{"birth_year":1985}`)
	assert.Equal(t, "The Asleep user "+made.UserID+" was created for this login.", made.Summary)
	known, err := c.Store.UserOf(t.Context(), login.Issuer, login.Subject)
	require.NoError(t, err)
	assert.Equal(t, made.UserID, known)
	user := tooltest.AnswerOf[getUserOut](t, c.World, "get_user", `{"user_id":"`+made.UserID+`"}`)
	assert.Equal(t, 1985, *user.Metadata.BirthYear)

	again := tooltest.AnswerOf[createUserOut](t, c.As(newcomer), "sign_up", `{}`)
	assert.Equal(t, made.UserID, again.UserID)
	assert.Equal(t, "This login already has the Asleep user "+made.UserID+". Nothing was changed.", again.Summary)
	assert.Equal(t, 1, c.Sandbox.Requests()[tooltest.PostUser])

	assert.Equal(t, tool.Forbidden, tooltest.Fails(t, c.As(newcomer.Scoped(access.SleepRead)), "sign_up", `{}`).Code, "a token that only reads")
	assert.Contains(t, tooltest.Fails(t, c.World, "sign_up", `{}`).Text, "use create_user", "an operator did not sign in")
}

func TestSignUpServesNewcomersOnly(t *testing.T) {
	t.Parallel()
	login := directory.Login{Issuer: "https://id.example.org", Subject: "anna"}
	assert.True(t, SignUp.Serves(access.Person("").WithLogin(login)))
	assert.False(t, SignUp.Serves(access.Person("G-1").WithLogin(login)), "they have one")
	assert.False(t, SignUp.Serves(access.Person("")), "they did not sign in")
	assert.False(t, SignUp.Serves(access.Operator("")))
	assert.True(t, GetUser.Serves(access.Operator("")))
}
