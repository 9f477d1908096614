package access

import "slices"

// Scope is what a caller's token is good for.
type Scope string

// The scopes. Admin includes all of them, SleepWrite includes SleepRead, OrgMembers
// includes OrgRead.
const (
	SleepRead  Scope = "sleep:read"  // reading the nights of those the role allows
	SleepWrite Scope = "sleep:write" // and changing what is kept about oneself
	OrgRead    Scope = "org:read"    // aggregates of organizations
	OrgMembers Scope = "org:members" // and their members one by one
	Admin      Scope = "admin"       // organizations and users
)

// Scopes lists all scopes, the narrowest first.
var Scopes = []Scope{SleepRead, SleepWrite, OrgRead, OrgMembers, Admin}

var holds = map[Scope][]Scope{
	SleepWrite: {SleepRead},
	OrgMembers: {OrgRead},
	Admin:      {SleepRead, SleepWrite, OrgRead, OrgMembers},
}

// allowed is what each role may do at most.
var allowed = map[Role][]Scope{
	RoleOperator: Scopes,
	RoleUser:     {SleepRead, SleepWrite},
	RoleCoach:    {SleepRead, SleepWrite, OrgRead, OrgMembers},
	RoleAnalyst:  {OrgRead},
}

// Scoped returns p with no more than the given scopes; unknown ones count for
// nothing.
func (p Principal) Scoped(scopes ...Scope) Principal {
	p.scopes = append([]Scope{}, scopes...)
	return p
}

// May reports whether both the role of p and its scopes allow s.
func (p Principal) May(s Scope) bool {
	if !slices.Contains(allowed[p.role], s) {
		return false
	}
	return p.scopes == nil || slices.ContainsFunc(p.scopes, func(given Scope) bool {
		return given == s || slices.Contains(holds[given], s)
	})
}

// Could reports whether the role of p allows s, whatever its scopes: whether a token
// with more scopes would do.
func (p Principal) Could(s Scope) bool { return slices.Contains(allowed[p.role], s) }

// Lacks reports whether p lacks s although the role allows it. That can be fixed with
// another token; what the role does not allow cannot.
func (p Principal) Lacks(s Scope) bool { return p.Could(s) && !p.May(s) }
