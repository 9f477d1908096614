package clients

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
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// launch is one with a setting and a secret.
var launch = Launch{
	Command: "/opt/asleep-mcp", Args: []string{"stdio"},
	Env: map[string]string{"ASLEEP_USER_ID": "G-1"}, Secrets: []string{"ASLEEP_API_KEY"},
}

type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// clientOf returns a client on a separate machine, and the path of its file there.
func clientOf(t *testing.T, name string) (c Client, path string) {
	t.Helper()
	home := t.TempDir()
	m, err := ThisMachine(variables{
		"HOME": home, "USERPROFILE": home,
		"APPDATA": filepath.Join(home, "AppData", "Roaming"), "LOCALAPPDATA": filepath.Join(home, "AppData", "Local"),
	}.get)
	require.NoError(t, err)
	c, found := Named(name)
	require.True(t, found)
	return c, c.File(m)
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

func assertMode(t *testing.T, want fs.FileMode, path string) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, want, info.Mode().Perm())
	}
}

// filesOfOurs returns the copies and unfinished files beside a client's file.
func filesOfOurs(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*asleep-mcp*"))
	require.NoError(t, err)
	return found
}

// requireRefused returns why a file is not written.
func requireRefused(t *testing.T, c Client, path string) string {
	t.Helper()
	outcome, err := c.Write(path, launch)
	require.Error(t, err)
	assert.Equal(t, Outcome{}, outcome)
	assert.NotContains(t, err.Error(), "\n", "it is said once")
	requireKnown(t, err)
	assert.Empty(t, filesOfOurs(t, path))
	return err.Error()
}

// clientCases has for each client a file in use, with something in it that must stay, and
// what it must contain afterwards.
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

// Everything that a client's file held is there afterwards, and a second run changes nothing.
func TestWriteKeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			want, ok := clientCases[c.Name]
			require.True(t, ok, "this client has no case here")
			c, path := clientOf(t, c.Name)
			var held []string
			if !c.Discreet {
				held = []string{"ASLEEP_USER_ID"}
			}

			outcome, err := c.Write(path, launch)
			require.NoError(t, err)
			assert.Equal(t, Outcome{Changed: true, Held: held}, outcome)
			assertMode(t, 0o600, path)
			if c.Discreet {
				assert.Equal(t, c.Snippet(launch), strings.TrimSpace(textOf(t, path)))
			}

			put(t, path, want.before, 0o640)
			outcome, err = c.Write(path, launch)
			require.NoError(t, err)
			assert.Equal(t, Outcome{Changed: true, Copy: path + ".before-asleep-mcp", Held: held}, outcome)
			after := textOf(t, path)
			for _, text := range append(append(want.stays, want.adds...), "G-1") {
				assert.Contains(t, after, text)
			}
			assert.Equal(t, want.before, textOf(t, outcome.Copy))
			assertMode(t, 0o640, path)

			outcome, err = c.Write(path, launch)
			require.NoError(t, err)
			assert.Equal(t, Outcome{Held: held}, outcome)
			assert.Equal(t, after, textOf(t, path))
			assert.Len(t, filesOfOurs(t, path), 1, "one copy and nothing unfinished")
		})
	}
}

// A secret is written to a file only if there is no other place for it, and only when asked
// for. It is never shown.
func TestSecretsAreNamedAndNotHeld(t *testing.T) {
	t.Parallel()
	told := launch.WithSecrets(variables{"ASLEEP_API_KEY": "secret-key"}.get)
	for _, c := range All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c, path := clientOf(t, c.Name)
			assert.False(t, c.HoldsSecrets(launch))
			assert.Equal(t, !c.Discreet, c.HoldsSecrets(told))
			assert.False(t, c.HoldsSecrets(Launch{}.WithSecrets(told.value)), "there are none")
			assert.Equal(t, c.Snippet(launch), c.Snippet(told))
			assert.NotContains(t, c.Snippet(told), "secret-key")

			put(t, path, "", 0o644)
			outcome, err := c.Write(path, told)
			require.NoError(t, err)
			if c.Discreet {
				assert.NotContains(t, textOf(t, path), "secret-key")
				assert.Empty(t, outcome.Held)
				return
			}
			assert.Equal(t, []string{"ASLEEP_API_KEY", "ASLEEP_USER_ID"}, outcome.Held)
			assert.Empty(t, outcome.CopyHeld)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`)
			assertMode(t, 0o600, path) // nobody else reads the key
			outcome, err = c.Write(path, Launch{Command: "/new", Secrets: launch.Secrets})
			require.NoError(t, err)
			assert.Equal(t, []string{"ASLEEP_API_KEY"}, outcome.Held)
			assert.Equal(t, []string{"ASLEEP_API_KEY", "ASLEEP_USER_ID"}, outcome.CopyHeld)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "secret-key"`, "it is not lost by a launch that only names it")
			assert.NotContains(t, textOf(t, path), "G-1")
			_, err = c.Write(path, launch.WithSecrets(variables{"ASLEEP_API_KEY": "newer-key"}.get))
			require.NoError(t, err)
			assert.Contains(t, textOf(t, path), `"ASLEEP_API_KEY": "newer-key"`)
		})
	}
}

func TestEverySecretIsNamed(t *testing.T) {
	t.Parallel()
	two := Launch{Command: launch.Command, Secrets: []string{"ASLEEP_API_KEY", "ASLEEP_DATABASE_URL"}}
	for _, c := range All() {
		text := c.Snippet(two)
		assert.Contains(t, text, two.Secrets[1], c.Name)
		assert.Equal(t, strings.Count(text, two.Secrets[0]), strings.Count(text, two.Secrets[1]), "%s speaks of one as of the other", c.Name)
	}
}

