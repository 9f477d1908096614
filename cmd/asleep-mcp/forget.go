package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

type forgetCommand struct {
	User string `arg:"" help:"Asleep user id."`
	Yes  bool   `help:"Do not ask for confirmation."`
}

// Run removes what is kept of somebody. The Asleep service keeps what it has.
func (f forgetCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	if asleep.CheckUserID(f.User) != nil {
		return usageError{errors.New(`that is not an Asleep user id: it has 1 to 128 letters, digits, "-" or "_"`)}
	}
	if !f.Yes {
		if err := f.confirm(p); err != nil {
			return usageError{err}
		}
	}
	store, err := c.keptNights()
	if err != nil {
		return err
	}
	known, err := store.Forget(ctx, f.User)
	if err := errors.Join(err, store.Close()); err != nil {
		return fmt.Errorf("%w; then run forget again", err)
	}
	said := "nothing was kept of them."
	if known {
		said = "everything that was kept of them is removed."
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s Nothing is kept about them again until you run sync for them; the Asleep service still has its own copy.\n", f.User, said)
	return err
}

// confirm asks whoever sits at the terminal.
func (f forgetCommand) confirm(p *program) error {
	if !isTerminal(p.stdin) {
		return errors.New("there is no terminal to ask for confirmation: add --yes to delete everything kept about this user permanently")
	}
	if _, err := fmt.Fprintf(p.stderr, "Permanently delete everything that is kept about %s here? [y/N] ", f.User); err != nil {
		return err
	}
	answer, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errors.New("nothing was deleted")
}
