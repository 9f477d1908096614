package main

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

var update = flag.Bool("update", false, "write into the pages what the program says of itself")

const (
	docsFolder      = "../../docs/"
	troubleshooting = docsFolder + "troubleshooting.md"
)

// docs/troubleshooting.md has the first words of every text of a failure, and of no others.
func TestDocsKnowEveryMessage(t *testing.T) {
	t.Parallel()
	beginnings := map[string]bool{} // whether any text begins like that
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+?)(?:: …)? \|`).FindAllStringSubmatch(section(t, troubleshooting, "What a tool says"), -1) {
		beginnings[row[1]] = row[1] == "No figures" // about groups, see tools/cohort
	}
	delete(beginnings, "message begins")
	assert.GreaterOrEqual(t, len(tool.Failures()), 20)
	for _, failure := range tool.Failures() {
		found := false
		for beginning := range beginnings {
			if strings.HasPrefix(failure.Text, beginning) {
				found, beginnings[beginning] = true, true
			}
		}
		assert.True(t, found, "%q is not found", failure.Text)
	}
	for beginning, said := range beginnings {
		assert.True(t, said, "nothing begins with %q", beginning)
	}
}

// section returns what a page has under a second-level heading.
func section(t *testing.T, file, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(textOf(t, file), "\n## "+heading+"\n")
	require.True(t, found, heading)
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// freeSettings are those for which no value is wrong.
var freeSettings = []string{"--oidc-audience"}

// Every setting that can be wrong is in docs/troubleshooting.md. The test finds out which
// can: each is given a value that few of them take, together with a certain mistake, so that
// nothing starts.
func TestDocsKnowEverySettingThatCanBeWrong(t *testing.T) {
	t.Parallel()
	tokens := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(tokens, []byte(strings.TrimPrefix(runWith(t, nil, "token", "ci").stdout, "\n")), 0o600))
	wrong := map[string]bool{}
	try := func(env variablesOf) {
		env = maps.Clone(env)
		for _, certain := range []string{"ASLEEP_MCP_LOG_LEVEL", "ASLEEP_MCP_LOG_FORMAT"} {
			if env[certain] == "" {
				env[certain] = "loud"
				break
			}
		}
		got := runWith(t, env, "http")
		require.Equal(t, exitUsage, got.code, got.stderr)
		for _, name := range wrongSettings(got.stderr) {
			wrong[name] = true
		}
	}
	tried := slices.Concat(slices.Collect(maps.Values(settingsByFlag(t))), otherVariables)
	for _, variable := range tried {
		for _, value := range []string{"\x01 ?", "mysql://?", "-1"} {
			try(variablesOf{variable: value})
		}
	}
	try(variablesOf{"ASLEEP_MCP_OIDC_ISSUER": "https://id.example.org"})                                          // no audience
	try(variablesOf{"ASLEEP_MCP_ROLE": "user"})                                                                   // no user
	try(variablesOf{"ASLEEP_MCP_TOKEN_FILE": tokens, "ASLEEP_MCP_ADDR": "0.0.0.0:0"})                             // no public URL
	try(variablesOf{"ASLEEP_MCP_TOKEN_FILE": tokens, "ASLEEP_MCP_ROLE": "user", "ASLEEP_MCP_BIRTH_YEAR": "1980"}) // one person's
	page := section(t, troubleshooting, "When it does not start")
	for name := range wrong {
		assert.Contains(t, page, "`"+name+"`")
	}
	for flag, variable := range settingsByFlag(t) {
		assert.True(t, wrong[flag] && wrong[variable] || slices.Contains(freeSettings, flag), "%s (%s) was never wrong", flag, variable)
	}
	for _, variable := range otherVariables {
		assert.True(t, wrong[variable], "%s was never wrong", variable)
	}
}

// wrongSettings returns the flags and variables that the program calls wrong.
func wrongSettings(stderr string) (names []string) {
	_, mistakes, _ := strings.Cut(stderr, "the settings are wrong:\n")
	for line := range strings.Lines(mistakes) {
		named, _, _ := strings.Cut(line, ": ")
		names = append(names, regexp.MustCompile(`--[a-z-]+|[A-Z_]{6,}`).FindAllString(named, -1)...)
	}
	return names
}
