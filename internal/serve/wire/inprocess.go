package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
)

// Call runs one tool through a client inside the process, over the same
// protocol as every other door. arguments is a JSON object or nil. It returns
// the structured answer, or the tool's error text as failure; err is for what
// no tool answered, such as an unknown name.
func (s *Server) Call(ctx context.Context, name string, arguments json.RawMessage) (structured json.RawMessage, failure string, err error) {
	c, err := client.NewInProcessClient(s.mcp)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Start(ctx); err != nil {
		return nil, "", err
	}
	hello := mcp.InitializeRequest{}
	hello.Params.ClientInfo = mcp.Implementation{Name: surface.Name, Version: "in-process"}
	if _, err := c.Initialize(ctx, hello); err != nil {
		return nil, "", fmt.Errorf("open: %w", err)
	}
	request := mcp.CallToolRequest{}
	request.Params.Name = name
	request.Params.RawArguments = arguments
	result, err := c.CallTool(ctx, request)
	if err != nil {
		return nil, "", err
	}
	if result.IsError {
		return nil, textOf(result), nil
	}
	return result.RawStructuredContent, "", nil
}

func textOf(result *mcp.CallToolResult) string {
	for _, content := range result.Content {
		if t, ok := content.(mcp.TextContent); ok {
			return t.Text
		}
	}
	return ""
}
