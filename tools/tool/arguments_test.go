package tool_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// listIn has one argument of each kind that tools have.
type listIn struct {
	UserID   string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128"`
	Timezone string `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64"`
	From     string `json:"from,omitempty" jsonschema:"format=date"`
	To       string `json:"to,omitempty" jsonschema:"format=date"`
	Days     *int   `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660"`
	Order    string `json:"order,omitempty" jsonschema:"enum=desc,enum=asc,default=desc"`
	Limit    int    `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100,default=31"`
	Cursor   string `json:"cursor,omitempty" jsonschema:"minLength=1,maxLength=200"`
}

func TestDecodeArguments(t *testing.T) {
	t.Parallel()
	seven := 7
	for name, c := range map[string]struct {
		raw  string
		want listIn
	}{
		"absent":          {"", listIn{Order: "desc", Limit: 31}},
		"null":            {" null ", listIn{Order: "desc", Limit: 31}},
		"empty":           {"{}", listIn{Order: "desc", Limit: 31}},
		"given":           {`{"order":"asc","limit":5}`, listIn{Order: "asc", Limit: 5}},
		"whole number":    {`{"days":7.0,"limit":1e1}`, listIn{Days: &seven, Order: "desc", Limit: 10}},
		"escaped name":    {`{"\u0064ays":7}`, listIn{Days: &seven, Order: "desc", Limit: 31}},
		"date":            {`{"from":"2028-02-29"}`, listIn{From: "2028-02-29", Order: "desc", Limit: 31}},
		"blanks and runs": {"\n{ \"limit\" :\t2 }\n", listIn{Order: "desc", Limit: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got listIn
			require.NoError(t, tool.DecodeInto(json.RawMessage(c.raw), &got, tooltest.Morning.UTC()))
			assert.Equal(t, c.want, got)
		})
	}
}

func TestDecodeArgumentsRefuses(t *testing.T) {
	t.Parallel()
	const (
		known = "Known: user_id, timezone, from, to, days, order, limit, cursor."
		limit = `"limit" must be a whole number from 1 to 100, received `
		from  = `"from" must be a date that exists, written YYYY-MM-DD, received `
	)
	for raw, want := range map[string]string{
		`{"dayz":7}`:                      `There is no argument "dayz" here. Did you mean "days"? ` + known,
		`{"Limit":7}`:                     `There is no argument "Limit" here. Did you mean "limit"? ` + known,
		`{"something_else":7}`:            `There is no argument "something_else" here. ` + known,
		`{"a\nb\u202e\u0000":1}`:          `There is no argument "a�b��" here. ` + known,
		`{"":1}`:                          `There is no argument "" here. ` + known,
		`[1]`:                             `The arguments must be one JSON object such as {"days":7}, received a list.`,
		`"days"`:                          `The arguments must be one JSON object such as {"days":7}, received a text.`,
		`7`:                               `The arguments must be one JSON object such as {"days":7}, received a number.`,
		`true`:                            `The arguments must be one JSON object such as {"days":7}, received true.`,
		`{"days":7`:                       `The arguments are not valid JSON. Send one JSON object such as {"days":7}.`,
		`{"days":7}{}`:                    `The arguments are not valid JSON. Send one JSON object such as {"days":7}.`,
		`{"days":07}`:                     `The arguments are not valid JSON. Send one JSON object such as {"days":7}.`,
		"{\"cursor\":\"\xff\"}":           `The arguments are not valid JSON. Send one JSON object such as {"days":7}.`,
		`{"cursor":"\ud800"}`:             `The arguments are not valid JSON. Send one JSON object such as {"days":7}.`,
		`{"days":7,"days":8}`:             `"days" is given twice. Give each argument once.`,
		`{"days":7,"\u0064ays":8}`:        `"days" is given twice. Give each argument once.`,
		`{"limit":null}`:                  limit + `null. For example {"limit":31}.`,
		`{"limit":"7"}`:                   limit + `"7". For example {"limit":31}.`,
		`{"limit":7.5}`:                   limit + `7.5. For example {"limit":31}.`,
		`{"limit":0}`:                     limit + `0. For example {"limit":31}.`,
		`{"limit":-1}`:                    limit + `-1. For example {"limit":31}.`,
		`{"limit":101}`:                   limit + `101. For example {"limit":31}.`,
		`{"limit":1e99}`:                  limit + `1e99. For example {"limit":31}.`,
		`{"limit":1e999}`:                 limit + `1e999. For example {"limit":31}.`,
		`{"limit":true}`:                  limit + `true. For example {"limit":31}.`,
		`{"limit":[7]}`:                   limit + `a list. For example {"limit":31}.`,
		`{"limit":{"a":7}}`:               limit + `an object. For example {"limit":31}.`,
		`{"days":0}`:                      `"days" must be a whole number from 1 to 3660, received 0. For example {"days":30}.`,
		`{"order":"up"}`:                  `"order" must be one of "desc", "asc", received "up". For example {"order":"desc"}.`,
		`{"order":null}`:                  `"order" must be one of "desc", "asc", received null. For example {"order":"desc"}.`,
		`{"from":"2026-02-30"}`:           from + `"2026-02-30". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"yesterday"}`:            from + `"yesterday". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"2026-1-2"}`:             from + `"2026-1-2". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":""}`:                     from + `"". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":20261122}`:               from + `20261122. For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"2026-11-22T00:00:00Z"}`: from + `"2026-11-22T00:00:00Z". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"user_id":""}`:                  `"user_id" must be a text of 1 to 128 characters, received "". For example {"user_id":"G-20250318162239-yAge"}.`,
		`{"limit":` + strings.Repeat("1", 70) + `}`: limit + strings.Repeat("1", 60) + `… (70 characters). For example {"limit":31}.`,
		`{"timezone":"` + strings.Repeat("z", 65) + `"}`: `"timezone" must be a text of 1 to 64 characters, received "` +
			strings.Repeat("z", 60) + `… (65 characters)". For example {"timezone":"Europe/Paris"}.`,
	} {
		var into listIn
		err := tool.DecodeInto(json.RawMessage(raw), &into, tooltest.Morning.UTC())
		require.Error(t, err, raw)
		assert.Equal(t, want, err.Error(), raw)
	}
}

