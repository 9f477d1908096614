package members

import (
	"context"
	"errors"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// SignedUp is the result of a sign-up.
type SignedUp struct {
	UserID string // the Asleep user that the login stands for
	Made   bool   // just now; false: the login stood for them before
	// Abandoned reports that an earlier attempt did not finish, so that Asleep may have
	// a user without an owner.
	Abandoned bool
}

// SignUp creates the Asleep user of a login, once. The errors are those of
// [asleep.Client.CreateUser], [directory.Store.BeginSignUp] and
// [directory.Store.FinishSignUp].
func (r Registry) SignUp(ctx context.Context, login directory.Login, m *asleep.Metadata) (out SignedUp, _ error) {
	store, err := r.Directory(ctx)
	if err != nil {
		return out, err
	}
	ctx, cancel := Uninterrupted(ctx)
	defer cancel()
	begun, err := store.BeginSignUp(ctx, login.Issuer, login.Subject, login.Email)
	if errors.Is(err, directory.ErrExists) {
		out.UserID, err = store.UserOf(ctx, login.Issuer, login.Subject)
		return out, err
	}
	if err != nil {
		return out, err
	}
	out.Abandoned = begun.Abandoned
	id, err := CreateUser(ctx, r.Asleep, store, m)
	// However long that took, what follows gets the full time.
	ctx, cancel = Uninterrupted(ctx)
	defer cancel()
	if err != nil {
		if asleep.Unchanged(err) {
			_ = store.CancelSignUp(ctx, begun) // if this fails, it is free in ten minutes
		}
		return out, err
	}
	if err := twice(func() error { return store.FinishSignUp(ctx, begun, id) }); err != nil {
		if left := r.undoSignUp(ctx, store, begun, id); left != nil {
			// As text only: the first error decides what the caller is told.
			return out, fmt.Errorf("%w; the user made for it was not taken back: %s", err, left.Error())
		}
		return out, err
	}
	out.UserID, out.Made = id, true
	return out, nil
}

// undoSignUp deletes a user who could not be recorded as the login's. The login is freed
// only once the deletion is recorded: until then, the held login is the only sign that
// there may be a user.
func (r Registry) undoSignUp(ctx context.Context, store *directory.Store, begun directory.SignUp, id string) error {
	if known, err := store.Knows(ctx, id); err != nil || known { // then it was not made for this login
		return err
	}
	if _, err := store.BeginDelete(ctx, id); err != nil {
		return err
	}
	return errors.Join(store.CancelSignUp(ctx, begun), deleteRecorded(ctx, store, r.Asleep, id))
}
