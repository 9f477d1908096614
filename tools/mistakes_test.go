package tools

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

func TestEveryArgumentOfEveryTool(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning.UTC())
	for _, one := range tooltest.AboutOnePerson() {
		for _, name := range tooltest.ArgumentNames(t, one) {
			for _, value := range tooltest.Hostile {
				f := tooltest.Fails(t, w, one.Name, fmt.Sprintf("{%q:%s}", name, value))
				tooltest.CheckMistake(t, f, name)
				assert.Contains(t, f.Text, "received", f.Text)
				assert.NotContains(t, f.Text, " in UTC.", "where the person is")
			}
		}
		tooltest.CheckMistake(t, tooltest.Fails(t, w, one.Name, `{"user_idd":"x"}`), "user_id")
		tooltest.CheckMistake(t, tooltest.Fails(t, w, one.Name, `{"timezone":"UTC","timezone":"UTC"}`), "timezone")
		tooltest.CheckMistake(t, tooltest.Fails(t, w, one.Name, "{\"timezone\":\"\xc3\x28\"}"), "JSON")
		tooltest.CheckMistake(t, tooltest.Fails(t, w, one.Name, `[]`), "list")
	}
	assert.Equal(t, map[string]int{"GET /data/v1/users/{id}/average-stats": 1}, w.Sandbox.Requests(),
		"to know which day it is, once; no other mistake costs a request")
}

// Which day it is depends on where the person asked about is, and that must not be told to who
// may not see their nights.
func TestTodayOfAMistakeIsThePersons(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, // 08:12 in UTC
		tooltest.Person(tooltest.Slept("2026-11-22 23:00", "Europe/Paris", tooltest.Usual)),
		sandbox.Person{ID: "G-kiritimati", Recordings: []sandbox.Recording{tooltest.Slept("2026-11-21 23:00", "Pacific/Kiritimati", tooltest.Usual)}},
		sandbox.Person{ID: "G-midway", Recordings: []sandbox.Recording{tooltest.Slept("2026-01-10 23:00", "Pacific/Midway", tooltest.Usual)}},
	)
	for user, says := range map[string][]string{
		"G-kiritimati": {"Today is 2026-11-23 in Pacific/Kiritimati", `{"night":"2026-11-22"}`},
		"G-midway":     {"Today is 2026-11-22 in Pacific/Midway", `{"night":"2026-11-21"}`},
		"G-nobody":     {"Today is 2026-11-23 in UTC"},
	} {
		f := tooltest.Fails(t, w, "get_session", `{"night":"yesterday","user_id":"`+user+`"}`)
		for _, part := range says {
			assert.Contains(t, f.Text, part)
		}
	}
	stranger := *w
	stranger.Ctx = access.With(t.Context(), access.Person("G-other"))
	assert.Contains(t, tooltest.Fails(t, &stranger, "get_session", `{"night":"yesterday","user_id":"G-kiritimati"}`).Text, "in UTC")
}

// What a host sends for an argument that nobody gave is as if it was not there, and what
// an error shows as an example is accepted.
func TestEveryArgumentCanBeLeftOutOrMended(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning.UTC())
	for _, one := range tooltest.AboutOnePerson() {
		plain := string(tooltest.Call(t, w, one.Name, "{}"))
		for _, name := range tooltest.ArgumentNames(t, one) {
			if slices.ContainsFunc(tooltest.Required[one.Name], func(a [2]string) bool { return a[0] == name }) {
				continue
			}
			for _, none := range []string{"null", `""`} {
				assert.JSONEq(t, plain, string(tooltest.Call(t, w, one.Name, fmt.Sprintf("{%q:%s}", name, none))), "%s %s %s", one.Name, name, none)
			}
		}
	}
	for _, one := range All() {
		for _, name := range tooltest.ArgumentNames(t, one) {
			_, err := one.Call(w.Ctx, w.Deps, json.RawMessage(fmt.Sprintf(`{%q:{}}`, name)))
			refused, is := errors.AsType[*tool.Failure](err)
			require.True(t, is)
			if refused.Example == nil {
				assert.Contains(t, refused.Text, "leave it out", "%s %s", one.Name, name)
				continue
			}
			mends(t, w, one, refused)
		}
	}
}

// Models write arguments as a text, which some hosts pass on as it is.
func TestArgumentsInAText(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning.UTC())
	for plain, texts := range map[string][]string{
		`{}`:         {`""`, ` "{}" `, `"\n{ }"`},
		`{"days":7}`: {`"{\"days\":7}"`, `"{\"days\":\"7\",\"timezone\":\"\"}"`},
	} {
		want := string(tooltest.Call(t, w, "list_sessions", plain))
		for _, text := range texts {
			answer, err := tooltest.ToolNamed(t, "list_sessions").Call(w.Ctx, w.Deps, json.RawMessage(text))
			require.NoError(t, err, text)
			assert.JSONEq(t, want, string(answer.JSON), text)
		}
	}
	for text, says := range map[string]string{
		`"{\"days\":\"seven\"}"`: `received "seven"`, `"{\"days\":7"`: "not valid JSON", `"7"`: "received a text", `"[]"`: "received a text", `" "`: "received a text",
		`"\"{}\""`: "received a text",
	} {
		_, err := tooltest.ToolNamed(t, "list_sessions").Call(w.Ctx, w.Deps, json.RawMessage(text))
		assert.ErrorContains(t, err, says, text)
	}
}

