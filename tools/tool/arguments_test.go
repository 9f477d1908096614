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
	UserID   string   `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128"`
	Session  string   `json:"session_id,omitempty" jsonschema:"minLength=1,maxLength=64"`
	Timezone string   `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64"`
	From     string   `json:"from,omitempty" jsonschema:"format=date"`
	To       string   `json:"to,omitempty" jsonschema:"format=date"`
	Days     *int     `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660"`
	Order    string   `json:"order,omitempty" jsonschema:"enum=desc,enum=asc,default=desc"`
	Limit    int      `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100,default=31"`
	Cursor   string   `json:"cursor,omitempty" jsonschema:"minLength=1,maxLength=200"`
	Sure     *bool    `json:"sure,omitempty"`
	Users    []string `json:"users,omitempty" jsonschema:"minItems=1,maxItems=3"`
	Tags     []string `json:"tags,omitempty" jsonschema:"maxItems=3"`
}

func TestDecodeArguments(t *testing.T) {
	t.Parallel()
	seven := 7
	for name, c := range map[string]struct {
		raw  string
		want listIn
	}{
		"absent":          {"", listIn{Order: "desc", Limit: 31}},
		"no object":       {" null ", listIn{Order: "desc", Limit: 31}},
		"empty":           {"{}", listIn{Order: "desc", Limit: 31}},
		"given":           {`{"order":"asc","limit":5}`, listIn{Order: "asc", Limit: 5}},
		"whole number":    {`{"days":7.0,"limit":1e1}`, listIn{Days: &seven, Order: "desc", Limit: 10}},
		"escaped name":    {`{"\u0064ays":7}`, listIn{Days: &seven, Order: "desc", Limit: 31}},
		"date":            {`{"from":"2028-02-29"}`, listIn{From: "2028-02-29", Order: "desc", Limit: 31}},
		"null":            {`{"days":null,"limit":null,"order":null,"sure":null,"users":null,"from":null}`, listIn{Order: "desc", Limit: 31}},
		"left blank":      {`{"days":"","limit":"","order":"","sure":"","users":"","from":"","user_id":"","cursor":""}`, listIn{Order: "desc", Limit: 31}},
		"number in text":  {`{"days":"7","limit":" 1e1 "}`, listIn{Days: &seven, Order: "desc", Limit: 10}},
		"true in text":    {`{"sure":"True"}`, listIn{Sure: new(true), Order: "desc", Limit: 31}},
		"false in text":   {`{"sure":"false"}`, listIn{Sure: new(false), Order: "desc", Limit: 31}},
		"empty list":      {`{"tags":[],"limit":5}`, listIn{Order: "desc", Limit: 5}},
		"empty in text":   {`{"tags":"[ ]"}`, listIn{Order: "desc", Limit: 31}},
		"list in text":    {`{"users":"[\"G-1\", \"G-2\"]"}`, listIn{Users: []string{"G-1", "G-2"}, Order: "desc", Limit: 31}},
		"list by commas":  {`{"users":"G-1, G-2"}`, listIn{Users: []string{"G-1", "G-2"}, Order: "desc", Limit: 31}},
		"list of one":     {`{"users":"G-1"}`, listIn{Users: []string{"G-1"}, Order: "desc", Limit: 31}},
		"date and blanks": {`{"from":" 2028-02-29\n"}`, listIn{From: "2028-02-29", Order: "desc", Limit: 31}},
		"of the host":     {`{"toolCallId":"call_1","action":"sendMessage","chatInput":"How did I sleep?","task_progress":"- [ ] ask","wait_for_previous":true,"limit":5}`, listIn{Order: "desc", Limit: 5}},
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
		known = "Known: user_id, session_id, timezone, from, to, days, order, limit, cursor, sure, users, tags."
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
		`{"limit":"seven"}`:               limit + `"seven". For example {"limit":31}.`,
		`{"limit":"0x7"}`:                 limit + `"0x7". For example {"limit":31}.`,
		`{"limit":"7.5"}`:                 limit + `"7.5". For example {"limit":31}.`,
		`{"limit":"101"}`:                 limit + `"101". For example {"limit":31}.`,
		`{"limit":"[7]"}`:                 limit + `"[7]". For example {"limit":31}.`,
		`{"limit":" "}`:                   limit + `" ". For example {"limit":31}.`,
		`{"sure":1}`:                      `"sure" must be true or false, received 1. For example {"sure":true}.`,
		`{"sure":"yes"}`:                  `"sure" must be true or false, received "yes". For example {"sure":true}.`,
		`{"users":5}`:                     `"users" must be a list of 1 to 3 texts, received 5. For example {"users":["G-20250318162239-yAge"]}.`,
		`{"users":[]}`:                    `"users" must be a list of 1 to 3 texts, received a list of 0. For example {"users":["G-20250318162239-yAge"]}.`,
		`{"users":"[\"G-1\""}`:            `"users" must be a list of 1 to 3 texts, received "["G-1"". For example {"users":["G-20250318162239-yAge"]}.`,
		`{"users":"[5]"}`:                 `"users" must be a list of 1 to 3 texts, each of them a text of at most 200 characters, received 5 in place 1. For example {"users":["G-20250318162239-yAge"]}.`,
		`{"sessionId":"20261121221501"}`:  `There is no argument "sessionId" here. Did you mean "session_id"? ` + known,
		`{"_meta":{}}`:                    `There is no argument "_meta" here. ` + known,
		`{"cursor":5}`:                    `"cursor" must be a text of 1 to 200 characters, received 5. Send the next_cursor of the previous answer unchanged, or leave it out to start again.`,
		`{"order":"up"}`:                  `"order" must be one of "desc", "asc", received "up". For example {"order":"desc"}.`,
		`{"from":"2026-02-30"}`:           from + `"2026-02-30". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"yesterday"}`:            from + `"yesterday". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"2026-1-2"}`:             from + `"2026-1-2". For example {"from":"2026-01-02"}. Today is 2026-11-23 in UTC.`,
		`{"from":20261122}`:               from + `20261122. For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		`{"from":"2026-11-22T00:00:00Z"}`: from + `"2026-11-22T00:00:00Z". For example {"from":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
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

// The example in an error about a date is the day that was meant.
func TestDaysMeant(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"today": "2026-11-23", "Yesterday": "2026-11-22", "last night": "2026-11-23", "LAST_NIGHT": "2026-11-23", "day before yesterday": "2026-11-21",
		"3 days ago": "2026-11-20", "1 night ago": "2026-11-22", "2 weeks ago": "2026-11-09", "2026-11-07T23:00:00+09:00": "2026-11-07",
		"2026/11/7": "2026-11-07", "20261107": "2026-11-07", "2026-11-7": "2026-11-07", "tomorrow": "2026-11-22", "2026-12-01T00:00:00Z": "2026-11-22",
		"2026-02-30": "2026-11-22", "07.11.2026": "2026-11-22", "monday": "2026-11-22",
	} {
		var into listIn
		err := tool.DecodeInto(json.RawMessage(`{"from":"`+sent+`"}`), &into, tooltest.Morning.UTC())
		require.Error(t, err, sent)
		assert.Contains(t, err.Error(), `For example {"from":"`+want+`"}. Today is 2026-11-23 in UTC.`, sent)
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

	for _, missing := range []string{`{"name":null}`, `{"name":""}`} {
		err = tool.DecodeInto(json.RawMessage(missing), &into, tooltest.Morning.UTC())
		require.Error(t, err)
		assert.Equal(t, `"name" is missing. Give it, for example {"name":"left"}.`, err.Error())
	}

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
