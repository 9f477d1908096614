package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// patience limits a call whose context has no earlier deadline, muchPatience one that has
// much to write.
const (
	patience     = 10 * time.Second
	muchPatience = 10 * time.Minute
)

// Plan is what a database holds.
type Plan struct {
	Migrations fs.FS            // the folders sqlite and postgres
	Versions   string           // table of the applied migrations; a server may hold those of others too
	Lock       int64            // of PostgreSQL, held while migrating; each plan has its own
	Pragmas    []string         // for every connection to a SQLite file, such as "secure_delete(1)"
	Own        func(error) bool // errors that functions run in it return on purpose; nil: none
	Upon       *Plan            // what has to be in the same database first, because this refers to its tables; nil: nothing
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	plan Plan
	dsn  string
	lazy bool // the first write makes it
	slow Kind // what it means if this database does not answer in time
	// turns are those who write now: waiting for this program's own writers is no fault of
	// the database.
	turns chan struct{}

	mu      sync.Mutex
	db      *pools    // nil: it is not there yet
	absent  time.Time // when a server was last found without it
	refused error     // why it was not opened the last time
	since   time.Time // of refused
	closed  bool
}

// pools are the connections to a database.
type pools struct {
	read, write *sql.DB
	file        file // zero: a server
}

func (p *pools) close() error {
	err := p.write.Close()
	if p.read != p.write {
		err = errors.Join(err, p.read.Close())
	}
	return err
}

// Open opens the database and migrates it to the version this program knows. dsn
// is one that [Check] accepts; a SQLite file that does not exist is created for its
// owner alone. It waits five seconds for a locked file or a silent server, and a
// minute for another server that is migrating the same database. The errors are
// [*Invalid] (field "database"), [*Unavailable] or the context's.
func Open(ctx context.Context, dsn string, plan Plan) (*DB, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := Check(dsn); err != nil {
		return nil, err
	}
	return open(ctx, newDB(dsn, plan, false), true)
}

// OpenLazy is [Open] for a database that nobody asked for by name. One that is not there
// is made by the first write of this process or another, a SQLite file with its folder;
// until then it is empty.
func OpenLazy(ctx context.Context, dsn string, plan Plan) (*DB, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return open(ctx, newDB(dsn, plan, true), false)
}

// Lazy is [OpenLazy] that opens nothing before the first call, which has its errors.
func Lazy(dsn string, plan Plan) *DB { return newDB(dsn, plan, true) }

func newDB(dsn string, plan Plan, lazy bool) *DB {
	d := &DB{plan: plan, dsn: dsn, lazy: lazy, slow: Locked, turns: make(chan struct{}, 1)}
	if d.Server() {
		d.slow, d.turns = Unreachable, make(chan struct{}, maxConnections)
	}
	return d
}

func open(ctx context.Context, d *DB, create bool) (*DB, error) {
	if _, err := d.opened(ctx, create); err != nil {
		return nil, d.classify(ended(ctx, err))
	}
	return d, nil
}

// Server reports whether the database is a PostgreSQL server's.
func (d *DB) Server() bool { return strings.Contains(d.dsn, "://") }

// Path returns the SQLite file; "" for a server.
func (d *DB) Path() string {
	if d.Server() {
		return ""
	}
	return d.dsn
}

// Check reports what is wrong with a dsn before it is opened. It must be a postgres://
// or postgresql:// URL, or the path of a SQLite file in an existing folder: one that
// does not exist is more likely a mistake than intended. The error is [*Invalid] (field
// "database").
func Check(dsn string) error {
	switch scheme, _, isURL := strings.Cut(dsn, "://"); {
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		return nil
	case dsn == "", isURL, strings.HasPrefix(dsn, ":"), strings.HasPrefix(dsn, "file:"), strings.ContainsRune(dsn, 0):
		return &Invalid{"database", "must be a postgres:// URL or the path of a SQLite file"}
	}
	if isMissing(filepath.Dir(dsn)) {
		return &Invalid{"database", "must be the path of a SQLite file in a folder that is there: this folder is not"}
	}
	return nil
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// Close closes the database. Calls after it fail.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.db == nil {
		return nil
	}
	return d.classify(d.db.close())
}

