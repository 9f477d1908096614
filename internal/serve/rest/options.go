package rest

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Options say what an [API] is made of.
type Options struct {
	Version string
	Tools   []tool.Tool // of which those that read are offered
	Deps    *tool.Deps  // knows Asleep and the directory, for new users
	Gate    *auth.Gate  // nil: callers have no tokens, and scopes are not asked for
	Log     *slog.Logger

	PublicURL string // scheme and host that callers use; "": those of each request

	// Call runs a tool for the caller in the context.
	Call func(context.Context, tool.Tool, json.RawMessage) (tool.Answer, *tool.Failure)
	// Audit is told of changes: what, and how it ended.
	Audit func(ctx context.Context, what, outcome string)
}
