package serve

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/wire"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Name is what the server is called by clients.
const Name = surface.Name

// Options say what a [Server] is made of.
type Options struct {
	Version   string           // of the program, as clients see it
	Tools     []tool.Tool      // each name once
	Prompts   []prompts.Prompt // those whose tools are among Tools are offered
	Resources []prompts.Resource
	Skills    []skills.Skill
	Deps      *tool.Deps       // handed to every call
	Principal access.Principal // who is asking, on every door without a gate
	CallTime  time.Duration    // that a call may take; 0: 29 s
	Log       *slog.Logger     // nil: nothing is logged
	HTTP      web.Settings     // how it is reached over HTTP
	Watch     *watch.Watch     // nil: nobody watches
}

// Server is an MCP server. It may be used by several goroutines and through
// several doors at once, except that a process has only one [Server.Stdio].
type Server struct {
	wire  *wire.Server
	site  func() *web.Site // made when it is needed
	deps  *tool.Deps
	watch *watch.Watch
}

// New puts a server together. It fails when two things would have one name.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	offers, err := surface.New(surface.Options{
		Tools: o.Tools, Prompts: o.Prompts, Resources: o.Resources, Skills: o.Skills, Deps: o.Deps, Gated: o.HTTP.Gate != nil,
		Principal: o.Principal, Timeout: o.CallTime, Log: o.Log, Watch: o.Watch,
	})
	if err != nil {
		return nil, err
	}
	s := &Server{
		deps: o.Deps, watch: o.Watch,
		wire: wire.New(wire.Options{Version: o.Version, Offers: offers, Gate: o.HTTP.Gate, Log: o.Log, Watch: o.Watch}),
	}
	s.site = sync.OnceValue(func() *web.Site { return s.newSite(o, offers) })
	return s, nil
}

// newSite is what is reached over HTTP, which takes a while to describe itself.
func (s *Server) newSite(o Options, offers *surface.Surface) *web.Site {
	api := rest.New(rest.Options{
		Version: o.Version, Tools: o.Tools, Deps: o.Deps, Gate: o.HTTP.Gate, Log: o.Log, PublicURL: o.HTTP.PublicURL,
		Call: offers.Tools.Run, Audit: s.audit,
	})
	found := discovery{o.Version, o.HTTP}
	return web.New(web.Options{
		Settings: o.HTTP,
		Doors: []web.Door{
			{Path: endpoint, Tell: wire.Tell, Admitted: s.wire.HTTP()},
			{Path: "/api", Below: true, Tell: rest.Problem, Admitted: withoutBody(api)},
			{Path: rest.DescriptionPath, Tell: rest.Problem, Open: api.Describe},
			{Path: rest.DocsPath, Tell: rest.Problem, Open: api.Docs},
			{Path: catalogPath, Tell: wire.Tell, Open: found.catalog, AnyPage: true},
			{Path: cardPath, Tell: wire.Tell, Open: found.card, AnyPage: true},
		},
		Tell: wire.Tell, Problem: rest.Problem,
		NotFound: "There is nothing here. MCP is at /mcp, REST is described at /docs, health is at /healthz.",
		MaxBody:  wire.MaxMessage, TooLong: wire.TooLong,
		Principal: o.Principal, CallTime: offers.Timeout, ReadAgain: s.readAgain, Log: o.Log, Watch: o.Watch,
	})
}

// withoutBody is for a handler that reads the body of r for itself.
func withoutBody(h http.Handler) func(w http.ResponseWriter, r *http.Request, body []byte) {
	return func(w http.ResponseWriter, r *http.Request, _ []byte) { h.ServeHTTP(w, r) }
}

// audit notes a change that a caller of REST made.
func (s *Server) audit(ctx context.Context, what, outcome string) {
	s.watch.Audit(ctx, access.From(ctx).Name(), what, outcome)
}

// readAgain has the nights of a user read again.
func (s *Server) readAgain(ctx context.Context, userID string) error {
	if s.deps == nil {
		return nil
	}
	return s.deps.ReadAgain(ctx, userID)
}

// Handler answers MCP at /mcp, REST below /api and health at /healthz. Without
// a gate it is for requests that came over loopback; Serve sees to that.
func (s *Server) Handler() http.Handler { return s.site() }

// Listen opens addr, which must be on loopback unless there is a gate.
func (s *Server) Listen(ctx context.Context, addr string) (net.Listener, error) {
	return s.site().Listen(ctx, addr)
}

// Serve answers HTTP on l, which must be on loopback unless there is a gate,
// until ctx ends; calls in flight then still have the time that a call may take.
// It closes l and returns nil when it was stopped by ctx.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { return s.site().Serve(ctx, l) }

// Stdio answers the messages on in, one a line, with lines on out, until in
// ends, out is closed by its reader, or ctx ends; each of these is success.
// What was asked before in ended is still answered. Only one Stdio may run in a
// process at a time. A read of in that is under way when ctx ends is left
// behind.
func (s *Server) Stdio(ctx context.Context, in io.Reader, out io.Writer) error {
	return s.wire.Stdio(ctx, in, out)
}

// Call runs one tool through a client inside the process, over the same
// protocol as every other door. arguments is a JSON object or nil. It returns
// the structured answer, or the tool's error text as failure; err is for what
// no tool answered, such as an unknown name.
func (s *Server) Call(ctx context.Context, name string, arguments json.RawMessage) (structured json.RawMessage, failure string, err error) {
	return s.wire.Call(ctx, name, arguments)
}

// Show is [Server.Call] by a client that shows pictures.
func (s *Server) Show(ctx context.Context, name string, arguments json.RawMessage) (wire.Called, error) {
	return s.wire.Show(ctx, name, arguments)
}
