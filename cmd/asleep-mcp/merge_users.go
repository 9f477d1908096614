package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

type mergeUsersCommand struct {
	From string `arg:"" help:"Asleep user to merge away."`
	To   string `arg:"" help:"Asleep user of the same person that gets the memberships and logins."`
	Yes  bool   `help:"Make the changes. Without it, the command only prints what it would do."`
}

// Help explains what a merge does not do.
func (mergeUsersCommand) Help() string {
	return "For a person who has two Asleep users, one by signing in and one by being added to an organization. Memberships and logins of the first become those of the second. Recordings stay where they are, and no user is deleted."
}

func (k mergeUsersCommand) Run(p *program, ctx bound) error {
	for _, id := range []string{k.From, k.To} {
		if asleep.CheckUserID(id) != nil {
			return usageError{errors.New(`both must be Asleep user ids: 1 to 128 letters, digits, "-" or "_"`)}
		}
	}
	if k.From == k.To {
		return usageError{errors.New("these are the same Asleep user; give two")}
	}
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	registry, stop, err := c.registry(c.logger(p.stderr, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer stop()
	if !k.Yes {
		return k.preview(ctx, p, registry)
	}
	merged, err := registry.Merge(ctx, k.From, k.To)
	if err != nil {
		return explainMerge(err)
	}
	text := fmt.Sprintf("Memberships moved: %d; logins moved: %d; memberships ended where both were members: %d.\n", merged.Memberships, merged.Logins, merged.Dropped)
	if merged.HasNights {
		text += "The first user has recordings, which cannot be moved. Keep that user, or swap the two if those recordings are the ones that count.\n"
	} else {
		text += "The first user has no recordings. To delete that user: asleep-mcp call delete_user --toolsets manage\n"
	}
	_, err = fmt.Fprint(p.stdout, text)
	return err
}

func (k mergeUsersCommand) preview(ctx bound, p *program, registry members.Registry) error {
	store, err := registry.Directory(ctx)
	if err != nil {
		return err
	}
	memberships, err := store.Memberships(ctx, k.From)
	if err != nil {
		return err
	}
	var organizations []string
	for _, m := range memberships {
		organizations = append(organizations, m.Organization)
	}
	of := "no organization"
	if organizations != nil {
		of = strings.Join(organizations, ", ")
	}
	_, err = fmt.Fprintf(p.stdout, "The first user is a member of %s. Memberships and logins would become the second user's. Nothing was changed; add --yes to do it.\n", of)
	return err
}

// explainMerge says what to do about a merge that failed.
func explainMerge(err error) error {
	failed, _ := errors.AsType[*members.Error](err)
	switch {
	case failed != nil && failed.Outcome == members.UserLeaving:
		return errors.New("the second user is marked for deletion at Asleep; nothing was changed")
	case asleep.CodeOf(err) == asleep.NotFound:
		return errors.New("there is no Asleep user with the second id; nothing was changed")
	case errors.Is(err, directory.ErrPending):
		return errors.New("the deletion of one of them has begun; finish it with delete_user first; nothing was changed")
	}
	return err
}
