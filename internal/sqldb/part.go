package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Part is a query that one package gives another to run inside its own, so that what it
// finds never leaves the database.
type Part struct {
	DB   *DB
	SQL  string // $1 and so on are Args, %s stands before the name of each table
	Args []any
}

func (p Part) within(schema string) string { return strings.ReplaceAll(p.SQL, "%s", schema) }

// longPatience is that of calls about a million rows.
const longPatience = 30 * time.Second

// ReadWith is [DB.Read] for queries that a part of another database stands in: it must be
// on the same server, or both are SQLite files. part is the query as it may be written
// there. All that f reads is as it was at one moment. A call gives up after thirty seconds.
func (d *DB) ReadWith(ctx context.Context, p Part, empty error, f func(ctx context.Context, db Rows, part string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, longPatience)
	defer cancel()
	db, err := d.opened(ctx, false)
	if err != nil {
		return d.classify(err)
	}
	if db == nil {
		return empty
	}
	if d.dsn == p.DB.dsn {
		return d.classify(d.atOnce(ctx, db.read, func(ctx context.Context, rows Rows) error { return f(ctx, rows, p.within("")) }))
	}
	if d.Server() || p.DB.Server() {
		return errors.New("a query about two databases needs both on one server or both in files")
	}
	return d.classify(d.attached(ctx, db, p, f))
}

// attached runs f on a connection to which the file of a part is attached.
func (d *DB) attached(ctx context.Context, db *pools, p Part, f func(context.Context, Rows, string) error) (err error) {
	other, err := p.DB.opened(ctx, false)
	if err != nil || other == nil {
		return err
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(other.file.path), RawQuery: "mode=ro"}
	if _, err := conn.ExecContext(ctx, `ATTACH DATABASE $1 AS beside`, file.String()); err != nil {
		return err
	}
	defer func() {
		if _, failed := conn.ExecContext(context.WithoutCancel(ctx), `DETACH DATABASE beside`); failed != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the next user gets another connection
		}
	}()
	return d.atOnce(ctx, conn, func(ctx context.Context, rows Rows) error { return f(ctx, rows, p.within("beside.")) })
}

// manyRows are settings of PostgreSQL for questions about so many rows that they are worth a
// second processor, are planned badly with compiled expressions, and need a plan for the size of the
// organization that is asked about. Tables of joins that fit into a processor's cache are as fast as
// larger ones, and into the 64 MB of shared memory that containers have.
const manyRows = `SET LOCAL work_mem = '4MB'; SET LOCAL parallel_tuple_cost = 0.01; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_custom_plan`

// atOnce runs f on what the database has at one moment.
func (d *DB) atOnce(ctx context.Context, on interface {
	BeginTx(ctx context.Context, o *sql.TxOptions) (*sql.Tx, error)
}, f func(context.Context, Rows) error,
) error {
	var o *sql.TxOptions
	if d.Server() {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := on.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	if d.Server() {
		if _, err := tx.ExecContext(ctx, manyRows); err != nil {
			return err
		}
	}
	return f(ctx, tx)
}
