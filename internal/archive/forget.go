package archive

import (
	"context"
	"database/sql"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Forget removes everything that is kept of a user, in every environment and of every
// tracker. From then on nothing of them is kept until [Store.Remember]. It may be
// repeated; known reports whether something was kept. In a SQLite file no page holds it
// afterwards; if another program reads the file for longer than five seconds, that is an
// error, and Forget has to be repeated.
func (s *Store) Forget(ctx context.Context, userID string) (known bool, err error) {
	if there, err := s.There(ctx); !there || err != nil {
		return false, err
	}
	if err := s.make(ctx); err != nil {
		return false, err
	}
	mark, err := s.Mark(ctx, userID)
	if err != nil {
		return false, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := sqldb.Change(ctx, tx, `INSERT INTO forgotten (mark, since) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING`, mark, sqldb.Stamp(s.clock())); err != nil {
			return err
		}
		n, err := sqldb.Change(ctx, tx, `DELETE FROM people WHERE user_id = $1`, userID)
		known = n > 0
		return err
	})
	if err != nil {
		return known, err
	}
	return known, s.wipe(ctx)
}

// Remember ends that a user stays forgotten.
func (s *Store) Remember(ctx context.Context, userID string) error {
	mark, err := s.Mark(ctx, userID)
	if err != nil || mark == "" {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := sqldb.Change(ctx, tx, `DELETE FROM forgotten WHERE mark = $1`, mark)
		return err
	})
}

// Mark returns what stands for a user among those who were forgotten.
func (s *Store) Mark(ctx context.Context, userID string) (string, error) {
	return s.digest(ctx, "user", userID)
}

// Marks returns the marks of all who were forgotten.
func (s *Store) Marks(ctx context.Context) (map[string]bool, error) {
	marks := map[string]bool{}
	err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		all, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (mark string, err error) { return mark, row.Scan(&mark) }, `SELECT mark FROM forgotten`)
		for _, mark := range all {
			marks[mark] = true
		}
		return err
	})
	return marks, err
}

// wipe removes from a SQLite file what was deleted: what is left of it in pages, and in
// the log of changes.
func (s *Store) wipe(ctx context.Context) error {
	if s.db.Server() {
		return nil
	}
	_, write := s.db.Pools()
	if _, err := write.ExecContext(ctx, `VACUUM`); err != nil {
		return s.fault(s.db.Classify(err))
	}
	for until := time.Now().Add(5 * time.Second); ; {
		var busy, logged, moved int
		err := write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved)
		switch {
		case err != nil:
			return s.fault(s.db.Classify(err))
		case busy == 0:
			return nil
		case time.Now().After(until):
			return s.fault(&sqldb.Unavailable{Kind: sqldb.Locked})
		}
		select {
		case <-ctx.Done():
			return s.fault(s.db.Classify(ctx.Err()))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ForgetSession removes one session of somebody, which was deleted.
func (s *Store) ForgetSession(ctx context.Context, who Who, sessionID string) error {
	if there, err := s.There(ctx); !there || err != nil {
		return err
	}
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		p, err := find(ctx, tx, who)
		if err != nil || p == nil {
			return err
		}
		for _, table := range []string{"nights", "recordings"} {
			if _, err := sqldb.Change(ctx, tx, `DELETE FROM `+table+` WHERE person = $1 AND session_id = $2`, p.key, sessionID); err != nil {
				return err
			}
		}
		if _, err = sqldb.Change(ctx, tx, `UPDATE people SET due = $2 WHERE person = $1`, p.key, sqldb.Stamp(s.clock())); err != nil {
			return err
		}
		return recountAll(ctx, tx)
	})
	if err != nil {
		return err
	}
	return s.wipe(ctx)
}

// goneFor is how long somebody is kept whom the service does not know any more.
const goneFor = 30 * 24 * time.Hour

// Expire forgets whom the service does not know for 30 days, with what they wrote unless other
// nights of theirs are kept; and, if days is not 0, the nights that began more than so many days
// ago, with their tags and the trials that ended before them.
func (s *Store) Expire(ctx context.Context, days int) error {
	if there, err := s.There(ctx); !there || err != nil {
		return err
	}
	var removed int64
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		before := sqldb.Stamp(s.clock().Add(-goneFor))
		n, err := sqldb.Change(ctx, tx, `DELETE FROM people WHERE gone < $1 OR tracker = $2 AND
			EXISTS (SELECT 1 FROM people g WHERE g.user_id = people.user_id AND g.gone < $1) AND
			NOT EXISTS (SELECT 1 FROM people l WHERE l.user_id = people.user_id AND l.tracker <> $2 AND (l.gone IS NULL OR l.gone >= $1))`, before, Diary)
		if removed = n; err != nil || days == 0 {
			return err
		}
		n, err = expireNights(ctx, tx, civil.DateOf(s.clock()).AddDays(-days))
		removed += n
		return err
	})
	if err != nil || removed == 0 {
		return err
	}
	return s.wipe(ctx)
}

