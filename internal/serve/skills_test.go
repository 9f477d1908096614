package serve_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestSkillsInBothEras(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int) {
		listed := ask(t, url, "skills/list", "", `"cursor":null`).result(t)
		assert.Equal(t, "complete", listed["resultType"])
		assert.InDelta(t, 300_000, listed["ttlMs"], 0)
		assert.Equal(t, "public", listed["cacheScope"])
		entries, ok := listed["skills"].([]any)
		require.True(t, ok)
		require.Len(t, entries, len(skills.All()))
		for i, s := range skills.All() {
			entry, ok := entries[i].(map[string]any)
			require.True(t, ok)
			var front map[string]any
			require.NoError(t, json.Unmarshal(s.Frontmatter, &front))
			assert.Equal(t, s.URI(), entry["uri"])
			assert.Equal(t, front, entry["frontmatter"])

			got := ask(t, url, "skills/get", "", `"uri":"`+s.URI()+`"`).result(t)
			assert.Equal(t, "complete", got["resultType"])
			assert.Equal(t, entry, got["skill"])
			assert.InDelta(t, 300_000, got["ttlMs"], 0)

			files, ok := entry["resources"].([]any)
			require.True(t, ok)
			require.Len(t, files, len(s.Files))
			for k, f := range s.Files {
				assert.Equal(t, map[string]any{"uri": f.URI, "digest": f.Digest, "size": float64(len(f.Text))}, files[k])
				contents, ok := ask(t, url, "resources/read", f.URI, `"uri":"`+f.URI+`"`).result(t)["contents"].([]any)
				require.True(t, ok)
				assert.Equal(t, []any{map[string]any{"uri": f.URI, "mimeType": "text/markdown", "text": f.Text}}, contents)
			}
		}
		inside := ask(t, url, "resources/directory/read", "", `"uri":"skill://doctor-visit-preparation"`).result(t)["resources"].([]any)
		require.Len(t, inside, 2)
		assert.Equal(t, map[string]any{"uri": "skill://doctor-visit-preparation/references", "name": "references", "mimeType": "inode/directory"}, inside[1])

		for method, params := range map[string]string{
			"skills/get":               `"uri":"skill://nope/SKILL.md"`,
			"resources/directory/read": `"uri":"skill://last-night-explained/SKILL.md"`,
			"skills/list":              `"cursor":"second"`,
		} {
			got := ask(t, url, method, "", params)
			code, text := got.failure(t)
			assert.Equal(t, -32602, code, method)
			assert.Regexp(t, `There is no skill "skill://nope/SKILL.md"|There is no folder "skill|"cursor"`, text)
			assert.Equal(t, refused, got.status)
		}
	})
}

// Requests of skills must be as whole as the others, although mcp-go does not see them.
func TestSkillRequestsAreChecked(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	for what, c := range map[string]struct {
		spoil func(r *http.Request)
		code  int
	}{
		"other version": {func(r *http.Request) { r.Header.Set("Mcp-Protocol-Version", "2025-11-25") }, -32020},
		"no version":    {func(r *http.Request) { r.Header.Del("Mcp-Protocol-Version") }, -32020},
		"other method":  {func(r *http.Request) { r.Header.Set("Mcp-Method", "tools/list") }, -32020},
	} {
		r := modernRequest(t, url, "skills/list", "", "")
		c.spoil(r)
		got := send(t, r)
		code, text := got.failure(t)
		assert.Equal(t, c.code, code, "%s: %s", what, text)
		assert.Equal(t, http.StatusBadRequest, got.status, what)
	}
	meta := func(members string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"skills/list","params":{"_meta":{` + members + `}}}`
	}
	version := `"io.modelcontextprotocol/protocolVersion":`
	for body, want := range map[string]int{
		meta(version + `"2026-07-28"`): -32602,
		meta(version + `"2027-01-01","io.modelcontextprotocol/clientCapabilities":{}`): -32022,
	} {
		r := newRequest(t, http.MethodPost, url+"/mcp", body)
		r.Header.Set("Mcp-Method", "skills/list")
		r.Header.Set("Mcp-Protocol-Version", map[bool]string{true: "2027-01-01", false: "2026-07-28"}[strings.Contains(body, "2027")])
		code, text := send(t, r).failure(t)
		assert.Equal(t, want, code, text)
	}
	for _, params := range []string{`,"params":[]`, ``, `,"params":{"uri":1}`, `,"params":{"uri":"a","URI":"b"}`} {
		code, text := legacy(t, url, `"method":"skills/get"`+params).failure(t)
		assert.Equal(t, -32602, code, params)
		assert.NotContains(t, text, "json")
	}
}

// Without tools a text would send a model to nothing, and without texts there is no extension.
func TestOnlySkillsThatCanBeFollowedAreOffered(t *testing.T) {
	t.Parallel()
	o := everything(access.Operator("own-user"))
	o.Tools = []tool.Tool{stand("get_session"), stand("average_stats")}
	url := newFull(t, o)
	entries := legacy(t, url, `"method":"skills/list"`).result(t)["skills"].([]any)
	require.Len(t, entries, 1)
	assert.Equal(t, "skill://last-night-explained/SKILL.md", entries[0].(map[string]any)["uri"])
	code, _ := legacyGet(t, url, "resources/read", "", `"uri":"skill://weekly-sleep-coaching/SKILL.md"`).failure(t)
	assert.Equal(t, -32002, code)

	o.Tools = []tool.Tool{echo}
	url = newFull(t, o)
	code, _ = legacy(t, url, `"method":"skills/list"`).failure(t)
	assert.Equal(t, -32601, code)
	capabilities := send(t, modernRequest(t, url, "server/discover", "", "")).result(t)["capabilities"]
	assert.NotContains(t, capabilities, "extensions")
}

func TestSkillsOverStdio(t *testing.T) {
	t.Parallel()
	o := everything(access.Operator("own-user"))
	in := `{"jsonrpc":"2.0","id":"a","method":"skills/list"}` + "\n" +
		`{"jsonrpc":"2.0","id":2,"method":"skills/get","params":{"uri":"skill://nope"}}` + "\n" +
		`{"jsonrpc":"2.0","method":"skills/list"}` + "\n"
	var out strings.Builder
	require.NoError(t, newWhole(t, o).Stdio(t.Context(), strings.NewReader(in), &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], `"id":"a"`)
	assert.Contains(t, lines[0], `"skill://fair-sleep-experiment/SKILL.md"`)
	assert.Contains(t, lines[1], `There is no skill \"skill://nope\"`)
}
