package asleepmcp_test

import (
	"encoding/json"
	"flag"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// The files a release is made of agree with the program. Checks that need other programs
// (schemas, bundles, the release itself) are in .ci/distribution.

var update = flag.Bool("update", false, "write the tools into the bundle's manifest")

const (
	registryName = "io.github.asleep-mcp/asleep-mcp"
	unreleased   = "0.0.0" // the placeholder that a release replaces by its version
	repository   = "https://github.com/asleep-mcp/asleep-mcp"
	manifestFile = "mcpb/manifest.json"
)

// notForUsers are variables that nobody who installs the program needs: they are for
// developers, or there is a better way.
var notForUsers = []string{
	"ASLEEP_BASE_URL", // sandboxes and proxies
	"ASLEEP_MCP_PLAIN_HTTP",
	"ASLEEP_MCP_DEMO",       // ASLEEP_MCP_DEMO_WITHOUT_KEY ends by itself
	"ASLEEP_MCP_LOG_FORMAT", // nobody reads a desktop client's server log
	"ASLEEP_MCP_LOG_LEVEL",
	"ASLEEP_MCP_NOW", // tests
	// sync keeps nights on purpose, after docs/privacy.md was read
	"ASLEEP_MCP_KEEP_NIGHTS",
	"ASLEEP_MCP_KEEP_DAYS",
	"ASLEEP_MCP_SOURCES",
	// for companies, who set up a server and not a desktop
	"ASLEEP_MCP_TOOLSETS",
	"ASLEEP_MCP_DATABASE_URL",
	"ASLEEP_MCP_ROLE",
	"ASLEEP_MCP_ORGANIZATIONS",
}

// registryEntry is server.json.
type registryEntry struct {
	Name, Title, Description, Version, WebsiteURL string
	Icons                                         []struct{ Src string }
	Packages                                      []struct {
		RegistryType, Identifier string
		EnvironmentVariables     []struct {
			Name     string
			IsSecret bool
		}
	}
}

// bundleManifest is the manifest of the bundles for desktop clients.
type bundleManifest struct {
	Name, Version, Description, Homepage, Documentation, Icon string
	DisplayName                                               string   `json:"display_name"`
	PrivacyPolicies                                           []string `json:"privacy_policies"`
	Tools                                                     []bundledTool
	Server                                                    struct {
		MCP struct{ Env map[string]string } `json:"mcp_config"`
	}
	UserConfig map[string]struct {
		Sensitive, Required bool
		Default             *string
	} `json:"user_config"`
}

type bundledTool struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

func TestReleaseIsCalledLikeTheProgram(t *testing.T) {
	var answer struct {
		Result struct {
			ServerInfo struct{ Name, Title, Description, WebsiteURL string }
		}
	}
	out := runProgram(t, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":`+
		`{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"0"}}}`)
	require.NoError(t, json.Unmarshal([]byte(out), &answer), out)
	program, entry, manifest := answer.Result.ServerInfo, readEntry(t), readManifest(t)
	require.NotEmpty(t, program.Description)

	assert.Equal(t, registryName, entry.Name)
	assert.Contains(t, text(t, "Dockerfile"), `LABEL io.modelcontextprotocol.server.name="`+registryName+`"`)
	assert.Equal(t, program.Name, manifest.Name)
	assert.Equal(t, program.Name, path.Base(registryName))
	assert.Equal(t, []string{program.Title, program.Title}, []string{entry.Title, manifest.DisplayName})
	assert.Equal(t, []string{program.Description, program.Description}, []string{entry.Description, manifest.Description})
	assert.Equal(t, []string{program.WebsiteURL, program.WebsiteURL}, []string{entry.WebsiteURL, manifest.Homepage})
	assert.Equal(t, []string{unreleased, unreleased}, []string{entry.Version, manifest.Version})
	for _, p := range entry.Packages {
		assert.Contains(t, p.Identifier, unreleased, "a release must find where its version goes")
	}
}

// Users of a release can set everything that matters, and nothing that the program does
// not read.
func TestReleaseOffersTheProgramsVariables(t *testing.T) {
	var offered, registry, secret []string
	for _, name := range regexp.MustCompile(`\bASLEEP_[A-Z_]+[A-Z]`).FindAllString(runProgram(t, "", "--help"), -1) {
		if !slices.Contains(offered, name) && !slices.Contains(notForUsers, name) {
			offered = append(offered, name)
		}
	}
	require.NotEmpty(t, offered)
	for _, p := range readEntry(t).Packages {
		for _, v := range p.EnvironmentVariables {
			registry = append(registry, v.Name)
			if v.IsSecret {
				secret = append(secret, v.Name)
			}
		}
	}
	manifest := readManifest(t)
	const decide = "the program's variables are not those offered: add the new one, or say in notForUsers why not"
	assert.ElementsMatch(t, offered, registry, "server.json: "+decide)
	assert.ElementsMatch(t, offered, slices.Collect(maps.Keys(manifest.Server.MCP.Env)), manifestFile+": "+decide)
	assert.Equal(t, []string{"ASLEEP_API_KEY"}, secret)
}

// A host asks for each value, keeps secrets secret, and passes an empty value if nothing
// was entered: without a default it would pass the placeholder.
func TestBundleAsksForItsSettings(t *testing.T) {
	manifest := readManifest(t)
	asked := map[string]string{}
	for variable, value := range manifest.Server.MCP.Env {
		if name, ok := strings.CutPrefix(value, "${user_config."); ok {
			asked[strings.TrimSuffix(name, "}")] = variable
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(asked)), slices.Collect(maps.Keys(manifest.UserConfig)))
	for name, option := range manifest.UserConfig {
		assert.Equal(t, asked[name] == "ASLEEP_API_KEY", option.Sensitive, name)
		assert.False(t, option.Required, "%s: the first start is the demo", name)
		if assert.NotNil(t, option.Default, name) {
			assert.Empty(t, *option.Default, name)
		}
	}
}

func TestBundleListsTheTools(t *testing.T) {
	sentence := regexp.MustCompile(`^.*?\.(?: |$)`)
	var want []bundledTool
	for _, tool := range tools.Enabled(tool.DefaultToolsets, access.Operator("")) {
		want = append(want, bundledTool{tool.Name, strings.TrimSpace(sentence.FindString(tool.Description))})
	}
	if *update {
		list, err := json.MarshalIndent(want, "  ", "  ")
		require.NoError(t, err)
		old := regexp.MustCompile(`(?s)"tools": \[.*?\n?  \](,\n  "prompts)`)
		manifest := text(t, manifestFile)
		require.Regexp(t, old, manifest)
		manifest = old.ReplaceAllString(manifest, `"tools": `+strings.ReplaceAll(string(list), "$", "$$")+`$1`)
		require.NoError(t, os.WriteFile(manifestFile, []byte(manifest), 0o644))
	}
	assert.Equal(t, want, readManifest(t).Tools, "%s lists other tools; go test . -update", manifestFile)
}

// Links to files of this repository lead somewhere, including that of the icon.
func TestReleaseLinks(t *testing.T) {
	entry, manifest := readEntry(t), readManifest(t)
	require.Len(t, entry.Icons, 1)
	require.NotEmpty(t, manifest.PrivacyPolicies)
	raw := strings.Replace(repository, "github.com", "raw.githubusercontent.com", 1) + "/main/"
	icon, ok := strings.CutPrefix(entry.Icons[0].Src, raw)
	require.True(t, ok, entry.Icons[0].Src)
	assert.Equal(t, path.Join(path.Dir(manifestFile), manifest.Icon), icon)

	for _, link := range append(manifest.PrivacyPolicies, manifest.Documentation) {
		file, ok := strings.CutPrefix(link, repository+"/blob/main/")
		require.True(t, ok, link)
		file, anchor, _ := strings.Cut(file, "#")
		assert.Regexp(t, `(?im)^#+ `+regexp.QuoteMeta(anchor), text(t, file), link)
	}
	f, err := os.Open(icon)
	require.NoError(t, err)
	defer func() { _ = f.Close() }() // read only
	size, err := png.DecodeConfig(f)
	require.NoError(t, err)
	assert.Equal(t, []int{512, 512}, []int{size.Width, size.Height})
}

// The image holds only the program, which runs without privileges.
func TestDockerfile(t *testing.T) {
	stages := regexp.MustCompile(`(?m)^FROM `).Split(text(t, "Dockerfile"), -1)
	last := stages[len(stages)-1]
	assert.Regexp(t, `^gcr\.io/distroless/static-debian\d+:nonroot\n`, last)
	assert.NotRegexp(t, `(?m)^(RUN|ADD|EXPOSE|ENV) `, last, "no shell to run anything, and nothing but loopback to listen on")
	assert.Regexp(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`, last, "a number, so that a cluster can see that it is not root")
	assert.True(t, strings.HasSuffix(last, "\nENTRYPOINT [\"/asleep-mcp\"]\n"), last)

	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(text(t, "go.mod"))
	require.NotNil(t, goVersion)
	assert.Contains(t, text(t, "Dockerfile"), " golang:"+goVersion[1]+"-")

	copies := regexp.MustCompile(`(?m)^COPY ([^$\-].*) \S+$`).FindAllStringSubmatch(text(t, "Dockerfile"), -1)
	require.NotEmpty(t, copies)
	for _, c := range copies {
		for source := range strings.FieldsSeq(c[1]) {
			_, err := fs.Stat(os.DirFS("."), path.Clean(source))
			assert.NoError(t, err)
		}
	}
}

// Whatever carries the program carries the licenses of what it is made of; docs/licenses
// tests that they are all there.
func TestReleaseCarriesTheLicenses(t *testing.T) {
	const list = "THIRD-PARTY-LICENSES.txt"
	assert.Equal(t, 5, strings.Count(text(t, ".goreleaser.yaml"), list), "archives, extension, packages (from where and to where), image")
	assert.Contains(t, text(t, "Dockerfile"), list)
	assert.Contains(t, text(t, "mcpb/pack.mjs"), list)
}

// The changelog has one section a release, newest first; .ci/notes makes it the release's
// notes, and no tag is released without.
func TestChangelog(t *testing.T) {
	var versions []string
	for _, heading := range regexp.MustCompile(`(?m)^##? .*$`).FindAllString(text(t, "CHANGELOG.md"), -1)[1:] {
		if heading == "## Unreleased" {
			assert.Empty(t, versions, "what is not released yet comes first")
			continue
		}
		m := regexp.MustCompile(`^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$`).FindStringSubmatch(heading)
		if assert.NotNil(t, m, "%q is neither Unreleased nor a version with its date", heading) {
			versions = append(versions, "v"+m[1])
		}
	}
	number := func(version string) (n int) {
		for part := range strings.SplitSeq(version[1:], ".") {
			one, err := strconv.Atoi(part)
			require.NoError(t, err)
			n = 1000*n + one
		}
		return n
	}
	assert.True(t, slices.IsSortedFunc(versions, func(a, b string) int { return number(b) - number(a) }), "%v", versions)
	out, err := exec.CommandContext(t.Context(), "git", "tag", "--list", "v*").Output()
	if err != nil {
		t.Skip("not in a checkout with git")
	}
	for tag := range strings.FieldsSeq(string(out)) {
		if !strings.Contains(tag, "-") {
			assert.Contains(t, versions, tag)
		}
	}
}

// A release uses the versions that CI tried.
func TestReleaseUsesTheTriedVersions(t *testing.T) {
	tried := regexp.MustCompile(`(?m)^(\w+)_version=(\S+)$`).FindAllStringSubmatch(text(t, ".ci/distribution"), -1)
	versions := map[string]string{}
	for _, m := range tried {
		versions[m[1]] = m[2]
	}
	workflow := text(t, ".github/workflows/release.yml")
	assert.Contains(t, workflow, "version: "+versions["goreleaser"]+"\n")
	assert.Contains(t, workflow, "@anthropic-ai/mcpb@"+versions["mcpb"]+"\n")
	assert.Contains(t, workflow, "modelcontextprotocol/registry/cmd/publisher@"+versions["registry"]+"\n")
}

func readEntry(t *testing.T) (entry registryEntry) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text(t, "server.json")), &entry))
	require.NotEmpty(t, entry.Packages)
	return entry
}

func readManifest(t *testing.T) (manifest bundleManifest) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text(t, manifestFile)), &manifest))
	return manifest
}

// text returns a file of this repository, with the repository's line endings.
func text(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}

// runProgram runs the current program, without settings.
func runProgram(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", append([]string{"run", "./cmd/asleep-mcp"}, args...)...)
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ASLEEP_") })
	c.Stdin = strings.NewReader(stdin)
	out, err := c.Output()
	require.NoError(t, err)
	return string(out)
}
