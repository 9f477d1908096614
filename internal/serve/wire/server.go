package wire

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/charts/app"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// Options say what a [Server] is made of.
type Options struct {
	Version string // of the program, as clients see it
	Offers  *surface.Surface
	Gate    *auth.Gate // says what to tell callers who lack a scope; nil: nobody does
	Log     *slog.Logger
	Watch   *watch.Watch // nil: nobody watches
}

// Server speaks MCP. It may be used by several goroutines and through several
// doors at once, except that a process has only one [Server.Stdio].
type Server struct {
	mcp    *server.MCPServer
	offers *surface.Surface
	checks checks
	skills skillBook
	gate   *auth.Gate
	log    *slog.Logger
	watch  *watch.Watch
}

// New puts a server together.
func New(o Options) *Server {
	s := &Server{
		offers: o.Offers, checks: checks{o.Offers, o.Log}, gate: o.Gate, log: o.Log, watch: o.Watch,
	}
	hooks := &server.Hooks{}
	hooks.AddAfterSubscriptionsListen(acknowledgeFirst)
	hooks.AddOnError(s.logUnknownTool)
	hooks.AddAfterListResources(withoutPage)
	hooks.AddBeforeInitialize(withoutBatches)
	options := []server.ServerOption{
		server.WithTitle(surface.Title),
		server.WithDescription(surface.Description),
		server.WithWebsiteURL(surface.Repository),
		server.WithIcons(mcp.Icon{Src: surface.Icon, MIMEType: "image/png", Sizes: []string{"512x512"}}),
		server.WithInstructions(surface.Instructions),
		server.WithToolCapabilities(false),
		server.WithHooks(hooks),
	}
	lists := mcp.CacheScopePublic
	if o.Offers.Gated { // they differ from caller to caller
		lists = mcp.CacheScopePrivate
		visible := visibility{o.Offers}
		hooks.AddAfterListResources(visible.resources)
		options = append(options, server.WithToolFilter(visible.tools), server.WithPromptFilter(visible.prompts))
	}
	if len(o.Offers.Skills.All()) > 0 {
		options = append(options, server.WithExtensions(map[string]any{skillsExtension: map[string]any{"directoryRead": true}}))
	}
	options = append(options, server.WithCacheHints(listTTL.Milliseconds(), lists))
	s.mcp = server.NewMCPServer(surface.Name, o.Version, options...)
	s.addTools()
	s.addPrompts()
	s.addResources()
	s.skills = skillBook{o.Offers.Skills, o.Offers.Gated, mcp.Implementation{Name: surface.Name, Version: o.Version}}
	return s
}

// Revisions lists the revisions of the protocol that are spoken, the newest first.
func Revisions() []string {
	return slices.DeleteFunc(slices.Clone(mcp.ValidProtocolVersions), func(r string) bool { return r == mcp.ProtocolVersion20250326 })
}

// withoutBatches keeps mcp-go from agreeing to revision 2025-03-26, the only one in which
// servers must take batches; it would also for a client that names none. Whoever asks for
// that is offered the revision before, which such clients know as well and which differs in
// nothing that is used here. The newest one, which the protocol would rather have, ends
// their connection.
func withoutBatches(_ context.Context, _ any, request *mcp.InitializeRequest) {
	switch request.Params.ProtocolVersion {
	case "":
		request.Params.ProtocolVersion = mcp.LATEST_LEGACY_PROTOCOL_VERSION
	case mcp.ProtocolVersion20250326:
		request.Params.ProtocolVersion = mcp.ProtocolVersion20241105
	}
}

// logUnknownTool logs calls that reach no tool, whose names are the caller's
// words and stay out of the log.
func (s *Server) logUnknownTool(ctx context.Context, _ any, _ mcp.MCPMethod, _ any, err error) {
	if errors.Is(err, server.ErrToolNotFound) {
		s.log.LogAttrs(ctx, slog.LevelWarn, "tool failed", slog.String("code", "unknown_tool"))
	}
}

func (s *Server) addTools() {
	var described []server.ServerTool
	for _, t := range s.offers.Tools.All() {
		described = append(described, server.ServerTool{Tool: describeTool(t), Handler: toolHandler{s.offers.Tools, t}.call})
	}
	s.mcp.AddTools(described...)
}

func (s *Server) addPrompts() {
	all := s.offers.Prompts.All()
	if len(all) == 0 {
		return
	}
	server.WithPromptCapabilities(false)(s.mcp)
	server.WithCompletions()(s.mcp)
	server.WithPromptCompletionProvider(completer{s.offers.Completions})(s.mcp)
	for _, p := range all {
		s.mcp.AddPrompt(describePrompt(p), promptHandler{s.offers.Prompts, p}.get)
	}
}

func (s *Server) addResources() {
	all := s.offers.Resources.All()
	if len(all) == 0 {
		return
	}
	server.WithResourceCapabilities(false, false)(s.mcp)
	server.WithMethodCacheHints(mcp.MethodResourcesRead, 0, mcp.CacheScopePrivate)(s.mcp)
	for _, r := range all {
		s.mcp.AddResource(describeResource(r), resourceHandler{s.offers.Resources, r}.read)
	}
	s.mcp.AddResource(mcp.Resource{URI: app.URI, Name: "pictures", MIMEType: app.MediaType}, readPage)
}
