package clients

import "slices"

// docs is where the pages about this program are, for users who have only the program.
const docs = "https://github.com/asleep-mcp/asleep-mcp/blob/main/docs/"

// ChatGPT says what to do for a client that starts no programs.
const ChatGPT = `ChatGPT starts no programs: it calls a server at a public https:// address.

1. Serve over HTTP, with callers authenticated: ` + docs + `service.md
2. In ChatGPT, open Settings, Apps, Advanced settings, and switch developer mode on.
3. In Settings, Apps, choose Create app. Enter the address with /mcp behind it, and OAuth.
4. In a new chat, add the app and ask: how did I sleep last night?
`

var (
	claudeDesktop = jsonServer{at: []string{"mcpServers", ServerName}}
	zed           = jsonServer{at: []string{"context_servers", ServerName}}
)

// All returns the clients that can be configured.
func All() []Client {
	return []Client{
		{
			Name: "claude-desktop", Title: "Claude Desktop", file: claudeDesktopFile,
			write: claudeDesktop.write, holds: claudeDesktop.holds, OnlyInFile: true,
			note: "Claude Desktop gives the program %s only from this file. Its bundle asks instead: " + docs + "install.md#as-a-bundle. Or use --with-key.",
			Next: "quit Claude Desktop and start it again",
		},
		{
			Name: "claude-code", Title: "Claude Code", Discreet: true,
			file: func(m Machine) string { return m.join(m.folder("CLAUDE_CONFIG_DIR"), ".claude.json") },
			write: jsonServer{
				at: []string{"mcpServers", ServerName}, typed: true,
				refers: func(name string) string { return "${" + name + ":-}" }, // without ":-" an unset one stays as it is written
			}.write,
			note: "Claude Code takes secrets from its own environment: set %s in the shell that starts it.",
			Next: "restart Claude Code and type /mcp",
		},
		{
			Name: "vscode", Title: "VS Code", Discreet: true,
			file: func(m Machine) string { return m.join(m.applications(), "Code", "User", "mcp.json") },
			write: jsonServer{
				at: []string{"servers", ServerName}, typed: true, asks: true,
				refers: func(name string) string { return "${input:" + inputID(name) + "}" },
			}.write,
			note: "VS Code asks for %s when it first starts the server, and keeps the answer as a secret.",
			Next: "open the command palette, MCP: List Servers, asleep, Start Server",
		},
		{
			Name: "cursor", Title: "Cursor", Discreet: true,
			file: func(m Machine) string { return m.join(m.home, ".cursor", "mcp.json") },
			write: jsonServer{
				at: []string{"mcpServers", ServerName}, typed: true,
				refers: func(name string) string { return "${env:" + name + "}" },
			}.write,
			note: "Cursor takes secrets from its own environment: set %s where Cursor is started from.",
			Next: "open Cursor's settings, MCP, and switch asleep on",
		},
		{
			Name: "gemini", Title: "Gemini CLI", Discreet: true,
			file: func(m Machine) string { return m.join(m.home, ".gemini", "settings.json") },
			write: jsonServer{
				at:     []string{"mcpServers", ServerName},
				refers: func(name string) string { return "$" + name },
			}.write,
			note: "Gemini CLI takes secrets from its own environment: set %s in the shell that starts it.",
			Next: "restart Gemini CLI and type /mcp",
		},
		{
			Name: "goose", Title: "Goose", file: gooseFile, write: writeGoose, Discreet: true,
			note: "Goose takes secrets from its environment or its keyring: set %s, or enter that in goose configure.",
			Next: "start a new session",
		},
		{
			Name: "codex", Title: "Codex", write: writeCodex, Discreet: true,
			file: func(m Machine) string { return m.join(m.folder("CODEX_HOME", ".codex"), "config.toml") },
			note: "Codex passes on its own environment: set %s where Codex is started from.",
			Next: "restart Codex and type /mcp",
		},
		{
			Name: "zed", Title: "Zed", file: zedFile,
			write: zed.write, holds: zed.holds,
			note: "Zed passes on its own environment: set %s where Zed is started from; or use --with-key.",
			Next: "look for a green dot at asleep in Zed's settings, under AI, MCP Servers",
		},
	}
}

// Named finds a client by its name.
func Named(name string) (c Client, found bool) {
	all := All()
	i := slices.IndexFunc(all, func(c Client) bool { return c.Name == name })
	if i < 0 {
		return Client{}, false
	}
	return all[i], true
}

// claudeDesktopFile returns where Claude Desktop looks. On Windows that depends on how it was
// installed: it is the folder that exists or, among several, the one with a file.
func claudeDesktopFile(m Machine) string {
	const file = "claude_desktop_config.json"
	if m.os == "windows" {
		local := m.folder("LOCALAPPDATA", "AppData", "Local")
		for _, pattern := range []string{
			m.join(local, "Claude-Data", "claude*"),
			m.join(local, "Packages", "Claude_*", "LocalCache", "Roaming", "Claude"),
		} {
			if files := m.glob(m.join(pattern, file)); len(files) > 0 {
				return files[0]
			}
			if folders := m.glob(pattern); len(folders) > 0 {
				return m.join(folders[0], file)
			}
		}
	}
	return m.join(m.applications(), "Claude", file)
}

func gooseFile(m Machine) string {
	if m.os == "windows" {
		return m.join(m.appData(), "Block", "goose", "config", "config.yaml")
	}
	return m.join(m.dotConfig(), "goose", "config.yaml")
}

func zedFile(m Machine) string {
	if m.os == "windows" {
		return m.join(m.appData(), "Zed", "settings.json")
	}
	return m.join(m.dotConfig(), "zed", "settings.json")
}
