package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// A Listing is every session of a user that began on some UTC dates, finished or not.
type Listing struct {
	From, To civil.Date // both included
	At       time.Time  // just before the service was asked
	Sessions []asleep.SessionInfo
}

// recording is a row of what is listed and of what was read of it.
type recording struct {
	id      string
	start   time.Time
	listed  []byte
	settled bool
	at      time.Time // zero: not read
	body    []byte
}

const recordingColumns = `start, session_id, listed, settled, read_at, body`

func scanRecording(row sqldb.Scanner) (recording, error) {
	var (
		r       recording
		start   sqldb.Instant
		settled int
		at      sql.Null[sqldb.Instant]
	)
	err := row.Scan(&start, &r.id, &r.listed, &settled, &at, &r.body)
	r.start, r.settled, r.at = start.Time, settled == 1, at.V.Time
	return r, err
}

func recordingsOn(ctx context.Context, db sqldb.Rows, person int64, d dates) ([]recording, error) {
	return sqldb.Collect(ctx, db, scanRecording, `SELECT `+recordingColumns+` FROM recordings
		WHERE person = $1 AND start >= $2 AND start < $3`, person, dayStamp(d.from), dayStamp(d.to.AddDays(1)))
}

func insertRecordings(ctx context.Context, tx *sql.Tx, person int64, all []recording) error {
	for part := range slices.Chunk(all, 500) {
		var rows [][]any
		for _, r := range part {
			rows = append(rows, []any{person, sqldb.Stamp(r.start), r.id, r.listed, bit(r.settled), stampOf(&r.at), r.body})
		}
		if err := insert(ctx, tx, `INSERT INTO recordings (person, `+recordingColumns+`)`, rows); err != nil {
			return err
		}
	}
	return nil
}

