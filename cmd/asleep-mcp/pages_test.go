package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const readme = "../../README.md"

// between checks, or with -update writes, what a page has between two marks.
func between(t *testing.T, page, mark, want string) {
	t.Helper()
	text := strings.ReplaceAll(textOf(t, page), "\r\n", "\n")
	before, rest, begins := strings.Cut(text, "<!-- "+mark+" -->\n")
	got, after, ends := strings.Cut(rest, "<!-- /"+mark+" -->\n")
	require.True(t, begins && ends, "%s needs the marks of %s", page, mark)
	if *update {
		got = want
		require.NoError(t, os.WriteFile(page, []byte(before+"<!-- "+mark+" -->\n"+want+"<!-- /"+mark+" -->\n"+after), 0o644))
	}
	assert.Equal(t, want, got, "%s: go test ./cmd/asleep-mcp -update", page)
}

// settingsTable returns a table with a row for each flag that has a variable.
func settingsTable(flags []*kong.Flag) string {
	table := "| variable | flag | meaning |\n|---|---|---|\n"
	for _, f := range flags {
		if variable := f.Tag.Get("variable"); variable != "" {
			help := strings.NewReplacer("|", `\|`, "\n", " ").Replace(f.Help)
			table += "| `" + variable + "` | `--" + f.Name + "` | " + help + " |\n"
		}
	}
	return table
}

// docs/settings.md is what --help says, in one place.
func TestPageListsTheSettings(t *testing.T) { //nolint:paralleltest // it may write the page
	parser, err := new(commandLine).parser()
	require.NoError(t, err)
	http := slices.IndexFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == "http" })
	require.NotEqual(t, -1, http)
	between(t, docsFolder+"settings.md", "settings", settingsTable(parser.Model.Flags))
	between(t, docsFolder+"settings.md", "http", settingsTable(parser.Model.Children[http].Flags))

	page := textOf(t, docsFolder+"settings.md")
	for _, key := range []string{keyVariable, webhookVariable} {
		assert.Contains(t, page, "`"+key+"`", "keys have no flag")
	}
}

// The README is one screen, and shows how the first command's report begins.
func TestReadmeIsOneScreen(t *testing.T) { //nolint:paralleltest // it may write the README
	got := runWith(t, nil, "call", "weekly_report", "--demo", "--now", "2026-11-23T12:00:00+01:00")
	require.Equal(t, 0, got.code, got.stderr)
	between(t, readme, "report", "```text\n"+opening(got.stdout)+"```\n")

	lines := strings.Split(textOf(t, readme), "\n")
	assert.LessOrEqual(t, len(lines), 68)
	for _, line := range lines {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 160, line)
	}
	for _, link := range regexp.MustCompile(`\]\(([^):#]+)[^):]*\)`).FindAllStringSubmatch(textOf(t, readme), -1) {
		assert.FileExists(t, "../../"+link[1])
	}
}

// opening returns the beginning of a report, and its last nights.
func opening(report string) string {
	head, _, _ := strings.Cut(report, "session count ")
	_, nights, _ := strings.Cut(report, "\ndays\n")
	return head + "…\ndays\n" + strings.Join(strings.SplitAfterN(nights, "\n", 5)[:4], "") + "…\n"
}
