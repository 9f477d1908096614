package access

import (
	"context"
	"errors"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Reasons why a caller may not see whom they asked for.
var (
	// ErrNobody means that neither the question nor the settings name a user.
	ErrNobody = errors.New("no user named")
	// ErrUnmapped means that the question names no user, and that the caller's login
	// stands for none either: nothing they could name would be theirs.
	ErrUnmapped = errors.New("no user stands for the caller")
	// ErrStranger means that it is not known who is asking.
	ErrStranger = errors.New("no principal")
	// ErrNotAllowed means that this principal may not see whom they asked for. That
	// user or organization need not exist.
	ErrNotAllowed = errors.New("not allowed")
)

// User is an Asleep user whose nights the caller may see. [Resolve] and [ResolveUsers]
// return them.
type User struct{ id string }

// ID returns the Asleep user id, which matches the pattern of ids.
func (u User) ID() string { return u.id }

// Resolve returns the user that the principal in ctx asks about: the one whose
// id is requested, or the principal's own when requested is "". It fails with
// [ErrStranger], [ErrNobody], [ErrUnmapped] or [ErrNotAllowed], with an
// [*asleep.Error] of code [asleep.BadID] for a malformed id, or with the
// directory's error.
func Resolve(ctx context.Context, requested string) (User, error) {
	p := From(ctx)
	if p.role == "" {
		return User{}, ErrStranger
	}
	id := requested
	if id == "" {
		id = p.own
	}
	switch {
	case id == "" && p.role == RoleUser:
		return User{}, ErrUnmapped
	case id == "":
		return User{}, ErrNobody
	}
	if err := asleep.CheckUserID(id); err != nil {
		return User{}, err
	}
	note(ctx, id != p.own)
	if err := p.sees(ctx, id); err != nil {
		return User{}, err
	}
	return User{id: id}, nil
}

// ResolveWriter is [Resolve] for what people write about their own nights. Others who may see
// those nights, such as coaches, may not see that; operators may, to whom the server belongs.
func ResolveWriter(ctx context.Context, requested string) (User, error) {
	u, err := Resolve(ctx, requested)
	if p := From(ctx); err == nil && p.role != RoleOperator && u.id != p.own {
		return User{}, ErrNotAllowed
	}
	return u, err
}

// ResolveUsers is [Resolve] for a list that the caller put together. Callers who see
// only aggregates may not do that: by leaving out one person and asking again they
// would learn about that person.
func ResolveUsers(ctx context.Context, requested []string) ([]User, error) {
	note(ctx, true)
	if From(ctx).role == RoleAnalyst {
		return nil, ErrNotAllowed
	}
	users := make([]User, 0, len(requested))
	for _, id := range requested {
		if id == "" {
			return nil, asleep.CheckUserID(id)
		}
		u, err := Resolve(ctx, id)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// Group is an organization that the caller may be told about. [ResolveGroup] returns
// it.
type Group struct {
	id      string
	members bool
}

// ID returns the organization's id as it was asked for.
func (g Group) ID() string { return g.id }

// Members reports whether the caller may also see the members one by one.
func (g Group) Members() bool { return g.members }

// User returns a member of the group, whose nights may be read for an aggregate or,
// if [Group.Members] says so, shown. It fails for a malformed id.
func (g Group) User(memberID string) (User, error) {
	if err := asleep.CheckUserID(memberID); err != nil {
		return User{}, err
	}
	return User{id: memberID}, nil
}

// ResolveGroup returns the organization that the principal in ctx asks about. It
// fails with [ErrStranger] or [ErrNotAllowed]; whether an operator's organization
// exists is for the caller to find out.
func ResolveGroup(ctx context.Context, organization string) (Group, error) {
	p := From(ctx)
	note(ctx, true)
	switch {
	case p.role == "":
		return Group{}, ErrStranger
	case !p.May(OrgRead):
		return Group{}, ErrNotAllowed
	case p.role == RoleOperator:
		return Group{id: organization, members: p.May(OrgMembers)}, nil
	case slices.Contains(p.organizations, organization):
		return Group{id: organization, members: p.role == RoleCoach && p.May(OrgMembers)}, nil
	}
	return Group{}, ErrNotAllowed
}

// sees returns nil when the principal may see the nights of id.
func (p Principal) sees(ctx context.Context, id string) error {
	switch {
	case !p.May(SleepRead):
		return ErrNotAllowed
	case p.role == RoleOperator, id == p.own:
		return nil
	case p.role != RoleCoach || !p.May(OrgMembers) || p.directory == nil:
		return ErrNotAllowed
	}
	memberOf, err := p.directory(ctx, id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(memberOf, func(o string) bool { return slices.Contains(p.organizations, o) }) {
		return nil
	}
	return ErrNotAllowed
}
