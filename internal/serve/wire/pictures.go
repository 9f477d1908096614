package wire

import (
	"context"
	"encoding/base64"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/charts/app"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const (
	// appsExtension is what a client declares that shows apps (SEP-1865).
	appsExtension = "io.modelcontextprotocol/ui"
	// pictureKey is the member of a result's _meta that the app draws. Models never see it.
	pictureKey = "asleep-mcp/picture"
	// toolKey names the tool, whose answers the app asks for again: not every host tells it
	// which tool was called, nor every client over HTTP that it shows apps.
	toolKey = "asleep-mcp/tool"
)

// appOf says that the page of package app shows a tool's answers; hosts that came before the
// standard was done look for the second name.
func appOf() *mcp.Meta {
	return &mcp.Meta{AdditionalFields: map[string]any{
		"ui":             map[string]any{"resourceUri": app.URI},
		"ui/resourceUri": app.URI,
	}}
}

// readPage answers with the page, which is the same for everybody and holds nobody's data.
func readPage(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	return []mcp.ResourceContents{mcp.TextResourceContents{
		URI: app.URI, MIMEType: app.MediaType, Text: app.Page(),
		Meta: map[string]any{"ui": map[string]any{"prefersBorder": true}},
	}}, nil
}

// withoutPage keeps the page out of the list of resources: hosts find it through the tools,
// and nobody else has a use for it.
func withoutPage(_ context.Context, _ any, _ *mcp.ListResourcesRequest, result *mcp.ListResourcesResult) {
	result.Resources = slices.DeleteFunc(slices.Clone(result.Resources), func(r mcp.Resource) bool { return r.URI == app.URI })
}

// pictured is what the client is sent: the answer, the picture that was asked for, and, for
// clients that show apps, what the app draws.
func pictured(ctx context.Context, offers *surface.Tools, of tool.Tool, request mcp.CallToolRequest, answer tool.Answer) *mcp.CallToolResult {
	if answer.Picture == nil {
		return toolResult(ctx, answer.JSON)
	}
	meta := map[string]any{toolKey: of.Name}
	if answer.Image == nil && !showsApps(ctx, request) {
		result := toolResult(ctx, answer.JSON)
		result.Meta = &mcp.Meta{AdditionalFields: meta}
		return result
	}
	result := &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(answer.JSON))}, StructuredContent: answer.JSON}
	result.Meta = &mcp.Meta{AdditionalFields: meta}
	if image := answer.Image; image != nil {
		result.Content = append(result.Content, mcp.NewImageContent(base64.StdEncoding.EncodeToString(image.Data), image.Format.MediaType()))
	}
	if picture := offers.Picture(ctx, of, answer); picture != nil {
		meta[pictureKey] = picture
	}
	return result
}

// showsApps reports whether the client says that it shows apps.
func showsApps(ctx context.Context, request mcp.CallToolRequest) bool {
	_, ok := capabilities(ctx, request).Extensions[appsExtension]
	return ok
}
