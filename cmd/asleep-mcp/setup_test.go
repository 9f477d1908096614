package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
)

// newHome returns the environment of a separate machine.
func newHome(t *testing.T) variablesOf {
	t.Helper()
	home := t.TempDir()
	return variablesOf{
		"HOME": home, "USERPROFILE": home,
		"APPDATA": filepath.Join(home, "AppData", "Roaming"), "LOCALAPPDATA": filepath.Join(home, "AppData", "Local"),
	}
}

// fileOf returns where a client's file is in a home.
func fileOf(t *testing.T, name string, env variablesOf) string {
	t.Helper()
	m, err := clients.ThisMachine(env.get)
	require.NoError(t, err)
	c, found := clients.Named(name)
	require.True(t, found)
	return c.File(m)
}

// setUp runs setup without the live check.
func setUp(t *testing.T, env variablesOf, args ...string) result {
	t.Helper()
	return runWith(t, env, append([]string{"setup", "--no-check", "--command", "/opt/asleep-mcp"}, args...)...)
}

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), mode))
	require.NoError(t, os.Chmod(path, mode))
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// Setup reports what became of each client's file. The key is neither in it nor shown.
func TestSetupOfEveryClient(t *testing.T) {
	t.Parallel()
	for _, c := range clients.All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			env["ASLEEP_API_KEY"], env["ASLEEP_USER_ID"], env["ASLEEP_MCP_NOW"] = "secret-key", "G-1", "2026-11-23T12:00:00Z"
			path := fileOf(t, c.Name, env)

			code := 0
			if c.OnlyInFile { // and the key is not
				code = 1
			}
			got := setUp(t, env, c.Name)
			require.Equal(t, code, got.code, got.stderr)
			assert.Contains(t, got.stdout, path)
			assert.Contains(t, got.stdout, "is new")
			assert.Contains(t, got.stdout+got.stderr, c.Note(clients.Launch{Secrets: []string{"ASLEEP_API_KEY"}}))
			assert.Equal(t, c.OnlyInFile, strings.Contains(got.stderr, "this does not work yet"))
			assert.NotEqual(t, c.OnlyInFile, strings.Contains(got.stdout, "Then ask"))
			fresh := textOf(t, path)
			assert.Contains(t, fresh, "G-1")
			assert.NotContains(t, fresh, "ASLEEP_MCP_NOW", "the client's clock goes on")
			assert.NotContains(t, fresh+got.stdout, "secret-key")

			got = setUp(t, env, c.Name)
			require.Equal(t, code, got.code, got.stderr)
			assert.Contains(t, got.stdout, "nothing was changed")
			assert.Equal(t, fresh, textOf(t, path))

			got = setUp(t, env, c.Name, "--user-id", "G-2")
			require.Equal(t, code, got.code, got.stderr)
			assert.Contains(t, got.stdout, path+".before-asleep-mcp")
			assert.Equal(t, fresh, textOf(t, path+".before-asleep-mcp"))
		})
	}
}

// A file that cannot be changed safely is left as it is, and setup shows what to add.
func TestSetupRefuses(t *testing.T) {
	t.Parallel()
	env := newHome(t)
	path := fileOf(t, "cursor", env)
	put(t, path, `{"mcpServers": {"asleep": "x"}}`, 0o600)
	got := setUp(t, env, "cursor")
	assert.Equal(t, 1, got.code)
	assert.Empty(t, got.stdout)
	assert.Contains(t, got.stderr, path+" was not changed: mcpServers.asleep is not an object. Add this to it yourself:")
	assert.Contains(t, got.stderr, "/opt/asleep-mcp", "what to add")
}

// A key is written to a file in plain text only if there is no other way, and only when
// asked for. It is never shown.
func TestSetupWithKey(t *testing.T) {
	t.Parallel()
	for _, c := range clients.All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			env["ASLEEP_API_KEY"] = "secret-key"
			path := fileOf(t, c.Name, env)
			got := setUp(t, env, c.Name, "--with-key")
			assert.NotContains(t, got.stdout+got.stderr, "secret-key")
			if c.Discreet {
				assert.Equal(t, 2, got.code)
				assert.NoFileExists(t, path)
				return
			}
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`)
			if runtime.GOOS != "windows" {
				put(t, path, "{}", 0o644)
				require.Equal(t, 0, setUp(t, env, c.Name, "--with-key").code)
				info, err := os.Stat(path)
				require.NoError(t, err)
				assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), "nobody else reads the key")
			}
			const holds = "The file contains ASLEEP_API_KEY: do not share it."
			assert.Contains(t, got.stdout, holds)
			got = setUp(t, env, c.Name, "--timezone", "Asia/Seoul")
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, got.stdout, holds, "from an earlier run")
			assert.NotContains(t, got.stdout, "--with-key")
			assert.Regexp(t, `contains your key, too: delete .*before-asleep-mcp`, got.stdout)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`, "it is not lost by a run without it")
			assert.Contains(t, textOf(t, path), `Asia/Seoul`)

			got = setUp(t, env, c.Name, "--demo")
			require.Equal(t, 0, got.code, got.stderr)
			assert.NotContains(t, textOf(t, path), "secret-key")
			assert.Regexp(t, `contains your key, too: delete .*before-asleep-mcp`, got.stdout)
			got = setUp(t, env, c.Name, "--demo", "--timezone", "Asia/Tokyo")
			assert.NotContains(t, got.stdout, "your key")

			put(t, path, "[]", 0o600)
			got = setUp(t, env, c.Name, "--with-key")
			assertRefusedAfterWriting(t, got)
			got = setUp(t, env, c.Name, "--with-key", "--print")
			assert.Contains(t, got.stdout, `"ASLEEP_API_KEY": "…"`)
			assert.NotContains(t, got.stdout, "secret-key")
			delete(env, "ASLEEP_API_KEY")
			assert.Equal(t, 2, setUp(t, env, c.Name, "--with-key").code)
		})
	}
}

