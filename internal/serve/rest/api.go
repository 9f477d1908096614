package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/tools"
)

// Options say what an [API] is made of.
type Options struct {
	Version string
	Tools   []tools.Tool // of which those that read are offered
	Deps    *tools.Deps  // knows Asleep and the directory, for new users
	Gate    *auth.Gate   // nil: callers have no tokens, and scopes are not asked for
	Log     *slog.Logger

	// Call runs a tool for the caller in the context.
	Call func(context.Context, tools.Tool, json.RawMessage) (json.RawMessage, *tools.Failure)
	// Audit is told of changes: what, and how it ended.
	Audit func(ctx context.Context, what, outcome string)
}

// API answers REST requests, whose caller is in the context already.
type API struct {
	mux         *http.ServeMux
	description []byte // the OpenAPI document
	page        []byte // for people
}

// The paths at which [API.Describe] answers.
const (
	DescriptionPath = "/openapi.json"
	DocsPath        = "/docs"
)

// New makes the routes. It panics when a tool's schema is not one, at start.
func New(o Options) *API {
	a := &API{mux: http.NewServeMux()}
	config := huma.DefaultConfig("asleep-mcp", o.Version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema in bodies: they are the tools' answers
	config.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	config.Info.Description = "Sleep data from Asleep, as the tools of the MCP server at /mcp answer. Dates are those of the final awakening."
	if o.Gate != nil {
		config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"}}
		config.Security = []map[string][]string{{"token": {}}}
	}
	api := humago.New(a.mux, config)
	var routes []route
	others := pathsOf(o.Tools)
	for _, t := range o.Tools {
		if t.Access == tools.Reads {
			r := routeOf(t, others)
			r.register(api, o)
			routes = append(routes, r)
		}
	}
	users{o}.register(api)
	logins{o}.register(api)
	a.description = describe(api.OpenAPI(), routes)
	a.page = page(a.description)
	return a
}

// ServeHTTP implements [http.Handler].
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.has(r) {
		a.missing(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// has reports whether there is such a route. The mux would redirect from paths like
// /api//sessions.
func (a *API) has(r *http.Request) bool {
	_, pattern := a.mux.Handler(r)
	asked := r.URL.EscapedPath()
	return pattern != "" && path.Clean(asked) == asked
}

// missing tells a wrong method from a wrong path.
func (a *API) missing(w http.ResponseWriter, r *http.Request) {
	var there, allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if !a.has(other) {
			continue
		}
		there, allowed = append(there, method), append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	if there != nil {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		Problem(w, http.StatusMethodNotAllowed, "Use "+strings.Join(there, " or ")+".")
		return
	}
	Problem(w, http.StatusNotFound, "There is nothing here. See "+DocsPath+".")
}

// Describe answers with the OpenAPI document, or at [DocsPath] with the page.
func (a *API) Describe(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		Problem(w, http.StatusMethodNotAllowed, "Use GET.")
		return
	}
	if r.URL.Path == DocsPath {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", pagePolicy)
		_, _ = w.Write(a.page) // nobody is left to tell
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.description) // nobody is left to tell
}

// Problem answers with a problem.
func Problem(w http.ResponseWriter, status int, detail string) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(&huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}) // texts can be written
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // nobody is left to tell
}
