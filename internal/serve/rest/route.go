package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// route is a tool at a path.
type route struct {
	options   Options
	tool      tool.Tool
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
	if err := json.Unmarshal(t.Input, &schema); err != nil {
		panic(fmt.Sprintf("rest: the input schema of %s: %v", t.Name, err))
	}
	names := renamed
	if t.Name == "list_sessions" {
		names = renamedSessions
	}
	r := route{options: o, tool: t, path: pathOf(t.Name), arguments: map[string]argument{}, others: others}
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

func (r route) parameters() (all []map[string]any) {
	for _, public := range slices.Sorted(maps.Keys(r.arguments)) {
		a := r.arguments[public]
		p := map[string]any{"name": public, "in": "query", "description": r.naming(a.description), "schema": a.schema}
		if a.required {
			p["required"] = true
		}
		if r.inPath(public) {
			p["in"], p["required"] = "path", true
			p["description"] = r.naming(a.description) + ` "` + lastSession + `" is the newest finished night.`
		}
		all = append(all, p)
	}
	return all
}

func (r route) operation() *operation {
	return &operation{
		id: r.tool.Name, method: http.MethodGet, path: r.path, summary: r.tool.Title, description: r.naming(r.tool.Description),
		tag: r.tool.Toolset, parameters: r.parameters(),
		responses: map[int]map[string]any{
			http.StatusOK: described("The answer of the tool "+r.tool.Name+".", "application/json", r.tool.Output),
		},
		problems: []int{400, 401, 403, 404, 429, 500, 502, 503, 504},
		answer:   r.answer,
	}
}

// answer calls the tool.
func (r route) answer(request *http.Request, _ []byte) (response, error) {
	if err := needScope(request, r.options, r.tool.Scope()); err != nil {
		return response{}, err
	}
	arguments, err := r.read(request)
	if err != nil {
		return response{}, err
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return response{}, err
	}
	body, failure := r.options.Call(request.Context(), r.tool, encoded)
	if failure != nil {
		return response{}, newProblem(statusOf(failure.Code), r.failureText(failure))
	}
	return response{http.StatusOK, body}, nil
}

// read makes arguments of a query. A value that is not understood is passed on as
// it is: the tool's words about it are better.
func (r route) read(request *http.Request) (map[string]any, error) {
	query, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil { // a part left out could be the one that says whose nights
		return nil, newProblem(http.StatusBadRequest, `The query cannot be read. Write it as name=value&name=value, with "%" and two hexadecimal digits for other characters than letters and digits.`)
	}
	arguments := map[string]any{}
	for public, values := range query {
		a, ok := r.arguments[public]
		if !ok || r.inPath(public) {
			return nil, r.unknown(public)
		}
		arguments[a.name] = a.value(values)
	}
	for public, a := range r.arguments {
		if id := request.PathValue(public); r.inPath(public) && id != lastSession {
			arguments[a.name] = id
		}
	}
	return arguments, nil
}

func (r route) unknown(public string) *problem {
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(r.arguments)), r.inPath)
	hint := ""
	if near := tool.Closest(public, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return newProblem(http.StatusBadRequest, fmt.Sprintf("There is no parameter %.60q.%s Known: %s.", public, hint, strings.Join(known, ", ")))
}

func (a argument) value(values []string) any {
	if a.kind == "array" {
		var all []string
		for _, v := range values {
			all = append(all, strings.Split(v, ",")...)
		}
		return all
	}
	if len(values) > 1 {
		return values // refused: not a list
	}
	switch a.kind {
	case "integer":
		if n, err := strconv.ParseInt(values[0], 10, 64); err == nil {
			return n
		}
	case "boolean":
		if b, err := strconv.ParseBool(values[0]); err == nil {
			return b
		}
	}
	return values[0]
}

// statusOf is what a failure is over HTTP. Whatever is wrong with the database, the
// caller can only come back.
func statusOf(code tool.Code) int {
	switch code {
	case tool.InvalidArgument, tool.Code(asleep.BadID), tool.Code(asleep.Invalid):
		return http.StatusBadRequest
	case tool.Forbidden:
		return http.StatusForbidden
	case tool.NotFound:
		return http.StatusNotFound
	case tool.Exists, tool.Pending, tool.NotAdded:
		return http.StatusConflict
	case tool.Code(asleep.BadKey), tool.Code(asleep.PlanExpired), tool.Code(asleep.Quota), tool.Code(asleep.BadResponse),
		tool.Orphaned, tool.Unfinished, tool.OutcomeUnknown:
		return http.StatusBadGateway
	case tool.Code(asleep.RateLimited), tool.Code(asleep.Unavailable), tool.NoKey, tool.NoDirectory, tool.Cancelled:
		return http.StatusServiceUnavailable
	case tool.TimedOut:
		return http.StatusGatewayTimeout
	}
	if code.OfDatabase() {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError // a fault of this program
}
