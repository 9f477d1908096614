package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// examineNights says what is kept of nights, since when, how large it is and how fresh. It
// makes no archive.
func (c config) examineNights(ctx context.Context) finding {
	switch {
	case c.demo:
		return finding{"kept", notSet, "made-up nights are not kept"}
	case !c.archived:
		return finding{"kept", notSet, "ASLEEP_MCP_KEEP_NIGHTS is false: no nights are kept or used"}
	}
	dsn, err := c.archiveDSN()
	if err != nil {
		return finding{"kept", notSet, "there is no data folder, because HOME is not set"}
	}
	ctx, cancel := context.WithTimeout(ctx, databaseWithin)
	defer cancel()
	store := archive.Lazy(dsn, c.now)
	defer func() { _ = store.Close() }() // nothing was written
	all, err := store.Totals(ctx)
	if err == nil {
		err = store.Check(ctx)
	}
	if err != nil {
		text := err.Error() + "; until then the service is asked every time"
		if !strings.Contains(dsn, "://") {
			text += " (" + dsn + ")"
		}
		return finding{"kept", problem, text}
	}
	return c.keptFinding(all, sizeOf(dsn))
}

// keptFinding summarizes what is kept; size is 0 where it is not known.
func (c config) keptFinding(all archive.Totals, size int64) finding {
	if all.People == 0 {
		if c.keep {
			return finding{"kept", fine, "nothing yet; nights are kept as they are read"}
		}
		return finding{"kept", notSet, "no nights are kept: run asleep-mcp sync, or set ASLEEP_MCP_KEEP_NIGHTS=true"}
	}
	text := fmt.Sprintf("%s of %s since %s", tool.Count(all.Nights, "night"), peopleCounted(all.People), all.Since.Format(time.DateOnly))
	if size > 0 {
		text += fmt.Sprintf(", %.1f MB", float64(size)/1e6)
	}
	if !all.LastRead.IsZero() {
		text += ", last read " + max(0, c.now().Sub(all.LastRead)).Round(time.Minute).String() + " ago"
	}
	if c.keepDays > 0 {
		text += fmt.Sprintf("; nights older than %s are deleted", tool.Count(c.keepDays, "day"))
	}
	return finding{"kept", fine, text}
}

func peopleCounted(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// sizeOf returns the bytes of a SQLite file with its log; 0 for a server.
func sizeOf(path string) (sum int64) {
	for _, part := range []string{"", "-wal"} {
		info, err := os.Stat(path + part)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0
		}
		if err == nil {
			sum += info.Size()
		}
	}
	return sum
}
