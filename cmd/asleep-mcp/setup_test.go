package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newHome is the environment of a machine of one's own.
func newHome(t *testing.T) variablesOf {
	t.Helper()
	home := t.TempDir()
	return variablesOf{
		"HOME": home, "USERPROFILE": home,
		"APPDATA": filepath.Join(home, "AppData", "Roaming"), "LOCALAPPDATA": filepath.Join(home, "AppData", "Local"),
	}
}

// fileOf is where a client's file is in a home.
func fileOf(t *testing.T, name string, env variablesOf) string {
	t.Helper()
	m, err := (&program{getenv: env.get}).machine()
	require.NoError(t, err)
	c, err := setupCommand{Client: name}.client()
	require.NoError(t, err)
	return c.file(m)
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

// clientCases has for each client a file that somebody uses, with something in
// it that must stay, and what must stand there afterwards.
var clientCases = map[string]struct {
	before string
	stays  []string
	adds   []string
}{
	"claude-desktop": {
		before: `{"globalShortcut": "", "mcpServers": {"files": {"command": "npx", "args": ["-y", "files"]}}}`,
		stays:  []string{`"files": {"command": "npx", "args": ["-y", "files"]}`, `"globalShortcut": ""`},
		adds:   []string{`"command": "/opt/asleep-mcp"`},
	},
	"claude-code": {
		before: `{"numStartups": 12345678901234567890, "mcpServers": {}, "projects": {"/x": {"mcpServers": {"asleep": 1}}}}`,
		stays:  []string{`12345678901234567890`, `{"/x": {"mcpServers": {"asleep": 1}}}`},
		adds:   []string{`"type": "stdio"`, `"ASLEEP_API_KEY": "${ASLEEP_API_KEY:-}"`},
	},
	"vscode": {
		before: "{\n\t// mine\n\t\"servers\": {\n\t\t\"a\": {\"command\": \"a\"}, // the first\n\t},\n\t\"inputs\": [\n\t\t{\"id\": \"other\", \"type\": \"promptString\"},\n\t],\n}\n",
		stays:  []string{"\t// mine\n", "{\"command\": \"a\"}, // the first\n", `{"id": "other", "type": "promptString"},`},
		adds:   []string{`"ASLEEP_API_KEY": "${input:asleep-api-key}"`, `"password": true`},
	},
	"cursor": {
		before: "{\r\n    \"mcpServers\": {\r\n        \"a\": {\r\n            \"url\": \"https://x\"\r\n        }\r\n    }\r\n}\r\n",
		stays:  []string{"        \"a\": {\r\n            \"url\": \"https://x\"\r\n        }"},
		adds:   []string{"\r\n        \"asleep\": {\r\n", `"${env:ASLEEP_API_KEY}"`},
	},
	"gemini": {
		before: "{\n  \"theme\": \"GitHub\" /* nice */\n}",
		stays:  []string{`"theme": "GitHub"`, `/* nice */`},
		adds:   []string{`"ASLEEP_API_KEY": "$ASLEEP_API_KEY"`},
	},
	"goose": {
		before: "GOOSE_MODEL: gpt # the cheap one\nextensions:\n  developer:\n    enabled: true\n    type: builtin\n",
		stays:  []string{"GOOSE_MODEL: gpt # the cheap one\n", "  developer:\n    enabled: true\n    type: builtin\n"},
		adds:   []string{"cmd: /opt/asleep-mcp", "env_keys:\n      - ASLEEP_API_KEY"},
	},
	"codex": {
		before: "model = \"o\" # best\n\n[mcp_servers.other]\ncommand = \"x\"\nnote = '''\n[mcp_servers.asleep]\n'''\n",
		stays:  []string{"model = \"o\" # best\n\n[mcp_servers.other]\ncommand = \"x\"\nnote = '''\n[mcp_servers.asleep]\n'''\n"},
		adds:   []string{"\n[mcp_servers.asleep]\ncommand = \"/opt/asleep-mcp\"\n", `env_vars = ["ASLEEP_API_KEY"]`},
	},
	"zed": {
		before: "// Zed settings\n{\n  \"context_servers\": {\n    // none yet\n  },\n  \"vim_mode\": true,\n}\n",
		stays:  []string{"// Zed settings\n", "    // none yet\n", "  \"vim_mode\": true,\n"},
		adds:   []string{`"ASLEEP_USER_ID": "G-1"`},
	},
}

// Whatever a client's file held is there afterwards, and a second run changes
// nothing. The key is never in it.
func TestSetupOfEveryClient(t *testing.T) {
	t.Parallel()
	for _, c := range clients() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want, ok := clientCases[c.name]
			require.True(t, ok, "this client has no case here")
			env := newHome(t)
			env["ASLEEP_API_KEY"], env["ASLEEP_USER_ID"], env["ASLEEP_MCP_NOW"] = "secret-key", "G-1", "2026-11-23T12:00:00Z"
			path := fileOf(t, c.name, env)

			got := setUp(t, env, c.name)
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, got.stdout, path)
			assert.Contains(t, got.stdout, "is new")
			fresh := textOf(t, path)
			assert.NotContains(t, fresh, "ASLEEP_MCP_NOW", "the client's clock goes on")

			put(t, path, want.before, 0o640)
			got = setUp(t, env, c.name)
			require.Equal(t, 0, got.code, got.stderr)
			after := textOf(t, path)
			for _, text := range append(append(want.stays, want.adds...), "G-1") {
				assert.Contains(t, after, text)
			}
			assert.NotContains(t, fresh+after+got.stdout, "secret-key")
			assert.Equal(t, want.before, textOf(t, path+".before-asleep-mcp"))
			info, err := os.Stat(path)
			require.NoError(t, err)
			if runtime.GOOS != "windows" {
				assert.Equal(t, fs.FileMode(0o640), info.Mode().Perm())
			}

			got = setUp(t, env, c.name)
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, got.stdout, "nothing was changed")
			assert.Equal(t, after, textOf(t, path))
			left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*asleep-mcp*"))
			require.NoError(t, err)
			assert.Len(t, left, 1, "one copy and nothing unfinished: %v", left)
		})
	}
}

