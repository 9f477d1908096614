package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"modernc.org/sqlite" // also registers the driver
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// busyWait is how long a statement waits for another program's lock.
	busyWait = 5 * time.Second
	// readers is the number of connections that read concurrently; one writes.
	readers = 4
)

func openSQLite(ctx context.Context, path string, plan Plan) (*pools, error) {
	file, err := touch(path)
	if err != nil {
		return nil, err
	}
	if err := prepareSQLite(ctx, file.path, plan); err != nil {
		return nil, err
	}
	write, err := sqlitePool(file.path, plan, 1, "_txlock", "immediate")
	if err != nil {
		return nil, err
	}
	read, err := sqlitePool(file.path, plan, readers, "_pragma", "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &pools{read, write, file}, nil
}

// file is an opened SQLite file.
type file struct {
	path string // absolute
	info os.FileInfo
}

// touch makes the file, for its owner alone, if it does not exist: SQLite would let
// everybody read it.
func touch(path string) (f file, err error) {
	if f.path, err = filepath.Abs(path); err != nil {
		return file{}, err
	}
	opened, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return file{}, err
	}
	f.info, err = opened.Stat()
	return f, errors.Join(err, opened.Close())
}

// inPlace returns nil while the path leads to the file that was opened. SQLite would
// keep using one that was moved or deleted, and what it writes there would be lost.
func (f file) inPlace() error {
	if f.path == "" {
		return nil // a server
	}
	now, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(f.info, now) {
		return &Unavailable{Kind: Moved}
	}
	return nil
}

func sqlitePool(path string, plan Plan, size int, more ...string) (*sql.DB, error) {
	// Nothing here may read the file: a wait for its lock while a connection is opened
	// would not end with the context.
	options := url.Values{"_pragma": {
		"busy_timeout(" + strconv.FormatInt(busyWait.Milliseconds(), 10) + ")",
		"foreign_keys(1)",
	}}
	for _, pragma := range plan.Pragmas {
		options.Add("_pragma", pragma)
	}
	for i := 0; i+1 < len(more); i += 2 {
		options.Add(more[i], more[i+1])
	}
	name := filepath.ToSlash(path)
	if name[0] != '/' {
		name = "/" + name // C:/…
	}
	dsn := url.URL{Scheme: "file", Path: name, RawQuery: options.Encode()}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool, nil
}

// prepareSQLite sets the journal mode and migrates, on a connection of its own: first what
// the plan is built upon.
func prepareSQLite(ctx context.Context, path string, plan Plan) (err error) {
	if plan.Upon != nil {
		if err := prepareSQLite(ctx, path, *plan.Upon); err != nil {
			return err
		}
	}
	pool, err := sqlitePool(path, plan, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }() // closing rolls back
	m, err := sqliteMigrator(pool, plan)
	if err != nil {
		return err
	}
	current, err := m.current(ctx)
	if err != nil {
		return err
	}
	if !current && plan.Upon == nil {
		if err := checkOwn(ctx, pool, plan.Versions); err != nil {
			return err
		}
	}
	if err := writeAhead(ctx, pool); current || err != nil {
		return err
	}
	return migrateAlone(ctx, m)
}

// migrateAlone migrates in one transaction, as the pool has one connection: either all
// migrations are applied or none, and nobody else's in between.
func migrateAlone(ctx context.Context, m *migrator) error {
	if _, err := m.pool.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	if err := m.up(ctx); err != nil {
		return err
	}
	_, err := m.pool.ExecContext(ctx, "COMMIT")
	return err
}

// checkOwn refuses a file that holds another program's tables.
func checkOwn(ctx context.Context, pool *sql.DB, versions string) error {
	var foreign bool
	err := pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema)
		AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = $1)`, versions).Scan(&foreign)
	if err == nil && foreign {
		return &Unavailable{Kind: NotADatabase}
	}
	return err
}

// writeAhead lets readers and the writer work at the same time. SQLite does not wait
// for a lock when it changes the journal mode, so writeAhead does.
func writeAhead(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	for {
		var mode string
		err := pool.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if busy, ok := errors.AsType[*sqlite.Error](err); !ok || busy.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
