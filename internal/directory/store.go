package directory

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// patience limits a call whose context has no earlier deadline.
const patience = 10 * time.Second

// Store is an open database. It is safe for concurrent use.
type Store struct {
	lazily string // the SQLite file that the first write creates
	slow   Kind   // what it means if this database does not answer in time
	now    func() time.Time

	mu     sync.Mutex
	db     *pools // nil: the file is not there yet
	closed bool
}

// pools are the connections to a database.
type pools struct {
	read, write *sql.DB
	file        file // zero: a server
}

// Open opens the database and migrates it to the version this program knows. dsn
// is one that [Check] accepts; a SQLite file that does not exist is created for its
// owner alone. It waits five seconds for a locked file or a silent server, and a
// minute for another server that is migrating the same database. The errors are
// [*Invalid] (field "database"), [*Unavailable] or the context's.
func Open(ctx context.Context, dsn string) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := Check(dsn); err != nil {
		return nil, err
	}
	open, slow := openSQLite, Locked
	if strings.Contains(dsn, "://") {
		open, slow = openPostgres, Unreachable
	}
	db, err := open(ctx, dsn)
	if err != nil {
		return nil, classify(err, slow)
	}
	return &Store{db: db, slow: slow, now: time.Now}, nil
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

// Close closes the database. Calls after it fail.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.db == nil {
		return nil
	}
	err := s.db.write.Close()
	if s.db.read != s.db.write {
		err = errors.Join(err, s.db.read.Close())
	}
	return classify(err, s.slow)
}

// Ping makes the smallest possible query. The errors are those of every call.
func (s *Store) Ping(ctx context.Context) error {
	return s.reading(ctx, nil, func(ctx context.Context, db rows) error {
		var one int
		return db.QueryRowContext(ctx, `SELECT 1 FROM organizations WHERE 1 = 0 UNION ALL SELECT 1`).Scan(&one)
	})
}

// Writable keeps something and takes it away again, which a full disk or a database that
// is read-only refuses. One that another program holds at the moment counts as writable.
// A file that does not exist yet is not made. The errors are those of every call.
func (s *Store) Writable(ctx context.Context) error {
	if s.missing() {
		return nil
	}
	const nobody, attempt = "urn:asleep-mcp:readiness", "readiness"
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := change(ctx, tx, `INSERT INTO signups (issuer, subject, attempt, since) VALUES ($1, $2, $3, $4)`,
			nobody, rand.Text(), attempt, stamp(s.clock()))
		if err == nil {
			_, err = change(ctx, tx, `DELETE FROM signups WHERE issuer = $1 AND attempt = $2`, nobody, attempt)
		}
		return err
	})
	if locked, ok := errors.AsType[*Unavailable](err); ok && locked.Kind == Locked {
		return nil
	}
	return err
}

// missing reports whether the file of the directory does not exist yet.
func (s *Store) missing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db == nil && isMissing(s.lazily)
}

// reading runs f on the pool for reading. If there is no file yet it returns empty,
// which is nil or [ErrNotFound].
func (s *Store) reading(ctx context.Context, empty error, f func(context.Context, rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := s.opened(ctx, false)
	if err != nil {
		return classify(err, s.slow)
	}
	if db == nil {
		return empty
	}
	return classify(f(ctx, db.read), s.slow)
}

// opened returns the database, as long as its file is in place. A file that does not
// exist yet is created for writing; for reading, the result is nil.
func (s *Store) opened(ctx context.Context, toWrite bool) (*pools, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, sql.ErrConnDone
	}
	if s.db != nil {
		return s.db, s.db.file.inPlace()
	}
	if isMissing(s.lazily) {
		if !toWrite {
			return nil, nil
		}
		if err := os.MkdirAll(filepath.Dir(s.lazily), 0o700); err != nil {
			return nil, err
		}
	}
	db, err := openSQLite(ctx, s.lazily)
	s.db = db
	return db, err
}

// writing runs f in a transaction, which is rolled back when f fails. On SQLite
// it holds the one lock for writing from its start.
func (s *Store) writing(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db, err := s.opened(ctx, true)
	if err != nil {
		return classify(err, s.slow)
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return classify(err, s.slow)
	}
	if err := f(ctx, tx); err != nil {
		_ = tx.Rollback() // the error of f matters more, and a closed connection has rolled back
		if errors.Is(err, sql.ErrTxDone) {
			err = cmp.Or(ctx.Err(), err) // the context ended between two statements
		}
		return classify(err, s.slow)
	}
	return classify(tx.Commit(), s.slow)
}

// clock returns the time, as exactly as both databases store it.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
