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
		return finding{"database", notSet, "the demo uses its own"}
	}
	dsn := c.database
	if dsn == "" {
		standard, err := c.dataFile()
		switch {
		case err != nil || !exists(standard) && !canBeMade(standard):
			return finding{"database", notSet, "there is no data folder, because HOME is not set: to use organizations, set ASLEEP_MCP_DATABASE_URL"}
		case !exists(standard):
			return finding{"database", notSet, "created when you add the first organization or login"}
		}
		dsn = standard
	}
	if !strings.Contains(dsn, "://") && !exists(dsn) {
		if !canBeMade(dsn) {
			return finding{"database", problem, "the file does not exist and cannot be created: check ASLEEP_MCP_DATABASE_URL"}
		}
		return finding{"database", fine, "the file does not exist yet; it is created when it is first needed"}
	}
	ctx, cancel := context.WithTimeout(ctx, databaseWithin)
	defer cancel()
	store, err := directory.Open(ctx, dsn)
	if err != nil {
		return finding{"database", problem, whyClosed(err)}
	}
	defer func() { _ = store.Close() }() // nothing was written
	pending, err := store.Pending(ctx)
	if err != nil {
		return finding{"database", problem, whyClosed(err)}
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
		return finding{"database", problem, fmt.Sprintf(
			"it can be opened, but %d changes of members were never finished: list_organizations (toolset manage) lists them", abandoned)}
	}
	return finding{"database", fine, fmt.Sprintf("it can be opened; unfinished changes of members: %d", len(pending))}
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
		return "it is not a database of asleep-mcp: check ASLEEP_MCP_DATABASE_URL (" + err.Error() + ")"
	}
	return "it cannot be opened: check that it is running, and check ASLEEP_MCP_DATABASE_URL (" + err.Error() + ")"
}
