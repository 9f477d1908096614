// Package manage contains the tools that manage organizations, their members and users.
package manage

import (
	"context"
	"errors"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// confirmed returns nil once what is named in field may be deleted: the caller named it
// twice and both times alike, and the person agreed where the host can ask them. question
// says to the person what is lost.
func confirmed(ctx context.Context, field, id, confirm, question string) error {
	if id != confirm {
		return tool.Mistake(`%s must repeat %s exactly, because this cannot be undone; received %s and %s. Ask the person first, then send both.`,
			tool.Argument("confirm"), tool.Argument(field), tool.Shown(id), tool.ReceivedText(confirm))
	}
	switch tool.ConsentFrom(ctx) {
	case tool.NotAsked:
		return &tool.Failure{Code: tool.NotConfirmed, Text: "The person must agree first. Nothing was deleted.", Ask: question}
	case tool.Declined:
		return &tool.Failure{
			Code: tool.NotConfirmed, Text: "The person was asked and did not agree, so nothing was deleted. Do not try again unless they bring it up.",
		}
	}
	return nil
}

// notMade returns the failure to create a user when Asleep certainly created none.
func notMade(err error) error {
	if upstream, ok := errors.AsType[*asleep.Error](err); ok && upstream.Code == asleep.Invalid && upstream.Status == 0 && upstream.Err != nil {
		return tool.Mistake("%s. No user was created.", upstream.Err)
	}
	return err
}

// outcomeUnknown returns the failure of a change whose outcome is unknown. what says
// what may have happened, and what to do about it.
func outcomeUnknown(err error, what string) error {
	return &tool.Failure{
		Code:  tool.OutcomeUnknown,
		Text:  "The Asleep service did not answer readably, so it is not known whether " + what,
		Cause: err,
	}
}

func registry(d *tool.Deps) members.Registry {
	return members.Registry{Directory: d.OpenDirectory, Asleep: d.Client, Joined: d.Joined}
}

// membersNow returns how many members an organization has after a change, and a clause
// that says so. If that cannot be read they are nil and "", as the change was made all
// the same.
func membersNow(ctx context.Context, d *tool.Deps, id string) (*int, string) {
	ctx, cancel := members.Uninterrupted(ctx)
	defer cancel()
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return nil, ""
	}
	o, err := store.Organization(ctx, id)
	if err != nil {
		return nil, ""
	}
	return &o.Members, fmt.Sprintf("%s has %s now", tool.Shown(o.Name), tool.Count(o.Members, "member"))
}
