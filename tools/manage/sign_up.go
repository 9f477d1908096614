package manage

import (
	"context"
	"errors"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// SignedUp is what became of a sign-up.
type SignedUp struct {
	UserID string // the Asleep user that the login stands for
	Made   bool   // now; else the login stood for them before
	// Abandoned says that an earlier attempt did not finish, so that Asleep may have
	// a user without an owner.
	Abandoned bool
}

// SignUp makes the Asleep user of a login, once: as with a member ([adding]), what
// is about to happen there is written down here first. It goes on when the caller
// leaves. The errors are those of [asleep.Client.CreateUser],
// [directory.Store.BeginSignUp] and [directory.Store.FinishSignUp].
func SignUp(ctx context.Context, d *tool.Deps, issuer, subject string, m *asleep.Metadata) (out SignedUp, _ error) {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	ctx, cancel := seeingThrough(ctx)
	defer cancel()
	begun, err := store.BeginSignUp(ctx, issuer, subject)
	if errors.Is(err, directory.ErrExists) {
		out.UserID, err = store.UserOf(ctx, issuer, subject)
		return out, err
	}
	if err != nil {
		return out, err
	}
	out.Abandoned = begun.Abandoned
	id, err := d.Client.CreateUser(ctx, m)
	// However long that took, what follows has its time.
	ctx, cancel = seeingThrough(ctx)
	defer cancel()
	if err != nil {
		if asleep.Unchanged(err) {
			_ = store.CancelSignUp(ctx, begun) // else it is free in ten minutes
		}
		return out, err
	}
	if err := finishSignUp(ctx, d, store, begun, id); err != nil {
		return out, err
	}
	out.UserID, out.Made = id, true
	return out, nil
}

// finishSignUp ties login and user together, or leaves neither.
func finishSignUp(ctx context.Context, d *tool.Deps, store *directory.Store, begun directory.SignUp, id string) error {
	err := store.FinishSignUp(ctx, begun, id)
	if _, unavailable := errors.AsType[*directory.Unavailable](err); unavailable {
		err = store.FinishSignUp(ctx, begun, id)
	}
	if err == nil {
		return nil
	}
	if left := undoSignUp(ctx, d, store, begun, id); left != nil {
		// In words only: what the caller is told follows from the first.
		return fmt.Errorf("%w; the user made for it was not taken back: %s", err, left.Error())
	}
	return err
}

// undoSignUp takes back a user that could not be written down as the login's. The
// login is free again only once they are written down as one who goes: until then
// that it is held is all that says there may be a user.
func undoSignUp(ctx context.Context, d *tool.Deps, store *directory.Store, begun directory.SignUp, id string) error {
	if _, err := store.BeginDelete(ctx, id); err != nil {
		return err
	}
	return errors.Join(store.CancelSignUp(ctx, begun), removeNoted(ctx, d, store, id))
}
