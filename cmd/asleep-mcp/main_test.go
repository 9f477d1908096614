package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stream is an output that may be read while it is written.
type stream struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *stream) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

type variablesOf map[string]string

func (v variablesOf) get(name string) string { return v[name] }

// result is what a run left behind.
type result struct {
	code           int
	stdout, stderr string
}

// runWith runs the program. Whatever it says in any test, it names settings correctly, and
// those it calls wrong are in docs/troubleshooting.md.
func runWith(t *testing.T, env variablesOf, args ...string) result {
	t.Helper()
	var stdout, stderr stream
	code := run(t.Context(), args, env.get, strings.NewReader(""), &stdout, &stderr)
	checkSettingsNamed(t, "standard output", stdout.String())
	checkSettingsNamed(t, "standard error", stderr.String())
	for _, name := range wrongSettings(stderr.String()) {
		if !strings.Contains(textOf(t, troubleshooting), "`"+name+"`") {
			t.Errorf("docs/troubleshooting.md does not know %s", name)
		}
	}
	return result{code, stdout.String(), stderr.String()}
}

// background runs a server until stop, which returns what it left behind.
func background(t *testing.T, args ...string) (stdout, stderr *stream, stop func() result) {
	t.Helper()
	stdout, stderr = &stream{}, &stream{}
	ctx, cancel := context.WithCancel(t.Context())
	codes := make(chan int, 1)
	go func() { codes <- run(ctx, args, variablesOf{}.get, strings.NewReader(""), stdout, stderr) }()
	stop = sync.OnceValue(func() result {
		cancel()
		return result{<-codes, stdout.String(), stderr.String()}
	})
	t.Cleanup(func() { stop() })
	return stdout, stderr, stop
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args   []string
		env    variablesOf
		code   int
		stderr string // "": it must be empty
	}{
		"help":               {args: []string{"--help"}},
		"help of a command":  {args: []string{"call", "--help"}},
		"version":            {args: []string{"version"}},
		"call":               {args: []string{"call", "sleep_score", "--demo"}},
		"flag first":         {args: []string{"--demo", "call", "sleep_score"}},
		"flag by variable":   {args: []string{"call", "sleep_score"}, env: variablesOf{"ASLEEP_MCP_DEMO": "1"}},
		"arguments":          {args: []string{"--demo", "call", "sleep_score", `{"days":14}`, "--json"}},
		"no key":             {args: []string{"call", "sleep_score"}, code: 1, stderr: "ASLEEP_API_KEY"},
		"wrong argument":     {args: []string{"call", "sleep_score", `{"dayz":14}`, "--demo"}, code: 1, stderr: "days"},
		"name and value":     {args: []string{"call", "sleep_score", `days=14`, "--demo"}},
		"no JSON":            {args: []string{"call", "sleep_score", `{days:14}`, "--demo"}, code: 2, stderr: "JSON object"},
		"no object":          {args: []string{"call", "sleep_score", `null`, "--demo"}, code: 2, stderr: "JSON object"},
		"unknown tool":       {args: []string{"call", "sleep_scor", "--demo"}, code: 2, stderr: "did you mean sleep_score?"},
		"tools are listed":   {args: []string{"call", "xyz"}, code: 2, stderr: "list_sessions, get_session, average_stats"},
		"no tool":            {args: []string{"call"}},
		"unknown command":    {args: []string{"serve"}, code: 2, stderr: "--help"},
		"unknown flag":       {args: []string{"--key", "x"}, code: 2, stderr: "--help"},
		"setting":            {args: []string{"stdio", "--timezone", "Mars/Base"}, code: 2, stderr: "ASLEEP_TIMEZONE"},
		"beyond loopback":    {args: []string{"http", "--addr", "0.0.0.0:0"}, code: 2, stderr: "not authenticated"},
		"sandbox on the LAN": {args: []string{"sandbox", "--addr", ":0"}, code: 2, stderr: "not authenticated"},
		"unknown fault":      {args: []string{"sandbox", "--fault", "rain"}, code: 2, stderr: "rate_limited"},
		"no such file":       {args: []string{"sandbox", "--nights", "nowhere.ndjson"}, code: 2, stderr: "--nights"},
		"no such port":       {args: []string{"http", "--addr", "127.0.0.1:99999"}, code: 2, stderr: "99999"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runWith(t, c.env, c.args...)
			assert.Equal(t, c.code, got.code, got.stderr)
			if c.code == 0 {
				assert.Empty(t, got.stderr)
				assert.NotEmpty(t, got.stdout)
				return
			}
			assert.Contains(t, got.stderr, c.stderr)
			assert.NotContains(t, got.stderr, "tool failed", "the log says no more than the tool's text")
			assert.Empty(t, got.stdout)
		})
	}
}

