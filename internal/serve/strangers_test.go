package serve_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
)

func TestPromptsForEveryRole(t *testing.T) {
	t.Parallel()
	directory := func(_ context.Context, user string) ([]string, error) {
		if user == "broken" {
			return nil, errors.New("secret of the directory")
		}
		return map[string][]string{"northerner": {"north"}}[user], nil
	}
	const (
		ask      = "ask for the Asleep user id"
		given    = `"user_id":"northerner"`
		noUser   = "This caller may not see the nights of that user, or there is no such user."
		noGroup  = "This caller may not see that organization, or there is no such organization."
		groups   = "This caller sees groups only, never one person's nights. Use a prompt about an organization."
		nobody   = "This caller may not see anybody's nights."
		unknown  = "It cannot be determined at the moment whose nights this caller may see. Try again in a few minutes."
		briefing = "members of the organization north sleep"
	)
	operator := access.Operator("")
	coach := access.Coach("own", directory, "north")
	cases := map[string]struct {
		who             access.Principal
		prompt, args    string
		text, forbidden string
	}{
		"operator":                    {who: operator, prompt: "monthly_review", text: ask},
		"operator about somebody":     {who: operator, prompt: "monthly_review", args: given, text: given},
		"operator with a wrong own":   {who: access.Operator("a/b"), prompt: "monthly_review", text: ask},
		"operator about a group":      {who: operator, prompt: "cohort_briefing", args: `"organization":"north"`, text: briefing},
		"person":                      {who: access.Person("own"), prompt: "monthly_review", text: ask},
		"person about themselves":     {who: access.Person("northerner"), prompt: "monthly_review", args: given, text: given},
		"person about somebody":       {who: access.Person("own"), prompt: "monthly_review", args: given, forbidden: noUser},
		"person about a group":        {who: access.Person("own"), prompt: "cohort_briefing", args: `"organization":"north"`, forbidden: noGroup},
		"coach":                       {who: coach, prompt: "monthly_review", text: ask},
		"coach about a member":        {who: coach, prompt: "monthly_review", args: given, text: given},
		"coach about a stranger":      {who: coach, prompt: "monthly_review", args: `"user_id":"southerner"`, forbidden: noUser},
		"coach, directory broken":     {who: coach, prompt: "monthly_review", args: `"user_id":"broken"`, forbidden: unknown},
		"coach about own group":       {who: coach, prompt: "cohort_briefing", args: `"organization":"north"`, text: briefing},
		"coach about other group":     {who: coach, prompt: "cohort_briefing", args: `"organization":"south"`, forbidden: noGroup},
		"analyst":                     {who: access.Analyst("north"), prompt: "monthly_review", forbidden: groups},
		"analyst about somebody":      {who: access.Analyst("north"), prompt: "monthly_review", args: given, forbidden: noUser},
		"analyst about own group":     {who: access.Analyst("north"), prompt: "cohort_briefing", args: `"organization":"north"`, text: briefing},
		"nobody":                      {prompt: "monthly_review", forbidden: nobody},
		"nobody about somebody":       {prompt: "monthly_review", args: given, forbidden: noUser},
		"nobody about a group":        {prompt: "cohort_briefing", args: `"organization":"north"`, forbidden: noGroup},
		"person without the scope":    {who: access.Person("own").Scoped(access.OrgRead), prompt: "monthly_review", forbidden: nobody},
		"mistakes before permissions": {prompt: "monthly_review", args: `"user_id":"a b"`, forbidden: `"user_id" must be 1 to 128 letters, digits, "-" or "_", received "a b". For example {"user_id":"G-20250318162239-yAge"}.`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := legacyGet(t, newFull(t, everything(c.who)), "prompts/get", "", getPrompt(c.prompt, c.args))
			if c.forbidden == "" {
				text := promptText(t, got.result(t))
				assert.Contains(t, text, c.text)
				assert.NotContains(t, text, "own-user")
				return
			}
			code, text := got.failure(t)
			assert.Equal(t, c.forbidden, text)
			want := -32602
			if c.forbidden == unknown {
				want = -32603
			}
			assert.Equal(t, want, code)
		})
	}
}

// Whoever is not known, and whoever asks about nobody's id, learns nothing from
// any prompt, resource or completion.
func TestStrangersWalk(t *testing.T) {
	t.Parallel()
	walks := map[string]struct {
		who  access.Principal
		user string
	}{
		"without a principal":               {access.Principal{}, ""},
		"without a principal, about a user": {access.Principal{}, "own-user"},
		"with a malformed id":               {access.Person("own-user"), "../own-user"},
		"with a stranger's id":              {access.Person("own-user"), "somebody"},
		"with a stranger's malformed id":    {access.Principal{}, "own-user/../x"},
	}
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := newFull(t, everything(walk.who))
			for _, p := range prompts.All() {
				arguments := ""
				switch {
				case p.Of(prompts.Organization) != "":
					arguments = `"organization":"north"`
				case walk.user != "":
					arguments = `"user_id":"` + walk.user + `"`
				}
				code, text := legacyGet(t, url, "prompts/get", "", getPrompt(p.Name, arguments)).failure(t)
				assert.Equal(t, -32602, code, p.Name)
				assert.NotContains(t, text, "412")
				for _, a := range p.Arguments {
					params := completeParams(p.Name, a.Name, "") + `,"context":{"arguments":{` + arguments + `}}`
					for _, value := range suggestions(t, legacyGet(t, url, "completion/complete", "", params)) {
						checkHarmless(t, a, value, walk.who)
					}
				}
			}
			for _, r := range prompts.Resources() {
				if r.Tool != "" && walk.who.Own() == "" {
					code, text := legacyGet(t, url, "resources/read", "", `"uri":"`+r.URI+`"`).failure(t)
					assert.Equal(t, -32603, code)
					assert.NotContains(t, text, "412")
				}
				code, _ := legacyGet(t, url, "resources/read", "", `"uri":"`+r.URI+`/`+walk.user+`"`).failure(t)
				assert.Equal(t, -32002, code)
			}
		})
	}
}

// checkHarmless allows months and zones to everybody and a person's own id to
// that person.
func checkHarmless(t *testing.T, a prompts.Argument, value any, who access.Principal) {
	t.Helper()
	switch a.Kind {
	case prompts.Month, prompts.Zone:
	case prompts.User:
		assert.Equal(t, who.Own(), value)
		assert.NotEmpty(t, value)
	default:
		assert.Fail(t, "suggested to a stranger", "%s: %v", a.Name, value)
	}
}
