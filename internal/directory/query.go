package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
)

// rows is what queries run on: a pool, or a transaction.
type rows interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is a row.
type scanner interface{ Scan(...any) error }

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
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }() // its error is that of Err
	var all []T
	for found.Next() {
		one, err := scan(found)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
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
	done, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// stamp formats an instant for both databases: PostgreSQL stores it as its own type,
// SQLite as text that sorts.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// instant reads a stamp.
type instant struct{ time.Time }

// Scan implements [sql.Scanner].
func (i *instant) Scan(from any) error {
	switch v := from.(type) {
	case time.Time:
		i.Time = v.UTC()
		return nil
	case string:
		t, err := time.Parse(time.RFC3339Nano, v)
		i.Time = t.UTC()
		return err
	}
	return fmt.Errorf("%T is no instant", from)
}

// night reads a date as both databases store it.
type night struct{ civil.Date }

// Scan implements [sql.Scanner].
func (n *night) Scan(from any) (err error) {
	switch v := from.(type) {
	case time.Time:
		n.Date = civil.DateOf(v)
		return nil
	case string:
		n.Date, err = civil.ParseDate(v)
		return err
	}
	return fmt.Errorf("%T is no date", from)
}