// An existing server of that name is updated and switched on, and its other settings stay.
func TestWriteBringsAServerUpToDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, stays, gone string }{
		"cursor": {`{"mcpServers":{"asleep":{"command":"/old","args":["stdio","--old"],"env":{"ASLEEP_API_KEY":"old-key"},"disabled":false}}}`, `"disabled":false`, "old"},
		"codex":  {"[mcp_servers.asleep]\ncommand = \"/old\"\nenabled = true\nargs = [ # old\n  \"stdio\", \"]\",\n]\n\n[mcp_servers.asleep.env]\nASLEEP_API_KEY = \"old\"\n\n[tools]\nweb = true\n", "enabled = true", "old"},
		"goose":  {"extensions:\n  asleep:\n    cmd: /old\n    args: [--old]\n    envs: {ASLEEP_API_KEY: old}\n    timeout: 300\n    bundled: false\n", "    timeout: 300\n    bundled: false\n", "old"},

		"codex, switched off": {"[mcp_servers.asleep]\ncommand = \"/old\"\nenabled = false\ntool_timeout_sec = 7\n", "tool_timeout_sec = 7", "false"},
		"zed, switched off":   {`{"context_servers":{"asleep":{"enabled":false,"command":"/old","args":[]}}}`, `"enabled":true`, "false"},
		"goose, switched off": {"extensions:\n  asleep:\n    enabled: false\n    cmd: /old\n", "enabled: true", "false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _, _ := strings.Cut(name, ",")
			to, path := clientOf(t, client)
			put(t, path, c.before, 0o600)
			_, err := to.Write(path, launch)
			require.NoError(t, err)
			after := textOf(t, path)
			assert.Contains(t, after, c.stays)
			assert.Contains(t, after, "/opt/asleep-mcp")
			assert.NotContains(t, after, c.gone)
			again, err := to.Write(path, launch)
			require.NoError(t, err)
			assert.False(t, again.Changed)
			assert.Equal(t, after, textOf(t, path))
		})
	}
}

// Variables that are not this program's, such as a proxy's, stay.
func TestWriteKeepsOtherVariables(t *testing.T) {
	t.Parallel()
	noSettings := Launch{Command: launch.Command, Args: launch.Args, Secrets: launch.Secrets}
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
			to, path := clientOf(t, name)
			put(t, path, c.before, 0o600)
			_, err := to.Write(path, noSettings)
			require.NoError(t, err)
			after := textOf(t, path)
			assert.Contains(t, after, c.want)
			assert.NotContains(t, after, "ASLEEP_TIMEZONE", "it was not asked for this time")
			again, err := to.Write(path, noSettings)
			require.NoError(t, err)
			assert.Equal(t, Outcome{}, again)
			assert.Equal(t, after, textOf(t, path))
		})
	}
}

// hostileJSON are texts of files that have their servers under KEY.
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

// A file that cannot be changed safely is left as it is.
func TestWriteLeavesAloneWhatItCannotRead(t *testing.T) {
	t.Parallel()
	key := map[string]string{"vscode": "servers", "zed": "context_servers"}
	for name, files := range hostile {
		for problem, text := range files {
			t.Run(name+" "+problem, func(t *testing.T) {
				t.Parallel()
				text := strings.ReplaceAll(text, "KEY", cmp.Or(key[name], "mcpServers"))
				to, path := clientOf(t, name)
				put(t, path, text, 0o600)
				requireRefused(t, to, path)
				assert.Equal(t, text, textOf(t, path))
			})
		}
	}
}

// A mistake is reported with its line, and without what is in it.
func TestMistakesAreToldByTheirLine(t *testing.T) {
	t.Parallel()
	_, err := readJSON([]byte("{\n  // fine\n  \"key\": secret\n}"))
	require.EqualError(t, err, "it is not JSON: see line 3")
	_, err = readJSON([]byte("{\n  \"secret\": 1,\n  \"secret\": 2\n}"))
	require.EqualError(t, err, "it is not JSON: see line 3")
	_, err = readJSON([]byte("[]"))
	require.EqualError(t, err, "it does not hold an object in braces")
	requireKnown(t, err)
	_, err = setTOML([]byte("a = 1\nkey = \"secret\n"), []string{"t"}, nil)
	require.EqualError(t, err, "it is not TOML: see line 2")
	_, err = setYAML([]byte("a: 1\nkey: {secret: [\n"), struct{}{}, "t")
	require.ErrorContains(t, err, "it is not YAML: see line")
	assert.NotContains(t, err.Error(), "secret")
}

// A byte order mark is not written again, and it is said.
func TestByteOrderMarks(t *testing.T) {
	t.Parallel()
	for _, c := range All() {
		path := filepath.Join(t.TempDir(), "file")
		l := Launch{Command: "/bin/asleep-mcp"}
		_, err := c.Write(path, l)
		require.NoError(t, err, c.Name)
		plain, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append([]byte("\xef\xbb\xbf"), plain...), 0o600))
		outcome, err := c.Write(path, l)
		require.NoError(t, err, c.Name)
		assert.True(t, outcome.Changed && outcome.Unmarked, c.Name)
		written, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(plain), string(written), c.Name)
		again, err := c.Write(path, l)
		require.NoError(t, err)
		assert.False(t, again.Changed || again.Unmarked, c.Name)
		for _, e := range []encoding.Encoding{
			unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
		} {
			wide, err := e.NewEncoder().Bytes(plain)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, wide, 0o600))
			_, err = c.Write(path, l)
			require.ErrorContains(t, err, "save it as UTF-8", c.Name)
			left, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, wide, left, c.Name)
		}
	}
}
