package clients

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// on returns a machine with another system, on which the given paths exist.
func on(os string, env variables, paths ...string) Machine {
	home := map[string]string{"windows": `C:\Users\me`, "darwin": "/Users/me", "linux": "/home/me"}[os]
	return Machine{
		os: os, home: home, getenv: env.get,
		glob: func(pattern string) (found []string) {
			before, after, _ := strings.Cut(pattern, "*")
			for _, p := range paths {
				rest, begins := strings.CutPrefix(p, before)
				between, ends := strings.CutSuffix(rest, after)
				if begins && ends && !strings.Contains(between, `\`) {
					found = append(found, p)
				}
			}
			return found
		},
	}
}

// Where each client looks, according to its documentation and its users.
func TestFilesOfClients(t *testing.T) {
	t.Parallel()
	const store = `C:\Users\me\AppData\Local\Packages\Claude_pzs8sxrjxfjjc\LocalCache\Roaming\Claude`
	const newer = `C:\Users\me\AppData\Local\Claude-Data\claude_1`
	cases := []struct {
		client string
		m      Machine
		want   string
	}{
		{"claude-desktop", on("darwin", nil), "/Users/me/Library/Application Support/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", nil), "/home/me/.config/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", variables{"XDG_CONFIG_HOME": "/c"}), "/c/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", variables{"XDG_CONFIG_HOME": "relative"}), "/home/me/.config/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("windows", nil), `C:\Users\me\AppData\Roaming\Claude\claude_desktop_config.json`},
		{"claude-desktop", on("windows", variables{"APPDATA": `D:\A`}), `D:\A\Claude\claude_desktop_config.json`},
		{"claude-desktop", on("windows", variables{"APPDATA": `\\server\me\Roaming`}), `\\server\me\Roaming\Claude\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, store), store + `\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, store, newer), newer + `\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, newer, newer+"0", newer+`0\claude_desktop_config.json`), newer + `0\claude_desktop_config.json`},
		{"claude-code", on("darwin", nil), "/Users/me/.claude.json"},
		{"claude-code", on("linux", variables{"CLAUDE_CONFIG_DIR": "/x"}), "/x/.claude.json"},
		{"claude-code", on("windows", nil), `C:\Users\me\.claude.json`},
		{"vscode", on("darwin", nil), "/Users/me/Library/Application Support/Code/User/mcp.json"},
		{"vscode", on("linux", nil), "/home/me/.config/Code/User/mcp.json"},
		{"vscode", on("windows", nil), `C:\Users\me\AppData\Roaming\Code\User\mcp.json`},
		{"cursor", on("linux", nil), "/home/me/.cursor/mcp.json"},
		{"cursor", on("windows", nil), `C:\Users\me\.cursor\mcp.json`},
		{"gemini", on("darwin", nil), "/Users/me/.gemini/settings.json"},
		{"goose", on("darwin", nil), "/Users/me/.config/goose/config.yaml"},
		{"goose", on("linux", variables{"XDG_CONFIG_HOME": "/c"}), "/c/goose/config.yaml"},
		{"goose", on("darwin", variables{"XDG_CONFIG_HOME": "/c"}), "/Users/me/.config/goose/config.yaml"},
		{"goose", on("windows", nil), `C:\Users\me\AppData\Roaming\Block\goose\config\config.yaml`},
		{"codex", on("linux", nil), "/home/me/.codex/config.toml"},
		{"codex", on("darwin", variables{"CODEX_HOME": "/x"}), "/x/config.toml"},
		{"zed", on("darwin", nil), "/Users/me/.config/zed/settings.json"},
		{"zed", on("linux", nil), "/home/me/.config/zed/settings.json"},
		{"zed", on("windows", nil), `C:\Users\me\AppData\Roaming\Zed\settings.json`},
	}
	seen := map[string]bool{}
	for _, c := range cases {
		to, found := Named(c.client)
		require.True(t, found, c.client)
		assert.Equal(t, c.want, to.File(c.m))
		seen[c.client] = true
	}
	assert.Len(t, seen, len(All()), "every client has a case")
}