// A server of that name that is there already is brought up to date, and what
// somebody said about it besides stays.
func TestSetupBringsAServerUpToDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, stays, gone string }{
		"cursor": {`{"mcpServers":{"asleep":{"command":"/old","args":["stdio","--demo"],"env":{"ASLEEP_API_KEY":"old-key"},"disabled":false}}}`, `"disabled":false`, "old"},
		"codex":  {"[mcp_servers.asleep]\ncommand = \"/old\"\nenabled = true\nargs = [ # old\n  \"stdio\", \"]\",\n]\n\n[mcp_servers.asleep.env]\nASLEEP_API_KEY = \"old\"\n\n[tools]\nweb = true\n", "enabled = true", "old"},
		"goose":  {"extensions:\n  asleep:\n    cmd: /old\n    envs: {ASLEEP_API_KEY: old}\n    bundled: false\n", "bundled: false", "old"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			path := fileOf(t, name, env)
			put(t, path, c.before, 0o600)
			got := setUp(t, env, name)
			require.Equal(t, 0, got.code, got.stderr)
			after := textOf(t, path)
			assert.Contains(t, after, c.stays)
			assert.Contains(t, after, "/opt/asleep-mcp")
			assert.NotContains(t, after, c.gone)
			require.Equal(t, 0, setUp(t, env, name).code)
			assert.Equal(t, after, textOf(t, path))
		})
	}
}

// Variables that are none of this program's, such as a proxy's, are somebody's
// own and stay.
func TestSetupKeepsOtherVariables(t *testing.T) {
	t.Parallel()
	const json = `{"mcpServers":{"asleep":{"command":"/old","env":{"ASLEEP_TIMEZONE":"Asia/Seoul","HTTPS_PROXY":"http://p:3128"}}}}`
	for name, c := range map[string]struct{ before, want string }{
		"claude-desktop": {json, `"HTTPS_PROXY": "http://p:3128"`},
		"cursor":         {json, `"HTTPS_PROXY": "http://p:3128"`},
		"codex": {
			"[mcp_servers.asleep]\nenv_vars = [\"ASLEEP_TIMEZONE\", \"PROXY_KEY\", {name = \"X\", source = \"remote\"}]\n[mcp_servers.asleep.env]\nHTTPS_PROXY = 'http://p:3128'\n\"a b\" = \"c\"\n",
			"env = { HTTPS_PROXY = \"http://p:3128\", \"a b\" = \"c\" }\nenv_vars = [\"ASLEEP_API_KEY\", \"PROXY_KEY\", { name = \"X\", source = \"remote\" }]\n",
		},
		"goose": {
			"extensions:\n  asleep:\n    envs: {ASLEEP_TIMEZONE: Asia/Seoul, HTTPS_PROXY: http://p:3128}\n    env_keys: [PROXY_KEY]\n",
			"    envs:\n      HTTPS_PROXY: http://p:3128\n    env_keys:\n      - ASLEEP_API_KEY\n      - PROXY_KEY\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			path := fileOf(t, name, env)
			put(t, path, c.before, 0o600)
			got := setUp(t, env, name)
			require.Equal(t, 0, got.code, got.stderr)
			after := textOf(t, path)
			assert.Contains(t, after, c.want)
			assert.NotContains(t, after, "ASLEEP_TIMEZONE", "it was not asked for this time")
			require.Equal(t, 0, setUp(t, env, name).code)
			assert.Equal(t, after, textOf(t, path))
		})
	}
}