// unread drops what was read of sessions.
func unread(ctx context.Context, tx *sql.Tx, person int64, ids []string, near dates) error {
	for part := range slices.Chunk(ids, 500) {
		list, args := listOf(part, []any{person, dayStamp(near.from.AddDays(-longest)), dayStamp(near.to.AddDays(longest))})
		if _, err := sqldb.Change(ctx, tx, `UPDATE recordings SET body = NULL, read_at = NULL, settled = 0
			WHERE person = $1 AND start >= $2 AND start < $3 AND session_id IN (`+list+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// KeepList replaces what is kept of the list of sessions, unless a later list was kept
// already. What was read of a session stays as long as its item does not change.
func (s *Store) KeepList(ctx context.Context, who Who, l Listing) error {
	starts := make([]time.Time, len(l.Sessions))
	for i := range l.Sessions {
		starts[i] = l.Sessions[i].Start
	}
	if err := errors.Join(s.make(ctx), s.ready(ctx, starts)); err != nil {
		return err
	}
	l.At = l.At.UTC().Truncate(time.Microsecond)
	read := dates{l.From, l.To}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := s.distrust(ctx, tx, person); err != nil {
			return err
		}
		before, err := spans(ctx, tx, person, listed, asleep.ChunkOf(read.from), asleep.ChunkOf(read.to))
		if err != nil {
			return err
		}
		for _, next := range perChunk(read, l.At) {
			old, known := before[next.chunk]
			if known && old.at.After(next.at) {
				return nil
			}
			if known {
				next = old.with(next)
			}
			if err := setSpan(ctx, tx, person, listed, next); err != nil {
				return err
			}
		}
		return replaceList(ctx, tx, person, read, l.Sessions)
	})
}

func replaceList(ctx context.Context, tx *sql.Tx, person int64, read dates, sessions []asleep.SessionInfo) error {
	kept, err := recordingsOn(ctx, tx, person, read)
	if err != nil {
		return err
	}
	before := map[string]recording{}
	for _, r := range kept {
		before[r.id] = r
	}
	var write []recording
	var ids []string
	for _, one := range sessions {
		item, err := encode(one)
		if err != nil {
			return err
		}
		old, known := before[one.ID]
		delete(before, one.ID)
		if known && slices.Equal(old.listed, item) {
			continue
		}
		next := recording{id: one.ID, start: one.Start, listed: item}
		if known && old.listed == nil { // read before it was listed
			next.settled, next.at, next.body = old.settled, old.at, old.body
		}
		write, ids = append(write, next), append(ids, one.ID)
	}
	// What has an outcome stays until the outcomes say that it is gone.
	for id, r := range before {
		if r.listed == nil {
			continue
		}
		ids = append(ids, id)
		var hasOutcome bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM nights WHERE person = $1 AND start = $2 AND session_id = $3)`,
			person, sqldb.Stamp(r.start), id).Scan(&hasOutcome); err != nil {
			return err
		}
		if hasOutcome {
			r.listed = nil
			write = append(write, r)
		}
	}
	if err := without(ctx, tx, "recordings", person, ids, read); err != nil {
		return err
	}
	return insertRecordings(ctx, tx, person, write)
}

// KeepSession keeps what was read of a session at some time, with its stages.
func (s *Store) KeepSession(ctx context.Context, who Who, session *asleep.Session, at time.Time) error {
	return s.KeepSessions(ctx, who, []*asleep.Session{session}, at)
}

// KeepSessions is KeepSession for several in one transaction.
func (s *Store) KeepSessions(ctx context.Context, who Who, sessions []*asleep.Session, at time.Time) error {
	starts, rows := make([]time.Time, len(sessions)), make([]recording, len(sessions))
	for i, one := range sessions {
		body, err := encode(one) // here, so that nobody waits for it
		if err != nil {
			return err
		}
		settled := one.State == asleep.Complete && one.End != nil && at.Sub(*one.End) > settledAfter
		starts[i], rows[i] = one.Start, recording{id: one.ID, start: one.Start, settled: settled, at: at, body: body}
	}
	if err := errors.Join(s.make(ctx), s.ready(ctx, starts)); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, who)
		if err != nil {
			return err
		}
		for _, one := range rows {
			if err := keepBody(ctx, tx, person, one); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepBody keeps what was read of a session.
func keepBody(ctx context.Context, tx *sql.Tx, person int64, one recording) error {
	n, err := sqldb.Change(ctx, tx, `UPDATE recordings SET body = $4, read_at = $5, settled = $6 WHERE person = $1 AND start = $2 AND session_id = $3`,
		person, sqldb.Stamp(one.start), one.id, one.body, sqldb.Stamp(one.at), bit(one.settled))
	if err != nil || n > 0 {
		return err
	}
	day := civil.DateOf(one.start.UTC())
	if err := without(ctx, tx, "recordings", person, []string{one.id}, dates{day, day}); err != nil {
		return err
	}
	return insertRecordings(ctx, tx, person, []recording{one})
}

// keptSession returns what was read of a session, and whether it is settled; nil if
// nothing was.
func keptSession(ctx context.Context, db sqldb.Rows, person int64, id string) (*asleep.Session, recording, error) {
	statement, args := `SELECT `+recordingColumns+` FROM recordings WHERE person = $1 AND session_id = $2 AND body IS NOT NULL`, []any{person, id}
	if start, err := time.Parse("20060102150405", id[:min(len(id), 14)]); err == nil { // most ids begin so
		statement += ` AND start >= $3 AND start < $4`
		args = append(args, sqldb.Stamp(start.AddDate(0, 0, -longest)), sqldb.Stamp(start.AddDate(0, 0, longest)))
	}
	row, err := scanRecording(db.QueryRowContext(ctx, statement, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, row, nil
	}
	if err != nil {
		return nil, row, err
	}
	var session asleep.Session
	return &session, row, decode(row.body, &session)
}

// listedOn returns the sessions that began on some dates, newest first.
func listedOn(ctx context.Context, db sqldb.Rows, person int64, d dates) ([]asleep.SessionInfo, error) {
	rows, err := recordingsOn(ctx, db, person, d)
	if err != nil {
		return nil, err
	}
	var all []asleep.SessionInfo
	for _, r := range rows {
		if r.listed == nil {
			continue
		}
		var one asleep.SessionInfo
		if err := decode(r.listed, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b asleep.SessionInfo) int {
		return cmp.Or(b.Start.Compare(a.Start), strings.Compare(b.ID, a.ID))
	})
	return all, nil
}

// unreadSessions returns the ids of the sessions that were never read, or not since they
// settled, oldest first.
func unreadSessions(ctx context.Context, db sqldb.Rows, person int64) ([]string, error) {
	return sqldb.Collect(ctx, db, func(row sqldb.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT session_id FROM (SELECT session_id, start FROM recordings WHERE person = $1 AND settled = 0
		UNION ALL SELECT session_id, start FROM nights n WHERE person = $1 AND NOT EXISTS
			(SELECT 1 FROM recordings r WHERE r.person = n.person AND r.start = n.start AND r.session_id = n.session_id)) unread
		ORDER BY start`, person)
}
