package rest

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// API answers REST requests, whose caller is in the context already.
type API struct {
	mux         *http.ServeMux
	description []byte // the OpenAPI document
	page        []byte // for people
}

// The paths at which [API.Describe] and [API.Docs] answer.
const (
	DescriptionPath = "/openapi.json"
	DocsPath        = "/docs"
)

// New makes the routes. It panics when a tool's schema is not one, at start.
func New(o Options) *API {
	a := &API{mux: http.NewServeMux()}
	operations := slices.Concat(users{o}.operations(), logins{o}.operations())
	others := pathsOf(o.Tools)
	for _, t := range o.Tools {
		if t.Access == tool.Reads {
			operations = append(operations, routeOf(o, t, others).operation())
		} else if _, ok := changes[t.Name]; ok {
			operations = append(operations, changeOf(o, t, others).operation())
		}
	}
	for _, operation := range operations {
		a.mux.Handle(operation.method+" "+operation.path, operation)
	}
	a.description = describe(o, operations)
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

// Describe answers with the OpenAPI document.
func (a *API) Describe(w http.ResponseWriter, r *http.Request) {
	show(w, r, "application/json", a.description)
}

// Docs answers with the page about it.
func (a *API) Docs(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", pagePolicy)
	show(w, r, "text/html; charset=utf-8", a.page)
}

func show(w http.ResponseWriter, r *http.Request, media string, content []byte) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		Problem(w, http.StatusMethodNotAllowed, "Use GET.")
		return
	}
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(content) // nobody is left to tell
}
