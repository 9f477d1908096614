package access

import (
	"cmp"
	"context"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Role is what a principal is, as the word used by settings and token files.
type Role string

// The roles. A principal with none of them may see nobody.
const (
	RoleOperator Role = "operator"
	RoleUser     Role = "user"
	RoleCoach    Role = "coach"
	RoleAnalyst  Role = "analyst"
)

// Principal is who is asking. The zero value may see nobody.
type Principal struct {
	role          Role
	name          string
	own           string
	self          string // if it is not own
	organizations []string
	directory     Directory
	scopes        []Scope // nil: all that the role allows
	login         directory.Login
}

// Directory returns the ids of the organizations that an Asleep user is a member
// of; none for an unknown user.
type Directory func(ctx context.Context, userID string) ([]string, error)

// Operator returns the holder of the API key, who may see every user of it. A
// question that names no user is about own, an Asleep user id; "" when there is
// none. An own that is no valid id is refused when it is first asked about.
func Operator(own string) Principal {
	return Principal{role: RoleOperator, name: "operator", own: own}
}

// Person returns an Asleep user who sees themself.
func Person(own string) Principal {
	return Principal{role: RoleUser, name: own, own: own}
}

// Coach returns a principal who sees the members of organizations, and themself if own
// is not "". The directory says who is a member.
func Coach(own string, directory Directory, organizations ...string) Principal {
	return Principal{role: RoleCoach, name: own, own: own, directory: directory, organizations: organizations}
}

// Analyst returns a principal who is told aggregates of organizations and sees nobody,
// not even themself: what they know about one person would help to take an aggregate
// apart.
func Analyst(organizations ...string) Principal {
	return Principal{role: RoleAnalyst, organizations: organizations}
}

// New returns the principal of a role, with as much of the rest as applies to the role;
// for an unknown role it is the zero value.
func New(role Role, own string, directory Directory, organizations ...string) Principal {
	switch role {
	case RoleOperator:
		return Operator(own)
	case RoleUser:
		return Person(own)
	case RoleCoach:
		return Coach(own, directory, organizations...)
	case RoleAnalyst:
		return Analyst(organizations...)
	}
	return Principal{}
}

// Named returns p under a name that stays the same between calls. The rate limit and
// the audit recognise a caller by it. It is never shown to anybody.
func (p Principal) Named(name string) Principal {
	p.name = name
	return p
}

// WithLogin returns p as somebody who signed in with a login.
func (p Principal) WithLogin(l directory.Login) Principal {
	p.login = l
	return p
}

// Login returns how p signed in; the zero Login when p did not sign in.
func (p Principal) Login() directory.Login { return p.login }

// IsNewcomer reports whether p signed in with a login that has no Asleep user yet.
func (p Principal) IsNewcomer() bool { return p.login != directory.Login{} && p.Self() == "" }

// Name returns the name of a principal, "" for one without.
func (p Principal) Name() string { return p.name }

// Own returns the Asleep user whom a question of p is about if it names nobody, "" when
// there is none.
func (p Principal) Own() string { return p.own }

// WithSelf returns p as an Asleep user, whose nights p need not be allowed to see here.
func (p Principal) WithSelf(userID string) Principal {
	p.self = userID
	return p
}

// Self returns the Asleep user that p is, "" when that is not known. They know their own
// nights, if not from here then from the app that recorded them.
func (p Principal) Self() string { return cmp.Or(p.self, p.own) }

// SeesAggregatesOnly reports whether p is told about groups and nothing else.
func (p Principal) SeesAggregatesOnly() bool {
	return p.role == RoleAnalyst || p.role == RoleCoach && !p.May(OrgMembers)
}

type contextKey struct{}

// With returns a context in which p is asking.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns who is asking in ctx; the zero Principal when nobody is.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(contextKey{}).(Principal)
	return p
}
