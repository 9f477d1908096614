package access

import (
	"context"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Why a caller may not see whom they asked for.
var (
	// ErrNobody says that neither the question nor the settings name a user.
	ErrNobody = errors.New("no user named")
	// ErrStranger says that nobody is known to be asking.
	ErrStranger = errors.New("no principal")
)

// Principal is who is asking. The zero value may see nobody.
type Principal struct {
	operator bool
	own      string
}

// Operator is the holder of the API key: they may see every user of it. A
// question that names no user is about own, an Asleep user id; "" when there
// is none. An own that is no valid id is refused when it is first asked about.
func Operator(own string) Principal {
	return Principal{operator: true, own: own}
}

type contextKey struct{}

// With returns a context in which p is asking.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// User is an Asleep user whose nights the caller may see. Made by [Resolve].
type User struct{ id string }

// ID is the Asleep user id, valid by its pattern.
func (u User) ID() string { return u.id }

// Resolve returns the user that the principal in ctx asks about: the one whose
// id is requested, or the principal's own when requested is "". It fails with
// [ErrStranger], with [ErrNobody], or with an [*asleep.Error] of code
// [asleep.BadID] for an id that is none.
func Resolve(ctx context.Context, requested string) (User, error) {
	p, _ := ctx.Value(contextKey{}).(Principal)
	if !p.operator {
		return User{}, ErrStranger
	}
	id := requested
	if id == "" {
		id = p.own
	}
	if id == "" {
		return User{}, ErrNobody
	}
	if err := asleep.CheckUserID(id); err != nil {
		return User{}, err
	}
	return User{id: id}, nil
}
