package tools

import (
	"context"
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// seeThrough is how long a change in two systems may go on once it has begun, also
// when the caller has left: half of it done would be worse.
const seeThrough = 25 * time.Second

// seeingThrough is a context for such a change.
func seeingThrough(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), seeThrough)
}

// confirmed is nil when what is to be destroyed is named twice, and alike.
func confirmed(field, id, confirm string) error {
	if id == confirm {
		return nil
	}
	return mistake(`"confirm" must repeat %q exactly, because this cannot be undone; received %s and %s. Ask the person first, then send both.`,
		field, shown(id), shown(confirm))
}

// settled says whether a failed change certainly changed nothing at the Asleep
// service: it refused, or never heard of it. Otherwise nobody knows.
func settled(err error) bool {
	if errors.Is(err, asleep.ErrNotSent) {
		return true
	}
	switch asleep.CodeOf(err) {
	case "", asleep.Unavailable, asleep.BadResponse:
		return false
	}
	return true
}
