package main

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/serve/auth"
)

type tokenCommand struct {
	Name          string   `arg:"" help:"Whose token it is: 1 to 64 letters, digits, '.', '_' or '-'; for the token file, and to tell callers apart."`
	Role          string   `arg:"" help:"operator, coach, analyst or user."`
	User          string   `placeholder:"ID" help:"The caller's own Asleep user."`
	Organizations []string `name:"organization" placeholder:"ID" help:"Organizations that a coach or analyst may see."`
	Scopes        []string `name:"scope" placeholder:"SCOPE" help:"What the token is good for: sleep:read, sleep:write, org:read, org:members, admin (default: what the role needs to read)."`
}

// readingScopes are what each role needs to read all it may.
var readingScopes = map[access.Role][]access.Scope{
	access.RoleOperator: {access.Admin},
	access.RoleUser:     {access.SleepRead},
	access.RoleCoach:    {access.SleepRead, access.OrgMembers},
	access.RoleAnalyst:  {access.OrgRead},
}

// Run prints the line on standard output, so that it can be appended to the
// file, and the token on standard error, once.
func (k tokenCommand) Run(p *program) error {
	e := auth.Entry{Name: k.Name, Role: access.Role(k.Role), User: k.User, Organizations: k.Organizations}
	e.Scopes = readingScopes[e.Role]
	if len(k.Scopes) > 0 {
		e.Scopes = nil
		for _, s := range k.Scopes {
			e.Scopes = append(e.Scopes, access.Scope(s))
		}
	}
	token, line, err := auth.NewToken(e)
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintf(p.stderr, "The token, shown this once; give it to the caller:\n%s\nIts line for the token file (start the server again to let it in):\n", token); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, line)
	return err
}
