package directory

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"time"
)

// patience bounds a call whose context does not end by itself.
const patience = 10 * time.Second

// Store is an open database. It is safe for concurrent use.
type Store struct {
	read, write *sql.DB
	file        file // zero: a server, or memory
	slow        Kind // what it means when this database does not answer in time
	now         func() time.Time
	unmade      *unmade // nil: the database is there, and this is it
}

// Open opens the database and brings it to the version this program knows. dsn
// is one that [Check] accepts; a SQLite file is made for its owner alone when it is
// not there. It waits five seconds for a locked file or a silent server, and a
// minute for another server that is bringing the same database up to date. The
// errors are [*Invalid] (field "database"), [*Unavailable] or the context's.
func Open(ctx context.Context, dsn string) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := Check(dsn); err != nil {
		return nil, err
	}
	if strings.Contains(dsn, "://") {
		return openPostgres(ctx, dsn)
	}
	return openSQLite(ctx, dsn)
}

// Check says what is wrong with a dsn before it is opened. It must be a
// postgres:// or postgresql:// URL, or the path of a SQLite file in a folder that
// is there: one that is not is rather a mistake than wished for. The error is
// [*Invalid] (field "database").
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
	if s.unmade != nil {
		return classify(s.unmade.close(), s.slow)
	}
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	return classify(err, s.slow)
}

// Ping asks the database for the least there is. The errors are those of every
// call.
func (s *Store) Ping(ctx context.Context) error {
	return s.reading(ctx, func(ctx context.Context, db rows) error {
		var one int
		return db.QueryRowContext(ctx, `SELECT 1 FROM organizations WHERE 1 = 0 UNION ALL SELECT 1`).Scan(&one)
	})
}

// reading runs f against the pool for reading.
func (s *Store) reading(ctx context.Context, f func(context.Context, rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := s.opened(ctx, false)
	if err != nil {
		return err
	}
	return classify(f(ctx, s.read), s.slow)
}

// opened is the store that is behind one whose file may not be there yet, as long as
// its file is in place.
func (s *Store) opened(ctx context.Context, toKeep bool) (*Store, error) {
	if s.unmade == nil {
		return s, s.file.inPlace()
	}
	behind, err := s.unmade.store(ctx, toKeep)
	if err != nil {
		return nil, classify(err, s.slow)
	}
	return behind, behind.file.inPlace()
}

// writing runs f in a transaction, which is rolled back when f fails. On SQLite
// it holds the one lock for writing from its start.
func (s *Store) writing(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := s.opened(ctx, true)
	if err != nil {
		return err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return classify(err, s.slow)
	}
	if err := f(ctx, tx); err != nil {
		_ = tx.Rollback() // what f says matters more, and a closed connection has rolled back
		if errors.Is(err, sql.ErrTxDone) {
			err = cmp.Or(ctx.Err(), err) // the context ended between two statements
		}
		return classify(err, s.slow)
	}
	return classify(tx.Commit(), s.slow)
}

// clock is now, as exactly as both databases keep it.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
