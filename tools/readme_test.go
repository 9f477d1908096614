package tools

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	readme     = "../README.md"
	tableBegin = "<!-- tools -->\n"
	tableEnd   = "<!-- /tools -->"
)

func TestReadmeListsTheTools(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), tableBegin)
	table, after, ends := strings.Cut(rest, tableEnd)
	require.True(t, begins && ends, "the README needs the lines %s and %s", strings.TrimSpace(tableBegin), tableEnd)
	want := readmeTable(t)
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(before+tableBegin+want+tableEnd+after), 0o644))
		table = want
	}
	assert.Equal(t, want, table, "the README's table is not that of the tools; go test ./tools -update")
}

// readmeTable is the table of tools: name, what it answers, main arguments.
func readmeTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| tool | what it answers | main arguments |\n|---|---|---|\n")
	for _, tool := range All() {
		b.WriteString("| `" + tool.Name + "` | " + firstSentence(tool.Description) + " | " + mainArguments(t, tool) + " |\n")
	}
	return b.String()
}

// mainArguments are those that not every tool has, in the order of the schema.
func mainArguments(t *testing.T, tool Tool) string {
	t.Helper()
	var names []string
	for _, name := range argumentNames(t, tool) {
		if name != "user_id" && name != "timezone" {
			names = append(names, "`"+name+"`")
		}
	}
	return strings.Join(names, ", ")
}

// argumentNames are the tool's arguments in the order of its schema.
func argumentNames(t testing.TB, tool Tool) []string {
	t.Helper()
	var root struct {
		Properties json.RawMessage `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(tool.Input, &root))
	members, err := splitArguments(root.Properties)
	require.NoError(t, err)
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	return names
}
