package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type syncCommand struct {
	Users []string `arg:"" optional:"" name:"user" help:"Asleep user ids (default --user-id, else the only user synced before)."`
	Again bool     `help:"Read everything again, even what is already kept."`
}

func (s syncCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	users, err := s.users(ctx, c)
	if err != nil {
		return usageError{err}
	}
	store, err := c.keptNights()
	if err != nil {
		return err
	}
	client, err := c.client()
	if err != nil {
		return errors.Join(err, store.Close())
	}
	for _, user := range users {
		if err = s.one(ctx, p, archive.Sync{Store: store, Service: client, Key: c.key, Again: s.Again}, user); err != nil {
			break
		}
	}
	if err == nil {
		err = store.Expire(ctx, c.keepDays)
	}
	return errors.Join(err, store.Close())
}

var errKeepNothing = errors.New("--keep-nights (ASLEEP_MCP_KEEP_NIGHTS) is false, so nights are not kept, and kept nights are not used")

// users returns whom to sync: who is named, or the only one whose nights were synced before.
func (s syncCommand) users(ctx context.Context, c config) ([]string, error) {
	switch {
	case c.demo:
		return nil, errors.New("made-up nights are not kept: leave out --demo")
	case c.key == "":
		return nil, errors.New("no API key is set: set ASLEEP_API_KEY")
	case !c.archived:
		return nil, errKeepNothing
	}
	users := s.Users
	if len(users) == 0 && c.userID == "" {
		c.userID = c.onlyUser(ctx, archive.Asleep)
	}
	if len(users) == 0 && c.userID != "" {
		users = []string{c.userID}
	}
	if len(users) == 0 {
		return nil, errors.New("it is not clear whose nights to keep: give user ids, or --user-id (ASLEEP_USER_ID)")
	}
	for i, id := range users {
		if asleep.CheckUserID(id) != nil {
			return nil, fmt.Errorf(`user %d of %d is not an Asleep user id: it has 1 to 128 letters, digits, "-" or "_"`, i+1, len(users))
		}
	}
	return users, nil
}

// keptNights returns the archive that the settings name.
func (c config) keptNights() (*archive.Store, error) {
	dsn, err := c.archiveDSN()
	if err != nil {
		return nil, err
	}
	return archive.Lazy(dsn, c.now), nil
}

// one syncs one person.
func (s syncCommand) one(ctx context.Context, p *program, y archive.Sync, user string) error {
	bar := &progressBar{}
	if isTerminal(p.stderr) {
		bar.out = p.stderr
	}
	y.Progress = bar.show
	done, err := y.Run(ctx, user)
	bar.end()
	switch {
	case err == nil:
		_, err = fmt.Fprintf(p.stdout, "%s: %s with stages read, %s of dates; everything is kept.\n",
			user, tool.Count(done.Sessions, "session"), tool.Count(done.Dates, "span"))
		return err
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted; what was read is kept, and the next sync continues from there")
	}
	if upstream, ok := errors.AsType[*asleep.Error](err); ok {
		return fmt.Errorf("%w What was read is kept, and the next sync continues from there", tool.ExplainUpstream(upstream))
	}
	return fmt.Errorf("%w; what was read is kept, and the next sync continues from there", err)
}

// progressBar shows a line on a terminal.
type progressBar struct {
	out   io.Writer // nil: nobody looks
	shown time.Time
}

const barWidth = 30

// show draws the bar, at most ten times a second.
func (b *progressBar) show(done, all int) {
	if b.out == nil || all == 0 || time.Since(b.shown) < 100*time.Millisecond && done < all {
		return
	}
	b.shown = time.Now()
	full := barWidth * done / all
	_, _ = fmt.Fprintf(b.out, "\r[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, all)
}

// end goes to the next line.
func (b *progressBar) end() {
	if b.out != nil && !b.shown.IsZero() {
		_, _ = fmt.Fprintln(b.out)
	}
}
