package tools

import (
	"context"
	"time"
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
