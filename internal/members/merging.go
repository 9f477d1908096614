package members

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Merged is what a merge changed.
type Merged struct {
	directory.Reassigned
	// HasNights reports whether Asleep has a recording of the user whom nothing stands
	// for any more. Recordings cannot be moved from one user to another.
	HasNights bool
}

// Merge makes the memberships and logins of one Asleep user those of another, when two
// were created for the same person. It deletes neither user. It may be repeated. The
// errors are [*Error] of outcome [UserLeaving], and those of [asleep.Client.User] and
// [directory.Store.Reassign].
func (r Registry) Merge(ctx context.Context, from, to string) (out Merged, err error) {
	store, err := r.Directory(ctx)
	if err != nil {
		return out, err
	}
	if err := r.checkUser(ctx, to); err != nil {
		return out, err
	}
	old, err := r.Asleep.User(ctx, from)
	switch {
	case asleep.CodeOf(err) == asleep.NotFound:
	case err != nil:
		return out, err
	default:
		out.HasNights = old.LastSession != nil
	}
	out.Reassigned, err = store.Reassign(ctx, from, to)
	return out, err
}