// There reports whether there is a database yet.
func (d *DB) There(ctx context.Context) (bool, error) {
	db, err := d.opened(ctx, false)
	return db != nil, d.classify(ended(ctx, err))
}

// Pools returns the connections for reading and for writing, for what does not fit into
// [DB.Read] and [DB.Write]; they are the same for a server. The database must be there.
func (d *DB) Pools() (read, write *sql.DB) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.db.read, d.db.write
}

// Read runs f on the pool for reading. If there is no database yet it returns empty.
func (d *DB) Read(ctx context.Context, empty error, f func(context.Context, Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := d.opened(ctx, false)
	if err != nil {
		return d.classify(ended(ctx, err))
	}
	if db == nil {
		return empty
	}
	return d.classify(ended(ctx, f(ctx, db.read)))
}

// ended returns why the context ended where a driver says only that it was interrupted,
// between two statements or in one.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) || interrupted(err) {
		return cmp.Or(ctx.Err(), err)
	}
	return err
}

// opened returns the database, as long as its file is in place. One that is not there
// yet is made to write to it; to read, the result is nil.
func (d *DB) opened(ctx context.Context, toWrite bool) (*pools, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, sql.ErrConnDone
	}
	if d.db != nil {
		return d.db, d.db.file.inPlace()
	}
	if d.Server() {
		return d.connected(ctx, toWrite || !d.lazy)
	}
	if d.lazy && isMissing(d.dsn) {
		if !toWrite {
			return nil, nil
		}
		if err := os.MkdirAll(filepath.Dir(d.dsn), 0o700); err != nil {
			return nil, err
		}
	}
	if d.refused != nil && time.Since(d.since) < tryAgain {
		return nil, d.refused
	}
	db, err := openSQLite(ctx, d.dsn, d.plan)
	d.db, d.refused, d.since = db, nil, time.Now()
	if ctx.Err() == nil {
		d.refused = err
	}
	return db, err
}

// tryAgain is how long after a file could not be opened it is tried again, so that not
// everybody who was waiting for it waits once more.
const tryAgain = time.Second

// askAgain is how long a server is believed not to have the database.
const askAgain = 10 * time.Second

func (d *DB) connected(ctx context.Context, create bool) (*pools, error) {
	if !create && time.Since(d.absent) < askAgain {
		return nil, nil
	}
	db, err := openPostgres(ctx, d.dsn, d.plan, create)
	if d.db = db; db == nil && err == nil {
		d.absent = time.Now()
	}
	return db, err
}

// Write runs f in a transaction, which is rolled back when f fails. On SQLite
// it holds the one lock for writing from its start.
func (d *DB) Write(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	return d.write(ctx, patience, f)
}

// WriteMuch is [DB.Write] for what takes long, such as nights of many years.
func (d *DB) WriteMuch(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	return d.write(ctx, muchPatience, f)
}

func (d *DB) write(ctx context.Context, limit time.Duration, f func(context.Context, *sql.Tx) error) error {
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	db, err := d.opened(ctx, true)
	if err != nil {
		return d.classify(ended(ctx, err))
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return d.classify(ended(ctx, err))
	}
	if err := f(ctx, tx); err != nil {
		_ = tx.Rollback() // the error of f matters more, and a closed connection has rolled back
		return d.classify(ended(ctx, err))
	}
	return d.classify(ended(ctx, tx.Commit()))
}

// Classify turns a driver's error into one of this package.
func (d *DB) Classify(err error) error { return d.classify(err) }

func (d *DB) classify(err error) error {
	if err != nil && d.plan.Own != nil && d.plan.Own(err) {
		return err
	}
	return classify(err, d.slow)
}
