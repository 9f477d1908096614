package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// on is a machine of another system, with the paths given on it.
func on(os string, env variablesOf, paths ...string) machine {
	home := map[string]string{"windows": `C:\Users\me`, "darwin": "/Users/me", "linux": "/home/me"}[os]
	return machine{
		os: os, home: home, getenv: env.get,
		exists: func(path string) bool { return slices.Contains(paths, path) },
		glob: func(pattern string) (found []string) {
			before, after, _ := strings.Cut(pattern, "*")
			for _, p := range paths {
				if strings.HasPrefix(p, before) && strings.HasSuffix(p, after) && !strings.HasSuffix(p, ".json") {
					found = append(found, p)
				}
			}
			return found
		},
	}
}

// Where each client looks, by its documents and what its users found out.
func TestFilesOfClients(t *testing.T) {
	t.Parallel()
	const store = `C:\Users\me\AppData\Local\Packages\Claude_pzs8sxrjxfjjc\LocalCache\Roaming\Claude`
	const newer = `C:\Users\me\AppData\Local\Claude-Data\claude_1`
	cases := []struct {
		client string
		m      machine
		want   string
	}{
		{"claude-desktop", on("darwin", nil), "/Users/me/Library/Application Support/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", nil), "/home/me/.config/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", variablesOf{"XDG_CONFIG_HOME": "/c"}), "/c/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("linux", variablesOf{"XDG_CONFIG_HOME": "relative"}), "/home/me/.config/Claude/claude_desktop_config.json"},
		{"claude-desktop", on("windows", nil), `C:\Users\me\AppData\Roaming\Claude\claude_desktop_config.json`},
		{"claude-desktop", on("windows", variablesOf{"APPDATA": `D:\A`}), `D:\A\Claude\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, store), store + `\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, store, newer), newer + `\claude_desktop_config.json`},
		{"claude-desktop", on("windows", nil, newer, newer+"0", newer+`0\claude_desktop_config.json`), newer + `0\claude_desktop_config.json`},
		{"claude-code", on("darwin", nil), "/Users/me/.claude.json"},
		{"claude-code", on("linux", variablesOf{"CLAUDE_CONFIG_DIR": "/x"}), "/x/.claude.json"},
		{"claude-code", on("windows", nil), `C:\Users\me\.claude.json`},
		{"vscode", on("darwin", nil), "/Users/me/Library/Application Support/Code/User/mcp.json"},
		{"vscode", on("linux", nil), "/home/me/.config/Code/User/mcp.json"},
		{"vscode", on("windows", nil), `C:\Users\me\AppData\Roaming\Code\User\mcp.json`},
		{"cursor", on("linux", nil), "/home/me/.cursor/mcp.json"},
		{"cursor", on("windows", nil), `C:\Users\me\.cursor\mcp.json`},
		{"gemini", on("darwin", nil), "/Users/me/.gemini/settings.json"},
		{"goose", on("darwin", nil), "/Users/me/.config/goose/config.yaml"},
		{"goose", on("linux", variablesOf{"XDG_CONFIG_HOME": "/c"}), "/c/goose/config.yaml"},
		{"goose", on("windows", nil), `C:\Users\me\AppData\Roaming\Block\goose\config\config.yaml`},
		{"codex", on("linux", nil), "/home/me/.codex/config.toml"},
		{"codex", on("darwin", variablesOf{"CODEX_HOME": "/x"}), "/x/config.toml"},
		{"zed", on("darwin", nil), "/Users/me/.config/zed/settings.json"},
		{"zed", on("linux", nil), "/home/me/.config/zed/settings.json"},
		{"zed", on("windows", nil), `C:\Users\me\AppData\Roaming\Zed\settings.json`},
	}
	seen := map[string]bool{}
	for _, c := range cases {
		to, err := setupCommand{Client: c.client}.client()
		if assert.NoError(t, err) {
			assert.Equal(t, c.want, to.file(c.m))
		}
		seen[c.client] = true
	}
	assert.Len(t, seen, len(clients()), "every client has a case")
}
