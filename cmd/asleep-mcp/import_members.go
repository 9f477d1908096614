package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

type importMembersCommand struct {
	File         string `arg:"" help:"CSV file with a header line: email and, optionally, user_id, role, birth_year, gender, issuer, subject. - reads standard input."`
	Organization string `required:"" placeholder:"ID" help:"Organization to add the people to. It must exist."`
	Yes          bool   `help:"Make the changes. Without it, the command only prints what it would do."`
}

// Help explains that the command may be repeated.
func (importMembersCommand) Help() string {
	return "Members who are there already are kept, so an import that stopped is continued by repeating it. issuer and subject map a person's login of the OpenID provider. Every line that is refused is printed with the reason."
}

func (k importMembersCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	rows, refused, err := k.readRoster(p)
	if err != nil {
		return usageError{err}
	}
	registry, stop, err := c.registry(c.logger(p.stderr, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer stop()
	store, err := registry.Directory(ctx)
	if err != nil {
		return err
	}
	if _, err := store.Organization(ctx, k.Organization); errors.Is(err, directory.ErrNotFound) {
		return usageError{fmt.Errorf("there is no organization %q; create it with: asleep-mcp call create_organization --toolsets manage", k.Organization)}
	} else if err != nil {
		return err
	}
	report := &importReport{refused: refused, steps: map[members.Step]int{}}
	if k.Yes {
		err = report.do(ctx, p, registry, rows)
	} else {
		err = report.preview(ctx, registry, rows)
	}
	if _, failed := io.WriteString(p.stdout, report.text(k.Yes, err)); failed != nil {
		return failed
	}
	if err == nil && len(report.refused) > 0 {
		err = fmt.Errorf("refused %d of %d lines", len(report.refused), len(report.refused)+report.done())
	}
	return err
}

func (k importMembersCommand) readRoster(p *program) ([]members.Row, []members.Refused, error) {
	if k.File == "-" {
		return members.ReadRoster(p.stdin, k.Organization)
	}
	f, err := os.Open(k.File)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // read only
	return members.ReadRoster(f, k.Organization)
}

// importReport is what became of the lines of a roster.
type importReport struct {
	refused []members.Refused
	steps   map[members.Step]int
}

func (r *importReport) add(row members.Row, step members.Step, err error) {
	if err != nil {
		r.refused = append(r.refused, members.Refused{Line: row.Line, Err: errors.New(whyRefused(err))})
		return
	}
	r.steps[step]++
}

func (r *importReport) done() (n int) {
	for count := range maps.Values(r.steps) {
		n += count
	}
	return n
}

func (r *importReport) preview(ctx context.Context, registry members.Registry, rows []members.Row) error {
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		step, err := registry.Preview(ctx, row)
		r.add(row, step, err)
	}
	return nil
}

func (r *importReport) do(ctx context.Context, p *program, registry members.Registry, rows []members.Row) error {
	const every = 500
	return registry.Import(ctx, rows, func(row members.Row, step members.Step, err error) {
		r.add(row, step, err)
		if n := r.done() + len(r.refused); n%every == 0 {
			_, _ = fmt.Fprintf(p.stderr, "%d of %d\n", n, len(rows)) // progress that nobody reads is no error
		}
	})
}

// text lists the refused lines and counts the others. stopped is why the import ended
// early; nil: it did not.
func (r *importReport) text(did bool, stopped error) string {
	var b strings.Builder
	slices.SortFunc(r.refused, func(a, b members.Refused) int { return a.Line - b.Line })
	for _, one := range r.refused {
		fmt.Fprintln(&b, one.Error())
	}
	form := "To add: %d; to give another role: %d; members already: %d; refused: %d. Nothing was changed; add --yes to do it.\n"
	if did {
		form = "Added: %d; given another role: %d; members already: %d; refused: %d.\n"
	}
	fmt.Fprintf(&b, form, r.steps[members.Adds], r.steps[members.Changes], r.steps[members.Keeps], len(r.refused))
	if did && stopped != nil {
		fmt.Fprintln(&b, "The import stopped early. Repeat it to continue; nobody is added twice.")
	}
	return b.String()
}

// whyRefused says why one person was not added, and what to do.
func whyRefused(err error) string {
	if failed, ok := errors.AsType[*members.Error](err); ok {
		if text, ok := whyOutcome[failed.Outcome]; ok {
			return text
		}
		return "it is not known whether an Asleep user was created; list_organizations shows what to do"
	}
	switch {
	case errors.Is(err, directory.ErrPending):
		return "an earlier attempt to add or delete this person has not finished; list_organizations shows what to do"
	case errors.Is(err, directory.ErrExists):
		return "the login stands for another Asleep user; the membership was added"
	case asleep.CodeOf(err) == asleep.NotFound:
		return "Asleep has no user with this user_id"
	}
	return err.Error()
}

var whyOutcome = map[members.Outcome]string{
	members.UserLeaving:     "the Asleep user is marked for deletion",
	members.OtherUser:       "the e-mail is a member already, as another Asleep user; remove_user_from_organization first",
	members.OtherEmail:      "the Asleep user is a member already, under another e-mail",
	members.MemberLeft:      "they left meanwhile; repeat the import",
	members.ReservationLost: "the e-mail was released meanwhile; repeat the import",
	members.Undone:          "the database did not accept them; the user created for them was deleted again",
}
