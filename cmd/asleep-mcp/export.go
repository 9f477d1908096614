package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

type exportCommand struct {
	Format string `enum:"csv,jsonl,tags,trials" default:"csv" placeholder:"csv|jsonl|tags|trials" help:"csv: one row for each night and nap; jsonl: one line for each recording with its stages, which the sandbox reads; tags: what was written about nights; trials: their plans and what was done (default csv)."`
	From   string `placeholder:"DATE" help:"First night, such as 2026-09-01 (default the first one kept)."`
	To     string `placeholder:"DATE" help:"Last night (default the last one kept)."`
	Stages bool   `help:"Add the stages to csv, one character for every 30 seconds: 0 wake, 1 light, 2 deep, 3 REM, . unknown."`
	Out    string `short:"o" placeholder:"FILE" help:"Write to this file, readable by you alone (default standard output)."`
}

func (e exportCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	from, to, err := datesOf(e.From, e.To)
	if err != nil {
		return usageError{err}
	}
	if !c.archived {
		return usageError{errKeepNothing}
	}
	store, err := c.keptNights()
	if err != nil {
		return err
	}
	kept := archive.NewSource(store, archive.Options{Key: c.key, Alone: true, Now: c.now})
	x := &export{exportCommand: e, source: nights.Mixed{Live: kept, Imports: kept, Absent: archive.ErrNoKey, Prefer: c.sources}}
	read := x.read
	switch e.Format {
	case "tags":
		read = x.readTags
	case "trials":
		read = x.readTrials
	}
	err = read(ctx, c, store, from, to)
	if err == nil {
		err = e.write(p.stdout, func(w io.Writer) error { return x.write(ctx, w) })
	}
	return errors.Join(err, store.Close())
}

// datesOf reads the flags --from and --to; a date without one is zero.
func datesOf(first, last string) (from, to civil.Date, err error) {
	for _, flag := range []struct {
		text string
		into *civil.Date
	}{{first, &from}, {last, &to}} {
		if flag.text == "" {
			continue
		}
		if *flag.into, err = civil.ParseDate(flag.text); err != nil {
			return from, to, fmt.Errorf("--from and --to: %q is not a date; write one like 2026-09-01", flag.text)
		}
	}
	if first != "" && last != "" && from.After(to) {
		return from, to, fmt.Errorf("--from %s is after --to %s", from, to)
	}
	return from, to, nil
}

// write gives f standard output, or a file that is there only when it is complete.
func (e exportCommand) write(stdout io.Writer, f func(io.Writer) error) error {
	if e.Out == "" {
		return buffered(stdout, f)
	}
	return replaceFile(e.Out, f)
}

// replaceFile writes a file for its owner alone, in one step.
func replaceFile(name string, f func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".asleep-mcp-*") // 0600
	if err != nil {
		return fmt.Errorf("-o: %w", err)
	}
	err = errors.Join(buffered(file, f), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

func buffered(w io.Writer, f func(io.Writer) error) error {
	b := bufio.NewWriter(w)
	if err := f(b); err != nil {
		return err
	}
	return b.Flush()
}

// export is what is written.
type export struct {
	exportCommand
	source nights.Source
	user   string
	person *nights.Person
	window *nights.Window
	tags   []archive.Tag // by night and tag
	trials [][]string    // rows
}

// read reads the nights of the person who is meant.
func (x *export) read(ctx context.Context, c config, store *archive.Store, from, to civil.Date) error {
	all, err := store.Everybody(ctx)
	if err != nil {
		return err
	}
	if x.user, err = whose(c.userID, all); err != nil {
		return err
	}
	var first, last time.Time
	for _, k := range all {
		if k.User != x.user || k.Nights == 0 {
			continue
		}
		if first.IsZero() || k.First.Before(first) {
			first = k.First
		}
		if k.Last.After(last) {
			last = k.Last
		}
	}
	if first.IsZero() {
		return errors.New("no nights of this user are kept; run asleep-mcp sync or import first")
	}
	if from.IsZero() {
		from = civil.DateOf(first).AddDays(-1)
	}
	if to.IsZero() {
		to = civil.DateOf(last).AddDays(2)
	}
	if x.tags, err = store.Tags(ctx, x.user); err != nil {
		return err
	}
	if x.person, err = nights.NewLibrary(x.source, c.now, c.zone).Person(ctx, x.user); err != nil {
		return err
	}
	x.window, err = x.person.Window(ctx, nights.Days{From: from, To: to}, 0)
	return err
}

// whose returns who is meant: the one who is named, or the only one.
func whose(named string, all []archive.Kept) (string, error) {
	var users []string
	for _, k := range all {
		if !slices.Contains(users, k.User) {
			users = append(users, k.User)
		}
	}
	switch {
	case named != "":
		return named, nil
	case len(users) == 0:
		return "", errors.New("no nights are kept; run asleep-mcp sync or import first")
	case len(users) > 1:
		return "", usageError{fmt.Errorf("nights of %d people are kept: name one with --user-id (ASLEEP_USER_ID)", len(users))}
	}
	return users[0], nil
}

func (x *export) write(ctx context.Context, w io.Writer) error {
	switch x.Format {
	case "jsonl":
		return x.lines(ctx, w)
	case "tags":
		return x.tagTable(w)
	case "trials":
		return x.trialTable(w)
	}
	return x.table(ctx, w)
}
