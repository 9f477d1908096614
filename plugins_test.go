package asleepmcp_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/skills"
)

// The manifests of the Claude Code plugin and of the Gemini CLI extension agree with the
// program. Both clients find the skills in the folder skills, as they find the manifests at
// the top of the repository. .ci/distribution --all installs both.

// plugin is .claude-plugin/plugin.json.
type plugin struct {
	Name, DisplayName, Description, Homepage, Repository, License string
	Version                                                       *string
	Skills, MCPServers                                            string
}

// extension is gemini-extension.json.
type extension struct {
	Name, Version, Description string
	MCPServers                 map[string]struct {
		Command string
		Args    []string
		Env     map[string]string
	}
	Settings []struct {
		Name, Description, EnvVar string
		Sensitive                 bool
	}
}

func TestPlugin(t *testing.T) {
	var p plugin
	decode(t, ".claude-plugin/plugin.json", &p)
	manifest := readManifest(t)
	assert.Equal(t, manifest.Name, p.Name)
	assert.Equal(t, manifest.DisplayName, p.DisplayName)
	assert.Equal(t, manifest.Description, p.Description)
	assert.Equal(t, []string{repository, repository}, []string{p.Homepage, p.Repository})
	assert.Nil(t, p.Version, "the tag is the one place where a version is written; without one, each commit is a version")
	skillsIn(t, p.Skills)

	// The bundle of all platforms, under a name without version.
	bundle, ok := strings.CutPrefix(p.MCPServers, repository+"/releases/latest/download/")
	require.True(t, ok, p.MCPServers)
	assert.Contains(t, text(t, "mcpb/pack.mjs"), `"`+bundle+`"`)
	assert.Contains(t, text(t, ".goreleaser.yaml"), "node mcpb/pack.mjs --every dist")

	var market struct {
		Name    string
		Plugins []struct{ Name, Source, Description string }
	}
	decode(t, ".claude-plugin/marketplace.json", &market)
	require.Len(t, market.Plugins, 1)
	assert.Equal(t, []string{p.Name, "./", p.Description}, []string{market.Plugins[0].Name, market.Plugins[0].Source, market.Plugins[0].Description})
	clients := text(t, "docs/clients.md")
	assert.Contains(t, clients, "claude plugin marketplace add "+strings.TrimPrefix(repository, "https://github.com/")+"\n")
	assert.Contains(t, clients, "claude plugin install "+p.Name+"@"+market.Name+"\n")
}

func TestExtension(t *testing.T) {
	var e extension
	decode(t, "gemini-extension.json", &e)
	manifest := readManifest(t)
	assert.Equal(t, []string{manifest.Name, unreleased, manifest.Description}, []string{e.Name, e.Version, e.Description})
	assert.Contains(t, text(t, ".ci/extras"), "gemini-extension.json", "a release puts its version in")
	skillsIn(t, "skills")

	require.Len(t, e.MCPServers, 1)
	server := e.MCPServers["asleep"]
	assert.Equal(t, "${extensionPath}${/}asleep-mcp", server.Command, "the binary beside the manifest in the archive")
	assert.Equal(t, []string{"stdio"}, server.Args)
	env := maps.Clone(server.Env)
	for _, s := range e.Settings {
		assert.NotEmpty(t, s.Description, s.Name)
		assert.Equal(t, "$"+s.EnvVar, env[s.EnvVar], "a setting reaches the server")
		assert.Equal(t, s.EnvVar == "ASLEEP_API_KEY", s.Sensitive, s.Name)
		delete(env, s.EnvVar)
	}
	assert.Equal(t, map[string]string{"ASLEEP_MCP_DEMO_WITHOUT_KEY": "true"}, env)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(manifest.Server.MCP.Env)), slices.Collect(maps.Keys(server.Env)), "as the bundle")
	assert.Contains(t, text(t, "docs/clients.md"), "gemini extensions install "+repository+"\n")
}

// skillsIn checks that a folder of the repository holds the skills that the server offers.
func skillsIn(t *testing.T, folder string) {
	t.Helper()
	all := skills.All()
	require.NotEmpty(t, all)
	for _, s := range all {
		assert.NotEmpty(t, text(t, path.Join(folder, s.Name, "SKILL.md")))
	}
}

func decode(t *testing.T, file string, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text(t, file)), v), file)
}
