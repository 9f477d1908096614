package serve

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
)

// Handler answers MCP at /mcp, REST below /api and health at /healthz. Without
// a gate it is for requests that came over loopback; Serve sees to that.
func (s *Server) Handler() http.Handler {
	inner := server.NewStreamableHTTPServer(s.mcp,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithDisableLocalhostProtection(true), // the origin policy does it, and knows other names
		server.WithStreamableHTTPLogger(slog.New(constantOnly{s.log.Handler()})),
	)
	routes := s.routes(splicing(inner))
	policy := newOriginPolicy(s.http)
	return s.recovered(func(w http.ResponseWriter, r *http.Request, tell tell) {
		heard(r.Context())
		policy.secure(w, r)
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || r.URL.Path == metricsPath {
			// A balancer and Prometheus ask by address. A page that was rebound to it has
			// no token for the numbers.
			if s.http.Gate != nil {
				route(routes, w, r, tell)
				return
			}
		}
		if why := policy.refuses(r); why != "" {
			s.watch.Refused(http.StatusForbidden)
			tell(w, http.StatusForbidden, why)
			return
		}
		if policy.cors(w, r) {
			return
		}
		route(routes, w, r, tell)
	})
}

// handler answers at a path; tell is how errors are written there.
type handler func(w http.ResponseWriter, r *http.Request, tell tell)

// tell answers a request that goes no further, in the format of its door.
type tell func(w http.ResponseWriter, status int, text string)

func tellRPC(w http.ResponseWriter, status int, text string) {
	code := mcp.INVALID_REQUEST
	if status >= http.StatusInternalServerError {
		code = mcp.INTERNAL_ERROR
	}
	refuse(w, status, &refusal{code: code, text: text})
}

// apiPath is that of the REST backend, with all that is below it.
const apiPath = "/api"

func isAPI(path string) bool { return path == apiPath || strings.HasPrefix(path, apiPath+"/") }

// Paths whose callers, Prometheus and Asleep, speak no JSON-RPC.
const (
	metricsPath = "/metrics"
	webhookPath = "/webhooks/asleep"
)

// tellAt is how errors are written at a path.
func tellAt(path string) tell {
	switch {
	case isAPI(path), path == rest.DescriptionPath, path == rest.DocsPath, path == metricsPath, path == webhookPath:
		return rest.Problem
	}
	return tellRPC
}

// routes are the paths of this server. What is below /api is for that one.
func (s *Server) routes(inner http.Handler) map[string]handler {
	api := s.newREST()
	describe := func(w http.ResponseWriter, r *http.Request, _ tell) { api.Describe(w, r) }
	routes := map[string]handler{
		"/mcp": func(w http.ResponseWriter, r *http.Request, tell tell) {
			s.let(w, r, tell, func(r *http.Request, body []byte) { s.guard(w, r, body, inner) })
		},
		apiPath: func(w http.ResponseWriter, r *http.Request, tell tell) {
			s.let(w, r, tell, func(r *http.Request, _ []byte) { api.ServeHTTP(w, r) })
		},
		rest.DescriptionPath: describe,
		rest.DocsPath:        describe,
		"/healthz":           health,
		"/readyz":            (&readiness{checks: s.http.Ready}).answer,
	}
	if s.watch != nil {
		routes[metricsPath] = s.metrics
	}
	if s.http.Gate != nil && s.http.Gate.HasMetadata() {
		routes[auth.MetadataPath] = func(w http.ResponseWriter, r *http.Request, tell tell) {
			if get(w, r, tell) {
				s.http.Gate.ServeMetadata(w, r)
			}
		}
	}
	if s.http.WebhookKey != "" {
		routes[webhookPath] = s.webhook
	}
	return routes
}

// newREST is the same server for programs that do not speak MCP.
func (s *Server) newREST() *rest.API {
	return rest.New(rest.Options{
		Version: s.version, Tools: s.offered, Deps: s.deps, Gate: s.http.Gate, Log: s.log, Call: s.run,
		Audit: func(ctx context.Context, what, outcome string) {
			s.watch.Audit(ctx, access.From(ctx).Name(), what, outcome)
		},
	})
}

// route sends a request that was meant for this server where it belongs.
func route(routes map[string]handler, w http.ResponseWriter, r *http.Request, tell tell) {
	path := r.URL.Path
	if isAPI(path) {
		path = apiPath
	}
	if serve, ok := routes[path]; ok {
		serve(w, r, tell)
		return
	}
	tell(w, http.StatusNotFound, "There is nothing here. MCP is at /mcp, REST is described at /docs, health is at /healthz.")
}

// metrics shows numbers to operators.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request, tell tell) {
	if !get(w, r, tell) {
		return
	}
	if r = s.admit(w, r, tell); r == nil {
		return
	}
	if !access.From(r.Context()).May(access.Admin) {
		tell(w, http.StatusForbidden, "The numbers are for operators: use a static token of that role with the scope admin.")
		return
	}
	defer serving(r.Context())()
	s.watch.Handler().ServeHTTP(w, r)
}

// recovered answers a panic without its text, which net/http would print.
func (s *Server) recovered(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tell := tellAt(r.URL.Path)
		defer func() {
			if recover() != nil {
				s.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("stack", stack()))
				tell(w, http.StatusInternalServerError, "asleep-mcp failed on this message.")
			}
		}()
		next(w, r, tell)
	})
}
