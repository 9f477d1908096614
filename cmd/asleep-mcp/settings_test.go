package main

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// All mistakes are named at once with their flag and variable, and what may be secret is
// not repeated.
func TestSettingsAreReportedTogether(t *testing.T) {
	t.Parallel()
	env := variablesOf{
		"ASLEEP_API_KEY":        "secret key",
		"ASLEEP_BASE_URL":       "ftp://secret@host",
		"ASLEEP_USER_ID":        "secret/../user",
		"ASLEEP_TIMEZONE":       "Mars/Base",
		"ASLEEP_MCP_DEMO":       "perhaps",
		"ASLEEP_MCP_NOW":        "yesterday",
		"ASLEEP_MCP_BIRTH_YEAR": "1776",
		"ASLEEP_MCP_LOG_FORMAT": "xml",
		"ASLEEP_MCP_LOG_LEVEL":  "loud",
	}
	got := runWith(t, env, "call", "sleep_score")
	assert.Equal(t, 2, got.code)
	for name := range env {
		assert.Contains(t, got.stderr, name)
	}
	for _, flag := range []string{"--base-url", "--user-id", "--timezone", "--demo", "--now", "--birth-year", "--log-format", "--log-level"} {
		assert.Contains(t, got.stderr, flag)
	}
	assert.NotContains(t, got.stderr, "secret")
}

var (
	flagAndVariable = regexp.MustCompile(`--[a-z-]+ \(\w+\)`)
	anyVariable     = regexp.MustCompile(`\bASLEEP_[A-Z_]+[A-Z]`)
)

// otherVariables are those of settings without a flag.
var otherVariables = []string{keyVariable, webhookVariable}

// settingsByFlag are the variables of flags.
func settingsByFlag(t *testing.T) map[string]string {
	t.Helper()
	parser, err := new(commandLine).parser()
	require.NoError(t, err)
	flags := slices.Clone(parser.Model.Flags)
	for _, command := range parser.Model.Children {
		flags = append(flags, command.Flags...)
	}
	known := map[string]string{}
	for _, f := range flags {
		if variable := f.Tag.Get("variable"); variable != "" {
			known["--"+f.Name] = variable
		}
	}
	return known
}

// checkSettingsNamed checks the settings that a text names: no variable is unknown, and the
// flag named with a variable is its own. It returns how many flags were named like that.
func checkSettingsNamed(t *testing.T, where, text string) (pairs int) {
	t.Helper()
	known := settingsByFlag(t)
	for _, pair := range flagAndVariable.FindAllString(text, -1) {
		flag, variable, _ := strings.Cut(strings.TrimSuffix(pair, ")"), " (")
		assert.Equal(t, known[flag], variable, "%s says %s", where, pair)
		pairs++
	}
	variables := slices.AppendSeq(slices.Clone(otherVariables), maps.Values(known))
	for _, name := range anyVariable.FindAllString(text, -1) {
		if !slices.Contains(variables, name) {
			t.Errorf("%s names %s, which is no setting", where, name)
		}
	}
	return pairs
}

// Every setting that a page, the help or a failure names exists. What else the program says
// is checked wherever a test runs it, see runWith.
func TestSettingsAreCalledByTheirNames(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(docsFolder + "*.md")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range append(pages, readme) {
		checkSettingsNamed(t, page, textOf(t, page))
	}
	for _, failure := range tool.Failures() {
		checkSettingsNamed(t, string(failure.Code), failure.Text)
	}
	parser, err := new(commandLine).parser()
	require.NoError(t, err)
	for _, command := range parser.Model.Children {
		runWith(t, nil, command.Name, "--help")
	}
	everyFlag := variablesOf{}
	for _, variable := range settingsByFlag(t) {
		everyFlag[variable] = "?"
	}
	assert.Greater(t, checkSettingsNamed(t, "http", runWith(t, everyFlag, "http").stderr), 15)
}

func TestFlagsWinOverVariables(t *testing.T) {
	t.Parallel()
	env := variablesOf{"ASLEEP_TIMEZONE": "Mars/Base", "ASLEEP_MCP_DEMO": "true"}
	got := runWith(t, env, "call", "weekly_report", "--json", "--timezone", "Asia/Seoul")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Contains(t, got.stdout, `"data_source":"demo"`)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	good := settings{BaseURL: asleep.DefaultBaseURL, LogFormat: "text"}
	cases := map[string]struct {
		change func(*settings)
		ok     bool
	}{
		"nothing set":        {func(*settings) {}, true},
		"zone":               {func(s *settings) { s.Timezone = "America/Argentina/Buenos_Aires" }, true},
		"zone of the system": {func(s *settings) { s.Timezone = "Local" }, false},
		"zone by path":       {func(s *settings) { s.Timezone = "../etc/passwd" }, false},
		"zone of a file":     {func(s *settings) { s.Timezone = "localtime" }, false},
		"zone twisted":       {func(s *settings) { s.Timezone = "Europe/./Paris" }, false},
		"now":                {func(s *settings) { s.Now = "2026-10-26T12:00:00+01:00" }, true},
		"now without zone":   {func(s *settings) { s.Now = "2026-10-26T12:00:00" }, false},
		"born":               {func(s *settings) { s.BirthYear = "1980" }, true},
		"born after now":     {func(s *settings) { s.Now, s.BirthYear = "2001-01-01T00:00:00Z", "2002" }, false},
		"born long ago":      {func(s *settings) { s.BirthYear = "1899" }, false},
		"URL with path":      {func(s *settings) { s.BaseURL = "http://127.0.0.1:1/asleep" }, true},
		"URL in clear":       {func(s *settings) { s.BaseURL = "http://sandbox:8080" }, false},
		"allowed":            {func(s *settings) { s.BaseURL, s.PlainHTTP = "http://sandbox:8080", true }, true},
		"never another":      {func(s *settings) { s.BaseURL, s.PlainHTTP = "ftp://sandbox", true }, false},
		"URL without scheme": {func(s *settings) { s.BaseURL = "api.asleep.ai" }, false},
		"level":              {func(s *settings) { s.LogLevel = "DEBUG" }, true},
		"user":               {func(s *settings) { s.UserID = "G-20250318162239-yAge" }, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := good
			c.change(&s)
			_, err := s.check(variablesOf{}.get)
			if c.ok {
				assert.NoError(t, err)
			} else {
				assert.Error(t, err)
			}
		})
	}
}

// What a bundle sets: made-up nights until there is a key, and never after that. The user
// who is set is one of the real API and unknown to the demo.
func TestDemoWithoutKey(t *testing.T) {
	t.Parallel()
	s := settings{BaseURL: asleep.DefaultBaseURL, LogFormat: "text", UserID: "G-1", DemoWithoutKey: true}
	c, err := s.check(variablesOf{}.get)
	require.NoError(t, err)
	assert.True(t, c.demo)
	assert.Empty(t, c.userID)
	c, err = s.check(variablesOf{"ASLEEP_API_KEY": "key"}.get)
	require.NoError(t, err)
	assert.False(t, c.demo)
	assert.Equal(t, "G-1", c.userID)

	env := variablesOf{"ASLEEP_MCP_DEMO_WITHOUT_KEY": "true"}
	got := runWith(t, env, "call", "sleep_score", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Contains(t, got.stdout, `"data_source":"demo"`)
}
