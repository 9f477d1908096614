package archive

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Followed is somebody who is kept up to date without being asked about.
type Followed struct {
	Key int64 // stands for them where no id should be written
	Who
	Read     time.Time // when nights were last read; zero: never
	Hinted   time.Time // since when the service may have new ones; zero: it is not known to
	Complete bool      // everything there is was read
	Gone     bool      // the service does not know them any more
	Failing  string    // code of the error of the last reading; "": it went well
}

const selectFollowed = `SELECT p.person, p.environment, p.tracker, p.user_id,
	(SELECT MAX(read_at) FROM spans s WHERE s.person = p.person AND s.what = 'nights'),
	p.hinted, CASE WHEN p.begins IS NULL THEN 0 ELSE 1 END, CASE WHEN p.gone IS NULL THEN 0 ELSE 1 END, COALESCE(p.failing, '')
	FROM people p WHERE `

func scanFollowed(row sqldb.Scanner) (f Followed, err error) {
	var read, hinted sql.Null[sqldb.Instant]
	var complete, gone int
	err = row.Scan(&f.Key, &f.Environment, &f.Tracker, &f.User, &read, &hinted, &complete, &gone, &f.Failing)
	f.Read, f.Hinted, f.Complete, f.Gone = read.V.Time, hinted.V.Time, complete == 1, gone == 1
	return f, err
}

// most is how many people a statement names.
const most = 500

// EnvironmentToKeep is [Store.Environment] of a key for a program that keeps nights: the
// archive is made if need be.
func (s *Store) EnvironmentToKeep(ctx context.Context, key string) (string, error) {
	if err := s.make(ctx); err != nil {
		return "", err
	}
	return s.Environment(ctx, key)
}

// Follow has users of an environment kept up to date from now on, and returns the keys of
// those of whom nothing was kept before. Those who were forgotten are left out.
func (s *Store) Follow(ctx context.Context, environment string, users []string) (entered []int64, err error) {
	for part := range slices.Chunk(users, most) {
		keys, err := s.follow(ctx, environment, part)
		if err != nil {
			return nil, err
		}
		entered = append(entered, keys...)
	}
	return entered, nil
}

func (s *Store) follow(ctx context.Context, environment string, users []string) (entered []int64, err error) {
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now := sqldb.Stamp(s.clock())
		list, args := listOf(users, []any{now, environment, Asleep})
		there, err := sqldb.Collect(ctx, tx, func(row sqldb.Scanner) (user string, err error) { return user, row.Scan(&user) },
			`UPDATE people SET followed = $1 WHERE environment = $2 AND tracker = $3 AND user_id IN (`+list+`) RETURNING user_id`, args...)
		if err != nil {
			return err
		}
		slices.Sort(there)
		for _, user := range users {
			if _, found := slices.BinarySearch(there, user); found {
				continue
			}
			keys, err := s.followNew(ctx, tx, Who{environment, Asleep, user}, now)
			if err != nil {
				return err
			}
			entered = append(entered, keys...)
		}
		return nil
	})
	return entered, err
}

// followNew enters somebody of whom nothing is kept, unless they were forgotten, and
// returns their key if it did.
func (s *Store) followNew(ctx context.Context, tx *sql.Tx, who Who, now string) (keys []int64, err error) {
	mark, err := s.digest(ctx, "user", who.User)
	if err != nil {
		return nil, err
	}
	return sqldb.Collect(ctx, tx, scanKey, `INSERT INTO people (environment, tracker, user_id, since, followed) SELECT $1, $2, $3, $4, $4
		WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE mark = $5) ON CONFLICT (user_id, tracker, environment) DO NOTHING RETURNING person`,
		who.Environment, who.Tracker, who.User, now, mark)
}

func scanKey(row sqldb.Scanner) (key int64, err error) { return key, row.Scan(&key) }

// Unfollow no longer keeps up to date whom nobody asked to follow since an instant. What
// is kept of them stays.
func (s *Store) Unfollow(ctx context.Context, environment string, since time.Time) error {
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := sqldb.Change(ctx, tx, `UPDATE people SET followed = NULL WHERE environment = $1 AND followed < $2`, environment, sqldb.Stamp(since))
		return err
	})
}

