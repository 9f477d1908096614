package archive

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Plan is what an archive holds. Plans of tables that refer to its people are built upon it.
func Plan() sqldb.Plan {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is valid
	}
	return sqldb.Plan{
		Migrations: files, Versions: "asleep_mcp_archive_versions", Lock: 0x6e6967687473,
		Pragmas: []string{"secure_delete(1)"},
		Own: func(err error) bool {
			return errors.Is(err, ErrForgotten) || errors.Is(err, ErrTooManyTags) || errors.Is(err, ErrTrialRuns)
		},
	}
}

// ErrForgotten means that nothing is kept of a user who was forgotten.
var ErrForgotten = errors.New("forgotten")

// Store is an open archive. It is safe for concurrent use.
type Store struct {
	db     *sqldb.DB
	now    func() time.Time
	months months

	mu   sync.Mutex
	salt []byte // nil: not read yet
}

// Lazy returns an archive that the first call opens, and the first write makes; until
// then it is empty. dsn is the path of a SQLite file, or a PostgreSQL server. now is the
// only clock.
func Lazy(dsn string, now func() time.Time) *Store {
	return &Store{db: sqldb.Lazy(dsn, Plan()), now: now}
}

// Close closes the archive. Calls after it fail.
func (s *Store) Close() error { return s.fault(s.db.Close()) }

// There reports whether there is an archive yet.
func (s *Store) There(ctx context.Context) (bool, error) {
	there, err := s.db.There(ctx)
	return there, s.fault(err)
}

// Check looks for damage in a SQLite file, in all of its pages.
func (s *Store) Check(ctx context.Context) error {
	if s.db.Server() {
		return nil
	}
	return s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		var found string
		err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found)
		if err == nil && found != "ok" {
			err = &sqldb.Unavailable{Kind: sqldb.Broken}
		}
		return err
	})
}

// fault turns an error of package sqldb into a [*Fault].
func (s *Store) fault(err error) error {
	if u, ok := errors.AsType[*sqldb.Unavailable](err); ok {
		return &Fault{u, s.db.Path()}
	}
	return err
}

// reading runs f; without an archive it returns nil.
func (s *Store) reading(ctx context.Context, f func(context.Context, sqldb.Rows) error) error {
	return s.fault(s.db.Read(ctx, nil, f))
}

func (s *Store) writing(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	return s.fault(s.db.Write(ctx, f))
}

// clock returns the time, as exactly as both databases store it.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// digest returns what stands for a text in this archive; "" without an archive. what says
// what the text is.
func (s *Store) digest(ctx context.Context, what, text string) (string, error) {
	salt, err := s.salted(ctx)
	if err != nil || salt == nil {
		return "", err
	}
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(what + "\n" + text))
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// salted returns the archive's salt; nil without one.
func (s *Store) salted(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.salt != nil {
		return s.salt, nil
	}
	err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		err := db.QueryRowContext(ctx, `SELECT value FROM salts`).Scan(&s.salt)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return s.salt, err
}

// make makes the archive with its salt.
func (s *Store) make(ctx context.Context) error {
	if salt, err := s.salted(ctx); salt != nil || err != nil {
		return err
	}
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // never fails
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := sqldb.Change(ctx, tx, `INSERT INTO salts (one, value) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`, salt)
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.salted(ctx)
	return err
}
