package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// databaseWithin is how long the doctor waits for the database.
const databaseWithin = 15 * time.Second

// examineDatabase opens the database of organizations if there is one, and counts the
// unfinished changes in it. It does not make one.
func (c config) examineDatabase(ctx context.Context) finding {
	if c.demo {
		return finding{"database", notSet, "the demo has one of its own, and leaves every other alone"}
	}
	dsn := c.database
	if dsn == "" {
		standard, err := c.dataFile()
		switch {
		case err != nil || !exists(standard) && !canBeMade(standard):
			return finding{"database", notSet, "there is no folder for one, such as HOME: organizations take ASLEEP_MCP_DATABASE_URL"}
		case !exists(standard):
			return finding{"database", notSet, "one is made when an organization or a login is first kept"}
		}
		dsn = standard
	}
	if !strings.Contains(dsn, "://") && !exists(dsn) {
		if !canBeMade(dsn) {
			return finding{"database", notFine, "there is no such file and none can be made there: check ASLEEP_MCP_DATABASE_URL"}
		}
		return finding{"database", fine, "there is no such file yet; it is made when the database is first opened"}
	}
	ctx, cancel := context.WithTimeout(ctx, databaseWithin)
	defer cancel()
	store, err := directory.Open(ctx, dsn)
	if err != nil {
		return finding{"database", notFine, whyClosed(err)}
	}
	defer func() { _ = store.Close() }() // nothing was written
	pending, err := store.Pending(ctx)
	if err != nil {
		return finding{"database", notFine, whyClosed(err)}
	}
	return pendingFinding(pending, time.Now())
}

// pendingFinding counts unfinished changes. Those that began recently are still in progress.
func pendingFinding(pending []directory.Pending, now time.Time) finding {
	abandoned := 0
	for _, p := range pending {
		if now.Sub(p.Since) > directory.StaleAfter {
			abandoned++
		}
	}
	if abandoned > 0 {
		return finding{"database", notFine, fmt.Sprintf(
			"it opens, but %d changes of members were begun and never finished: list_organizations with the toolset manage names them", abandoned)}
	}
	return finding{"database", fine, fmt.Sprintf("it opens; changes of members under way: %d", len(pending))}
}

// canBeMade tries the existing folder in which the file, or the folders that lead to it,
// would be made.
func canBeMade(path string) bool {
	folder := filepath.Dir(path)
	for !exists(folder) && folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
	}
	f, err := os.CreateTemp(folder, ".asleep-mcp-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func whyClosed(err error) string {
	if _, ok := errors.AsType[*directory.Invalid](err); ok {
		return "it is not one this program can use: check ASLEEP_MCP_DATABASE_URL (" + err.Error() + ")"
	}
	return "it does not open: check that it runs, and ASLEEP_MCP_DATABASE_URL (" + err.Error() + ")"
}
