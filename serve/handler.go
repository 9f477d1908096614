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
	return s.recovered(func(w http.ResponseWriter, r *http.Request) {
		heard(r.Context())
		doors.secure(w, r)
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || r.URL.Path == "/metrics" {
			// A balancer and Prometheus ask by address. A page that was rebound to it has
			// no token for the numbers.
			if s.http.Gate != nil {
				route(routes, w, r)
				return
			}
		}
		if why := doors.refuses(r); why != "" {
			s.watch.Refused(http.StatusForbidden)
			tellRPC(w, http.StatusForbidden, why)
			return
		}
		if doors.cors(w, r) {
			return
		}
		route(routes, w, r)
	})
}

// routes are the paths of this server. What is below /api is for that one.
func (s *Server) routes(inner http.Handler) map[string]http.HandlerFunc {
	api := s.newREST()
	routes := map[string]http.HandlerFunc{
		"/mcp": func(w http.ResponseWriter, r *http.Request) {
			s.let(w, r, tellRPC, func(r *http.Request, body []byte) { s.guard(w, r, body, inner) })
		},
		"/api": func(w http.ResponseWriter, r *http.Request) {
			s.let(w, r, rest.Problem, func(r *http.Request, _ []byte) { api.ServeHTTP(w, r) })
		},
		rest.DescriptionPath: api.Describe,
		rest.DocsPath:        api.Describe,
		"/healthz":           health,
		"/readyz":            (&readiness{checks: s.http.Ready}).ServeHTTP,
	}
	if s.watch != nil {
		routes["/metrics"] = s.metrics
	}
	if s.http.Gate != nil && s.http.Gate.HasMetadata() {
		routes[auth.MetadataPath] = func(w http.ResponseWriter, r *http.Request) {
			if get(w, r, tellRPC) {
				s.http.Gate.ServeMetadata(w, r)
			}
		}
	}
	if s.http.WebhookKey != "" {
		routes["/webhooks/asleep"] = s.webhook
	}
	return routes
}

// route sends a request that was meant for this server where it belongs.
func route(routes map[string]http.HandlerFunc, w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if strings.HasPrefix(path, "/api/") {
		path = "/api"
	}
	if serve, ok := routes[path]; ok {
		serve(w, r)
		return
	}
	tellRPC(w, http.StatusNotFound, "There is nothing here. MCP is at /mcp, REST is described at /docs, health is at /healthz.")
}

// metrics shows numbers to operators. Whoever scrapes them speaks no JSON-RPC, so a
// refusal is a problem.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	if !get(w, r, rest.Problem) {
		return
	}
	if r = s.admit(w, r, rest.Problem); r == nil {
		return
	}
	if !access.From(r.Context()).May(access.Admin) {
		rest.Problem(w, http.StatusForbidden, "The numbers are for operators: use a static token of that role with the scope admin.")
		return
	}
	s.watch.Handler().ServeHTTP(w, r)
}

// recovered answers a panic without its text, which net/http would print.
func (s *Server) recovered(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				s.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("stack", stack()))
				refuse(w, http.StatusInternalServerError, &refusal{code: mcp.INTERNAL_ERROR, text: "asleep-mcp failed on this message."})
			}
		}()
		next(w, r)
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
