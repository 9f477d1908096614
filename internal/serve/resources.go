package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// addResources registers the resources, those of tools where the tool is served.
func (s *Server) addResources(all []prompts.Resource) error {
	taken := map[string]bool{}
	for _, r := range all {
		if r.Tool != "" && !s.serves(r.Tool) {
			continue
		}
		if taken[r.URI] || taken[r.Name] {
			return fmt.Errorf("resource %q: the address or the name is taken", r.URI)
		}
		taken[r.URI], taken[r.Name] = true, true
		s.resources = append(s.resources, r)
	}
	if len(s.resources) == 0 {
		return nil
	}
	server.WithResourceCapabilities(false, false)(s.mcp)
	server.WithMethodCacheHints(mcp.MethodResourcesRead, 0, mcp.CacheScopePrivate)(s.mcp)
	for _, r := range s.resources {
		s.mcp.AddResource(mcp.Resource{
			URI: r.URI, Name: r.Name, Title: r.Title, Description: r.Description, MIMEType: r.MIMEType,
		}, s.resourceHandler(r))
	}
	return nil
}

// checkResource says what there is when uri is not.
func (s *Server) checkResource(uri string) error {
	known := make([]string, len(s.resources))
	for i, r := range s.resources {
		if r.URI == uri {
			return nil
		}
		known[i] = r.URI
	}
	return &noResource{uri, fmt.Sprintf("There is no resource %s. Known: %s. Nights of other users or dates are read with tools.",
		errtext.Text(uri), strings.Join(known, ", "))}
}

// noResource is the mistake of asking for a resource that is not there.
type noResource struct{ uri, text string }

func (n *noResource) Error() string { return n.text }

// resourceHandler is r as mcp-go calls it. Its errors are the tools' own words.
func (s *Server) resourceHandler(r prompts.Resource) server.ResourceHandlerFunc {
	return func(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		text := r.Text
		if r.Tool != "" {
			var err error
			if text, err = s.readTool(ctx, r.Tool); err != nil {
				return nil, err
			}
		}
		s.log.LogAttrs(ctx, slog.LevelDebug, "resource answered", slog.String("resource", r.Name))
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: r.URI, MIMEType: r.MIMEType, Text: text}}, nil
	}
}

// readTool is the answer of a tool about the caller's own nights.
func (s *Server) readTool(ctx context.Context, name string) (string, error) {
	ctx = s.asking(ctx)
	if _, err := access.Resolve(ctx, ""); errors.Is(err, access.ErrNobody) && !access.From(ctx).SeesAggregatesOnly() {
		next := `Call the tool ` + name + ` with "user_id"`
		if s.http.Gate == nil { // with one, the setting is no caller's
			next += ", or set ASLEEP_USER_ID for the server"
		}
		return "", &tool.Failure{Code: tool.InvalidArgument, Text: "This resource is about the caller's own nights, and this caller has no Asleep user. " + next + "."}
	}
	answer, failure := s.run(ctx, s.tools[name], nil)
	if failure != nil {
		return "", failure
	}
	return string(answer), nil
}