// hostileJSON are texts of files whose servers stand under KEY.
var hostileJSON = map[string]string{
	"not JSON": "KEY: {}", "cut": `{"KEY": {`, "a list": "[]", "a text": `"x"`, "two": "{} {}", "open comment": "{ /* }",
	"no object": `{"KEY": null}`, "a list of servers": `{"KEY": []}`, "a server that is none": `{"KEY": {"asleep": "x"}}`,
	"remote": `{"KEY": {"asleep": {"url": "https://x"}}}`, "twice": `{"KEY": {}, "KEY": {}}`, "UTF-16": "\xff\xfe{\x00}\x00",
}

// hostile are files of clients that setup must not change.
var hostile = map[string]map[string]string{
	"claude-desktop": hostileJSON, "claude-code": hostileJSON, "vscode": hostileJSON, "cursor": hostileJSON, "gemini": hostileJSON, "zed": hostileJSON,
	"goose": {
		"not YAML": "a: [", "a list": "- a\n", "no mapping": "extensions: []\n", "a link": "x: &x {}\nextensions: *x\n", "two": "a: 1\n---\nb: 2\n",
		"twice": "a: 1\na: 2\n", "a text": "hello",
	},
	"codex": {
		"not TOML": "{}", "open text": "a = \"x\n", "open texts": "a = '''x\n", "open list": "a = [1,\n", "no value": "a =\n", "words": "a = b c\n",
		"inline": "mcp_servers = { x = { command = \"x\" } }\n", "dotted": "mcp_servers.asleep.command = \"x\"\n", "list": "[[mcp_servers.asleep]]\n",
		"twice": "[mcp_servers.asleep]\n[mcp_servers.asleep]\n", "in the table": "[mcp_servers]\nasleep = { command = \"x\" }\n",
	},
}

// What cannot be written safely is left as it is, and what to add is shown.
func TestSetupLeavesAloneWhatItCannotRead(t *testing.T) {
	t.Parallel()
	key := map[string]string{"vscode": "servers", "zed": "context_servers"}
	for name, files := range hostile {
		for problem, text := range files {
			t.Run(name+" "+problem, func(t *testing.T) {
				t.Parallel()
				text := strings.ReplaceAll(text, "KEY", cmp.Or(key[name], "mcpServers"))
				env := newHome(t)
				path := fileOf(t, name, env)
				put(t, path, text, 0o600)
				assertRefused(t, setUp(t, env, name), path)
				assert.Equal(t, text, textOf(t, path))
			})
		}
	}
}

// Files that are something else are refused before anything is read.
func TestSetupRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	const name = "cursor"
	for problem, make := range map[string]func(t *testing.T, path string){
		"is a folder":          func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o700)) },
		"is read-only":         func(t *testing.T, path string) { put(t, path, "{}", 0o400) },
		"is a link that leads": func(t *testing.T, path string) { require.NoError(t, os.Symlink(path+"2", path)) },
		"links":                func(t *testing.T, path string) { require.NoError(t, os.Symlink(path, path)) },
		"is larger than 64 MiB": func(t *testing.T, path string) {
			put(t, path, "", 0o600)
			require.NoError(t, os.Truncate(path, 65<<20))
		},
	} {
		t.Run(problem, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			path := fileOf(t, name, env)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			make(t, path)
			got := setUp(t, env, name)
			assertRefused(t, got, path)
			assert.Contains(t, got.stderr, problem)
		})
	}
}

