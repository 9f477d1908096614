package wire

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
)

// Called is what came of a call inside the process.
type Called struct {
	Answer  json.RawMessage // structured; nil where the tool failed
	Failure string          // the tool's error text; "": it answered
	Picture json.RawMessage // what the app would draw, where it was asked for; nil: nothing
	Image   []byte          // the image of the answer; nil: there is none
}

// Call runs one tool through a client inside the process, over the same
// protocol as every other door. arguments is a JSON object or nil. It returns
// the structured answer, or the tool's error text as failure; err is for what
// no tool answered, such as an unknown name.
func (s *Server) Call(ctx context.Context, name string, arguments json.RawMessage) (structured json.RawMessage, failure string, err error) {
	called, err := s.call(ctx, name, arguments, mcp.ClientCapabilities{})
	return called.Answer, called.Failure, err
}

// Show is [Server.Call] by a client that shows apps and images.
func (s *Server) Show(ctx context.Context, name string, arguments json.RawMessage) (Called, error) {
	return s.call(ctx, name, arguments, mcp.ClientCapabilities{Extensions: map[string]any{appsExtension: struct{}{}}})
}

func (s *Server) call(ctx context.Context, name string, arguments json.RawMessage, able mcp.ClientCapabilities) (called Called, err error) {
	c, err := client.NewInProcessClient(s.mcp)
	if err != nil {
		return called, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Start(ctx); err != nil {
		return called, err
	}
	hello := mcp.InitializeRequest{}
	hello.Params.ClientInfo = mcp.Implementation{Name: surface.Name, Version: "in-process"}
	hello.Params.Capabilities = able
	if _, err := c.Initialize(ctx, hello); err != nil {
		return called, fmt.Errorf("open: %w", err)
	}
	request := mcp.CallToolRequest{}
	request.Params.Name = name
	request.Params.RawArguments = arguments
	result, err := c.CallTool(ctx, request)
	if err != nil {
		return called, err
	}
	if result.IsError {
		return Called{Failure: textOf(result)}, nil
	}
	called = Called{Answer: result.RawStructuredContent}
	for _, content := range result.Content {
		if image, ok := content.(mcp.ImageContent); ok {
			if called.Image, err = base64.StdEncoding.DecodeString(image.Data); err != nil {
				return Called{}, fmt.Errorf("image: %w", err)
			}
		}
	}
	if result.Meta != nil && result.Meta.AdditionalFields[pictureKey] != nil {
		if called.Picture, err = json.Marshal(result.Meta.AdditionalFields[pictureKey]); err != nil {
			return Called{}, fmt.Errorf("picture: %w", err)
		}
	}
	return called, nil
}

func textOf(result *mcp.CallToolResult) string {
	for _, content := range result.Content {
		if t, ok := content.(mcp.TextContent); ok {
			return t.Text
		}
	}
	return ""
}
