package auth

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

const (
	tokenPrefix = "asleep_" // tells static tokens from others, also for scanners of leaked secrets
	hashPrefix  = "sha256:"
	none        = "-"

	mostProblems = 8 // named of a file that is perhaps another one
)

// Entry is one line of a token file: who shows the token, never the token.
type Entry struct {
	Name          string // tells entries apart: 1 to 64 letters, digits, ".", "_" or "-"
	Role          access.Role
	User          string // own Asleep user id; "": none
	Organizations []string
	Scopes        []access.Scope
}

// Tokens are the entries of a token file by the hash of their token.
type Tokens map[[sha256.Size]byte]Entry

// TokenSource has tokens that may change: [Tokens], which do not, or a [*TokenFile].
type TokenSource interface{ Current() Tokens }

// Current returns the tokens.
func (t Tokens) Current() Tokens { return t }

// errNoTokens means that a token file is empty.
var errNoTokens = errors.New("there is no token in it")

// NewToken makes a token and the line that admits whoever shows it as e. The
// token has 130 random bits, so that its plain hash tells nothing.
func NewToken(e Entry) (token, line string, err error) {
	if err := e.check(); err != nil {
		return "", "", err
	}
	token = tokenPrefix + rand.Text()
	sum := sha256.Sum256([]byte(token))
	scopes := make([]string, len(e.Scopes))
	for i, s := range e.Scopes {
		scopes[i] = string(s)
	}
	fields := []string{hashPrefix + hex.EncodeToString(sum[:]), e.Name, string(e.Role), e.User, strings.Join(e.Organizations, ","), strings.Join(scopes, ",")}
	for i, f := range fields {
		if f == "" {
			fields[i] = none
		}
	}
	return token, strings.Join(fields, " "), nil
}

// ReadTokens reads a token file: one entry a line, its fields apart by blanks and
// in the order of [Entry] behind the hash, "-" for an empty one, lists with
// commas. Empty lines and those that begin with "#" count for nothing. The error
// names the first lines that cannot be used, and repeats none.
func ReadTokens(r io.Reader) (Tokens, error) {
	tokens, names := Tokens{}, map[string]bool{}
	var problems []error
	more := 0
	lines := bufio.NewScanner(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder()))) // PowerShell writes UTF-16
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(strings.TrimPrefix(lines.Text(), "\ufeff")) // a mark within, where files were joined
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		hash, e, err := readEntry(fields)
		if _, again := tokens[hash]; err == nil && (again || names[e.Name]) {
			err = errors.New("the hash or the name stands in an earlier line too")
		}
		switch {
		case err == nil:
		case len(problems) < mostProblems:
			problems = append(problems, fmt.Errorf("line %d: %w", n, err))
			continue
		default:
			more++
			continue
		}
		tokens[hash], names[e.Name] = e, true
	}
	if more > 0 {
		problems = append(problems, fmt.Errorf("and %d more lines", more))
	}
	if err := errors.Join(append(problems, lines.Err())...); err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return nil, errNoTokens
	}
	return tokens, nil
}

func readEntry(fields []string) (hash [sha256.Size]byte, e Entry, err error) {
	if len(fields) != 6 {
		return hash, e, fmt.Errorf("it has %d fields; hash, name, role, user, organizations and scopes are needed, %q for an empty one", len(fields), none)
	}
	for i, f := range fields {
		if f == none {
			fields[i] = ""
		}
	}
	digits, ok := strings.CutPrefix(fields[0], hashPrefix)
	sum, err := hex.DecodeString(digits)
	if !ok || err != nil || len(sum) != sha256.Size {
		return hash, e, fmt.Errorf("the hash must be %s and 64 hexadecimal digits, as asleep-mcp token prints it", hashPrefix)
	}
	e = Entry{Name: fields[1], Role: access.Role(fields[2]), User: fields[3], Organizations: list(fields[4])}
	for _, s := range list(fields[5]) {
		e.Scopes = append(e.Scopes, access.Scope(s))
	}
	return [sha256.Size]byte(sum), e, e.check()
}

func list(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, ",")
}

// needs says what an entry of a role must have.
var needs = map[access.Role]struct{ user, noUser, organizations bool }{
	access.RoleOperator: {},
	access.RoleUser:     {user: true},
	access.RoleCoach:    {organizations: true},
	access.RoleAnalyst:  {noUser: true, organizations: true},
}

const longestName = 64

var nameForm = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func (e Entry) check() error {
	need, known := needs[e.Role]
	switch {
	case len(e.Name) > longestName || !nameForm.MatchString(e.Name) || e.Name == none:
		return errors.New(`the name must be 1 to 64 letters, digits, ".", "_" or "-"`)
	case !known:
		return errors.New("the role must be operator, coach, analyst or user")
	case need.user && e.User == "":
		return fmt.Errorf("the role %s needs a user", e.Role)
	case need.noUser && e.User != "":
		return fmt.Errorf("the role %s has no user: it sees nobody", e.Role)
	case e.User != "" && asleep.CheckUserID(e.User) != nil:
		return errors.New(`the user must be an Asleep user id, 1 to 128 letters, digits, "-" or "_"`)
	case need.organizations != (len(e.Organizations) > 0):
		return errors.New("coach and analyst need organizations, other roles have none")
	case !allOrganizations(e.Organizations):
		return errors.New("an organization must be 1 to 63 lower-case letters, digits and hyphens")
	case len(e.Scopes) == 0:
		return errors.New("at least one scope is needed")
	case slices.ContainsFunc(e.Scopes, func(s access.Scope) bool { return !slices.Contains(access.Scopes, s) }):
		return fmt.Errorf("the scopes are %v", access.Scopes)
	}
	return nil
}

func allOrganizations(ids []string) bool {
	return !slices.ContainsFunc(ids, func(o string) bool { return directory.CheckOrganizationID(o) != nil })
}

// NeedDirectory reports whether an entry is a coach, who sees members that only the
// directory knows.
func (t Tokens) NeedDirectory() bool {
	for _, e := range t {
		if e.Role == access.RoleCoach {
			return true
		}
	}
	return false
}

// caller is who shows a static token; d, which may be nil, knows a coach's members.
func (t Tokens) caller(token string, d *directory.Store) (access.Principal, error) {
	e, ok := t[sha256.Sum256([]byte(token))]
	if !ok {
		return access.Principal{}, errBadToken
	}
	if e.Role == access.RoleCoach && d == nil {
		return access.Principal{}, errUnsure // added to the file of a server that opened no directory
	}
	p := access.New(e.Role, e.User, d.OrganizationsOf, e.Organizations...)
	return p.Named("token:" + e.Name).Scoped(e.Scopes...), nil
}
