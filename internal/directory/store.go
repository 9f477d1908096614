package directory

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

//go:embed migrations
var migrations embed.FS

// versions is the table of applied migrations.
const versions = "asleep_mcp_versions"

// plan is what the database of a directory holds.
func plan() sqldb.Plan {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is valid
	}
	return sqldb.Plan{Migrations: files, Versions: versions, Lock: 0x61736c656570, Own: isOwn}
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db  *sqldb.DB
	now func() time.Time
}

// Open opens the database and migrates it to the version this program knows, as
// [sqldb.Open] does. dsn is one that [Check] accepts.
func Open(ctx context.Context, dsn string) (*Store, error) {
	db, err := sqldb.Open(ctx, dsn, plan())
	if err != nil {
		return nil, err
	}
	return &Store{db, time.Now}, nil
}

// OpenLazy is [Open] for a SQLite file that nobody asked for by name, such as the one
// at [DefaultPath]. A file that does not exist is created, with its folder, by the first
// write of this process or another; until then the store is empty.
func OpenLazy(ctx context.Context, path string) (*Store, error) {
	db, err := sqldb.OpenLazy(ctx, path, plan())
	if err != nil {
		return nil, err
	}
	return &Store{db, time.Now}, nil
}

// Check reports what is wrong with a dsn before it is opened. The error is [*Invalid]
// (field "database").
func Check(dsn string) error { return sqldb.Check(dsn) }

// Close closes the database. Calls after it fail.
func (s *Store) Close() error { return s.db.Close() }

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
	if there, err := s.db.There(ctx); !there || err != nil {
		return err
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

// reading runs f on the pool for reading. If there is no file yet it returns empty,
// which is nil or [ErrNotFound].
func (s *Store) reading(ctx context.Context, empty error, f func(context.Context, rows) error) error {
	return s.db.Read(ctx, empty, f)
}

// writing runs f in a transaction, which is rolled back when f fails. On SQLite
// it holds the one lock for writing from its start.
func (s *Store) writing(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	return s.db.Write(ctx, f)
}

// clock returns the time, as exactly as both databases store it.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func isOwn(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrExists) || errors.Is(err, ErrPending) || errors.Is(err, ErrOverlap)
}