// Help names no flags that a command does not use.
func TestHelpOfACommand(t *testing.T) {
	t.Parallel()
	for command, c := range map[string]struct{ has, lacks []string }{
		"sandbox": {[]string{"--nights", "--now", "--log-level", "rate_limited"}, []string{"--user-id", "--database-url", "--toolsets", "--demo"}},
		"token":   {[]string{"--scope", "--user-id", "--organizations"}, []string{"--now", "--base-url"}},
		"version": {[]string{"--help"}, []string{"--now", "--demo"}},
		"http":    {[]string{"--addr", "--user-id", "--demo"}, []string{"--nights"}},
	} {
		got := runWith(t, nil, command, "--help")
		for _, flag := range c.has {
			assert.Contains(t, got.stdout, flag, command)
		}
		for _, flag := range c.lacks {
			assert.NotContains(t, got.stdout, flag+"=", command)
			assert.NotContains(t, got.stdout, flag+" ", command)
		}
	}
}

// What only this command takes comes first, and a mistake points to the help of its command.
func TestHelpBeginsWithTheCommandsOwnFlags(t *testing.T) {
	t.Parallel()
	got := runWith(t, nil, "call", "--help").stdout
	own, shared, found := strings.Cut(got, settingsGroup.Title)
	require.True(t, found, got)
	assert.Contains(t, own, "--chart")
	assert.NotContains(t, own, "--user-id")
	assert.Contains(t, shared, "--user-id")
	assert.NotContains(t, runWith(t, nil, "version", "--help").stdout, settingsGroup.Title)

	assert.Contains(t, runWith(t, nil, "token", "anna").stderr, "see asleep-mcp token --help")
	assert.Contains(t, runWith(t, nil, "serve").stderr, "see asleep-mcp --help")
}

func TestCallShowsDemoData(t *testing.T) {
	t.Parallel()
	shown := runWith(t, nil, "call", "weekly_report", "--demo")
	require.Equal(t, 0, shown.code, shown.stderr)
	assert.True(t, strings.HasPrefix(shown.stdout, "DEMO DATA"), shown.stdout)
	assert.NotContains(t, shown.stdout, "{")
	assert.NotContains(t, shown.stdout, "_")

	structured := runWith(t, nil, "call", "weekly_report", "--demo", "--json")
	require.Equal(t, 0, structured.code, structured.stderr)
	assert.Equal(t, 1, strings.Count(structured.stdout, "\n"))
	var answer struct {
		Summary    string
		DataSource string `json:"data_source"`
	}
	require.NoError(t, json.Unmarshal([]byte(structured.stdout), &answer))
	assert.Equal(t, "demo", answer.DataSource)
	assert.Contains(t, strings.Join(strings.Fields(shown.stdout), " "), answer.Summary)
}

// With the clock stopped, the demo is the same every day. The client asks for nothing in
// the future, so it must use that clock too.
func TestNowStopsTheClock(t *testing.T) {
	t.Parallel()
	args := []string{"call", "weekly_report", "--demo", "--now", "2031-06-15T12:00:00+02:00", "--json"}
	first := runWith(t, nil, args...)
	assert.Contains(t, first.stdout, `"to":"2031-06-15"`)
	assert.Contains(t, first.stdout, `"as_of":"2031-06-15T12:00:00+02:00"`)
	assert.Equal(t, first, runWith(t, nil, args...))
}

// goneWriter is a pipe that nobody reads any more.
type goneWriter struct{}

func (goneWriter) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// Whoever has read enough, as head does, is told nothing more.
func TestReaderOfHelpLeaves(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"call", "--help"}, {"help", "import"}, {"man"}, {"version"}} {
		var stderr strings.Builder
		run(t.Context(), args, func(string) string { return "" }, strings.NewReader(""), goneWriter{}, &stderr)
		assert.Empty(t, stderr.String(), args)
	}
}
