package main

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// serverName is what the program is called in a client's configuration.
const serverName = "asleep"

// machine is what a client's file depends on.
type machine struct {
	os     string // as runtime.GOOS has it
	home   string
	getenv func(string) string
	exists func(path string) bool
	glob   func(pattern string) []string
}

// join puts a path together as the machine writes it. Parts may begin with a
// folder's path.
func (m machine) join(parts ...string) string {
	if m.os != "windows" {
		return path.Join(parts...)
	}
	return strings.ReplaceAll(path.Join(slicesOf(parts)...), "/", `\`)
}

func slicesOf(parts []string) []string {
	slashed := make([]string, len(parts))
	for i, p := range parts {
		slashed[i] = strings.ReplaceAll(p, `\`, "/")
	}
	return slashed
}

// folder is the value of a variable, or a folder of the user's own.
func (m machine) folder(variable string, otherwise ...string) string {
	if set := m.getenv(variable); set != "" && (m.os == "windows" || filepath.IsAbs(set)) {
		return set
	}
	return m.join(append([]string{m.home}, otherwise...)...)
}

func (m machine) appData() string { return m.folder("APPDATA", "AppData", "Roaming") }

// applications is where programs with windows keep their settings.
func (m machine) applications() string {
	switch m.os {
	case "windows":
		return m.appData()
	case "darwin":
		return m.join(m.home, "Library", "Application Support")
	}
	return m.folder("XDG_CONFIG_HOME", ".config")
}

// dotConfig is where programs of terminals keep theirs, which on macOS is the
// same folder as on Linux.
func (m machine) dotConfig() string {
	if m.os == "linux" {
		return m.folder("XDG_CONFIG_HOME", ".config")
	}
	return m.join(m.home, ".config")
}

// client is a program that starts MCP servers.
type client struct {
	name, title string
	file        func(machine) string
	// write returns the file's text with the launch in it.
	write func(text []byte, l launch) ([]byte, error)
	// discreet says that the file names secrets and does not hold them.
	discreet bool
	keyNote  string // how the key gets to the program
	next     string // what makes the client see it
}

// clients are all that setup knows.
func clients() []client {
	return []client{
		{
			name: "claude-desktop", title: "Claude Desktop", file: claudeDesktopFile,
			write:   jsonServer{at: []string{"mcpServers", serverName}}.write,
			keyNote: "Claude Desktop cannot keep a key out of this file. Its bundle can: " + docs + "install.md#as-a-bundle. Or say --with-key.",
			next:    "quit Claude Desktop and start it again",
		},
		{
			name: "claude-code", title: "Claude Code", discreet: true,
			file: func(m machine) string { return m.join(m.folder("CLAUDE_CONFIG_DIR"), ".claude.json") },
			write: jsonServer{
				at: []string{"mcpServers", serverName}, typed: true,
				refers: func(name string) string { return "${" + name + ":-}" }, // without ":-" an unset one stays as it is written
			}.write,
			keyNote: "Claude Code takes the key from its own environment: set ASLEEP_API_KEY in the shell that starts it.",
			next:    "start Claude Code anew and type /mcp",
		},
		{
			name: "vscode", title: "VS Code", discreet: true,
			file: func(m machine) string { return m.join(m.applications(), "Code", "User", "mcp.json") },
			write: jsonServer{
				at: []string{"servers", serverName}, typed: true, asks: true,
				refers: func(name string) string { return "${input:" + inputID(name) + "}" },
			}.write,
			keyNote: "VS Code asks for the key when it first starts the server, and keeps it as a secret.",
			next:    "open the command palette, MCP: List Servers, asleep, Start Server",
		},
		{
			name: "cursor", title: "Cursor", discreet: true,
			file: func(m machine) string { return m.join(m.home, ".cursor", "mcp.json") },
			write: jsonServer{
				at: []string{"mcpServers", serverName}, typed: true,
				refers: func(name string) string { return "${env:" + name + "}" },
			}.write,
			keyNote: "Cursor takes the key from its own environment: set ASLEEP_API_KEY where Cursor is started from.",
			next:    "open Cursor's settings, MCP, and switch asleep on",
		},
		{
			name: "gemini", title: "Gemini CLI", discreet: true,
			file: func(m machine) string { return m.join(m.home, ".gemini", "settings.json") },
			write: jsonServer{
				at:     []string{"mcpServers", serverName},
				refers: func(name string) string { return "$" + name },
			}.write,
			keyNote: "Gemini CLI takes the key from its own environment: set ASLEEP_API_KEY in the shell that starts it.",
			next:    "start Gemini CLI anew and type /mcp",
		},
		{
			name: "goose", title: "Goose", file: gooseFile, write: writeGoose, discreet: true,
			keyNote: "Goose takes the key from its environment or its keyring: set ASLEEP_API_KEY, or enter it in goose configure.",
			next:    "start a new session",
		},
		{
			name: "codex", title: "Codex", write: writeCodex, discreet: true,
			file:    func(m machine) string { return m.join(m.folder("CODEX_HOME", ".codex"), "config.toml") },
			keyNote: "Codex hands on the key of its own environment: set ASLEEP_API_KEY where Codex is started from.",
			next:    "start Codex anew and type /mcp",
		},
		{
			name: "zed", title: "Zed", file: zedFile,
			write:   jsonServer{at: []string{"context_servers", serverName}}.write,
			keyNote: "Zed hands on its own environment: set ASLEEP_API_KEY where Zed is started from; or say --with-key.",
			next:    "look for a green dot at asleep in Zed's settings, under AI, MCP Servers",
		},
	}
}

// claudeDesktopFile is where Claude Desktop looks. On Windows that depends on
// how it was installed: the folder that is there tells.
func claudeDesktopFile(m machine) string {
	const file = "claude_desktop_config.json"
	if m.os == "windows" {
		local := m.folder("LOCALAPPDATA", "AppData", "Local")
		for _, pattern := range []string{
			m.join(local, "Claude-Data", "claude*"),
			m.join(local, "Packages", "Claude_*", "LocalCache", "Roaming", "Claude"),
		} {
			folders := m.glob(pattern)
			// Of several, the one with a file is in use.
			slices.SortStableFunc(folders, func(a, b string) int {
				return boolOrder(m.exists(m.join(b, file))) - boolOrder(m.exists(m.join(a, file)))
			})
			if len(folders) > 0 {
				return m.join(folders[0], file)
			}
		}
	}
	return m.join(m.applications(), "Claude", file)
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

func gooseFile(m machine) string {
	if m.os == "windows" {
		return m.join(m.appData(), "Block", "goose", "config", "config.yaml")
	}
	return m.join(m.dotConfig(), "goose", "config.yaml")
}

func zedFile(m machine) string {
	if m.os == "windows" {
		return m.join(m.appData(), "Zed", "settings.json")
	}
	return m.join(m.dotConfig(), "zed", "settings.json")
}
