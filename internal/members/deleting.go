package members

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Remove ends a membership; the Asleep user and their recordings stay. The error is
// [directory.ErrNotFound] when there is no such member.
func (r Registry) Remove(ctx context.Context, organization, email string) (directory.Member, error) {
	store, err := r.Directory(ctx)
	if err != nil {
		return directory.Member{}, err
	}
	ctx, cancel := Uninterrupted(ctx)
	defer cancel()
	m, err := store.Member(ctx, organization, email)
	if err != nil {
		return m, err
	}
	return m, store.RemoveMember(ctx, m)
}

// Delete deletes an Asleep user with their recordings, memberships and logins. It may
// be repeated until it succeeds; existed reports whether Asleep knew the user.
func (r Registry) Delete(ctx context.Context, userID string) (existed bool, err error) {
	ctx, cancel := Uninterrupted(ctx)
	defer cancel()
	if r.Directory == nil {
		return deleteUser(ctx, r.Asleep, userID)
	}
	store, err := r.Directory(ctx)
	if err != nil {
		return false, err
	}
	first, err := store.BeginDelete(ctx, userID)
	if err != nil {
		return false, err
	}
	existed, err = deleteUser(ctx, r.Asleep, userID)
	switch {
	case err == nil:
	case first && asleep.Unchanged(err) && store.CancelDelete(ctx, userID) == nil:
		return false, err
	default: // an earlier attempt, if not this one, may have succeeded
		return false, &Error{Outcome: Unconfirmed, Err: err}
	}
	if err := store.FinishDelete(ctx, userID); err != nil {
		return existed, &Error{Outcome: Unforgotten, Err: err}
	}
	return existed, nil
}

// deleteUser deletes a user at Asleep. One who does not exist counts as deleted.
func deleteUser(ctx context.Context, client *asleep.Client, id string) (existed bool, err error) {
	err = client.DeleteUser(ctx, id)
	if asleep.CodeOf(err) == asleep.NotFound {
		return false, nil
	}
	return err == nil, err
}

// deleteRecorded deletes a user whose deletion is already recorded in the directory. If
// it fails they stay listed as unfinished.
func deleteRecorded(ctx context.Context, store *directory.Store, client *asleep.Client, id string) error {
	if _, err := deleteUser(ctx, client, id); err != nil {
		return err
	}
	return store.FinishDelete(ctx, id)
}
