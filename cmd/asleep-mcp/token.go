package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

type tokenCommand struct {
	Name   string   `arg:"" help:"Name of the caller: 1 to 64 letters, digits, '.', '_' or '-'."`
	Role   string   `arg:"" help:"operator, coach, analyst or user."`
	Scopes []string `name:"scope" placeholder:"SCOPE" help:"Scopes of the token: sleep:read, sleep:write, org:read, org:members, admin (default what the role needs to read)."`
}

// readingScopes are the scopes each role needs to read everything it may.
var readingScopes = map[access.Role][]access.Scope{
	access.RoleOperator: {access.Admin},
	access.RoleUser:     {access.SleepRead},
	access.RoleCoach:    {access.SleepRead, access.OrgMembers},
	access.RoleAnalyst:  {access.OrgRead},
}

// Help explains two common flags, which have another meaning here.
func (tokenCommand) Help() string {
	return "--user-id is the caller's own Asleep user, and --organizations are those that a coach or analyst may see. The variables of these flags are ignored here, because they describe the person who creates the token."
}

// Run prints the line on standard output, so that it can be appended to the
// file, and the token on standard error, once.
func (k tokenCommand) Run(p *program, line *kong.Context) error {
	e := auth.Entry{Name: k.Name, Role: access.Role(k.Role)}
	e.Scopes = readingScopes[e.Role]
	if isGiven(line, "user-id") {
		e.User = p.settings.UserID
	}
	if isGiven(line, "organizations") {
		e.Organizations = listed(p.settings.Organizations)
	}
	if len(k.Scopes) > 0 {
		e.Scopes = nil
		for _, s := range k.Scopes {
			e.Scopes = append(e.Scopes, access.Scope(s))
		}
	}
	switch {
	case e.Role == access.RoleUser && e.User == "":
		return usageError{errors.New("the role user needs --user-id, the caller's own Asleep user")}
	case (e.Role == access.RoleCoach || e.Role == access.RoleAnalyst) && e.Organizations == nil:
		return usageError{fmt.Errorf("the role %s needs --organizations, those the caller may see", e.Role)}
	}
	token, entry, err := auth.NewToken(e)
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintf(p.stderr, "The token, shown only once; give it to the caller:\n%s\nIts line for the token file:\n", token); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, entry)
	return err
}

// isGiven reports whether a flag is on the command line itself.
func isGiven(line *kong.Context, name string) bool {
	return slices.ContainsFunc(line.Path, func(p *kong.Path) bool { return p.Flag != nil && p.Flag.Name == name && !p.Resolved })
}
