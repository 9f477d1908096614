package windows

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Reduce makes all rows of a person from what is kept of them now. It may be repeated, and
// run by several programs at once. Of whom nothing is kept, nothing happens. The errors are
// those of the archive, one of which may mean that a night cannot be decoded.
func (s *Store) Reduce(ctx context.Context, userID string) error {
	if there, err := s.archive.There(ctx); !there || err != nil {
		return err
	}
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return err
	}
	last, err := s.days(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		all, err := s.lock(ctx, tx, environment, userID)
		if err != nil || len(all) == 0 {
			return err
		}
		d := nights.Reach(reach(last))
		held, err := s.archive.Nights(ctx, environment, userID, d.From, d.To)
		if err != nil {
			return err
		}
		rows := s.reduce(held, last)
		for _, p := range all {
			mine := rows
			if p.person != anchor(all) {
				mine = nil
			}
			if err := replace(ctx, tx, p.person, mine, last[0]); err != nil {
				return err
			}
			if err := s.note(ctx, tx, p, last[len(last)-1]); err != nil {
				return err
			}
		}
		return nil
	})
}

// holder is one of the rows that the archive has about a user: of the service or of a
// tracker whose nights were imported.
type holder struct {
	person  int64
	service bool
	gone    bool
	read    any // when its newest nights were read, as it is stored; nil: none were
}

// lock returns the rows that the archive has about a user, the service's first, and keeps
// others from changing their nights.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, environment, userID string) ([]holder, error) {
	statement := `SELECT person, environment <> '', gone IS NOT NULL,
			(SELECT MAX(read_at) FROM spans WHERE spans.person = people.person AND what = 'nights')
		FROM people WHERE user_id = $1 AND environment IN ($2, '') ORDER BY environment DESC, tracker`
	if s.db.Server() {
		statement += ` FOR NO KEY UPDATE`
	}
	return sqldb.Collect(ctx, tx, func(row sqldb.Scanner) (h holder, err error) {
		var read sql.Null[sqldb.Instant]
		err = row.Scan(&h.person, &h.service, &h.gone, &read)
		if read.Valid {
			h.read = sqldb.Stamp(read.V.Time)
		}
		return h, err
	}, statement, userID, environment)
}

// anchor returns the row of the archive to which those of its user refer: that of the
// service, or of the first tracker if the service does not know them.
func anchor(all []holder) int64 {
	for _, h := range all {
		if !h.gone {
			return h.person
		}
	}
	return all[0].person
}

// note writes down that somebody was reduced, and from what.
func (s *Store) note(ctx context.Context, tx *sql.Tx, h holder, last civil.Date) error {
	_, err := sqldb.Change(ctx, tx, `INSERT INTO reduced (person, method, at, last_day, read_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person, method) DO UPDATE SET at = $3, last_day = $4, read_at = $5`,
		h.person, analytics.Method, sqldb.Stamp(s.Now()), last.String(), h.read)
	return err
}

// replace makes the rows of a person those given. Rows of another method stay as long as
// somebody still makes them, which ends when all of them end before a date.
func replace(ctx context.Context, tx *sql.Tx, person int64, rows map[windowKey]Row, first civil.Date) error {
	before, err := kept(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(before), windowKey.compare) {
		if _, stays := rows[key]; !stays {
			if err := remove(ctx, tx, person, key); err != nil {
				return err
			}
		}
	}
	var changed []windowKey
	for _, key := range slices.SortedFunc(maps.Keys(rows), windowKey.compare) {
		if old, known := before[key]; !known || !old.same(rows[key], key.days == 0) {
			changed = append(changed, key)
		}
	}
	if err := write(ctx, tx, person, rows, changed); err != nil {
		return err
	}
	return outgrown(ctx, tx, person, first)
}

// outgrown removes the rows of methods that nobody has reduced a person by for a while.
func outgrown(ctx context.Context, tx *sql.Tx, person int64, first civil.Date) error {
	old, err := sqldb.Collect(ctx, tx, func(row sqldb.Scanner) (method string, err error) { return method, row.Scan(&method) },
		`DELETE FROM reduced WHERE person = $1 AND method <> $2 AND last_day < $3 RETURNING method`, person, analytics.Method, first.String())
	for _, method := range old {
		for _, table := range []string{"rolling_windows", "calendar_windows"} {
			if _, err := sqldb.Change(ctx, tx, `DELETE FROM `+table+` WHERE person = $1 AND method = $2`, person, method); err != nil {
				return err
			}
		}
	}
	return err
}
