package tool_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// A mistake says the same in its fields and in its text, which can be rewritten for
// readers with other names for arguments.
func TestMistakesHaveFields(t *testing.T) {
	t.Parallel()
	type in struct {
		Night string `json:"night,omitempty" jsonschema:"format=date"`
		Name  string `json:"name" jsonschema:"maxLength=20"`
		Email string `json:"email" jsonschema:"maxLength=20"`
	}
	for raw, want := range map[string]tool.Failure{
		`{"night":"%s {example}","name":"a","email":"b"}`: {
			Argument: "night", Received: `"%s {example}"`, Example: json.RawMessage(`{"night":"2026-11-22"}`),
			Text: `<night> must be a date that exists, written YYYY-MM-DD, received "%s {example}". For example /x?{"night":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		},
		`{"night":"soon","name":"a"}`: {
			Argument: "night", Received: `"soon"`, Example: json.RawMessage(`{"name":"Acme Inc.","email":"anna@example.org","night":"2026-11-22"}`),
			Text: `<night> must be a date that exists, written YYYY-MM-DD, received "soon". For example /x?{"name":"Acme Inc.","email":"anna@example.org","night":"2026-11-22"}. Today is 2026-11-23 in UTC.`,
		},
		`{"name":7}`: {
			Argument: "name", Received: "7", Example: json.RawMessage(`{"name":"Acme Inc.","email":"anna@example.org"}`),
			Text: `<name> must be a text of 1 to 20 characters, received 7. For example /x?{"name":"Acme Inc.","email":"anna@example.org"}.`,
		},
		`{"name":7,"email":"b"}`: {
			Argument: "name", Received: "7", Example: json.RawMessage(`{"name":"Acme Inc."}`),
			Text: `<name> must be a text of 1 to 20 characters, received 7. For example /x?{"name":"Acme Inc."}.`,
		},
		`{"email":"b"}`: {
			Argument: "name", Example: json.RawMessage(`{"name":"Acme Inc.","email":"anna@example.org"}`),
			Text: `<name> is missing. Give it, for example /x?{"name":"Acme Inc.","email":"anna@example.org"}.`,
		},
		`{}`: {
			Argument: "name", Example: json.RawMessage(`{"name":"Acme Inc.","email":"anna@example.org"}`),
			Text: `<name> and <email> are missing. Give them, for example /x?{"name":"Acme Inc.","email":"anna@example.org"}.`,
		},
		`{"nam%d":1}`: {
			Argument: "nam%d", Text: `There is no argument <nam%d> here. Did you mean "name"? Known: night, name, email.`,
		},
		`[]`: {
			Received: "a list", Example: json.RawMessage(`{"days":7}`), Text: `The arguments must be one JSON object such as /x?{"days":7}, received a list.`,
		},
	} {
		var into in
		var f *tool.Failure
		require.ErrorAs(t, tool.DecodeInto(json.RawMessage(raw), &into, tooltest.Morning.UTC()), &f)
		assert.Equal(t, want.Argument, f.Argument, raw)
		assert.Equal(t, want.Received, f.Received, raw)
		assert.Equal(t, string(want.Example), string(f.Example), raw)
		assert.Equal(t, want.Text, f.Render(
			func(name string) string { return "<" + name + ">" },
			func(object json.RawMessage) string { return "/x?" + string(object) }), raw)
	}
	assert.Equal(t, "No.", (&tool.Failure{Text: "No."}).Render(nil, nil))
}
