package tools

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

const (
	toolsPage  = "../docs/tools.md"
	tableBegin = "<!-- tools -->\n"
	tableEnd   = "<!-- /tools -->"
)

func TestPageListsTheTools(t *testing.T) {
	text, err := os.ReadFile(toolsPage)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), tableBegin)
	table, after, ends := strings.Cut(rest, tableEnd)
	require.True(t, begins && ends, "docs/tools.md needs the lines %s and %s", strings.TrimSpace(tableBegin), tableEnd)
	want := pageTable(t)
	if *tooltest.Update {
		require.NoError(t, os.WriteFile(toolsPage, []byte(before+tableBegin+want+tableEnd+after), 0o644))
		table = want
	}
	assert.Equal(t, want, table, "the table in docs/tools.md is not that of the tools; go test ./tools -update")
}

// pageTable is the table of tools: name, what it answers, main arguments.
func pageTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| tool | what it answers | main arguments |\n|---|---|---|\n")
	for _, one := range All() {
		b.WriteString("| `" + one.Name + "` | " + firstSentence(one.Description) + " | " + mainArguments(t, one) + " |\n")
	}
	return b.String()
}

// mainArguments returns the arguments that not every tool has, in the order of the schema.
func mainArguments(t *testing.T, one tool.Tool) string {
	t.Helper()
	var names []string
	for _, name := range tooltest.ArgumentNames(t, one) {
		if name != "user_id" && name != "timezone" {
			names = append(names, "`"+name+"`")
		}
	}
	return strings.Join(names, ", ")
}
