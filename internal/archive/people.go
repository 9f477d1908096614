package archive

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Asleep is the tracker of nights that the service recorded.
const Asleep = "asleep"

// Who is a user of an environment, as one tracker knows them.
type Who struct {
	Environment string // see [Store.Environment]; "" for imported nights
	Tracker     string
	User        string
}

// person is the row about somebody.
type person struct {
	key    int64
	since  time.Time
	begins civil.Date // zero: not everything was read
	gone   time.Time  // zero: the service knows them
	due    time.Time  // zero: nothing is
	born   *asleep.Metadata
	bornAt time.Time // when the service said so; zero: it was not asked
}

// Environment returns what stands for the environment that an API key reaches. Without a
// key it is the one that was read last. It is "" as long as nothing is kept.
func (s *Store) Environment(ctx context.Context, key string) (environment string, err error) {
	if key != "" {
		return s.digest(ctx, "key", key)
	}
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		err := db.QueryRowContext(ctx, `SELECT p.environment FROM people p JOIN spans s ON s.person = p.person
			WHERE p.environment <> '' ORDER BY s.read_at DESC LIMIT 1`).Scan(&environment)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return environment, err
}

// find returns the row about somebody; nil if nothing is kept of them.
func find(ctx context.Context, db sqldb.Rows, who Who) (*person, error) {
	var (
		p      person
		since  sqldb.Instant
		begins sql.Null[sqldb.Day]
		born   sql.Null[string]

		gone, due, bornAt sql.Null[sqldb.Instant]
	)
	err := db.QueryRowContext(ctx, `SELECT person, since, begins, gone, due, born, born_at FROM people
		WHERE user_id = $1 AND tracker = $2 AND environment = $3`, who.User, who.Tracker, who.Environment).
		Scan(&p.key, &since, &begins, &gone, &due, &born, &bornAt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	p.since, p.begins, p.gone, p.due, p.bornAt = since.Time, begins.V.Date, gone.V.Time, due.V.Time, bornAt.V.Time
	p.born, err = bornOf(born.V)
	return &p, err
}

// enter returns the row about somebody, made if it was not there, and locked until the
// transaction ends. The error is [ErrForgotten] for those who were forgotten.
func (s *Store) enter(ctx context.Context, tx *sql.Tx, who Who) (int64, error) {
	var key int64
	err := tx.QueryRowContext(ctx, `INSERT INTO people (environment, tracker, user_id, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, tracker, environment) DO UPDATE SET gone = NULL RETURNING person`,
		who.Environment, who.Tracker, who.User, sqldb.Stamp(s.clock())).Scan(&key)
	if err != nil || who.Tracker != Asleep {
		return key, err
	}
	mark, err := s.Mark(ctx, who.User)
	if err != nil {
		return 0, err
	}
	// Only now, when nobody can forget them meanwhile.
	var forgotten bool
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM forgotten WHERE mark = $1)`, mark).Scan(&forgotten)
	if err == nil && forgotten {
		err = ErrForgotten
	}
	return key, err
}

// Gone notes that the service does not know somebody; they are not answered about any
// more, and forgotten after a while. What is not kept is not noted.
func (s *Store) Gone(ctx context.Context, who Who) error {
	return s.note(ctx, `UPDATE people SET gone = COALESCE(gone, $4) WHERE user_id = $1 AND tracker = $2 AND environment = $3`, who)
}

// Due has everything of somebody read again when it is next asked for.
func (s *Store) Due(ctx context.Context, who Who) error {
	return s.note(ctx, `UPDATE people SET due = $4 WHERE user_id = $1 AND tracker = $2 AND environment = $3`, who)
}

func (s *Store) note(ctx context.Context, statement string, who Who) error {
	if there, err := s.There(ctx); !there || err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := sqldb.Change(ctx, tx, statement, who.User, who.Tracker, who.Environment, sqldb.Stamp(s.clock()))
		return err
	})
}