func assertRefusedAfterWriting(t *testing.T, got result) {
	t.Helper()
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, `"ASLEEP_API_KEY": "…"`)
	assert.NotContains(t, got.stderr, "secret-key")
}

func TestSetupPrints(t *testing.T) {
	t.Parallel()
	for _, c := range clients.All() {
		env := newHome(t)
		got := setUp(t, env, c.Name, "--print", "--demo")
		require.Equal(t, 0, got.code, got.stderr)
		path := fileOf(t, c.Name, env)
		assert.Contains(t, got.stdout, path)
		assert.Contains(t, got.stdout, "/opt/asleep-mcp")
		assert.Contains(t, got.stdout, "ASLEEP_MCP_DEMO")
		assert.NotContains(t, got.stdout, "ASLEEP_API_KEY", "the demo needs none")
		assert.NoFileExists(t, path)
	}
	env := newHome(t)
	env["ASLEEP_API_KEY"] = "secret-key"
	assert.Contains(t, setUp(t, env, "cursor", "--print").stdout, "set ASLEEP_API_KEY where Cursor is started from")
	got := setUp(t, newHome(t), "chatgpt")
	assert.Equal(t, 0, got.code)
	assert.Contains(t, got.stdout, "https://")
}

func TestSetupUsage(t *testing.T) {
	t.Parallel()
	env := newHome(t)
	for want, args := range map[string][]string{
		"did you mean cursor?": {"curser"}, "claude-code": {"emacs"}, "ASLEEP_TIMEZONE": {"cursor", "--timezone", "Mars/Base"},
	} {
		got := setUp(t, env, args...)
		assert.Equal(t, 2, got.code)
		assert.Contains(t, got.stderr, want)
	}
	got := setUp(t, variablesOf{}, "cursor")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "HOME")
}

// A client would no longer find the program there.
func TestSetupKnowsWhereNothingStays(t *testing.T) {
	t.Parallel()
	own, err := os.Executable() // built by go test, or kept by somebody
	require.NoError(t, err)
	got := runWith(t, newHome(t), "setup", "cursor", "--no-check")
	assert.Equal(t, passing(own), got.code == 1, got.stderr)
	assert.Equal(t, passing(own), strings.Contains(got.stderr, "go install"), got.stderr)
	kept := strings.Repeat("0123456789abcdef", 4)
	for path, want := range map[string]bool{
		"/tmp/go-build2824163478/b001/exe/asleep-mcp":                true,
		"/home/anna/.cache/go-build/b0/" + kept + "-d/asleep-mcp":    true,
		"/cache/01/" + kept + "-d/asleep-mcp":                        true,
		"/home/anna/go/bin/asleep-mcp":                               false,
		"/nix/store/" + kept[:32] + "-asleep-mcp-1.0/bin/asleep-mcp": false,
	} {
		assert.Equal(t, want, passing(path), path)
	}
}

// A database's address may hold its password.
func TestSetupNamesTheDatabase(t *testing.T) {
	t.Parallel()
	env := newHome(t)
	env["ASLEEP_MCP_DATABASE_URL"] = "postgres://me:secret@host/db"
	got := setUp(t, env, "codex")
	require.Equal(t, 0, got.code)
	assert.Contains(t, got.stdout, "set ASLEEP_API_KEY and ASLEEP_MCP_DATABASE_URL where Codex")
	text := textOf(t, fileOf(t, "codex", env))
	assert.Contains(t, text, `env_vars = ["ASLEEP_API_KEY", "ASLEEP_MCP_DATABASE_URL"]`)
	assert.NotContains(t, text, "secret")

	// A file cannot name what only a flag gave.
	delete(env, "ASLEEP_MCP_DATABASE_URL")
	for _, c := range clients.All() {
		before, _ := os.ReadFile(fileOf(t, c.Name, env))
		got = setUp(t, env, c.Name, "--database-url", "postgres://me:secret@host/db")
		assert.Equal(t, 2, got.code)
		assert.Contains(t, got.stderr, "set ASLEEP_MCP_DATABASE_URL")
		assert.NotContains(t, got.stdout+got.stderr, "secret")
		after, _ := os.ReadFile(fileOf(t, c.Name, env))
		assert.Equal(t, before, after)
	}
	env["ASLEEP_API_KEY"], env["ASLEEP_MCP_DATABASE_URL"] = "secret-key", "postgres://me:secret@host/db"
	require.Equal(t, 0, setUp(t, env, "zed", "--with-key").code)
	assert.Contains(t, textOf(t, fileOf(t, "zed", env)), "postgres://me:secret@host/db")
}
