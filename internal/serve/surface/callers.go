package surface

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// callers knows who is asking.
type callers struct {
	gated     bool
	principal access.Principal // everybody, without a gate
}

// identify returns ctx with who is asking in it.
func (c callers) identify(ctx context.Context) context.Context {
	if c.gated {
		return ctx
	}
	return access.With(ctx, c.principal)
}
