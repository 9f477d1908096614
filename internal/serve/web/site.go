package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// Options say what a [Site] is made of.
type Options struct {
	Settings

	Doors     []Door
	Tell      Tell                                           // about health, and where nothing is
	Problem   Tell                                           // to Prometheus and Asleep, who speak no JSON-RPC
	NotFound  string                                         // what is told where nothing is
	MaxBody   int64                                          // in bytes
	TooLong   string                                         // what the sender of a longer body is told
	Principal access.Principal                               // everybody, without a gate
	CallTime  time.Duration                                  // that a door may take
	ReadAgain func(ctx context.Context, userID string) error // has somebody's nights read again
	Log       *slog.Logger
	Watch     *watch.Watch // nil: nobody watches
}

// Site is all that is reached over HTTP, below one address.
type Site struct {
	settings    Settings
	policy      originPolicy
	routes      []route
	nowhere     route
	notFound    string
	callTime    time.Duration
	log         *slog.Logger
	watch       *watch.Watch
	connections int // that may be open at once
}

// route is what answers at a path.
type route struct {
	path   string
	below  bool // also at all paths below
	closed bool // its callers are admitted
	public bool // pages of every origin may read it
	byAddr bool // balancers and Prometheus ask by address, not by name
	tell   Tell
	answer handler // nil: nothing is there
}

// New puts a site together.
func New(o Options) *Site {
	admission := &admission{gate: o.Gate, principal: o.Principal, limits: newLimits(o.CallsPerMinute, time.Now), watch: o.Watch}
	body := newBodyLimit(o.MaxBody, o.TooLong)
	s := &Site{
		settings: o.Settings, policy: newOriginPolicy(o.Settings), nowhere: route{tell: o.Tell}, notFound: o.NotFound,
		callTime: o.CallTime, log: o.Log, watch: o.Watch, connections: maxConnections,
	}
	numbers := route{path: "/metrics", byAddr: true, tell: o.Problem}
	if o.Watch != nil {
		numbers.answer = (&metrics{admission, o.Watch}).answer
	}
	callbacks := route{path: "/webhooks/asleep", tell: o.Problem}
	if o.WebhookKey != "" {
		callbacks.answer = (&webhook{key: o.WebhookKey, body: body, readAgain: o.ReadAgain, log: o.Log, watch: o.Watch}).answer
	}
	s.routes = []route{
		{path: "/healthz", byAddr: true, tell: o.Tell, answer: health},
		{path: "/readyz", byAddr: true, tell: o.Tell, answer: (&readiness{checks: o.Ready, dispensable: o.Dispensable}).answer},
		numbers, callbacks,
	}
	if o.Gate != nil && o.Gate.HasMetadata() {
		s.routes = append(s.routes, route{path: auth.MetadataPath, tell: o.Tell, answer: metadata{o.Gate}.answer})
	}
	for _, door := range o.Doors {
		keeper := &doorkeeper{door, admission, body}
		s.routes = append(s.routes, route{path: door.Path, below: door.Below, closed: door.Admitted != nil, public: door.AnyPage && o.Gate != nil, tell: door.Tell, answer: keeper.answer})
	}
	return s
}

// metadata describes the gate to clients that have no token yet.
type metadata struct{ gate *auth.Gate }

func (m metadata) answer(w http.ResponseWriter, r *http.Request, tell Tell) {
	if onlyGET(w, r, tell) {
		m.gate.ServeMetadata(w, r)
	}
}

// Paths returns where the site answers.
func (s *Site) Paths() (all []string) {
	for _, route := range s.routes {
		if route.answer != nil {
			all = append(all, route.path)
		}
	}
	return all
}

// ServeHTTP implements [http.Handler]. Without a gate it is for requests that came
// over loopback; [Site.Serve] sees to that.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := s.at(r.URL)
	defer s.recovered(w, r, route.tell)
	markActive(r.Context())
	s.policy.secure(w, r)
	// A page that was rebound to the address has no token for the numbers.
	if !route.byAddr || s.settings.Gate == nil {
		why := s.policy.refuses(r, route.public)
		if why == "" && route.closed && s.policy.lured(r) {
			why = elsewhere
		}
		if why != "" {
			s.watch.Refused(http.StatusForbidden)
			route.tell(w, http.StatusForbidden, why)
			return
		}
		if s.policy.cors(w, r, route.public) {
			return
		}
	}
	if route.answer == nil {
		route.tell(w, http.StatusNotFound, s.notFound)
		return
	}
	route.answer(w, r, route.tell)
}

// at finds what answers at a path, which may begin and end in slashes too many: bridges append
// one, and join addresses that have one already.
func (s *Site) at(asked *url.URL) route {
	path, exact := asked.Path, asked.Path
	if asked.RawPath == "" { // the slashes stand there as such
		exact = "/" + strings.Trim(path, "/")
	}
	for _, route := range s.routes {
		if exact == route.path || route.below && strings.HasPrefix(path, route.path+"/") {
			return route
		}
	}
	return s.nowhere
}

// recovered, deferred, answers a panic without its text, which net/http would print.
func (s *Site) recovered(w http.ResponseWriter, r *http.Request, tell Tell) {
	if recover() != nil {
		s.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("stack", watch.Stack()))
		tell(w, http.StatusInternalServerError, "asleep-mcp failed on this message.")
	}
}
