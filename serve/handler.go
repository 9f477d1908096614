package serve

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/serve/rest"
)

// Handler answers MCP at /mcp, REST below /api and health at /healthz. Without
// a gate it is for requests that came over loopback; Serve sees to that.
func (s *Server) Handler() http.Handler {
	inner := server.NewStreamableHTTPServer(s.mcp,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithDisableLocalhostProtection(true), // doors does it, and knows other names
		server.WithStreamableHTTPLogger(slog.New(constantOnly{s.log.Handler()})),
	)
	routes := s.routes(splicing(inner))
	doors := newDoors(s.http)
	return s.recovered(func(w http.ResponseWriter, r *http.Request, tell tell) {
		heard(r.Context())
		doors.secure(w, r)
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || r.URL.Path == metricsPath {
			// A balancer and Prometheus ask by address. A page that was rebound to it has
			// no token for the numbers.
			if s.http.Gate != nil {
				route(routes, w, r, tell)
				return
			}
		}
		if why := doors.refuses(r); why != "" {
			s.watch.Refused(http.StatusForbidden)
			tell(w, http.StatusForbidden, why)
			return
		}
		if doors.cors(w, r) {
			return
		}
		route(routes, w, r, tell)
	})
}

// handler answers at a path; tell is how errors are written there.
type handler func(w http.ResponseWriter, r *http.Request, tell tell)

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

// refuse answers with a JSON-RPC error, which an MCP client can read whatever
// the status.
func refuse(w http.ResponseWriter, status int, why *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(why.encode(), '\n')) // nobody is left to tell
}

// guard passes the messages on that mcp-go may see.
func (s *Server) guard(w http.ResponseWriter, r *http.Request, body []byte, inner http.Handler) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, &refusal{code: mcp.INVALID_REQUEST, text: "Use POST: this server keeps no streams and no sessions."})
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, &refusal{code: mcp.INVALID_REQUEST, text: "The Content-Type must be application/json."})
		return
	}
	m, why := inspect(body)
	if why != nil {
		refuse(w, http.StatusBadRequest, why)
		return
	}
	if !m.wantsAnswer() && (m.method == cancelled || m.method == "") {
		// mcp-go would cancel whichever client's call has the id: without
		// sessions it cannot tell them apart. Closing the connection cancels.
		// Answers are dropped too, since no client was asked anything.
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if !s.scoped(w, r, m) {
		return
	}
	if why := s.refuses(r.Context(), m); why != nil && !misaddressed(r, m) {
		refuse(w, refusedStatus(m), why)
		return
	}
	// Neither means anything here, and mcp-go keys its state by the first.
	r.Header.Del(server.HeaderKeySessionID)
	r.Header.Del(mcp.HeaderLastEventID)
	w.Header().Set("X-Accel-Buffering", "no")
	inner.ServeHTTP(w, r)
}

// let passes a request on once its caller may come in and all of it is there.
// Until then its connection is one of those that wait.
func (s *Server) let(w http.ResponseWriter, r *http.Request, tell tell, next func(r *http.Request, body []byte)) {
	if r = s.admit(w, r, tell); r == nil {
		return
	}
	body, ok := readBody(w, r, tell)
	if !ok {
		return
	}
	defer serving(r.Context())()
	r.Body = io.NopCloser(bytes.NewReader(body))
	next(r, body)
}

// readBody reads the whole body, which may have one message of the longest kind,
// or answers.
func readBody(w http.ResponseWriter, r *http.Request, tell tell) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		tell(w, http.StatusRequestEntityTooLarge, tooLong.text)
	case err != nil:
		tell(w, http.StatusBadRequest, "The body could not be read to its end.")
	default:
		return body, true
	}
	return nil, false
}

var tooLong = &refusal{code: mcp.INVALID_REQUEST, text: "The message is longer than 1 MiB and was not read."}
