package wire

import (
	"context"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
)

// visibility takes out of every list what the caller's role can never use, and
// with it out of what can be called.
type visibility struct{ offers *surface.Surface }

func (v visibility) tools(ctx context.Context, all []mcp.Tool) []mcp.Tool {
	return slices.DeleteFunc(slices.Clone(all), func(t mcp.Tool) bool { return !v.offers.Tools.Visible(ctx, t.Name) })
}

func (v visibility) prompts(ctx context.Context, all []mcp.Prompt) []mcp.Prompt {
	return slices.DeleteFunc(slices.Clone(all), func(p mcp.Prompt) bool { return !v.offers.Prompts.Visible(ctx, p.Name) })
}

// resources does the same for the list of resources, which mcp-go has no filter
// for; reading one goes through its tool.
func (v visibility) resources(ctx context.Context, _ any, _ *mcp.ListResourcesRequest, result *mcp.ListResourcesResult) {
	result.Resources = slices.DeleteFunc(slices.Clone(result.Resources), func(r mcp.Resource) bool { return !v.offers.Resources.Visible(ctx, r.URI) })
}
