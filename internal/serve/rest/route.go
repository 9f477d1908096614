package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// route is a tool at a path.
type route struct {
	tool      tools.Tool
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
	schema      *huma.Schema
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
func pathsOf(all []tools.Tool) map[string]string {
	named := map[string]string{}
	for _, t := range all {
		if t.Access == tools.Reads {
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
	Properties map[string]struct {
		Type        string   `json:"type"`
		Description string   `json:"description"`
		Format      string   `json:"format"`
		Enum        []any    `json:"enum"`
		Default     any      `json:"default"`
		Minimum     *float64 `json:"minimum"`
		Maximum     *float64 `json:"maximum"`
		MinLength   *int     `json:"minLength"`
		MaxLength   *int     `json:"maxLength"`
	} `json:"properties"`
	Required []string `json:"required"`
}

func routeOf(t tools.Tool, others map[string]string) route {
	var schema inputSchema
	if err := json.Unmarshal(t.Input, &schema); err != nil {
		panic(fmt.Sprintf("rest: the input schema of %s: %v", t.Name, err))
	}
	names := renamed
	if t.Name == "list_sessions" {
		names = renamedSessions
	}
	r := route{tool: t, path: pathOf(t.Name), arguments: map[string]argument{}, others: others}
	for name, p := range schema.Properties {
		s := &huma.Schema{
			Type: p.Type, Format: p.Format, Enum: p.Enum, Default: p.Default,
			Minimum: p.Minimum, Maximum: p.Maximum, MinLength: p.MinLength, MaxLength: p.MaxLength,
		}
		if p.Type == "array" {
			s.Items = &huma.Schema{Type: "string"}
		}
		public := name
		if other, ok := names[name]; ok {
			public = other
		}
		r.arguments[public] = argument{name, p.Type, p.Description, slices.Contains(schema.Required, name), s}
	}
	return r
}

// inPath reports whether an argument stands in the path.
func (r route) inPath(public string) bool { return strings.Contains(r.path, "{"+public+"}") }

func (r route) parameters() []*huma.Param {
	var all []*huma.Param
	for _, public := range slices.Sorted(maps.Keys(r.arguments)) {
		a := r.arguments[public]
		p := &huma.Param{Name: public, In: "query", Description: r.spoken(a.description), Required: a.required, Schema: a.schema}
		if r.inPath(public) {
			p.In, p.Required = "path", true
			p.Description += ` "` + lastSession + `" is the newest finished night.`
		}
		all = append(all, p)
	}
	return all
}

// question is a request before it is understood.
type question struct{ request *http.Request }

// Resolve implements [huma.Resolver].
func (q *question) Resolve(ctx huma.Context) []error {
	q.request, _ = humago.Unwrap(ctx)
	return nil
}

// answer is a tool's.
type answer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (r route) register(api huma.API, o Options) {
	huma.Register(api, huma.Operation{
		OperationID: r.tool.Name, Method: http.MethodGet, Path: r.path, Summary: r.tool.Title, Description: r.spoken(r.tool.Description),
		Parameters: r.parameters(), Tags: []string{r.tool.Toolset},
		Errors: []int{400, 401, 403, 404, 429, 500, 502, 503, 504},
	}, func(ctx context.Context, q *question) (*answer, error) {
		if err := needScope(q.request, o, r.tool.Scope()); err != nil {
			return nil, err
		}
		arguments, err := r.read(q.request)
		if err != nil {
			return nil, err
		}
		encoded, err := json.Marshal(arguments)
		if err != nil {
			return nil, err
		}
		body, failure := o.Call(ctx, r.tool, encoded)
		if failure != nil {
			return nil, r.problem(failure)
		}
		return &answer{"application/json", body}, nil
	})
}

// needScope is nil where the caller's token has the scope, or where no token
// could give it to them: then the tool refuses.
func needScope(r *http.Request, o Options, scope access.Scope) error {
	if o.Gate == nil || !access.From(r.Context()).Lacks(scope) {
		return nil
	}
	why := o.Gate.Insufficient(r, scope)
	headers := http.Header{}
	why.SetHeaders(headers)
	return huma.ErrorWithHeaders(huma.NewError(why.Status, why.Text), headers)
}

// read makes arguments of a query. A value that is not understood is passed on as
// it is: the tool's words about it are better.
func (r route) read(request *http.Request) (map[string]any, error) {
	query, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil { // a part left out could be the one that says whose nights
		return nil, huma.NewError(http.StatusBadRequest, `The query cannot be read. Write it as name=value&name=value, with "%" and two hexadecimal digits for other characters than letters and digits.`)
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

func (r route) unknown(public string) error {
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(r.arguments)), r.inPath)
	hint := ""
	if near := tools.Closest(public, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return huma.NewError(http.StatusBadRequest, fmt.Sprintf("There is no parameter %.60q.%s Known: %s.", public, hint, strings.Join(known, ", ")))
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
func statusOf(code tools.Code) int {
	switch code {
	case tools.InvalidArgument, tools.Code(asleep.BadID), tools.Code(asleep.Invalid):
		return http.StatusBadRequest
	case tools.Forbidden:
		return http.StatusForbidden
	case tools.NotFound:
		return http.StatusNotFound
	case tools.Exists, tools.Pending, tools.NotAdded:
		return http.StatusConflict
	case tools.Code(asleep.BadKey), tools.Code(asleep.PlanExpired), tools.Code(asleep.Quota), tools.Code(asleep.BadResponse),
		tools.Orphaned, tools.Unfinished, tools.OutcomeUnknown:
		return http.StatusBadGateway
	case tools.Code(asleep.RateLimited), tools.Code(asleep.Unavailable), tools.NoKey, tools.NoDirectory, tools.Cancelled:
		return http.StatusServiceUnavailable
	case tools.TimedOut:
		return http.StatusGatewayTimeout
	}
	if code.OfDatabase() {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError // a fault of this program
}

// problem is a tool's failure over HTTP.
func (r route) problem(f *tools.Failure) error {
	return huma.NewError(statusOf(f.Code), r.spoken(f.Text))
}
