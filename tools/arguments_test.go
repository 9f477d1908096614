package tools

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeArguments(t *testing.T) {
	t.Parallel()
	seven := 7
	for name, c := range map[string]struct {
		raw  string
		want listSessionsIn
	}{
		"absent":          {"", listSessionsIn{Order: "desc", Limit: 31}},
		"null":            {" null ", listSessionsIn{Order: "desc", Limit: 31}},
		"empty":           {"{}", listSessionsIn{Order: "desc", Limit: 31}},
		"given":           {`{"order":"asc","limit":5}`, listSessionsIn{Order: "asc", Limit: 5}},
		"whole number":    {`{"days":7.0,"limit":1e1}`, listSessionsIn{Range: Range{Days: &seven}, Order: "desc", Limit: 10}},
		"escaped name":    {`{"\u0064ays":7}`, listSessionsIn{Range: Range{Days: &seven}, Order: "desc", Limit: 31}},
		"date":            {`{"from":"2028-02-29"}`, listSessionsIn{Range: Range{From: "2028-02-29"}, Order: "desc", Limit: 31}},
		"blanks and runs": {"\n{ \"limit\" :\t2 }\n", listSessionsIn{Order: "desc", Limit: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got listSessionsIn
			require.NoError(t, decodeArguments(inputSchema[listSessionsIn](), json.RawMessage(c.raw), &got, morning.UTC()))
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
		var into listSessionsIn
		err := decodeArguments(inputSchema[listSessionsIn](), json.RawMessage(raw), &into, morning.UTC())
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
	err := decodeArguments(inputSchema[in](), json.RawMessage(`{}`), &into, morning.UTC())
	require.Error(t, err)
	assert.Equal(t, `"name" is missing. Give it, for example {"name":"left"}.`, err.Error())

	err = decodeArguments(inputSchema[in](), json.RawMessage(`{"name":"left","sure":"no"}`), &into, morning.UTC())
	require.Error(t, err)
	assert.Equal(t, `"sure" must be true or false, received "no". For example {"sure":true}.`, err.Error())

	require.NoError(t, decodeArguments(inputSchema[in](), json.RawMessage(`{"name":"right"}`), &into, morning.UTC()))
	assert.Equal(t, in{"right", true}, into, "with the default")
}

// hostile are values that no argument takes.
var hostile = []string{
	`null`, `{}`, `[]`, `{"a":{"b":[1]}}`, `7.5`, `-1`, `1e99`, `""`, `true`,
	`"` + strings.Repeat("a", 10_000) + `"`, `"a\u0000b"`, `"\u001b[2J\r\n"`, `"../../etc/passwd"`, `"a b"`, `"%s%n"`, `"\u202e\u2066x"`,
}

func TestEveryArgumentOfEveryTool(t *testing.T) {
	t.Parallel()
	w := demo(t, morning.UTC())
	for _, tool := range aboutOnePerson() {
		for _, name := range argumentNames(t, tool) {
			for _, value := range hostile {
				f := fails(t, w, tool.Name, fmt.Sprintf("{%q:%s}", name, value))
				checkMistake(t, f, name)
				assert.Contains(t, f.Text, "received", f.Text)
			}
		}
		checkMistake(t, fails(t, w, tool.Name, `{"user_idd":"x"}`), "user_id")
		checkMistake(t, fails(t, w, tool.Name, `{"timezone":"UTC","timezone":"UTC"}`), "timezone")
		checkMistake(t, fails(t, w, tool.Name, "{\"timezone\":\"\xc3\x28\"}"), "JSON")
		checkMistake(t, fails(t, w, tool.Name, `[]`), "list")
	}
	assert.Empty(t, w.sandbox.Requests(), "a mistake costs no request")
}

// checkMistake holds the text of a mistake against what every such text promises.
func checkMistake(t *testing.T, f *Failure, about string) {
	t.Helper()
	assert.Equal(t, InvalidArgument, f.Code)
	assert.Contains(t, f.Text, about)
	assert.Less(t, utf8.RuneCountInString(f.Text), 400, f.Text)
	assert.True(t, utf8.ValidString(f.Text))
	assert.NotContains(t, f.Text, "%!", "a value reached a format")
	for _, r := range f.Text {
		assert.True(t, unicode.IsPrint(r), "%q in %q", r, f.Text)
	}
}

func cursorOf(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// mistakes are found although the schema has nothing against them.
var mistakes = []struct {
	tool, arguments string
	says            []string
	reads           bool // what day it is has to be known first
}{
	{"list_sessions", `{"from":"2026-11-20","to":"2026-11-10"}`, []string{`"from":"2026-11-20"`, `{"from":"2026-11-10","to":"2026-11-20"}`}, false},
	{"average_stats", `{"from":"2026-11-20","to":"2026-11-10","days":3}`, []string{`must not be after "to"`}, false},
	{"average_stats", `{"from":"2026-11-01","to":"2026-11-10","days":9}`, []string{"are 10 days", `"days":9`, "for example"}, false},
	{"average_stats", `{"from":"1999-01-01"}`, []string{"too early: 1999-01-01", "2010-01-01", `{"from":"2026-10-01"}`}, false},
	{"list_sessions", `{"from":"2011-01-01","to":"2026-01-01"}`, []string{"5480 days", "3660", `{"from":"2025-01-01"}`}, false},
	{"list_sessions", `{"from":"2016-01-01","to":"2026-01-08"}`, []string{"3661 days"}, false},
	{"average_stats", `{"to":"0001-01-01"}`, []string{"too early"}, true},
	{"average_stats", `{"from":"2011-01-01"}`, []string{"too long", "to 2026-11-23"}, true},
	{"average_stats", `{"from":"2026-11-24"}`, []string{"future", "2026-11-24", "Today is 2026-11-23", `{"from":"2026-11-17"}`}, true},
	{"list_sessions", `{"to":"2027-01-31","days":10}`, []string{"future", "begins on 2027-01-22"}, true},
	{"list_sessions", `{"from":"9999-12-31","days":3660}`, []string{"future"}, true},
	{"weekly_report", `{"week_ending":"2026-12-01"}`, []string{`"week_ending" lies in the future`, `"2026-12-01"`, "Today is 2026-11-23"}, true},
	{"weekly_report", `{"week_ending":"1980-01-01"}`, []string{"too early: 1979-12-26"}, true},
	{"sleep_score", `{"ending":"2027-01-01"}`, []string{`"ending" lies in the future`, `"2027-01-01"`}, true},
	{"sleep_score", `{"birth_year":1899}`, []string{"from 1900", "received 1899"}, false},
	{"sleep_score", `{"timezone":"Mars/Olympus"}`, []string{`received "Mars/Olympus"`, `{"timezone":"Europe/Paris"}`}, false},
	{"get_session", `{"timezone":"Local"}`, []string{`received "Local"`}, false},
	{"get_session", `{"timezone":"LOCAL"}`, []string{`received "LOCAL"`}, false},
	{"get_session", `{"timezone":"localtime"}`, []string{`received "localtime"`}, false},
	{"get_session", `{"timezone":"Europe/./Paris"}`, []string{"IANA"}, false},
	{"get_session", `{"timezone":"Europe//Paris"}`, []string{"IANA"}, false},
	{"get_session", `{"timezone":"/etc/localtime"}`, []string{"IANA"}, false},
	{"get_session", `{"timezone":"Europe/Paris\u0000"}`, []string{`"Europe/Paris�"`}, false},
	{"get_session", `{"timezone":"+02:00"}`, []string{"IANA"}, false},
	{"get_session", `{"user_id":"a/b"}`, []string{`received "a/b"`, `{"user_id":"G-`}, false},
	{"get_session", `{"user_id":".."}`, []string{`received ".."`}, false},
	{"get_session", `{"user_id":"a b"}`, []string{`received "a b"`}, false},
	{"get_session", `{"user_id":"a\u0000"}`, []string{`received "a�"`}, false},
	{"get_session", `{"user_id":"ünser"}`, []string{`received "ünser"`}, false},
	{"get_session", `{"session_id":"2026"}`, []string{"14 digits", `received "2026"`, "list_sessions"}, false},
	{"get_session", `{"session_id":"20261121221501_AB12C"}`, []string{"14 digits"}, false},
	{"get_session", `{"session_id":"20261121221501_ab12c/.."}`, []string{"14 digits"}, false},
	{"get_session", `{"session_id":"20261121221501_ab12c\n"}`, []string{"14 digits"}, false},
	{"get_session", `{"session_id":"latest"}`, []string{`received "latest"`, "20261121221501_ab12c"}, false},
	{"list_sessions", `{"cursor":"next"}`, []string{"next_cursor", `received "next"`, "Leave it out"}, false},
	{"list_sessions", `{"cursor":"` + cursorOf(`{}`) + `"}`, []string{"next_cursor"}, false},
	{"list_sessions", `{"cursor":"` + cursorOf(`{"from":"2026-11-01","to":"x","o":"asc","i":"a"}`) + `"}`, []string{"next_cursor"}, false},
	{"list_sessions", `{"cursor":"` + cursorOf(`{"from":"2026-11-01","to":"2026-11-02","o":"up","i":"a"}`) + `"}`, []string{"next_cursor"}, false},
	{"list_sessions", `{"cursor":"` + cursorOf(`{"from":"2026-11-09","to":"2026-11-02","o":"asc","i":"a"}`) + `"}`, []string{`must not be after "to"`}, false},
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range mistakes {
		t.Run(c.tool+c.arguments, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, morning, person(slept("2026-11-22 23:00", "Europe/Paris", usual)))
			f := fails(t, w, c.tool, c.arguments)
			checkMistake(t, f, "")
			for _, part := range c.says {
				assert.Contains(t, f.Text, part)
			}
			if !c.reads {
				assert.Empty(t, w.sandbox.Requests())
			}
		})
	}
}

func TestCursorOfAnotherRange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, person(nightly(9, "2026-11-22 23:00", "Europe/Paris", usual)...))
	first := answerOf[listSessionsOut](t, w, "list_sessions", `{"days":8,"limit":2}`)
	before := w.requests()
	for _, beside := range []string{`"days":8`, `"from":"2026-11-15"`, `"to":"2026-11-22"`} {
		f := fails(t, w, "list_sessions", fmt.Sprintf(`{"cursor":%q,%s}`, first.NextCursor, beside))
		checkMistake(t, f, "2026-11-16 to 2026-11-23")
	}
	assert.Equal(t, before, w.requests())
}

