package wire

import (
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"
)

// The extension for skills, SEP-2640, as it stands in its version 0.1.0 (beta). mcp-go does
// not know it, so its methods are answered in front of it, in both eras.
const (
	skillsExtension = "io.modelcontextprotocol/skills"
	skillsList      = mcp.MCPMethod("skills/list")
	skillsGet       = mcp.MCPMethod("skills/get")
	directoryRead   = mcp.MCPMethod("resources/directory/read")
)

// ofSkills reports whether a method is one of the extension.
func ofSkills(method mcp.MCPMethod) bool {
	return method == skillsList || method == skillsGet || method == directoryRead
}

// folderParams are those of [skillsGet] and [directoryRead].
type folderParams struct {
	URI    string          `json:"uri"`
	Cursor json.RawMessage `json:"cursor"`
}
