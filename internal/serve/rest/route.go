package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// route is a tool at a path.
type route struct {
	options   Options
	tool      tool.Tool
	method    string
	path      string
	arguments map[string]argument // by their name in the query, or path
	others    map[string]string   // paths by the name of their tool
}

// argument is one that a tool takes.
type argument struct {
	name        string // the tool's
	kind        string // JSON type
	description string
	required    bool
	schema      map[string]any
}

// lastSession stands for no session id: that is the newest finished night.
const lastSession = "last"

// paths are those with names of their own; other tools are reports.
var paths = map[string]string{
	"list_sessions": "/api/sessions",
	"get_session":   "/api/sessions/{session_id}",
	"average_stats": "/api/statistics",
}

// pathsOf are the routes of the tools that have one.
func pathsOf(all []tool.Tool) map[string]string {
	named := map[string]string{}
	for _, t := range all {
		if t.Access == tool.Reads {
			named[t.Name] = pathOf(t.Name)
		}
	}
	return named
}

func pathOf(tool string) string {
	if path, ok := paths[tool]; ok {
		return path
	}
	return "/api/reports/" + tool
}

// renamed are arguments that have another name in queries.
var (
	renamed         = map[string]string{"from": "start_date", "to": "end_date", "ending": "end_date", "week_ending": "end_date"}
	renamedSessions = map[string]string{"from": "date_gte", "to": "date_lte"}
)

// inputSchema is what is read of a tool's schema here.
type inputSchema struct {
	Properties map[string]map[string]any `json:"properties"`
	Required   []string                  `json:"required"`
}

// inQueries are the keywords of a tool's schema that hold for a parameter as well.
var inQueries = []string{"type", "format", "enum", "default", "minimum", "maximum", "minLength", "maxLength"}

func routeOf(o Options, t tool.Tool, others map[string]string) route {
	var schema inputSchema
	if err := json.Unmarshal(t.Rules(), &schema); err != nil {
		panic(fmt.Sprintf("rest: the input schema of %s: %v", t.Name, err))
	}
	names := renamed
	if t.Name == "list_sessions" {
		names = renamedSessions
	}
	r := route{options: o, tool: t, method: http.MethodGet, path: pathOf(t.Name), arguments: map[string]argument{}, others: others}
	for name, p := range schema.Properties {
		described := map[string]any{}
		for _, keyword := range inQueries {
			if value, ok := p[keyword]; ok {
				described[keyword] = value
			}
		}
		kind, _ := p["type"].(string)
		text, _ := p["description"].(string)
		if kind == "array" {
			described["items"] = map[string]any{"type": "string"}
		}
		public := name
		if other, ok := names[name]; ok {
			public = other
		}
		r.arguments[public] = argument{name, kind, text, slices.Contains(schema.Required, name), described}
	}
	return r
}

// inPath reports whether an argument stands in the path.
func (r route) inPath(public string) bool { return strings.Contains(r.path, "{"+public+"}") }
