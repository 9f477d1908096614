package access

import "slices"

// Scope is what a caller's token is good for.
type Scope string

// The scopes. Admin holds all of them, SleepWrite holds SleepRead, OrgMembers
// holds OrgRead.
const (
	SleepRead  Scope = "sleep:read"  // nights of those the role allows
	SleepWrite Scope = "sleep:write" // and to change what is kept of oneself
	OrgRead    Scope = "org:read"    // aggregates of organizations
	OrgMembers Scope = "org:members" // and their members one by one
	Admin      Scope = "admin"       // organizations and users
)

// Scopes are all scopes, the narrowest first.
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

// Could reports whether the role of p allows s, whatever its scopes: a token with
// more scopes would do.
func (p Principal) Could(s Scope) bool { return slices.Contains(allowed[p.role], s) }

// Lacks reports whether p may not do what s is for although the role allows it: that
// is a matter of the token, and what a role can never do is none.
func (p Principal) Lacks(s Scope) bool { return p.Could(s) && !p.May(s) }