// Hint notes that the service may have new nights of somebody, and returns their key; 0 if
// nothing is kept of them.
func (s *Store) Hint(ctx context.Context, who Who) (key int64, err error) {
	if there, err := s.There(ctx); !there || err != nil {
		return 0, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `UPDATE people SET hinted = $4 WHERE user_id = $1 AND tracker = $2 AND environment = $3 RETURNING person`,
			who.User, who.Tracker, who.Environment, sqldb.Stamp(s.clock())).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return key, err
}

// FollowedAs returns somebody by key; ok is false if nothing is kept of them any more.
func (s *Store) FollowedAs(ctx context.Context, key int64) (f Followed, ok bool, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		f, err = scanFollowed(db.QueryRowContext(ctx, selectFollowed+`p.person = $1`, key))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		ok = err == nil
		return err
	})
	return f, ok, err
}

// Stale returns, in order of their keys, at most n people after a key whom the service may
// have new nights of: those of whom it said so, and those followed of whom nothing was
// read since an instant. Whom the service does not know is left out.
func (s *Store) Stale(ctx context.Context, environment string, since time.Time, after int64, n int) (all []Followed, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		all, err = sqldb.Collect(ctx, db, scanFollowed, selectFollowed+`p.environment = $1 AND p.person > $2 AND p.gone IS NULL
			AND (p.followed IS NOT NULL OR p.hinted IS NOT NULL) AND (p.hinted IS NOT NULL OR NOT EXISTS
				(SELECT 1 FROM spans s WHERE s.person = p.person AND s.what = 'nights' AND s.read_at > $3))
			ORDER BY p.person LIMIT $4`, environment, after, sqldb.Stamp(since), n)
		return err
	})
	return all, err
}

// Incomplete returns, in order of their keys, at most n people after a key who are followed
// and of whom not everything was read.
func (s *Store) Incomplete(ctx context.Context, environment string, after int64, n int) (keys []int64, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		keys, err = sqldb.Collect(ctx, db, scanKey, `SELECT person FROM people WHERE environment = $1 AND person > $2 AND followed IS NOT NULL AND begins IS NULL AND gone IS NULL
			ORDER BY person LIMIT $3`, environment, after, n)
		return err
	})
	return keys, err
}

// Heard notes how reading somebody ended who was as f says when it began: code is that of
// the error, "" if it went well, and then the hint is done with, unless another one came
// meanwhile.
func (s *Store) Heard(ctx context.Context, f Followed, code string) error {
	if code == f.Failing && (code != "" || f.Hinted.IsZero()) {
		return nil
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := sqldb.Change(ctx, tx, `UPDATE people SET failing = NULLIF(CAST($2 AS TEXT), '') WHERE person = $1`, f.Key, code); err != nil || code != "" {
			return err
		}
		_, err := sqldb.Change(ctx, tx, `UPDATE people SET hinted = NULL WHERE person = $1 AND hinted = $2`, f.Key, sqldb.Stamp(f.Hinted))
		return err
	})
}

// Following counts people who are followed.
type Following struct {
	All      int
	Complete int // everything there is was read
	Waiting  int // not everything was read yet, and nothing failed
	Failing  int // not everything was read, and the last reading failed
	Gone     int // the service does not know them

	Unreadable int // nights that came without numbers that can be read
}

// Following counts whom an environment follows; of users, if any are given.
func (s *Store) Following(ctx context.Context, environment string, users ...string) (f Following, err error) {
	if len(users) == 0 {
		return f, s.following(ctx, &f, `followed IS NOT NULL AND environment = $1`, environment)
	}
	for part := range slices.Chunk(users, most) {
		list, args := listOf(part, []any{environment, Asleep})
		if err := s.following(ctx, &f, `environment = $1 AND tracker = $2 AND user_id IN (`+list+`)`, args...); err != nil {
			return f, err
		}
	}
	return f, nil
}

// following adds those of whom a condition holds.
func (s *Store) following(ctx context.Context, sum *Following, condition string, args ...any) error {
	return s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		var f Following
		err := db.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE WHEN gone IS NULL THEN begins END), COUNT(gone),
			COUNT(CASE WHEN gone IS NULL AND begins IS NULL THEN failing END),
			COALESCE(SUM(unreadable), 0) FROM people WHERE `+condition, args...).
			Scan(&f.All, &f.Complete, &f.Gone, &f.Failing, &f.Unreadable)
		sum.All += f.All
		sum.Complete += f.Complete
		sum.Gone += f.Gone
		sum.Failing += f.Failing
		sum.Unreadable += f.Unreadable
		sum.Waiting += f.All - f.Complete - f.Gone - f.Failing
		return err
	})
}
