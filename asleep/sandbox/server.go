package sandbox

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options configure a [Server]. The zero value is an empty account that accepts every
// key.
type Options struct {
	Key     string           // the x-api-key that is accepted; "": any that is not empty
	Now     func() time.Time // the clock; nil: time.Now
	People  []Person         // users that exist from the start; their ids must be unique
	Latency time.Duration    // wait before every answer

	// Sparse leaves the metrics out of slept_sessions, so that only session_id and
	// session_start_time remain, as one of the vendor's texts shows them.
	Sparse bool
	// TwoStage simulates the plan that distinguishes only sleep and wake: code 1 means
	// asleep, and everything about light, deep and REM sleep is null.
	TwoStage bool
}

// Server serves the Asleep API. It is an [http.Handler] that may be used by several
// goroutines at once. Users can be created and deleted, and sessions deleted, but only
// in memory.
type Server struct {
	options Options
	mux     *http.ServeMux
	control *http.ServeMux
	routes  []string
	closed  chan struct{}
	close   func()

	mu       sync.RWMutex
	users    map[string]*user
	requests map[string]int
	faults   []Fault
}

// New returns a server for the given people. It panics if the Snoring of a recording is
// set and not as long as its Stages.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	closed := make(chan struct{})
	s := &Server{
		options:  o,
		closed:   closed,
		close:    sync.OnceFunc(func() { close(closed) }),
		users:    make(map[string]*user, len(o.People)),
		requests: map[string]int{},
	}
	for _, p := range o.People {
		s.users[p.ID] = newUser(p, o.TwoStage)
	}
	s.mux = s.api()
	s.control = s.switches()
	return s
}

// noRoute counts the requests that fit no route.
const noRoute = "/"

// handler answers one request of a route, or refuses it with a [*refusal].
type handler func(*http.Request) (answer, error)

// answer is a status and a body to be written as JSON; nil is no body.
type answer struct {
	status int
	body   any
}

// api registers the routes. A known path with another method answers 405, above all DELETE
// /ai/v1/sessions, which once deleted everything.
func (s *Server) api() *http.ServeMux {
	mux := http.NewServeMux()
	routes := []struct {
		pattern string
		handle  handler
	}{
		{"POST /ai/v1/users", s.createUser},
		{"GET /ai/v1/users/{id}", s.getUser},
		{"DELETE /ai/v1/users/{id}", s.deleteUser},
		{"DELETE /ai/v1/sessions/{id}", s.deleteSession},
		{"GET /data/v3/sessions/{id}", s.getSession},
		{"GET /data/v1/sessions", s.listSessions},
		{"GET /data/v1/users/{id}/average-stats", s.averageStats},
	}
	paths := map[string]bool{"/ai/v1/sessions": true, "/ai/v1/sessions/{$}": true}
	for _, r := range routes {
		mux.HandleFunc(r.pattern, s.serve(r.handle))
		s.routes = append(s.routes, r.pattern)
		_, path, _ := strings.Cut(r.pattern, " ")
		paths[path] = true
	}
	for path := range paths {
		mux.HandleFunc(path, s.serve(methodNotAllowed))
	}
	return mux
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
		s.control.ServeHTTP(w, r)
		return
	}
	route := s.route(r)
	s.mu.Lock()
	s.requests[route]++
	s.mu.Unlock()
	if !s.wait(r, s.options.Latency) {
		panic(http.ErrAbortHandler)
	}
	if f, ok := s.takeFault(route); ok {
		faultAnswers[f.Name](s, f, w, r)
		return
	}
	s.answer(w, r)
}

// route returns the pattern that matches the request, noRoute if there is none. The mux
// would redirect a path with empty or dotted segments to its clean form, which the API
// does not do.
func (s *Server) route(r *http.Request) string {
	escaped := r.URL.EscapedPath()
	if clean := path.Clean(escaped); clean != escaped && clean+"/" != escaped {
		return noRoute
	}
	if _, route := s.mux.Handler(r); route != "" {
		return route
	}
	return noRoute
}

// answer answers as if there were no faults.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	if s.route(r) == noRoute {
		s.serve(routeNotFound)(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) serve(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got, err := answer{}, s.checkKey(r)
		if err == nil {
			got, err = handle(r)
		}
		if refused, is := errors.AsType[*refusal](err); is {
			got = answer{refused.status, map[string]any{"detail": refused.detail}}
		}
		write(w, got)
	}
}

func (s *Server) checkKey(r *http.Request) error {
	key := r.Header.Get("X-Api-Key")
	if key == "" || s.options.Key != "" && key != s.options.Key {
		return errUnauthorized
	}
	return nil
}

func write(w http.ResponseWriter, a answer) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	body, err := json.Marshal(a.body)
	if err != nil {
		http.Error(w, "the sandbox made an answer that is not JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // an error means that the client left
}

// wait waits for d and reports whether the client and the server are still there.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// Requests returns the number of requests so far, whatever the answer, by route
// pattern, such as "GET /data/v3/sessions/{id}". A request with a wrong method counts
// under its path alone, one for an unknown path under "/".
func (s *Server) Requests() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.requests)
}

// Routes lists the route patterns.
func (s *Server) Routes() []string { return slices.Clone(s.routes) }

// Close ends requests that wait or hang. Call it before shutting down the [http.Server]
// that serves s. It may be called more than once.
func (s *Server) Close() { s.close() }
