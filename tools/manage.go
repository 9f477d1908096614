package tools

import (
	"context"
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
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

// explainMaking is the failure to make a user; unknown says what to do when nobody
// knows whether one was made.
func explainMaking(err error, unknown string) error {
	if upstream, ok := errors.AsType[*asleep.Error](err); ok && upstream.Code == asleep.Invalid && upstream.Status == 0 && upstream.Err != nil {
		return mistake("%s. No user was made.", upstream.Err)
	}
	return outcomeUnknown(err, "the user was made. "+unknown)
}

// outcomeUnknown is err where it says that nothing was changed at the Asleep service.
// Else nobody knows whether what, which goes on with what to do.
func outcomeUnknown(err error, what string) error {
	if asleep.Unchanged(err) {
		return err
	}
	return &Failure{
		Code:  OutcomeUnknown,
		Text:  "The Asleep service did not answer readably, so it is not known whether " + what,
		Cause: err,
	}
}

// removeUser deletes a user at the Asleep service. One who is not there is deleted;
// was says whether they were there.
func (d *Deps) removeUser(ctx context.Context, id string) (was bool, err error) {
	err = d.Client.DeleteUser(ctx, id)
	if asleep.CodeOf(err) == asleep.NotFound {
		return false, nil
	}
	return err == nil, err
}

// removeNoted removes a user whose removal is written down already, and then that
// note. When it fails the note stays, and list_organizations shows it.
func (d *Deps) removeNoted(ctx context.Context, store *directory.Store, id string) error {
	if _, err := d.removeUser(ctx, id); err != nil {
		return err
	}
	return store.FinishDelete(ctx, id)
}