// expireNights removes what began before a date. Dates around it are then to be read
// again if they are asked for.
func expireNights(ctx context.Context, tx *sql.Tx, before civil.Date) (removed int64, err error) {
	for _, table := range []string{"nights", "recordings"} {
		n, err := sqldb.Change(ctx, tx, `DELETE FROM `+table+` WHERE start < $1`, dayStamp(before))
		if err != nil {
			return 0, err
		}
		removed += n
	}
	for _, written := range []string{`DELETE FROM tags WHERE night < $1`, `DELETE FROM trials WHERE last < $1`} {
		n, err := sqldb.Change(ctx, tx, written, before.String())
		if err != nil {
			return 0, err
		}
		removed += n
	}
	// A session of the days before may have ended on the first day that is left.
	first := before.AddDays(2)
	if _, err := sqldb.Change(ctx, tx, `DELETE FROM spans WHERE last_day < $1`, first.String()); err != nil {
		return 0, err
	}
	if _, err := sqldb.Change(ctx, tx, `UPDATE spans SET first_day = $1 WHERE first_day < $1`, first.String()); err != nil {
		return 0, err
	}
	return removed, recountAll(ctx, tx)
}

// begins notes that everything of somebody was read, and when it begins.
func (s *Store) begins(ctx context.Context, who Who, first civil.Date) error {
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := sqldb.Change(ctx, tx, `UPDATE people SET begins = $4, due = NULL WHERE user_id = $1 AND tracker = $2 AND environment = $3`,
			who.User, who.Tracker, who.Environment, first.String())
		return err
	})
}

// A Kept says what is kept of somebody.
type Kept struct {
	Who
	Since       time.Time
	Nights      int       // sessions with an outcome
	Stages      int       // sessions with their stages
	First, Last time.Time // when the first and the last session began; zero: there is none
	LastRead    time.Time // zero: never; of imported nights, when they were imported
	Complete    bool      // everything there is was read
	Gone        bool      // the service does not know them any more
}

// OnlyUser returns the user of whom alone something is kept, of one tracker or, with "", of any;
// "" where it is nobody, or several.
func (s *Store) OnlyUser(ctx context.Context, tracker string) (string, error) {
	var users []string
	err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		users, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (user string, err error) { return user, row.Scan(&user) },
			`SELECT DISTINCT user_id FROM people WHERE gone IS NULL AND $1 IN ('', tracker) LIMIT 2`, tracker)
		return err
	})
	if err != nil || len(users) != 1 {
		return "", err
	}
	return users[0], nil
}

// Totals is what is kept of everybody together.
type Totals struct {
	People   int
	Nights   int // sessions with an outcome; of a server with millions, its estimate
	Since    time.Time
	LastRead time.Time // zero: never
}

// Totals counts what is kept.
func (s *Store) Totals(ctx context.Context) (Totals, error) { return s.totals(ctx, 1_000_000) }

// totals counts nights if there are about so many or fewer.
func (s *Store) totals(ctx context.Context, exactly int) (t Totals, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		var since, read sql.Null[sqldb.Instant]
		err := db.QueryRowContext(ctx, `SELECT COUNT(DISTINCT user_id), MIN(since), (SELECT MAX(read_at) FROM spans WHERE what = 'nights') FROM people`).
			Scan(&t.People, &since, &read)
		t.Since, t.LastRead = since.V.Time, read.V.Time
		if err == nil && s.db.Server() {
			err = db.QueryRowContext(ctx, `SELECT COALESCE(SUM(GREATEST(c.reltuples, 0)), 0)::bigint
				FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'nights'::regclass`).Scan(&t.Nights)
		}
		if err == nil && t.Nights <= exactly {
			err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM nights`).Scan(&t.Nights)
		}
		return err
	})
	return t, err
}

// Everybody returns what is kept of whom, by user.
func (s *Store) Everybody(ctx context.Context) (all []Kept, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		all, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (k Kept, err error) {
			var since sqldb.Instant
			var first, last, read sql.Null[sqldb.Instant]
			var complete, gone int
			err = row.Scan(&k.Environment, &k.Tracker, &k.User, &since, &k.Nights, &k.Stages, &first, &last, &read, &complete, &gone)
			k.Since, k.First, k.Last, k.LastRead, k.Complete, k.Gone = since.Time, first.V.Time, last.V.Time, read.V.Time, complete == 1, gone == 1
			return k, err
		}, `SELECT p.environment, p.tracker, p.user_id, p.since,
			(SELECT COUNT(*) FROM nights n WHERE n.person = p.person),
			(SELECT COUNT(*) FROM recordings r WHERE r.person = p.person AND r.body IS NOT NULL),
			(SELECT MIN(start) FROM nights n WHERE n.person = p.person),
			(SELECT MAX(start) FROM nights n WHERE n.person = p.person),
			(SELECT MAX(read_at) FROM spans s WHERE s.person = p.person AND s.what = 'nights'),
			CASE WHEN p.begins IS NULL THEN 0 ELSE 1 END, CASE WHEN p.gone IS NULL THEN 0 ELSE 1 END
			FROM people p ORDER BY p.user_id, p.tracker, p.environment`)
		return err
	})
	return all, err
}
