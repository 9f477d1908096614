package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/serve/auth"
)

type tokenCommand struct {
	Name   string   `arg:"" help:"Whose token it is: 1 to 64 letters, digits, '.', '_' or '-'; for the token file, and to tell callers apart."`
	Role   string   `arg:"" help:"operator, coach, analyst or user."`
	Scopes []string `name:"scope" placeholder:"SCOPE" help:"What the token is good for: sleep:read, sleep:write, org:read, org:members, admin (default: what the role needs to read)."`
}

// readingScopes are what each role needs to read all it may.
var readingScopes = map[string][]access.Scope{
	roleOperator: {access.Admin},
	roleUser:     {access.SleepRead},
	roleCoach:    {access.SleepRead, access.OrgMembers},
	roleAnalyst:  {access.OrgRead},
}

// Help says what two flags of all commands mean here.
func (tokenCommand) Help() string {
	return "With --user-id say the caller's own Asleep user, with --organizations which ones a coach or analyst may see. Their variables do not count here: they are about whoever makes the token."
}

// Run prints the line on standard output, so that it can be appended to the
// file, and the token on standard error, once.
func (k tokenCommand) Run(p *program, line *kong.Context) error {
	e := auth.Entry{Name: k.Name, Role: k.Role, Scopes: readingScopes[k.Role]}
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
	case e.Role == roleUser && e.User == "":
		return usageError{errors.New("the role user needs --user-id, the caller's own Asleep user")}
	case (e.Role == roleCoach || e.Role == roleAnalyst) && e.Organizations == nil:
		return usageError{fmt.Errorf("the role %s needs --organizations, those the caller may see", e.Role)}
	}
	token, entry, err := auth.NewToken(e)
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintf(p.stderr, "The token, shown this once; give it to the caller:\n%s\nIts line for the token file (start the server again to let it in):\n", token); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, entry)
	return err
}

// isGiven says whether a flag stands in the command line itself.
func isGiven(line *kong.Context, name string) bool {
	return slices.ContainsFunc(line.Path, func(p *kong.Path) bool { return p.Flag != nil && p.Flag.Name == name && !p.Resolved })
}
