package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/internal/importers"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// importedUser is whose nights are imported where nobody is named.
const importedUser = "me"

type importCommand struct {
	Paths     []string `arg:"" name:"path" help:"Files, zips or folders to import."`
	DryRun    bool     `name:"dry-run" help:"Report what would be imported, and keep nothing."`
	DateOrder string   `name:"date-order" enum:",dmy,mdy" default:"" placeholder:"dmy|mdy" help:"Order of ambiguous dates such as 03/04/2026 in a plain CSV."`
	DateIs    string   `name:"date-is" enum:",wake,bed" default:"" placeholder:"wake|bed" help:"What the date column of a plain CSV means: the day of waking up or of going to bed."`
}

// Run reads everything before it keeps anything.
func (s importCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	switch {
	case c.demo:
		return usageError{errors.New("with --demo all nights are made up: leave it out to import")}
	case !c.archived:
		return usageError{errors.New("--keep-nights (ASLEEP_MCP_KEEP_NIGHTS) is false, so nothing may be kept")}
	}
	if len(s.Paths) == 1 && isTagTable(s.Paths[0]) {
		return importTags(ctx, p, c, cmp.Or(c.userID, importedUser), s.Paths[0], s.DryRun)
	}
	results, err := s.read(ctx, p, c)
	if err != nil {
		if _, needed := errors.AsType[*importers.ZoneError](err); needed {
			return usageError{err}
		}
		return err
	}
	for _, one := range results {
		if err := one.report(p.stdout); err != nil {
			return err
		}
	}
	if s.DryRun {
		_, err := io.WriteString(p.stdout, "Nothing was kept, because of --dry-run.\n")
		return err
	}
	return s.keep(ctx, p, c, results)
}

// tracked is what was read of one tracker.
type tracked struct {
	importers.Export
	*importers.Result
}

func (s importCommand) read(ctx context.Context, p *program, c config) (results []tracked, err error) {
	in, err := importers.Open(s.Paths...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	exports, err := in.Detect(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", errtext.Text(strings.Join(s.Paths, " ")), err)
	}
	bar := &progressBar{}
	if isTerminal(p.stderr) {
		bar.out = p.stderr
	}
	defer bar.end()
	all, done := int64(0), int64(0)
	for _, e := range exports {
		all += e.Bytes
	}
	o := importers.Options{Zone: c.zone, Now: c.now(), DateOrder: s.DateOrder, DateIs: s.DateIs, Progress: func(n int64) {
		done += n
		bar.show(int(min(done, all)>>10), int(all>>10))
	}}
	for _, e := range exports {
		r, err := e.Nights(ctx, o)
		if err != nil {
			return nil, err
		}
		results = append(results, tracked{e, r})
	}
	return results, reportSkipped(p.stdout, in)
}

// reportSkipped says which files were not read.
func reportSkipped(out io.Writer, in *importers.Input) error {
	unknown, tables := in.Other()
	for _, one := range []struct {
		importers.Skipped
		what string
	}{
		{in.Outside(), "whose name leads out of the zip"},
		{tables, "that may be a plain CSV (name a file itself to import it)"},
		{unknown, "without nights in a known format"},
	} {
		if one.Count == 0 {
			continue
		}
		if _, err := fmt.Fprintf(out, "Not read: %s %s, such as %s.\n", tool.Count(one.Count, "file"), one.what, one.First); err != nil {
			return err
		}
	}
	return nil
}

// keep puts the nights into the archive, all or none.
func (s importCommand) keep(ctx context.Context, p *program, c config, results []tracked) error {
	all := map[string][]*asleep.Session{}
	for _, one := range results {
		for i := range one.Sessions {
			all[one.Tracker] = append(all[one.Tracker], &one.Sessions[i])
		}
	}
	if len(all) == 0 {
		_, err := io.WriteString(p.stdout, "No nights to keep.\n")
		return err
	}
	store, err := c.keptNights()
	if err != nil {
		return err
	}
	user := cmp.Or(c.userID, importedUser)
	sum, err := store.Import(ctx, user, all)
	if err != nil {
		return errors.Join(fmt.Errorf("nothing was imported: %w", err), store.Close())
	}
	if err := store.Close(); err != nil {
		return err
	}
	as, unnamed := "", c
	if unnamed.userID = p.getenv("ASLEEP_USER_ID"); unnamed.withOnlyUser(ctx).ownUser() != user {
		as = " --user-id " + user
	}
	_, err = fmt.Fprintf(p.stdout, "Kept for the user %s: %d new, %d changed, %d known before.\nNext: asleep-mcp%s setup claude-desktop, or ask here: asleep-mcp%s call get_session\n",
		user, sum.Added, sum.Changed, sum.Unchanged, as, as)
	return err
}

// report says what was found.
func (t tracked) report(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", t.Title)
	if len(t.Sessions) == 0 {
		b.WriteString("no sleep in it")
	} else {
		first, last := &t.Sessions[0], &t.Sessions[len(t.Sessions)-1]
		fmt.Fprintf(&b, "%s from %s to %s", tool.Count(len(t.Sessions), "recording"), localDate(first), localDate(last))
	}
	b.WriteString(".\n")
	zones, sources := map[string]int{}, map[string]int{}
	for i := range t.Sessions {
		s := &t.Sessions[i]
		zones[s.CreatedTimezone]++
		sources[strings.TrimSpace(s.Origin.App+" "+s.Origin.Device)]++
	}
	writeCounts(&b, "Zones", zones)
	delete(sources, "")
	writeCounts(&b, "Sources", sources)
	for _, f := range t.Findings {
		what := "Note"
		if f.LeftOut {
			what = "Left out"
		}
		fmt.Fprintf(&b, "  %s: %d × %s (first: %s, %s).\n", what, f.Count, f.Text, errtext.Bare(f.File), f.Record)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// mostCounts is how many zones or sources a report lists.
const mostCounts = 8

// writeCounts lists the most frequent of some names.
func writeCounts(b *strings.Builder, what string, counts map[string]int) {
	names := slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), strings.Compare(x, y)) })
	if len(names) == 0 {
		return
	}
	more := ""
	if n := len(names) - mostCounts; n > 0 {
		names, more = names[:mostCounts], fmt.Sprintf(" and %d more", n)
	}
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = fmt.Sprintf("%s (%d)", errtext.Bare(name), counts[name])
	}
	fmt.Fprintf(b, "  %s: %s%s.\n", what, strings.Join(texts, ", "), more)
}

// localDate returns the date on which a session ended on its own clock.
func localDate(s *asleep.Session) string {
	zone, ok := asleep.Zone(s.CreatedTimezone)
	if !ok {
		zone = time.UTC
	}
	return s.Ended().In(zone).Format(time.DateOnly)
}

// hasImports reports whether nights were imported of whom questions are about.
func (c config) hasImports(ctx context.Context) bool {
	if c.demo || !c.archived {
		return false
	}
	store, err := c.keptNights()
	if err != nil {
		return false
	}
	trackers, err := store.Trackers(ctx, c.withOnlyUser(ctx).ownUser())
	return errors.Join(err, store.Close()) == nil && len(trackers) > 0
}
