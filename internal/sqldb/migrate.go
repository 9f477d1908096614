package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrator brings a database to the newest version known here.
type migrator struct {
	pool     *sql.DB
	versions string
	provider *goose.Provider
	newest   int64
}

// sqliteMigrator must be run inside a transaction, which serves as its lock: goose then
// begins none of its own.
func sqliteMigrator(pool *sql.DB, plan Plan) (*migrator, error) {
	return newMigrator(pool, plan, goose.DialectSQLite3, "sqlite", goose.WithIsolateDDL(true))
}

// postgresMigrator asks every second, for a minute, for the lock another server
// may hold.
func postgresMigrator(pool *sql.DB, plan Plan) (*migrator, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(plan.Lock), lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return newMigrator(pool, plan, goose.DialectPostgres, "postgres", goose.WithSessionLocker(locker))
}

func newMigrator(pool *sql.DB, plan Plan, dialect goose.Dialect, folder string, options ...goose.ProviderOption) (*migrator, error) {
	files, err := fs.Sub(plan.Migrations, folder)
	if err != nil {
		return nil, err
	}
	options = append(options, goose.WithTableName(plan.Versions), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, pool, files, options...)
	if err != nil {
		return nil, err
	}
	known := provider.ListSources()
	return &migrator{pool, plan.Versions, provider, known[len(known)-1].Version}, nil
}

// current reports whether nothing is left to do. For a database that is ahead the error
// is an [*Unavailable] of kind [NewerVersion].
func (m *migrator) current(ctx context.Context) (bool, error) {
	var version sql.Null[int64]
	err := m.pool.QueryRowContext(ctx, "SELECT MAX(version_id) FROM "+m.versions).Scan(&version)
	switch {
	case err != nil && lacksTable(err):
		return false, nil
	case err != nil:
		return false, err
	case version.V > m.newest:
		return false, &Unavailable{Kind: NewerVersion}
	}
	return version.V == m.newest, nil
}

// up applies the missing migrations, one at a time: for one, goose takes its lock before
// it looks at the database; for several it looks first.
func (m *migrator) up(ctx context.Context) error {
	if current, err := m.current(ctx); current || err != nil {
		return err
	}
	for _, source := range m.provider.ListSources() {
		_, err := m.provider.ApplyVersion(ctx, source.Version, true)
		if err != nil && !errors.Is(err, goose.ErrAlreadyApplied) {
			return err
		}
	}
	// The program that held the lock before may have been a newer one.
	_, err := m.current(ctx)
	return err
}

// there reports whether the database was ever migrated.
func (m *migrator) there(ctx context.Context) (bool, error) {
	var n int
	err := m.pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+m.versions).Scan(&n)
	if err != nil && lacksTable(err) {
		return false, nil
	}
	return err == nil, err
}

func lacksTable(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "42P01"
	}
	return strings.Contains(err.Error(), "no such table")
}
