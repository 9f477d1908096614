package wire

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// The handlers that mcp-go calls are methods, so that a stack names them.

// toolHandler calls one tool.
type toolHandler struct {
	offers *surface.Tools
	tool   tool.Tool
}

// call never returns an error: mcp-go would make a protocol error of it, which
// models do not see.
func (h toolHandler) call(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	ctx, settle := withProgress(ctx, request)
	ctx = withConsent(ctx, request)
	answer, failure := h.offers.Run(ctx, h.tool, request.Params.RawArguments)
	if failure != nil && failure.Ask != "" {
		if modernRequest(request) {
			return askedOf(request, failure.Ask), nil
		}
		answer, failure = h.offers.Run(tool.WithConsent(ctx, askNow(ctx, failure.Ask)), h.tool, request.Params.RawArguments)
	}
	settle(ctx)
	if failure != nil {
		return mcp.NewToolResultError(failure.Text), nil
	}
	return pictured(ctx, h.offers, h.tool, request, answer), nil
}

// promptHandler renders one prompt, of a request that was checked.
type promptHandler struct {
	offers *surface.Prompts
	prompt prompts.Prompt
}

func (h promptHandler) get(ctx context.Context, request mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	text, err := h.offers.Render(ctx, h.prompt, request.Params.Arguments)
	if err != nil {
		return nil, err
	}
	message := mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text))
	return mcp.NewGetPromptResult(h.prompt.Description, []mcp.PromptMessage{message}), nil
}

// resourceHandler reads one resource. Its errors are the tool's own words.
type resourceHandler struct {
	offers   *surface.Resources
	resource prompts.Resource
}

func (h resourceHandler) read(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	text, err := h.offers.Read(ctx, h.resource)
	if err != nil {
		return nil, err
	}
	return []mcp.ResourceContents{mcp.TextResourceContents{URI: h.resource.URI, MIMEType: h.resource.MIMEType, Text: text}}, nil
}

// completer suggests values for the arguments of prompts.
type completer struct{ offers *surface.Completions }

// CompletePromptArgument is called by mcp-go.
func (c completer) CompletePromptArgument(ctx context.Context, name string, argument mcp.CompleteArgument, given mcp.CompleteContext) (*mcp.Completion, error) {
	values, total := c.offers.Suggest(ctx, name, argument.Name, argument.Value, given.Arguments)
	return &mcp.Completion{Values: values, Total: total, HasMore: total > len(values)}, nil
}
