package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
)

// Rows is what queries run on: a pool, or a transaction.
type Rows interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Scanner is a row.
type Scanner interface{ Scan(...any) error }

// Collect reads every row of a query.
func Collect[T any](ctx context.Context, db Rows, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
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

// Change runs a statement and returns how many rows it changed.
func Change(ctx context.Context, tx *sql.Tx, statement string, args ...any) (int64, error) {
	done, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Stamp formats an instant for both databases: PostgreSQL stores it as its own type,
// SQLite as text that sorts.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// Instant reads a stamp.
type Instant struct{ time.Time }

// Scan implements [sql.Scanner].
func (i *Instant) Scan(from any) error {
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

// Day reads a date as both databases store it.
type Day struct{ civil.Date }

// Scan implements [sql.Scanner].
func (d *Day) Scan(from any) (err error) {
	switch v := from.(type) {
	case time.Time:
		d.Date = civil.DateOf(v)
		return nil
	case string:
		d.Date, err = civil.ParseDate(v)
		return err
	}
	return fmt.Errorf("%T is no date", from)
}
