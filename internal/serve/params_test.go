package serve_test

import (
	"encoding/json"
	"net/http"
	"strings"
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
			"weekly_reprt": `There is no tool "weekly_reprt". Did you mean weekly_report? Known: average_stats, compare_nights, `,
			"x":            `There is no tool "x". Known: average_stats, compare_nights, `,
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

// What mcp-go would answer with the words of its decoder, or repeat at any length.
func TestOddRequestsAreToldInOurWords(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	long := strings.Repeat("x", 500_000)
	for members, want := range map[string]struct {
		code int
		text string
	}{
		`"method":"initialize","params":{"protocolVersion":20250618,"capabilities":{},"clientInfo":{"name":"t","version":"0"}}`: {-32602, `The params of initialize must be like {"protocolVersion":"2025-11-25"`},
		`"method":"initialize","params":[]`:           {-32602, "The params of initialize must be like"},
		`"method":"` + long + `"`:                     {-32601, "There is no method with that name."},
		`"method":"ping","params":[]`:                 {-32602, "The params must be a JSON object"},
		`"method":"ping","params":{"_meta":"x"}`:      {-32602, `so must their "_meta"`},
		`"method":"tools/list","params":{"_meta":[]}`: {-32602, "The params of tools/list must be like {}."},
		`"method":"tools/call","params":{"name":"get_session","_meta":{"progressToken":9007199254740993}}`:        {-32602, "cannot be represented exactly"},
		`"method":"resources/subscribe","params":{"uri":7}`:                                                       {-32601, "does not support resources/subscribe"},
		`"method":"logging/setLevel","params":{"level":"debug"}`:                                                  {-32601, "does not support logging/setLevel"},
		`"method":"tools/call","params":{"name":"get_session","arguments":{},"arguments":{"days":1}}`:             {-32602, "A member of params appears twice"},
		`"method":"tools/call","params":{"name":"get_session","Arguments":{}}`:                                    {-32602, "or in another case"},
		`"method":"tools/call","params":{"name":"get_session","NAME":"sleep_score"}`:                              {-32602, "A member of params appears twice"},
		`"method":"prompts/get","params":{"name":"explain_last_night","arguments":{"user_id":"a","user_id":"b"}}`: {-32602, "A member of params appears twice"},
		`"method":"resources/read","params":{"uri":"asleep://` + long + `"}`:                                      {-32002, "There is no resource"},
	} {
		got := legacy(t, url, members)
		code, text := got.failure(t)
		assert.Equal(t, want.code, code, "%.80s", members)
		assert.Contains(t, text, want.text, "%.80s", members)
		assert.Less(t, len(got.body), 1000, "%.80s", members)
	}
	r := newRequest(t, http.MethodPost, url+"/mcp", listMessage)
	r.Header.Set("Mcp-Protocol-Version", "1.0")
	code, text := send(t, r).failure(t)
	assert.Equal(t, -32600, code)
	assert.Contains(t, text, `received "1.0"`)
}

// The modern protocol says by the status, too, that there is no such method.
func TestUnsupportedMethods(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	for _, method := range []string{"resources/subscribe", "resources/unsubscribe", "logging/setLevel"} {
		for status, got := range map[int]reply{
			http.StatusOK:       legacyGet(t, url, method, "", `"uri":"asleep://nope"`),
			http.StatusNotFound: modernGet(t, url, method, "", `"uri":"asleep://nope"`),
		} {
			code, _ := got.failure(t)
			assert.Equal(t, []int{-32601, status}, []int{code, got.status}, method)
		}
	}
}
