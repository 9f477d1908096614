package access

import (
	"context"
	"sync/atomic"
)

// Notes record, for the audit, whom a question turned out to be about.
type Notes struct{ others atomic.Bool }

type notesKey struct{}

// Noting returns a context in which the Resolve functions take notes.
func Noting(ctx context.Context) (context.Context, *Notes) {
	n := &Notes{}
	return context.WithValue(ctx, notesKey{}, n), n
}

// Others reports whether anybody other than the principal was asked about, allowed or
// not.
func (n *Notes) Others() bool { return n.others.Load() }

// note is called before it is decided whether the principal may see them.
func note(ctx context.Context, others bool) {
	if n, ok := ctx.Value(notesKey{}).(*Notes); ok && others {
		n.others.Store(true)
	}
}
