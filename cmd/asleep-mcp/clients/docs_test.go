package clients

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the clients' files into docs/clients.md")

const docsFolder = "../../../docs/"

// docs/clients.md says where the clients' files are and what is written there.
func TestPageShowsEveryClient(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(textOf(t, docsFolder+"clients.md"), "\r\n", "\n")
	written := replaced(t, text, `<!-- files -->\n(?s:.*?)<!-- /files -->\n`, "<!-- files -->\n"+tableOfFiles()+"<!-- /files -->\n")
	for _, c := range All() {
		mark := "<!-- " + c.Name + " -->\n"
		written = replaced(t, written, mark+"(\n```[a-z]+\n(?s:.*?)\n```\n)?", mark+"\n"+snippetOf(c))
	}
	if *update {
		require.NoError(t, os.WriteFile(docsFolder+"clients.md", []byte(written), 0o644))
		return
	}
	assert.Equal(t, written, text, "go test ./cmd/asleep-mcp/clients -update")
}

// replaced replaces what the pattern matches.
func replaced(t *testing.T, text, pattern, with string) string {
	t.Helper()
	require.Regexp(t, pattern, text)
	return regexp.MustCompile(pattern).ReplaceAllLiteralString(text, with)
}

// tableOfFiles returns a table with a row for each client and a column for each system.
func tableOfFiles() string {
	table := "| client | macOS | Linux | Windows |\n|---|---|---|---|\n"
	for _, c := range All() {
		table += "| " + c.Title
		for _, m := range []Machine{
			{os: "darwin", home: "~"}, {os: "linux", home: "~"}, {os: "windows", home: "%USERPROFILE%"},
		} {
			m.getenv = map[string]variables{"windows": {"APPDATA": "%APPDATA%"}}[m.os].get
			m.glob = func(string) []string { return nil }
			table += " | `" + c.File(m) + "`"
		}
		table += " |\n"
	}
	return table
}

// snippetOf returns what belongs in a client's file, as a block of its language.
func snippetOf(c Client) string {
	language := strings.TrimPrefix(filepath.Ext(c.File(on("linux", nil))), ".")
	return "```" + language + "\n" + c.Snippet(Launch{
		Command: "/usr/local/bin/asleep-mcp", Args: []string{"stdio"},
		Env: map[string]string{"ASLEEP_USER_ID": "G-…"}, Secrets: []string{"ASLEEP_API_KEY"},
	}) + "\n```\n"
}

// requireKnown checks that an error about a file is in the table of refusals; errors of the
// system are not.
func requireKnown(t *testing.T, err error) {
	t.Helper()
	_, ofSystem := errors.AsType[syscall.Errno](err)
	known := slices.ContainsFunc(refusals[:], func(format string) bool {
		pattern := strings.NewReplacer("%s", ".+", "%d", ".+", "%w", ".+").Replace(regexp.QuoteMeta(format))
		return regexp.MustCompile("^" + pattern + "$").MatchString(err.Error())
	})
	require.True(t, known || ofSystem || strings.HasSuffix(err.Error(), "too many links"), "%q is not in the table of refusals", err)
}

// Every reason why a file is left alone is found in docs/troubleshooting.md.
func TestPageKnowsWhyFilesAreLeftAlone(t *testing.T) {
	t.Parallel()
	_, text, found := strings.Cut(textOf(t, docsFolder+"troubleshooting.md"), "## When setup refuses")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n## ")
	assert.GreaterOrEqual(t, len(refusals), 15)
	for _, format := range refusals {
		words, _, _ := strings.Cut(strings.NewReplacer("%s", "…", "%d", "64", ":", ";").Replace(format), ";")
		assert.Contains(t, text, words)
	}
}
