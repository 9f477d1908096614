package directory

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

type (
	rows    = sqldb.Rows
	scanner = sqldb.Scanner
	instant = sqldb.Instant
	night   = sqldb.Day
)

// readAll reads every row of a query.
func readAll[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	err = s.reading(ctx, nil, func(ctx context.Context, db rows) (err error) {
		all, err = collect(ctx, db, scan, query, args...)
		return err
	})
	return all, err
}

// readOne reads the row of a query; [ErrNotFound] when there is none.
func readOne[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) (one T, err error) {
	err = s.reading(ctx, ErrNotFound, func(ctx context.Context, db rows) (err error) {
		one, err = scan(db.QueryRowContext(ctx, query, args...))
		return missing(err)
	})
	return one, err
}

// collect is [readAll] inside a transaction.
func collect[T any](ctx context.Context, db rows, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	return sqldb.Collect(ctx, db, scan, query, args...)
}

// missing turns the absence of a row into [ErrNotFound].
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// change runs a statement and returns how many rows it changed.
func change(ctx context.Context, tx *sql.Tx, statement string, args ...any) (int64, error) {
	return sqldb.Change(ctx, tx, statement, args...)
}

func stamp(t time.Time) string { return sqldb.Stamp(t) }
