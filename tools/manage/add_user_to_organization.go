package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type addUserToOrganizationIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Email        string `json:"email" jsonschema:"minLength=1,maxLength=254" jsonschema_description:"Member's e-mail."`
	UserID       string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Existing Asleep user; default: a new one."`
	Role         string `json:"role,omitempty" jsonschema:"enum=user,enum=coach,enum=analyst" jsonschema_description:"What the member may see: themself, members, aggregates; default: user, or what they have."`
	BirthYear    *int   `json:"birth_year,omitempty" jsonschema:"minimum=1900,maximum=2100" jsonschema_description:"Year of birth."`
	Gender       string `json:"gender,omitempty" jsonschema:"enum=male,enum=female,enum=non_binary,enum=other,enum=prefer_not_to_say" jsonschema_description:"Gender."`
	TakeOver     bool   `json:"take_over,omitempty" jsonschema_description:"End an attempt unfinished for ten minutes; it keeps its role and metadata."`
}

type addUserToOrganizationOut struct {
	Summary    string `json:"summary"`
	OrgID      string `json:"org_id"`
	UserEmail  string `json:"user_email"`
	UserID     string `json:"user_id"`
	Role       string `json:"role"`
	UserCount  *int   `json:"user_count,omitempty"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
}

var AddUserToOrganization = tool.Define(tool.Spec{
	Name:  "add_user_to_organization",
	Title: "Add a member",
	Description: "Add a member to an organization by e-mail: makes an Asleep user for them, or takes the one given, and remembers who it is. " +
		"Called again it changes the role, never makes a second one; list_organizations shows what is unfinished. To end it, use remove_user_from_organization.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Writes,
}, func(ctx context.Context, d *tool.Deps, in addUserToOrganizationIn) (out addUserToOrganizationOut, err error) {
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	if err := in.checkUser(ctx, d); err != nil {
		return out, err
	}
	ctx, cancel := seeingThrough(ctx)
	defer cancel()
	a := adding{deps: d, store: store, in: in}
	member, summary, err := a.add(ctx)
	if err != nil {
		return out, err
	}
	out = addUserToOrganizationOut{
		Summary: summary, OrgID: in.Organization, UserEmail: member.Email, UserID: member.UserID,
		Role: string(member.Role), DataSource: d.DataSource,
	}
	var now string
	if out.UserCount, now = membersNow(ctx, store, in.Organization); now != "" {
		out.Summary += " " + now + "."
	}
	return out, nil
})

// checkUser finds the mistakes in a given user before anything is reserved.
func (in addUserToOrganizationIn) checkUser(ctx context.Context, d *tool.Deps) error {
	if in.UserID == "" {
		return nil
	}
	user, err := access.Resolve(ctx, in.UserID)
	if err != nil {
		return tool.NameReceived(err, in.UserID)
	}
	found, err := d.Client.User(ctx, user.ID())
	if err != nil {
		return err
	}
	if found.ToBeDeleted {
		return tool.Mistake(`The Asleep user %s is marked for deletion and cannot become a member. Leave "user_id" out to make a new one.`, tool.Shown(in.UserID))
	}
	return nil
}

// adding is one attempt to make a member, who exists in two systems: first the
// e-mail is reserved here, then the user is made there, then both are tied together.
// Whatever fails, what is written here says what may have happened there.
type adding struct {
	deps  *tool.Deps
	store *directory.Store
	in    addUserToOrganizationIn
	held  directory.Reservation
}

func (a *adding) add(ctx context.Context) (m directory.Member, summary string, err error) {
	switch err := a.reserve(ctx); {
	case errors.Is(err, directory.ErrExists):
		return a.already(ctx)
	case err != nil:
		return m, "", err
	}
	m = a.held.Member
	if m.UserID = a.in.UserID; m.UserID == "" {
		if m.UserID, err = a.makeUser(ctx); err != nil {
			return m, "", err
		}
	}
	// The user is there: however long that took, this has its time.
	ctx, cancel := seeingThrough(ctx)
	defer cancel()
	return m, "The member was added.", a.confirm(ctx, m.UserID)
}

// reserve takes the e-mail; [directory.ErrExists] when it is a member's.
func (a *adding) reserve(ctx context.Context) (err error) {
	if a.in.TakeOver {
		a.held, err = a.store.TakeOver(ctx, a.in.Organization, a.in.Email)
	}
	if !a.in.TakeOver || errors.Is(err, directory.ErrNotFound) {
		m := directory.Member{Organization: a.in.Organization, Email: a.in.Email, Role: directory.Role(a.in.Role)}
		m.Metadata.Gender = a.in.Gender
		if a.in.BirthYear != nil {
			m.Metadata.BirthYear = *a.in.BirthYear
		}
		a.held, err = a.store.Reserve(ctx, m)
	}
	if pending, ok := errors.AsType[*directory.PendingError](err); ok {
		return a.stillPending(pending)
	}
	if errors.Is(err, directory.ErrNotFound) {
		if _, err := tool.OrganizationOf(ctx, a.store, a.in.Organization); err != nil {
			return err
		}
		return &tool.Failure{Code: tool.NotFound, Text: "The organization changed meanwhile. Try again."}
	}
	return err
}

func (a *adding) stillPending(pending *directory.PendingError) error {
	next := "Wait until it is ten minutes old; somebody may still be at it."
	if time.Since(pending.Since) >= directory.StaleAfter { // the directory keeps real time
		next = `Look in the Asleep dashboard whether a user was made at that time, then call again with "take_over":true, and with that "user_id" if there is one.`
	}
	return &tool.Failure{
		Code: tool.Pending,
		Text: fmt.Sprintf("An earlier attempt to add %s, or to delete them, began at %s and has not finished. %s list_organizations shows it.",
			tool.Shown(a.in.Email), pending.Since.UTC().Format(time.RFC3339), next),
	}
}

// makeUser makes the Asleep user. When it is not known whether one was made, the
// e-mail stays reserved, so that no second one is made by mistake.
func (a *adding) makeUser(ctx context.Context) (string, error) {
	told := a.held.Member.Metadata // of the first attempt, where this one takes over
	metadata := Metadata{Gender: told.Gender}
	if told.BirthYear != 0 {
		metadata.BirthYear = &told.BirthYear
	}
	id, err := a.deps.Client.CreateUser(ctx, metadata.upstream())
	if err == nil {
		return id, nil
	}
	if asleep.Unchanged(err) {
		ctx, cancel := seeingThrough(ctx)
		defer cancel()
		_ = a.store.Release(ctx, a.held) // else it is listed as unfinished, and says what to do
	}
	return "", explainMaking(err, `The e-mail stays reserved and list_organizations shows it. After ten minutes look in the Asleep dashboard whether a user was made, `+
		`then call again with "take_over":true, and with that "user_id" if there is one.`)
}

// confirm ties member and user together, or leaves neither.
func (a *adding) confirm(ctx context.Context, userID string) error {
	err := a.store.Confirm(ctx, a.held, userID)
	if _, unavailable := errors.AsType[*directory.Unavailable](err); unavailable {
		err = a.store.Confirm(ctx, a.held, userID)
	}
	switch {
	case err == nil:
		return nil
	case a.in.UserID != "":
		return a.notTaken(ctx, err)
	}
	switch withdrawn := a.store.Withdraw(ctx, a.held, userID); {
	case errors.Is(withdrawn, directory.ErrExists):
		// It was not made for this e-mail, whatever the service says: not ours to remove.
		return a.notTaken(ctx, withdrawn)
	case withdrawn != nil:
		return &tool.Failure{
			Code: tool.Unfinished,
			Text: fmt.Sprintf("The Asleep user %s was made, but the database could not be written, so they are no member yet. The e-mail stays reserved. "+
				`When the database is back and ten minutes have passed, call again with "take_over":true and "user_id":"%s".`, userID, userID),
			Cause: err,
		}
	}
	return a.undo(ctx, userID, err)
}

// undo removes the Asleep user who was made and could not be kept, which is written
// down already.
func (a *adding) undo(ctx context.Context, userID string, why error) error {
	if removeNoted(ctx, a.deps, a.store, userID) != nil {
		return &tool.Failure{
			Code:  tool.Orphaned,
			Text:  fmt.Sprintf("The member was not added, and the Asleep user %s who was made for them could not be removed. list_organizations shows it; delete_user removes it.", userID),
			Cause: why,
		}
	}
	return &tool.Failure{
		Code:  tool.NotAdded,
		Text:  "The member was not added: the database did not accept them. The Asleep user made for them was removed again, so nothing is left over. Try again.",
		Cause: why,
	}
}

// notTaken lets go of the e-mail when a user who was there before cannot be tied to
// it; the user stays as they were.
func (a *adding) notTaken(ctx context.Context, why error) error {
	answer := why
	switch {
	case errors.Is(why, directory.ErrExists):
		answer = &tool.Failure{Code: tool.Exists, Text: "The Asleep user is a member under another e-mail already; get_user shows it. Nothing was changed. " +
			"To change the e-mail, call remove_user_from_organization with the old one first, which deletes nobody's recordings, then this again."}
	case errors.Is(why, directory.ErrNotFound):
		answer = &tool.Failure{Code: tool.NotAdded, Text: "The member was not added: somebody else let go of the e-mail meanwhile. The Asleep user stays as they were. Try again."}
	}
	if a.store.Release(ctx, a.held) != nil {
		return &tool.Failure{
			Code:  tool.Pending,
			Text:  "The member was not added: the database could not be written. The e-mail may stay reserved; list_organizations shows it and says what to do.",
			Cause: why,
		}
	}
	return answer
}
