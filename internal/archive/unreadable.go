package archive

import (
	"context"
	"database/sql"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// countUnreadable is [asleep.SleptSession.Unreadable] in SQL, of all nights of a person.
const countUnreadable = `UPDATE people SET unreadable = (SELECT NULLIF(COUNT(*), 0) FROM nights n WHERE n.person = people.person
	AND n.slept = 1 AND n.time_in_bed IS NULL AND n.time_in_sleep IS NULL AND n.finish IS NOT NULL)`

// recount counts the unreadable nights of a person again, if any of those that came or went was
// one.
func recount(ctx context.Context, tx *sql.Tx, person int64, all []night) error {
	if !slices.ContainsFunc(all, func(n night) bool { return n.slept && n.Unreadable() }) {
		return nil
	}
	_, err := sqldb.Change(ctx, tx, countUnreadable+` WHERE person = $1`, person)
	return err
}

// recountAll counts the unreadable nights again of everybody who had some.
func recountAll(ctx context.Context, tx *sql.Tx) error {
	_, err := sqldb.Change(ctx, tx, countUnreadable+` WHERE unreadable > 0`)
	return err
}