// The files of many people are links into a folder they keep elsewhere.
func TestSetupKeepsLinks(t *testing.T) {
	t.Parallel()
	env := newHome(t)
	path := fileOf(t, "gemini", env)
	kept := filepath.Join(env["HOME"], "dotfiles", "gemini.json")
	put(t, kept, "{}", 0o600)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.Symlink(kept, path))
	require.Equal(t, 0, setUp(t, env, "gemini").code)
	assert.Contains(t, textOf(t, kept), "/opt/asleep-mcp")
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&fs.ModeSymlink)
}

// Every backup stays, and a file that changed between reading and writing too.
func TestSetupKeepsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mcp.json")
	for _, text := range []string{"one", "two", "three"} {
		put(t, path, text, 0o600)
		f, err := readConfigFile(path)
		require.NoError(t, err)
		_, err = f.replace([]byte("ours"))
		require.NoError(t, err)
	}
	assert.Equal(t, "one", textOf(t, path+".before-asleep-mcp"))
	assert.Equal(t, "two", textOf(t, path+".before-asleep-mcp.2"))
	assert.Equal(t, "three", textOf(t, path+".before-asleep-mcp.3"))

	f, err := readConfigFile(path)
	require.NoError(t, err)
	put(t, path, "theirs", 0o600)
	_, err = f.replace([]byte("ours"))
	require.ErrorContains(t, err, "somebody else")
	assert.Equal(t, "theirs", textOf(t, path))
}

// A key gets into a file in the clear only where there is no other way, and only
// when asked for. It is never shown.
func TestSetupWithKey(t *testing.T) {
	t.Parallel()
	for _, c := range clients() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env := newHome(t)
			env["ASLEEP_API_KEY"] = "secret-key"
			path := fileOf(t, c.name, env)
			got := setUp(t, env, c.name, "--with-key")
			assert.NotContains(t, got.stdout+got.stderr, "secret-key")
			if c.discreet {
				assert.Equal(t, 2, got.code)
				assert.NoFileExists(t, path)
				return
			}
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`)
			if runtime.GOOS != "windows" {
				put(t, path, "{}", 0o644)
				require.Equal(t, 0, setUp(t, env, c.name, "--with-key").code)
				info, err := os.Stat(path)
				require.NoError(t, err)
				assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), "nobody else reads the key")
			}
			require.Equal(t, 0, setUp(t, env, c.name, "--timezone", "Asia/Seoul").code)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`, "it is not lost by a run without it")
			assert.Contains(t, textOf(t, path), `Asia/Seoul`)

			put(t, path, "[]", 0o600)
			got = setUp(t, env, c.name, "--with-key")
			assertRefusedAfterWriting(t, got)
			got = setUp(t, env, c.name, "--with-key", "--print")
			assert.Contains(t, got.stdout, `"ASLEEP_API_KEY": "…"`)
			assert.NotContains(t, got.stdout, "secret-key")
			delete(env, "ASLEEP_API_KEY")
			assert.Equal(t, 2, setUp(t, env, c.name, "--with-key").code)
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
	for _, c := range clients() {
		env := newHome(t)
		got := setUp(t, env, c.name, "--print", "--demo")
		require.Equal(t, 0, got.code, got.stderr)
		path := fileOf(t, c.name, env)
		assert.Contains(t, got.stdout, path)
		assert.Contains(t, got.stdout, "/opt/asleep-mcp")
		assert.Contains(t, got.stdout, "ASLEEP_MCP_DEMO")
		assert.NotContains(t, got.stdout, "ASLEEP_API_KEY", "the demo needs none")
		assert.NoFileExists(t, path)
	}
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
	// A test runs from a folder that does not last, as go run does.
	got = runWith(t, env, "setup", "cursor", "--no-check")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "go install")
}

// A database's address may hold its password.
func TestSetupNamesTheDatabase(t *testing.T) {
	t.Parallel()
	env := newHome(t)
	env["ASLEEP_MCP_DATABASE_URL"] = "postgres://me:secret@host/db"
	require.Equal(t, 0, setUp(t, env, "codex").code)
	text := textOf(t, fileOf(t, "codex", env))
	assert.Contains(t, text, `env_vars = ["ASLEEP_API_KEY", "ASLEEP_MCP_DATABASE_URL"]`)
	assert.NotContains(t, text, "secret")
}

func assertRefused(t *testing.T, got result, path string) {
	t.Helper()
	assert.Equal(t, 1, got.code, got.stdout)
	assert.Empty(t, got.stdout)
	assert.Contains(t, got.stderr, path+" is left as it is")
	assert.Contains(t, got.stderr, "/opt/asleep-mcp", "what to add")
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*asleep-mcp*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