func TestMissingArgument(t *testing.T) {
	t.Parallel()
	type in struct {
		Name string `json:"name" jsonschema:"enum=left,enum=right"`
		Sure bool   `json:"sure,omitempty" jsonschema:"default=true"`
	}
	var into in
	err := tool.DecodeInto(json.RawMessage(`{}`), &into, tooltest.Morning.UTC())
	require.Error(t, err)
	assert.Equal(t, `"name" is missing. Give it, for example {"name":"left"}.`, err.Error())

	err = tool.DecodeInto(json.RawMessage(`{"name":"left","sure":"no"}`), &into, tooltest.Morning.UTC())
	require.Error(t, err)
	assert.Equal(t, `"sure" must be true or false, received "no". For example {"sure":true}.`, err.Error())

	require.NoError(t, tool.DecodeInto(json.RawMessage(`{"name":"right"}`), &into, tooltest.Morning.UTC()))
	assert.Equal(t, in{"right", true}, into, "with the default")
}

// FuzzArguments: nothing panics, everything refused is the caller's mistake, and
// everything accepted satisfies the schema according to another implementation.
func FuzzArguments(f *testing.F) {
	for _, value := range tooltest.Hostile {
		f.Add(`{"days":` + value + `,"from":` + value + `}`)
	}
	for _, raw := range []string{
		"", "null", "{}", `{"days":7.0}`, `{"limit":1e1}`, `{"days":7.00000000000000000001}`, `{"days":-0}`, `{"limit":1E+1}`,
		`{"from":"2026-02-30"}`, `{"from":"0000-01-01"}`, `{"days":7,"\u0064ays":8}`, `{"order":"asc"}`, "{\"a\":\"\xff\"}",
		`{"user_id":"` + strings.Repeat("é", 128) + `"}`, strings.Repeat(`{"a":`, 200), `{"order":"desc","order":"desc"}`,
	} {
		f.Add(raw)
	}
	schema := tool.InputSchema[listIn]()
	referee := tooltest.SchemaOf(f, schema)
	f.Fuzz(func(t *testing.T, raw string) {
		var into listIn
		if err := tool.DecodeInto(json.RawMessage(raw), &into, tooltest.Morning.UTC()); err != nil {
			var failure *tool.Failure
			require.ErrorAs(t, err, &failure)
			tooltest.CheckMistake(t, failure, "")
			return
		}
		all, err := tool.DecodeMap[listIn](json.RawMessage(raw), tooltest.Morning.UTC())
		require.NoError(t, err)
		require.NoError(t, referee.Validate(any(all)), raw)
		require.Contains(t, []string{"asc", "desc"}, into.Order)
	})
}
