package members

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Addition is a member to be added.
type Addition struct {
	Organization, Email string
	UserID              string         // an existing Asleep user; "": that of the login that signed up with the e-mail, else a new one
	Role                directory.Role // "": what they have, or [directory.User]
	Metadata            directory.Metadata
	TakeOver            bool // continue an unfinished addition, which keeps its role and metadata
}

// Added is the result of an addition.
type Added struct {
	directory.Member
	Before directory.Role // the role of somebody who was a member before; "": they are new
	Joined bool           // the Asleep user is the one of the login that signed up with this e-mail
}

// adding is one attempt at an addition.
type adding struct {
	Addition
	store  *directory.Store
	asleep *asleep.Client
	held   directory.Reservation
}

// Add makes a member, or changes the role of an existing one. Besides those of every
// change, the errors are [*directory.PendingError] and, for an unknown organization,
// [directory.ErrNotFound].
func (r Registry) Add(ctx context.Context, n Addition) (Added, error) {
	store, err := r.Directory(ctx)
	if err != nil {
		return Added{}, err
	}
	if err := r.checkUser(ctx, n.UserID); err != nil {
		return Added{}, err
	}
	ctx, cancel := Uninterrupted(ctx)
	defer cancel()
	a := adding{Addition: n, store: store, asleep: r.Asleep}
	switch err := a.reserve(ctx); {
	case errors.Is(err, directory.ErrExists):
		return a.again(ctx)
	case err != nil:
		return Added{}, err
	}
	joined := false
	if a.UserID == "" {
		if a.UserID, err = store.UserOfEmail(ctx, a.held.Member.Email); err != nil && !errors.Is(err, directory.ErrNotFound) {
			return Added{}, a.letGo(ctx, err)
		}
		joined = a.UserID != ""
	}
	m := a.held.Member
	if m.UserID = a.UserID; m.UserID == "" {
		if m.UserID, err = a.makeUser(ctx); err != nil {
			return Added{}, err
		}
	}
	// However long that took, what follows gets the full time.
	ctx, cancel = Uninterrupted(ctx)
	defer cancel()
	if err = a.confirm(ctx, m.UserID); err == nil && r.Joined != nil {
		r.Joined(ctx, m.UserID)
	}
	return Added{Member: m, Joined: joined}, err
}

// checkUser refuses a user who cannot become a member, before anything is reserved.
func (r Registry) checkUser(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	user, err := r.Asleep.User(ctx, id)
	if err == nil && user.ToBeDeleted {
		return &Error{Outcome: UserLeaving}
	}
	return err
}

func (a *adding) reserve(ctx context.Context) (err error) {
	if a.TakeOver {
		a.held, err = a.store.TakeOver(ctx, a.Organization, a.Email)
	}
	if !a.TakeOver || errors.Is(err, directory.ErrNotFound) {
		a.held, err = a.store.Reserve(ctx, directory.Member{
			Organization: a.Organization, Email: a.Email, Role: a.Role, Metadata: a.Metadata,
		})
	}
	return err
}

// again adds somebody who is already a member: they get the role that was given, if one
// was, and nothing else changes.
func (a *adding) again(ctx context.Context) (Added, error) {
	m, err := a.store.Member(ctx, a.Organization, a.Email)
	if err != nil {
		return Added{}, left(err)
	}
	if a.UserID != "" && a.UserID != m.UserID {
		return Added{}, &Error{Outcome: OtherUser, UserID: m.UserID}
	}
	before := m.Role
	if a.Role != "" && a.Role != m.Role {
		if err := a.store.SetRole(ctx, m, a.Role); err != nil {
			return Added{}, left(err)
		}
		m.Role = a.Role
	}
	return Added{Member: m, Before: before}, nil
}

func left(err error) error {
	if errors.Is(err, directory.ErrNotFound) {
		return &Error{Outcome: MemberLeft}
	}
	return err
}

// makeUser creates the Asleep user. While it is not known whether one was created, the
// e-mail stays reserved, so that no second one is created by mistake.
func (a *adding) makeUser(ctx context.Context) (string, error) {
	id, err := CreateUser(ctx, a.asleep, a.store, upstream(a.held.Member.Metadata))
	switch {
	case err == nil:
		return id, nil
	case id != "":
		return "", &Error{Unrecorded, id, err}
	case !asleep.Unchanged(err):
		return "", &Error{Outcome: Unknown, Err: err}
	}
	ctx, cancel := Uninterrupted(ctx)
	defer cancel()
	_ = a.store.Release(ctx, a.held) // if this fails, it is listed as unfinished
	return "", err
}

// upstream returns nil when nothing is known.
func upstream(m directory.Metadata) *asleep.Metadata {
	if m == (directory.Metadata{}) {
		return nil
	}
	out := &asleep.Metadata{}
	if m.BirthYear != 0 {
		out.BirthYear = &m.BirthYear
	}
	if m.Gender != "" {
		out.Gender = &m.Gender
	}
	return out
}

// confirm ties the member to the user, or leaves neither.
func (a *adding) confirm(ctx context.Context, userID string) error {
	err := twice(func() error { return a.store.Confirm(ctx, a.held, userID) })
	switch {
	case err == nil:
		return nil
	case a.UserID != "":
		return a.letGo(ctx, err)
	}
	switch withdrawn := a.store.Withdraw(ctx, a.held, userID); {
	case errors.Is(withdrawn, directory.ErrExists):
		// Whatever the service says, it was not created for this e-mail: not ours to delete.
		return a.letGo(ctx, withdrawn)
	case withdrawn != nil:
		return &Error{Unrecorded, userID, err}
	}
	if deleteRecorded(ctx, a.store, a.asleep, userID) != nil {
		return &Error{Orphaned, userID, err}
	}
	return &Error{Outcome: Undone, Err: err}
}

// twice repeats what the directory could not do: it may be back, and does not do again
// what it did the first time.
func twice(do func() error) error {
	err := do()
	if _, unavailable := errors.AsType[*directory.Unavailable](err); unavailable {
		return do()
	}
	return err
}

// letGo releases the e-mail when an existing user cannot be tied to it.
func (a *adding) letGo(ctx context.Context, why error) error {
	if a.store.Release(ctx, a.held) != nil {
		return &Error{Outcome: StillReserved, Err: why}
	}
	switch {
	case errors.Is(why, directory.ErrExists):
		return &Error{Outcome: OtherEmail}
	case errors.Is(why, directory.ErrNotFound):
		return &Error{Outcome: ReservationLost}
	}
	return why
}
