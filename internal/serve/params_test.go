package serve_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

var lists = []string{"tools/list", "prompts/list", "resources/list", "resources/templates/list"}

// No list is paged, so every cursor comes from elsewhere: also one that mcp-go
// would take for its own, like the third.
func TestCursorsFromElsewhere(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int) {
		for _, list := range lists {
			for _, cursor := range []string{`"from elsewhere"`, `"%%%"`, `"Z2V0X3Nlc3Npb24="`, `7`, `{}`, `[""]`} {
				got := ask(t, url, list, "", `"cursor":`+cursor)
				code, text := got.failure(t)
				assert.Equal(t, -32602, code)
				assert.Equal(t, refused, got.status)
				assert.Equal(t, `No list of this server has a second page, so "cursor" is of another one. Leave it out.`, text, "%s %s", list, cursor)
			}
			for _, none := range []string{`"cursor":""`, `"cursor":null`, `"more":1`} {
				assert.NotEmpty(t, ask(t, url, list, "", none).result(t))
			}
		}
	})
	for _, list := range lists {
		_, text := legacy(t, url, `"method":"`+list+`","params":[]`).failure(t)
		assert.Equal(t, "The params of "+list+" must be like {}.", text)
		assert.NotEmpty(t, legacy(t, url, `"method":"`+list+`"`).result(t))
	}
}

func TestUnknownTools(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int) {
		for name, want := range map[string]string{
			"weekly_reprt": `There is no tool "weekly_reprt". Did you mean weekly_report? Known: average_stats, get_session, `,
			"x":            `There is no tool "x". Known: average_stats, get_session, `,
		} {
			got := ask(t, url, "tools/call", name, `"name":"`+name+`","arguments":{}`)
			code, text := got.failure(t)
			assert.Equal(t, -32602, code)
			assert.Equal(t, refused, got.status)
			assert.Contains(t, text, want)
		}
	})
}

// Programs read which resource was missing, people read it in the text.
func TestMissingResourceIsNamed(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, _ int) {
		var answer struct {
			Error struct{ Data map[string]string }
		}
		got := ask(t, url, "resources/read", "asleep://nope", `"uri":"asleep://nope"`)
		require.NoError(t, json.Unmarshal([]byte(got.body), &answer))
		assert.Equal(t, map[string]string{"uri": "asleep://nope"}, answer.Error.Data)
	})
	assert.NotContains(t, legacyGet(t, url, "prompts/get", "", getPrompt("nope", "")).body, `"data"`)
}
