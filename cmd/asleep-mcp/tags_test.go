package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
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
	unicodeText, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(string(was), ",", "\t"))
	require.NoError(t, err)
	for _, saved := range []string{"\ufeff" + string(was), strings.ReplaceAll(string(was), ",", ";"), unicodeText} {
		require.NoError(t, os.WriteFile(file, []byte(saved), 0o600))
		again := runWith(t, env, "import", "--dry-run", file)
		assert.Contains(t, again.stdout, "1 tag. Nothing was kept", again.stderr)
	}
	env["ASLEEP_MCP_KEEP_NIGHTS"] = "false"
	assert.Contains(t, runWith(t, env, "call", "tag_nights", `{"tags":["a"],"nights":["`+newest+`"]}`).stderr, "ASLEEP_API_KEY")

	delete(env, "ASLEEP_MCP_KEEP_NIGHTS")
	require.NoError(t, os.WriteFile(file, []byte("night,tag,note\n2026-11-01,a\u202eb,\n"), 0o600))
	broken := runWith(t, env, "import", file)
	assert.Equal(t, 1, broken.code)
	assert.Contains(t, broken.stderr, "line 2")
}

// A trial is exported as far as its nights are over, and forgotten.
func TestTrialsAreExported(t *testing.T) {
	t.Parallel()
	env, _, people, stop := keptWorld(t)
	env["ASLEEP_MCP_TOOLSETS"] = "sleep,diary"
	require.Equal(t, 0, runWith(t, env, "sync").code)
	stop()
	delete(env, "ASLEEP_API_KEY")
	started := runWith(t, env, "call", "sleep_trial", `{"action":"start","change":"=earplugs"}`)
	require.Equal(t, 0, started.code, started.stderr)
	early := runWith(t, env, "export", "--format", "trials")
	assert.Equal(t, 1, early.code)
	assert.Contains(t, early.stderr, "no trial has a night in this period")

	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	env["ASLEEP_MCP_NOW"] = now.AddDate(0, 0, 3).Format(time.RFC3339)
	newest := now.AddDate(0, 0, 2).Format(time.DateOnly)
	require.Equal(t, 0, runWith(t, env, "call", "tag_nights", `{"tags":["=earplugs"],"nights":["`+newest+`"]}`).code)
	rows, err := csv.NewReader(strings.NewReader(runWith(t, env, "export", "--format", "trials").stdout)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 4, "the header and three nights of 28")
	assert.Equal(t, trialColumns, rows[0])
	assert.Equal(t, []string{newest, "'=earplugs", "asleep_minutes", "true"}, []string{rows[2][0], rows[2][1], rows[2][2], rows[2][4]})
	assert.Equal(t, "false", rows[1][4])
	rows, err = csv.NewReader(strings.NewReader(runWith(t, env, "export", "--format", "trials", "--from", newest, "--to", newest).stdout)).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, 2)

	require.Equal(t, 0, runWith(t, env, "forget", "--yes", people[0].ID).code)
	assert.Equal(t, 1, runWith(t, env, "export", "--format", "trials", "--user-id", people[0].ID).code)
}
