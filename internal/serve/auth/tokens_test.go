package auth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

var read = []access.Scope{access.SleepRead}

func TestStaticTokens(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	tokens := map[string]string{}
	for _, e := range []auth.Entry{
		{Name: "ops", Role: "operator", Scopes: []access.Scope{access.Admin}},
		{Name: "anna", Role: "user", User: "U-anna", Scopes: read},
		{Name: "cora", Role: "coach", Organizations: []string{"north"}, Scopes: []access.Scope{access.SleepRead, access.OrgMembers}},
		{Name: "alan", Role: "analyst", Organizations: []string{"north", "south"}, Scopes: []access.Scope{access.OrgRead}},
	} {
		token, line, err := auth.NewToken(e)
		require.NoError(t, err)
		assert.NotContains(t, line, token)
		assert.Regexp(t, `^asleep_[A-Z2-7]{26}$`, token)
		tokens[e.Name] = token
		file.WriteString("# " + e.Name + "\n\n" + line + "\r\n")
	}
	entries, err := auth.ReadTokens(strings.NewReader(file.String()))
	require.NoError(t, err)
	require.True(t, entries.NeedDirectory())
	_, err = auth.New(auth.Options{Tokens: entries})
	require.ErrorContains(t, err, "directory")
	g, err := auth.New(auth.Options{Tokens: entries, Directory: newDirectory(t, "https://id.example.org")})
	require.NoError(t, err)
	assert.False(t, g.HasMetadata())

	for name, sees := range map[string]map[string]bool{
		"ops":  {"U-anna": true, "U-analyst": true, "": false},
		"anna": {"U-anna": true, "": true, "U-coach": false},
		"cora": {"U-anna": true, "U-analyst": false, "": false},
		"alan": {"U-anna": false, "U-analyst": false, "": false},
	} {
		caller, refusal := show(t, g, tokens[name])
		require.Nil(t, refusal, name)
		assert.Empty(t, caller.Login().Subject)
		for user, want := range sees {
			_, err := access.Resolve(access.With(t.Context(), caller), user)
			assert.Equal(t, want, err == nil, "%s asks about %q: %v", name, user, err)
		}
	}
	for name, token := range map[string]string{
		"other":      "asleep_" + strings.Repeat("A", 26),
		"cut":        tokens["ops"][:len(tokens["ops"])-1],
		"longer":     tokens["ops"] + "A",
		"other case": strings.ToLower(tokens["ops"]),
		"a JWT":      "eyJhbGciOiJub25lIn0.e30.",
		"its hash":   strings.Fields(file.String())[2],
	} {
		_, refusal := show(t, g, token)
		if assert.NotNil(t, refusal, name) {
			assert.Equal(t, 401, refusal.Status)
			assert.NotContains(t, refusal.Challenge, "resource_metadata", "there is no provider to send them to")
		}
	}
}

func TestTokenFileMistakes(t *testing.T) {
	t.Parallel()
	hash := "sha256:" + strings.Repeat("ab", 32)
	for line, problem := range map[string]string{
		"":                                   "no token",
		hash + " anna user U-1 -":            "5 fields",
		"secret anna user U-1 - sleep:read":  "hash must be",
		hash[7:] + " anna user U-1 - admin":  "hash must be",
		hash[:70] + " anna user U-1 - admin": "hash must be",
		hash + " - user U-1 - sleep:read":    "name must be",
		hash + " " + strings.Repeat("a", 65) + " user U-1 - sleep:read":                          "name must be",
		hash + " anna coach U-1 " + strings.Repeat("a", 64) + " sleep:read":                      "lower-case",
		hash + " anna boss U-1 - sleep:read":                                                     "role must be",
		hash + " anna user - - sleep:read":                                                       "needs a user",
		hash + " anna user a/b - sleep:read":                                                     "Asleep user id",
		hash + " anna user U-1 x sleep:read":                                                     "organizations",
		hash + " anna coach U-1 - sleep:read":                                                    "organizations",
		hash + " anna coach U-1 Nord sleep:read":                                                 "lower-case",
		hash + " anna analyst U-1 x org:read":                                                    "no user",
		hash + " anna user U-1 - -":                                                              "scope",
		hash + " anna user U-1 - sleep":                                                          "scopes are",
		hash + " a user U-1 - admin\n" + hash + " b user U-1 - admin":                            "line 2",
		hash + " a user U-1 - admin\n" + strings.ToUpper(hash) + " a user U-1 - admin":           "line 2",
		hash + " a user U-1 - admin\nsha256:" + strings.Repeat("cd", 32) + " a user U-1 - admin": "line 2",
	} {
		_, err := auth.ReadTokens(strings.NewReader(line + "\n"))
		if assert.ErrorContains(t, err, problem, line) {
			assert.NotContains(t, err.Error(), "secret")
			assert.NotContains(t, err.Error(), "abab")
		}
	}
	_, err := auth.ReadTokens(strings.NewReader("x\ny\n"))
	require.ErrorContains(t, err, "line 1")
	require.ErrorContains(t, err, "line 2", "all at once")
	_, err = auth.ReadTokens(strings.NewReader(strings.Repeat("x\n", 100)))
	require.ErrorContains(t, err, "line 8")
	require.ErrorContains(t, err, "and 92 more lines")
	assert.NotContains(t, err.Error(), "line 9")
	_, _, err = auth.NewToken(auth.Entry{Name: "a b"})
	require.Error(t, err)
	_, err = auth.New(auth.Options{})
	require.ErrorContains(t, err, "nobody could come in")
	_, err = auth.New(auth.Options{Issuer: "https://id.example.org", Audience: "x"})
	require.ErrorContains(t, err, "directory")
}

func TestTokenFileWithAByteOrderMark(t *testing.T) {
	t.Parallel()
	_, line, err := auth.NewToken(auth.Entry{Name: "anna", Role: access.RoleOperator, Scopes: []access.Scope{access.Admin}})
	require.NoError(t, err)
	for _, e := range []encoding.Encoding{unicode.UTF8, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)} {
		file, err := e.NewEncoder().String("\ufeff" + line + "\r\n")
		require.NoError(t, err)
		tokens, err := auth.ReadTokens(strings.NewReader(file))
		require.NoError(t, err)
		assert.Len(t, tokens, 1)
	}
}
