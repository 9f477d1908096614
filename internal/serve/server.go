package serve

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Name is what the server is called on the wire.
const Name = "asleep-mcp"

// callTime is how long a call may take: so long that the caller has the answer
// within 30 s.
const callTime = 29 * time.Second

// listTTL is how long a client may keep the list of tools and the description
// of the server. They change with the program only and are the same for
// everybody.
const listTTL = 5 * time.Minute

// instructions is what a host may put before a model: at most 2,000
// characters, because hosts cut what is longer.
//
//go:embed instructions.md
var instructions string

// Options say what a [Server] is made of.
type Options struct {
	Version   string           // of the program, as clients see it
	Tools     []tool.Tool      // each name once
	Prompts   []prompts.Prompt // those whose tools are among Tools are shown
	Resources []prompts.Resource
	Deps      *tool.Deps       // handed to every call
	Principal access.Principal // who is asking, on every door
	Log       *slog.Logger     // nil: nothing is logged
	HTTP      HTTP             // how it is reached over HTTP
	Watch     *watch.Watch     // nil: nobody watches
}

// Server is an MCP server. It may be used by several goroutines and through
// several doors at once, except that a process has only one [Server.Stdio].
type Server struct {
	mcp       *server.MCPServer
	tools     map[string]tool.Tool // by name
	prompts   []prompts.Prompt     // that are shown
	resources []prompts.Resource   // that are shown
	deps      *tool.Deps
	principal access.Principal
	log       *slog.Logger
	timeout   time.Duration
	version   string
	offered   []tool.Tool // in the order given
	http      HTTP
	limits    *limits
	watch     *watch.Watch

	connections int // that may be open at once
}

// New puts a server together. It fails when a tool cannot be shown to clients:
// one such tool would make mcp-go answer the whole list of tools with nothing.
func New(o Options) (*Server, error) {
	s := &Server{
		deps: o.Deps, principal: o.Principal, log: o.Log, timeout: callTime, version: o.Version, offered: o.Tools,
		http: o.HTTP, limits: newLimits(o.HTTP.CallsPerMinute, time.Now), watch: o.Watch,
		connections: maxConnections,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mcp = server.NewMCPServer(Name, o.Version,
		server.WithTitle("Asleep sleep data"),
		server.WithDescription("Answers questions about a person's sleep from nights recorded with Asleep."),
		server.WithWebsiteURL("https://github.com/asleep-mcp/asleep-mcp"),
		server.WithInstructions(instructions),
		server.WithToolCapabilities(false),
		server.WithCacheHints(listTTL.Milliseconds(), s.cacheScope()),
		server.WithHooks(s.hooks()),
	)
	if err := s.add(o.Tools); err != nil {
		return nil, err
	}
	if err := errors.Join(s.addPrompts(o.Prompts), s.addResources(o.Resources)); err != nil {
		return nil, err
	}
	if s.http.Gate != nil {
		s.hideByRole()
	}
	return s, nil
}

// hooks logs calls that reach no tool, whose names are the caller's words and
// stay out of the log, and keeps the order of what answers a subscription.
func (s *Server) hooks() *server.Hooks {
	h := &server.Hooks{}
	if s.http.Gate != nil {
		s.hideResources(h)
	}
	h.AddAfterSubscriptionsListen(acknowledgeFirst)
	h.AddOnError(func(ctx context.Context, _ any, _ mcp.MCPMethod, _ any, err error) {
		if errors.Is(err, server.ErrToolNotFound) {
			s.log.LogAttrs(ctx, slog.LevelWarn, "tool failed", slog.String("code", "unknown_tool"))
		}
	})
	return h
}

// cacheScope says for whom a client may keep the lists: behind a gate they
// differ from caller to caller.
func (s *Server) cacheScope() mcp.CacheScope {
	if s.http.Gate != nil {
		return mcp.CacheScopePrivate
	}
	return mcp.CacheScopePublic
}

// add registers the tools.
func (s *Server) add(all []tool.Tool) error {
	var described []server.ServerTool
	var problems []error
	s.tools = make(map[string]tool.Tool, len(all))
	for _, t := range all {
		if s.serves(t.Name) {
			problems = append(problems, fmt.Errorf("tool %q: the name is taken", t.Name))
			continue
		}
		s.tools[t.Name] = t
		shown, err := describe(t)
		if err != nil {
			problems = append(problems, fmt.Errorf("tool %q: %w", t.Name, err))
		}
		described = append(described, server.ServerTool{Tool: shown, Handler: s.toolHandler(t)})
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	s.mcp.AddTools(described...)
	return nil
}

// describe is t as clients see it. The fields are set by hand because mcp-go's
// builder sets a second input schema beside a raw one, which cannot be sent.
func describe(t tool.Tool) (mcp.Tool, error) {
	for kind, schema := range map[string]json.RawMessage{"input": t.Input, "output": t.Output} {
		if err := checkSchema(schema); err != nil {
			return mcp.Tool{}, fmt.Errorf("%s schema: %w", kind, err)
		}
	}
	return mcp.Tool{
		Name:            t.Name,
		Title:           t.Title,
		Description:     t.Description,
		RawInputSchema:  t.Input,
		RawOutputSchema: t.Output,
		Annotations:     annotations(t.Access),
	}, nil
}

// annotations states every hint: what is left out counts as destructive, not
// repeatable and reaching the open world. asleep-mcp reaches one service only.
func annotations(a tool.Access) mcp.ToolAnnotation {
	return mcp.ToolAnnotation{
		ReadOnlyHint:    new(a == tool.Reads),
		DestructiveHint: new(a == tool.Deletes),
		IdempotentHint:  new(a != tool.Writes),
		OpenWorldHint:   new(false),
	}
}
