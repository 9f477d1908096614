package serve

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// needs are the scopes of what a message asks for; none for what everybody may
// who was let in, and for what is not there. A message that could be read in two
// ways is refused: this would look at one and mcp-go do the other.
func (s *Server) needs(m message) ([]access.Scope, *refusal) {
	tools, why := s.toolsAsked(m)
	if why != nil {
		return nil, why
	}
	return s.scopesOf(tools), nil
}

// toolsAsked are the tools that an answer to m is made with.
func (s *Server) toolsAsked(m message) ([]string, *refusal) {
	switch mcp.MCPMethod(m.method) {
	case mcp.MethodToolsCall:
		name, _, why := memberOf(m.params, "name")
		return []string{name}, why
	case mcp.MethodPromptsGet:
		name, _, why := memberOf(m.params, "name")
		return s.toolsOf(name), why
	case mcp.MethodResourcesRead:
		uri, _, why := memberOf(m.params, "uri")
		return s.toolsRead(uri), why
	case mcp.MethodCompletionComplete:
		_, ref, why := memberOf(m.params, "ref")
		if why != nil {
			return nil, why
		}
		name, _, why := memberOf(ref, "name")
		return s.toolsOf(name), why
	}
	return nil, nil
}

// scopesOf are the scopes that these tools need together.
func (s *Server) scopesOf(tools []string) []access.Scope {
	var needed []access.Scope
	for _, name := range tools {
		if t, ok := s.tools[name]; ok && !slices.Contains(needed, t.Scope()) {
			needed = append(needed, t.Scope())
		}
	}
	return needed
}

// toolsOf are the tools that a prompt sends a model to.
func (s *Server) toolsOf(prompt string) []string {
	for _, p := range s.prompts {
		if p.Name == prompt {
			return p.Tools
		}
	}
	return nil
}

// toolsRead are the tools whose answer a resource is.
func (s *Server) toolsRead(uri string) []string {
	for _, r := range s.resources {
		if r.URI == uri && r.Tool != "" {
			return []string{r.Tool}
		}
	}
	return nil
}

var ambiguous = &refusal{code: mcp.INVALID_PARAMS, text: "A member of the params is there twice, or spelled in another case."}

// memberOf reads one member of an object: its text, "" where it is none, and as
// it stands. The decoder of mcp-go folds case and lets the last of several win.
func memberOf(object json.RawMessage, name string) (text string, raw json.RawMessage, why *refusal) {
	if jsontext.Value(object).Kind() != '{' {
		return "", nil, nil // mcp-go refuses it
	}
	found := 0
	bad := eachMember(object, func(is string, value json.RawMessage) {
		if strings.EqualFold(is, name) {
			found++
			if is == name {
				raw = value
			}
		}
	})
	switch {
	case bad != nil:
		return "", nil, bad
	case found > 1, found == 1 && raw == nil:
		return "", nil, ambiguous
	}
	if unquoted, err := jsontext.AppendUnquote(nil, raw); err == nil {
		text = string(unquoted)
	}
	return text, raw, nil
}
