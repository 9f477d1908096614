package clients

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSetJSON(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ before, after string }{
		"nothing":          {"", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"},
		"empty":            {"{}", "{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"one line":         {`{"x":1}`, "{\"x\":1,\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"there":            {`{"a":{"b":1.0}}`, `{"a":{"b":1.0}}`},
		"another":          {`{"a":{"b":{"c":2}},"d":3}`, `{"a":{"b":1},"d":3}`},
		"comma":            {"{\n \"x\": 1,\n}", "{\n \"x\": 1,\n \"a\": {\n  \"b\": 1\n }\n}"},
		"comment":          {"{\n\t\"x\": 1 // ,}\n}", "{\n\t\"x\": 1, // ,}\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}"},
		"comments":         {"/* { */ {\n  // \"a\": 1\n}", "/* { */ {\n  // \"a\": 1\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"comma in comment": {"{\n  \"x\": 1 /* , */\n}", "{\n  \"x\": 1, /* , */\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"texts":            {`{"x":"\"//, }","y":"/*"}`, "{\"x\":\"\\\"//, }\",\"y\":\"/*\",\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"lines of Windows": {"{\r\n  \"x\": 1\r\n}\r\n", "{\r\n  \"x\": 1,\r\n  \"a\": {\r\n    \"b\": 1\r\n  }\r\n}\r\n"},
		"escaped":          {`{"\u0061":{"b":2}}`, `{"\u0061":{"b":1}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j, err := readJSON([]byte(c.before))
			require.NoError(t, err)
			require.NoError(t, j.set(1, "a", "b"))
			assert.Equal(t, c.after, string(j.text))
		})
	}
}

// A server can be added to any object, in any layout, and everything else means the same.
func TestSetJSONKeepsTheRest(t *testing.T) {
	t.Parallel()
	value := rapid.Deferred(func() *rapid.Generator[any] { return anyJSON(2) })
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOfN(rapid.StringMatching(`[a-c"/*,\\]{1,3}`), value, 0, 4).Draw(t, "object")
		delete(object, "servers")
		text, err := json.MarshalIndent(object, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		require.NoError(t, err)
		written := commented(t, string(text))
		j, err := readJSON([]byte(written))
		require.NoError(t, err, written)
		require.NoError(t, j.set("ours <&> mine", "servers", "asleep"))
		assert.Contains(t, string(j.text), `"ours <&> mine"`, "as a person would write it")
		var after map[string]any
		require.NoError(t, json.Unmarshal(standard(j.root), &after), string(j.text))
		assert.Equal(t, map[string]any{"asleep": "ours <&> mine"}, after["servers"])
		delete(after, "servers")
		want, err := json.Marshal(object)
		require.NoError(t, err)
		got, err := json.Marshal(after)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got))
		again := string(j.text)
		require.NoError(t, j.set("ours <&> mine", "servers", "asleep"))
		assert.Equal(t, again, string(j.text))
	})
}

func anyJSON(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(rapid.Just(any(nil)), rapid.Just(any(true)), rapid.StringMatching(`[/*,{}"\\ ]{0,4}`).AsAny(), rapid.Float64Range(-9, 9).AsAny())
	if depth == 0 {
		return leaf
	}
	return rapid.OneOf(leaf, rapid.SliceOfN(anyJSON(depth-1), 0, 3).AsAny(), rapid.MapOfN(rapid.StringMatching(`[a-c]`), anyJSON(depth-1), 0, 3).AsAny())
}

// commented puts a comment, or a comma that JSON does not have, before lines
// that close something.
func commented(t *rapid.T, text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		closes := i > 0 && strings.ContainsAny(strings.TrimSpace(line)[:1], "}]")
		if closes && !strings.HasSuffix(strings.TrimSpace(lines[i-1]), "{") && !strings.HasSuffix(strings.TrimSpace(lines[i-1]), "[") {
			lines[i] = rapid.SampledFrom([]string{"", ",", ", // },\n", "// ,\n", "/* , */", "/* } */ ,"}).Draw(t, "before") + line
		}
	}
	return strings.Join(lines, "\n")
}
