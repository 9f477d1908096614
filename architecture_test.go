// Package asleepmcp_test holds the rules about the whole module.
package asleepmcp_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/asleep-mcp/asleep-mcp"

// house lists the packages from the top floor to the cellar: each may import those after
// it, never one before it.
var house = []string{
	"docs/site",
	"docs/licenses",
	"cmd/asleep-mcp",
	"cmd/asleep-mcp/clients",
	"cmd/asleep-mcp/readable",
	"internal/evaluation",
	"internal/serve",
	"internal/serve/web",
	"internal/serve/wire",
	"internal/serve/rest",
	"internal/serve/surface",
	"internal/serve/auth",
	"internal/serve/watch",
	"tools",
	"prompts",
	"skills",
	"tools/person",
	"tools/cohort",
	"tools/manage",
	"tools/tooltest",
	"tools/tool",
	"internal/report",
	"internal/charts",
	"internal/charts/app",
	"internal/jobs",
	"internal/releases",
	"internal/windows/windowstest",
	"internal/windows",
	"internal/archive",
	"internal/nights",
	"internal/importers",
	"internal/condition",
	"internal/members",
	"internal/disclosure",
	"internal/access",
	"internal/directory",
	"internal/sqldb",
	"analytics",
	"asleep",
	"internal/errtext",
	"asleep/sandbox",
	"internal/directory/postgrestest",
	"internal/sleepers",
}

// strangers are packages that the list would allow to import each other and that must
// not, for the reasons given.
var strangers = map[string][]string{
	"analytics":              {"asleep", "asleep/sandbox"}, // numbers must not depend on the source of nights
	"asleep":                 {"asleep/sandbox"},           // a client knows no server
	"asleep/sandbox":         {"asleep", "analytics"},      // a second implementation is worth something only when it is one
	"internal/access":        {"analytics"},
	"internal/archive":       {"analytics", "internal/access"}, // it keeps what was read, and knows neither numbers nor callers
	"internal/disclosure":    {"analytics", "asleep"},          // it knows sets of people, and nothing about their sleep
	"internal/releases":      {"internal/access"},              // it makes them for everybody
	"internal/windows":       {"asleep", "internal/access"},    // it knows nights, and neither recordings nor callers
	"internal/members":       {"internal/access"},              // who may ask is decided earlier
	"tools":                  {"asleep/sandbox"},               // nothing made up reaches an answer except over HTTP
	"prompts":                {"analytics", "asleep/sandbox"},  // texts hold no numbers
	"skills":                 house[1:],                        // they are texts, too, and know nothing but themselves
	"internal/serve":         {"asleep", "asleep/sandbox", "analytics"},
	"internal/serve/web":     {"internal/serve/wire", "internal/serve/rest", "internal/serve/surface", "tools", "prompts", "asleep", "asleep/sandbox", "analytics"}, // what is served is not its business
	"internal/serve/wire":    {"internal/serve/rest", "asleep", "asleep/sandbox", "analytics"},                                                                      // MCP is one way to ask, REST another
	"internal/serve/surface": {"internal/serve/auth", "asleep", "asleep/sandbox", "analytics"},                                                                      // it knows no protocol

	"cmd/asleep-mcp/clients":  house[1:], // files of other people's programs have nothing to do with sleep
	"cmd/asleep-mcp/readable": house[1:], // it knows what answers look like, and none of them
}

// guests are libraries that only the named packages may import.
var guests = map[string][]string{
	"github.com/mark3labs/mcp-go":     {"internal/serve/wire"},
	"github.com/invopop/jsonschema":   {"tools/tool"},
	"github.com/go-analyze/charts":    {"internal/charts"},
	"github.com/lmittmann/tint":       {"cmd/asleep-mcp"},
	"github.com/alecthomas/kong":      {"cmd/asleep-mcp"},
	"go.yaml.in/yaml":                 {"cmd/asleep-mcp/clients", "internal/evaluation", "skills"},
	"github.com/pelletier/go-toml":    {"cmd/asleep-mcp/clients"},
	"github.com/tailscale/hujson":     {"cmd/asleep-mcp/clients"},
	"github.com/maypok86/otter":       {"asleep", "internal/nights"},
	"github.com/coreos/go-oidc":       {"internal/serve/auth"},
	"github.com/go-jose/go-jose":      {"internal/serve/auth"},
	"github.com/prometheus":           {"internal/serve/watch"},
	"go.opentelemetry.io":             {"internal/serve/watch"},
	"github.com/expr-lang/expr":       {"internal/condition"},
	"github.com/riverqueue/river":     {"internal/jobs"},
	"github.com/yuin/goldmark":        {"docs/site"},
	"github.com/zitadel/oidc":         nil,
	"github.com/stretchr/testify":     {"internal/windows/windowstest", "tools/tooltest"},
	"pgregory.net/rapid":              nil,
	"gonum.org/v1/gonum":              nil,
	"go.uber.org/goleak":              nil,
	"github.com/modelcontextprotocol": nil,
}

func TestImportsPointDown(t *testing.T) {
	for room, imports := range importsOfRooms(t) {
		place := slices.Index(house, room)
		require.GreaterOrEqual(t, place, 0, "%s has no place in the house: add it to the list, and to CONTRIBUTING.md", room)
		for _, imported := range imports {
			own, inside := strings.CutPrefix(imported, module+"/")
			if inside && own != "testdata" {
				assert.Greater(t, slices.Index(house, own), place, "%s imports %s, which stands above it or nowhere", room, own)
				assert.NotContains(t, strangers[room], own, "%s must not know %s", room, own)
			}
		}
	}
}

// Recordings become nights in one place.
func TestOnePackageKnowsRecordingsAndNights(t *testing.T) {
	for room, imports := range importsOfRooms(t) {
		if room == "tools/tooltest" {
			continue // not part of the program
		}
		both := slices.Contains(imports, module+"/asleep") && slices.Contains(imports, module+"/analytics")
		assert.Equal(t, room == "internal/nights", both, "%s: only internal/nights imports asleep and analytics both", room)
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for room, imports := range importsOfRooms(t) {
		for _, imported := range imports {
			for guest, rooms := range guests {
				if strings.HasPrefix(imported, guest) {
					assert.Contains(t, rooms, room, "%s must not be imported by %s", guest, room)
				}
			}
		}
	}
}

// importsOfRooms returns the imports of every package, without its tests.
func importsOfRooms(t *testing.T) map[string][]string {
	t.Helper()
	rooms := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := path.Dir(filepath.ToSlash(file))
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			rooms[room] = append(rooms[room], name)
		}
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, rooms)
	return rooms
}