// FuzzArguments: nothing panics, what is refused is the caller's mistake, and what
// is accepted satisfies the schema by somebody else's reading of it.
func FuzzArguments(f *testing.F) {
	for _, c := range mistakes {
		f.Add(c.arguments)
	}
	for _, value := range hostile {
		f.Add(`{"days":` + value + `,"from":` + value + `}`)
	}
	for _, raw := range []string{
		"", "null", "{}", `{"days":7.0}`, `{"limit":1e1}`, `{"days":7.00000000000000000001}`, `{"days":-0}`, `{"limit":1E+1}`,
		`{"from":"2026-02-30"}`, `{"from":"0000-01-01"}`, `{"days":7,"\u0064ays":8}`, `{"order":"asc"}`, "{\"a\":\"\xff\"}",
		`{"user_id":"` + strings.Repeat("é", 128) + `"}`, strings.Repeat(`{"a":`, 200), `{"order":"desc","order":"desc"}`,
	} {
		f.Add(raw)
	}
	schema := inputSchema[listSessionsIn]()
	referee := schemaOf(f, encodeSchema(schema))
	f.Fuzz(func(t *testing.T, raw string) {
		var into listSessionsIn
		if err := decodeArguments(schema, json.RawMessage(raw), &into, morning.UTC()); err != nil {
			var failure *Failure
			require.ErrorAs(t, err, &failure)
			checkMistake(t, failure, "")
			return
		}
		var all map[string]any
		require.NoError(t, decodeArguments(schema, json.RawMessage(raw), &all, morning.UTC()))
		require.NoError(t, referee.Validate(any(all)), raw)
		require.Contains(t, []string{"asc", "desc"}, into.Order)
	})
}

// Whoever leaves out everything that must be given is shown all of it at once, and
// what they are shown is taken.
func TestExampleOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := demo(t, morning.UTC())
	for _, tool := range All() {
		var schema struct {
			Required []string `json:"required"`
		}
		require.NoError(t, json.Unmarshal(tool.Input, &schema))
		if len(schema.Required) == 0 {
			continue
		}
		_, err := tool.Call(w.ctx, w.deps, json.RawMessage(`{}`))
		require.Error(t, err, tool.Name)
		for _, name := range schema.Required {
			assert.Contains(t, err.Error(), strconv.Quote(name), tool.Name)
		}
		_, example, found := strings.Cut(err.Error(), "for example ")
		require.True(t, found, err.Error())
		_, err = tool.Call(w.ctx, w.deps, json.RawMessage(strings.TrimSuffix(example, ".")))
		if refused, is := errors.AsType[*Failure](err); is {
			assert.NotEqual(t, InvalidArgument, refused.Code, "%s: %s", example, refused.Text)
		}
	}
}
