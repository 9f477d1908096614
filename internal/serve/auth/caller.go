package auth

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// Caller is who shows a token that counts.
type Caller struct {
	Principal       access.Principal
	Issuer, Subject string // the login; "" for a static token
}

type callerKey struct{}

// With returns a context in which c is asking, also for [access.From].
func With(ctx context.Context, c Caller) context.Context {
	return access.With(context.WithValue(ctx, callerKey{}, c), c.Principal)
}

// From returns who is calling in ctx; the zero Caller when no gate was passed.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
