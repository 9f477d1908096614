package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
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
	return tool.Mistake(`"confirm" must repeat %q exactly, because this cannot be undone; received %s and %s. Ask the person first, then send both.`,
		field, tool.Shown(id), tool.Shown(confirm))
}

// explainMaking is the failure to make a user; unknown says what to do when nobody
// knows whether one was made.
func explainMaking(err error, unknown string) error {
	if upstream, ok := errors.AsType[*asleep.Error](err); ok && upstream.Code == asleep.Invalid && upstream.Status == 0 && upstream.Err != nil {
		return tool.Mistake("%s. No user was made.", upstream.Err)
	}
	return outcomeUnknown(err, "the user was made. "+unknown)
}

// outcomeUnknown is err where it says that nothing was changed at the Asleep service.
// Else nobody knows whether what, which goes on with what to do.
func outcomeUnknown(err error, what string) error {
	if asleep.Unchanged(err) {
		return err
	}
	return &tool.Failure{
		Code:  tool.OutcomeUnknown,
		Text:  "The Asleep service did not answer readably, so it is not known whether " + what,
		Cause: err,
	}
}

// removeUser deletes a user at the Asleep service. One who is not there is deleted;
// was says whether they were there.
func removeUser(ctx context.Context, d *tool.Deps, id string) (was bool, err error) {
	err = d.Client.DeleteUser(ctx, id)
	if asleep.CodeOf(err) == asleep.NotFound {
		return false, nil
	}
	return err == nil, err
}

// removeNoted removes a user whose removal is written down already, and then that
// note. When it fails the note stays, and list_organizations shows it.
func removeNoted(ctx context.Context, d *tool.Deps, store *directory.Store, id string) error {
	if _, err := removeUser(ctx, d, id); err != nil {
		return err
	}
	return store.FinishDelete(ctx, id)
}

// membersNow is how many members an organization has after a change, and a clause that
// says so; nil and "" when that cannot be read, because the change was made all the
// same.
func membersNow(ctx context.Context, store *directory.Store, id string) (*int, string) {
	o, err := store.Organization(ctx, id)
	if err != nil {
		return nil, ""
	}
	return &o.Members, fmt.Sprintf("%s has %s now", o.Name, tool.Count(o.Members, "member"))
}
