package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tags are written without a key and without nights, exported, forgotten and imported again.
func TestTagsComeBack(t *testing.T) {
	t.Parallel()
	env, home, people, stop := keptWorld(t)
	env["ASLEEP_MCP_TOOLSETS"] = "sleep,diary"
	require.Equal(t, 0, runWith(t, env, "sync").code)
	stop()
	delete(env, "ASLEEP_API_KEY")
	user := people[0].ID
	rows, err := csv.NewReader(strings.NewReader(runWith(t, env, "export").stdout)).ReadAll()
	require.NoError(t, err)
	newest := rows[len(rows)-1][1]
	tagged := runWith(t, env, "call", "tag_nights", `{"tags":["=late, \"very\""],"nights":["`+newest+`"],"note":"-1 hour"}`)
	require.Equal(t, 0, tagged.code, tagged.stderr)
	file := filepath.Join(home, "tags.csv")
	require.Equal(t, 0, runWith(t, env, "export", "--format", "tags", "-o", file).code)
	was, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "night,tag,note\n"+newest+`,"'=late, ""very""",'-1 hour`+"\n", string(was))

	rows, err = csv.NewReader(strings.NewReader(runWith(t, env, "export", "--from", newest, "--to", newest).stdout)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"tags", `'=late, "very"`}, []string{rows[0][len(rows[0])-1], rows[len(rows)-1][len(rows[0])-1]})
	assert.Contains(t, runWith(t, env, "export", "--format", "jsonl", "--from", newest, "--to", newest).stdout, `"tags":["=late, \"very\""]`)

	require.Equal(t, 0, runWith(t, env, "forget", "--yes", user).code)
	assert.Equal(t, 1, runWith(t, env, "export", "--format", "tags").code)
	dry := runWith(t, env, "import", "--dry-run", file)
	assert.Contains(t, dry.stdout, "1 tag. Nothing was kept")
	back := runWith(t, env, "import", file)
	require.Equal(t, 0, back.code, back.stderr)
	assert.Contains(t, back.stdout, "1 new, 0 known before")
	assert.Equal(t, string(was), runWith(t, env, "export", "--format", "tags").stdout)
	env["ASLEEP_MCP_KEEP_NIGHTS"] = "false"
	assert.Contains(t, runWith(t, env, "call", "tag_nights", `{"tags":["a"],"nights":["`+newest+`"]}`).stderr, "ASLEEP_API_KEY")

	delete(env, "ASLEEP_MCP_KEEP_NIGHTS")
	require.NoError(t, os.WriteFile(file, []byte("night,tag,note\n2026-11-01,a\u202eb,\n"), 0o600))
	broken := runWith(t, env, "import", file)
	assert.Equal(t, 1, broken.code)
	assert.Contains(t, broken.stderr, "line 2")
}
