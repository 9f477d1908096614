package wire

import (
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
)

// neededScopes are the scopes of what a message asks for; none for what every
// caller may ask, and for what is not there. A message that could be read in two
// ways is refused: this would look at one and mcp-go would do the other.
func neededScopes(offers *surface.Surface, m message) ([]access.Scope, *refusal) {
	tools, why := toolsAsked(offers, m)
	if why != nil {
		return nil, why
	}
	return offers.Tools.Scopes(tools...), nil
}

// toolsAsked are the tools that an answer to m is made with.
func toolsAsked(offers *surface.Surface, m message) ([]string, *refusal) {
	switch mcp.MCPMethod(m.method) {
	case mcp.MethodToolsCall:
		name, _, why := memberOf(m.params, "name")
		return []string{name}, why
	case mcp.MethodPromptsGet:
		name, _, why := memberOf(m.params, "name")
		return offers.Prompts.ToolsOf(name), why
	case mcp.MethodResourcesRead, skillsGet:
		uri, _, why := memberOf(m.params, "uri")
		return offers.Resources.ToolsOf(uri), why
	case mcp.MethodCompletionComplete:
		_, ref, why := memberOf(m.params, "ref")
		if why != nil {
			return nil, why
		}
		name, _, why := memberOf(ref, "name")
		return offers.Prompts.ToolsOf(name), why
	}
	return nil, nil
}
