package wire

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// capabilities are what the client says that it can: with each request, or, in older
// revisions, when it connected. Over HTTP nothing is remembered of that.
func capabilities(ctx context.Context, request mcp.CallToolRequest) mcp.ClientCapabilities {
	if declared := request.Params.Meta.ClientCapabilities(); declared != nil {
		return *declared
	}
	session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo)
	if !ok {
		return mcp.ClientCapabilities{}
	}
	return session.GetClientCapabilities()
}

// modernRequest reports whether the request is of protocol version 2026-07-28 or later.
func modernRequest(request mcp.CallToolRequest) bool {
	return mcp.IsModernProtocol(request.Params.Meta.ProtocolVersion())
}