// mends checks that what an error shows as an example, sent as it is, is no mistake.
func mends(t *testing.T, w *tooltest.World, one tool.Tool, refused *tool.Failure) {
	t.Helper()
	_, err := one.Call(w.Ctx, w.Deps, refused.Example)
	if again, is := errors.AsType[*tool.Failure](err); is {
		assert.NotEqual(t, tool.InvalidArgument, again.Code, "%s\n%s: %s", refused.Text, refused.Example, again.Text)
	}
}

func cursorOf(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// mistakes are found although the schema allows them.
var mistakes = []struct {
	tool, arguments string
	says            []string
	reads           bool // it must be known first which day it is
}{
	{"list_sessions", `{"from":"2026-11-20","to":"2026-11-10"}`, []string{`"from":"2026-11-20"`, `{"from":"2026-11-10","to":"2026-11-20"}`}, false},
	{"average_stats", `{"from":"2026-11-20","to":"2026-11-10","days":3}`, []string{`must not be after "to"`}, false},
	{"average_stats", `{"from":"2026-11-01","to":"2026-11-10","days":9}`, []string{"are 10 days", `"days":9`, "for example"}, false},
	{"average_stats", `{"from":"1999-01-01"}`, []string{"too early: 1999-01-01", `{"from":"2010-01-01","to":"2020-01-08"}`}, false},
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
	{"compare_nights", `{"where":"week"}`, []string{`For example`}, false},
	{"tag_nights", `{"nights":["2026-11-31"],"tags":["alcohol"]}`, []string{`{"nights":["2026-11-22"],"tags":["alcohol"]}`}, false},
	{"cohort_analysis", `{"days":3}`, []string{`{"organization":"acme","days":30}`}, false},
	{"cohort_analysis", `{"user_ids":[],"days":"a week"}`, []string{`{"organization":"acme","days":30}`}, false},
	{"cohort_analysis", `{"user_ids":["G-1"],"days":"a week"}`, []string{`{"user_ids":["G-1"],"days":30}`}, false},
	{"cohort_analysis", `{"user_ids":["G-1"],"period":"May"}`, []string{`{"user_ids":["G-1"],"period":"2026-10"}`}, false},
	{"cohort_analysis", `{"user_ids":["G-1"],"organization":"acme"}`, []string{`{"organization":"acme"}`}, false},
	{"cohort_analysis", `{"user_ids":["G-1","a b"],"days":7}`, []string{`{"user_ids":["G-`}, false},
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
			w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-22 23:00", "Europe/Paris", tooltest.Usual)))
			f := tooltest.Fails(t, w, c.tool, c.arguments)
			tooltest.CheckMistake(t, f, "")
			for _, part := range c.says {
				assert.Contains(t, f.Text, part)
			}
			if !c.reads {
				assert.Empty(t, w.Sandbox.Requests())
			}
			if f.Example != nil {
				mends(t, w, tooltest.ToolNamed(t, c.tool), f)
			}
		})
	}
}

func TestCursorOfAnotherRange(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(9, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	first := tooltest.AnswerOf[struct {
		NextCursor string `json:"next_cursor"`
	}](t, w, "list_sessions", `{"days":8,"limit":2}`)
	for _, same := range []string{`"days":8`, `"days":"8","order":"desc"`, `"from":"2026-11-16"`, `"from":"2026-11-16","to":"2026-11-23"`, `"to":"2026-11-23","days":8`, `"from":null`} {
		tooltest.Call(t, w, "list_sessions", fmt.Sprintf(`{"cursor":%q,"limit":2,%s}`, first.NextCursor, same))
	}
	before := w.Requests()
	for _, beside := range []string{`"days":9`, `"from":"2026-11-15"`, `"to":"2026-11-22"`, `"from":"2026-11-16","days":7`} {
		f := tooltest.Fails(t, w, "list_sessions", fmt.Sprintf(`{"cursor":%q,%s}`, first.NextCursor, beside))
		tooltest.CheckMistake(t, f, "2026-11-16 to 2026-11-23")
	}
	assert.Equal(t, before, w.Requests())
}

// A caller who leaves out all required arguments is shown all of them at once, and what
// they are shown is accepted.
func TestExampleOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning.UTC())
	for _, one := range All() {
		var schema struct {
			Required []string `json:"required"`
		}
		require.NoError(t, json.Unmarshal(one.Input(), &schema))
		if len(schema.Required) == 0 {
			continue
		}
		_, err := one.Call(w.Ctx, w.Deps, json.RawMessage(`{}`))
		require.Error(t, err, one.Name)
		for _, name := range schema.Required {
			assert.Contains(t, err.Error(), strconv.Quote(name), one.Name)
		}
		_, example, found := strings.Cut(err.Error(), "for example ")
		require.True(t, found, err.Error())
		_, err = one.Call(w.Ctx, w.Deps, json.RawMessage(strings.TrimSuffix(example, ".")))
		if refused, is := errors.AsType[*tool.Failure](err); is {
			assert.NotEqual(t, tool.InvalidArgument, refused.Code, "%s: %s", example, refused.Text)
		}
	}
}

func TestWithoutAKey(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning)
	w.Deps.Client = nil
	for _, one := range All() {
		f := tooltest.Fails(t, w, one.Name, `{}`)
		assert.Equal(t, tool.NoKey, f.Code)
		assert.Contains(t, f.Text, "ASLEEP_API_KEY")
		assert.Contains(t, f.Text, "--demo")
		assert.Equal(t, tool.InvalidArgument, tooltest.Fails(t, w, one.Name, `{"x":1}`).Code)
	}
}
