package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

// mcpRemote is the version of the client from npm that the flow is tested with.
const mcpRemote = "mcp-remote@0.15.1"

// browser follows a link, like a browser in which somebody is signed in.
const browser = "#!/usr/bin/env node\nfetch(process.argv[process.argv.length - 1]).catch(() => process.exit(1))\n"

// An independent client gets from the first 401 to a tool's answer by itself, with a
// provider that registers no clients.
func TestOAuthFlow(t *testing.T) {
	if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") == "" {
		t.Skip("fetches " + mcpRemote + " with npm; set ASLEEP_MCP_REQUIRE_ALL=1 to run it")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			lacking(t, "no "+program+" here")
		}
	}
	dir := t.TempDir()
	install := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", dir, mcpRemote)
	if said, err := install.CombinedOutput(); err != nil {
		lacking(t, mcpRemote+" cannot be installed: "+string(said))
	}
	bin := filepath.Join(dir, "bin")
	require.NoError(t, os.Mkdir(bin, 0o700))
	for _, name := range []string{"xdg-open", "gio", "x-www-browser"} { // those it tries
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte(browser), 0o700))
	}

	_, callback, _ := strings.Cut(freeAddr(t), ":")
	addr := freeAddr(t)
	p := newProvider(t, "http://"+addr+"/mcp", "http://localhost:"+callback+"/oauth/callback")
	dsn := filepath.Join(dir, "t.db")
	asMember(t, dsn, p.URL)
	url, _ := served(t, p, dsn, "--addr", addr)

	bridge := exec.CommandContext(ctx, "node", filepath.Join(dir, "node_modules/mcp-remote/dist/proxy.js"),
		url+"/mcp", callback, "--allow-http", "--static-oauth-client-info", `{"client_id":"`+clientID+`"}`)
	bridge.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "MCP_REMOTE_CONFIG_DIR="+filepath.Join(dir, "auth"),
		"DISPLAY=", "WAYLAND_DISPLAY=", "BROWSER="+filepath.Join(bin, "xdg-open"))
	said := &stream{}
	bridge.Stderr = said
	client := mcp.NewClient(&mcp.Implementation{Name: "official", Version: "0"}, nil)
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: bridge}, nil)
	require.NoError(t, err, said.String())
	defer func() { _ = session.Close() }() // the bridge ends as it likes
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "get_session"})
	require.NoError(t, err, said.String())
	structured, ok := result.StructuredContent.(map[string]any)
	require.True(t, ok, said.String())
	assert.Equal(t, sandbox.DemoUser, structured["user_id"], "who signed in")
}
