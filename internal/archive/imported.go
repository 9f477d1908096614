package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Imported says what an import changed.
type Imported struct{ Added, Changed, Unchanged int }

// Import keeps nights of other trackers, by tracker. One with a Stat is a session with sleep,
// another one a session without; stages are optional. Sessions of the same ids are replaced, and so
// are those of the same app that overlap one that is imported; others stay. Everything is kept or
// nothing. A session without an id, a start or an end is an error, as is one id twice.
func (s *Store) Import(ctx context.Context, userID string, byTracker map[string][]*asleep.Session) (done Imported, err error) {
	if err := asleep.CheckUserID(userID); err != nil {
		return done, err
	}
	at := s.clock()
	all := map[string][]importedSession{}
	var starts []time.Time
	for tracker, sessions := range byTracker {
		if all[tracker], err = importedSessions(tracker, sessions, at); err != nil {
			return done, err
		}
		for _, one := range sessions {
			starts = append(starts, one.Start)
		}
	}
	if err := errors.Join(s.make(ctx), s.ready(ctx, starts)); err != nil {
		return done, err
	}
	err = s.fault(s.db.WriteMuch(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, tracker := range slices.Sorted(maps.Keys(all)) {
			person, err := s.enter(ctx, tx, Who{Tracker: tracker, User: userID})
			if err != nil {
				return err
			}
			if err := done.add(ctx, tx, person, all[tracker], at); err != nil {
				return err
			}
		}
		return nil
	}))
	return done, err
}

// importedSession is a session as it is kept.
type importedSession struct {
	recording
	night
}

func importedSessions(tracker string, sessions []*asleep.Session, at time.Time) ([]importedSession, error) {
	if tracker == "" || tracker == Asleep || tracker == Diary {
		return nil, fmt.Errorf("nights of the tracker %q are not imported", tracker)
	}
	all := make([]importedSession, 0, len(sessions))
	seen := map[string]bool{}
	for i, one := range sessions {
		if one.ID == "" || one.Start.IsZero() || one.End == nil || seen[one.ID] {
			return nil, fmt.Errorf("session %d of %d has no id of its own, no start or no end", i+1, len(sessions))
		}
		seen[one.ID] = true
		body, err := encode(one)
		if err != nil {
			return nil, err
		}
		all = append(all, importedSession{recording{id: one.ID, start: one.Start, settled: true, at: at, body: body}, nightOf(one, at)})
	}
	return all, nil
}

// add keeps the sessions of one tracker.
func (done *Imported) add(ctx context.Context, tx *sql.Tx, person int64, sessions []importedSession, at time.Time) error {
	before, err := sqldb.Collect(ctx, tx, scanRecording, `SELECT `+recordingColumns+` FROM recordings WHERE person = $1`, person)
	if err != nil {
		return err
	}
	old := make(map[string]recording, len(before))
	for _, r := range before {
		old[r.id] = r
	}
	moved, err := superseded(ctx, tx, person, sessions)
	if err != nil {
		return err
	}
	var rows []recording
	var all []night
	chunks := map[int]bool{}
	for _, one := range sessions {
		for _, id := range moved[one.id] {
			if err := removeImported(ctx, tx, person, old[id], chunks); err != nil {
				return err
			}
		}
		was, known := old[one.id]
		switch {
		case known && slices.Equal(was.body, one.body):
			done.Unchanged++
			continue
		case known:
			done.Changed++
			if err := removeImported(ctx, tx, person, was, chunks); err != nil {
				return err
			}
		case len(moved[one.id]) > 0:
			done.Changed++
		default:
			done.Added++
		}
		rows, all = append(rows, one.recording), append(all, one.night)
		mark(chunks, one.Start, one.End)
	}
	if err := insertRecordings(ctx, tx, person, rows); err != nil {
		return err
	}
	if err := insertNights(ctx, tx, person, all); err != nil {
		return err
	}
	for n := range chunks {
		from, to := asleep.ChunkDates(n)
		if err := setSpan(ctx, tx, person, outcomes, span{dates{from, to}, n, at}); err != nil {
			return err
		}
	}
	return nil
}

// superseded returns the ids of kept sessions that are told otherwise now, by the id of the session in whose place
// they are: those that are not imported again, and that overlap one of the same app. A tracker that gives its
// sleeps no ids moves the start of one when it learns more about it.
func superseded(ctx context.Context, tx *sql.Tx, person int64, sessions []importedSession) (map[string][]string, error) {
	again := make(map[string]bool, len(sessions))
	var longest time.Duration
	for _, one := range sessions {
		again[one.id] = true
		longest = max(longest, one.End.Sub(one.Start))
	}
	byStart := func(one importedSession, start time.Time) int { return one.Start.Compare(start) }
	sessions = slices.SortedStableFunc(slices.Values(sessions), func(a, b importedSession) int { return byStart(a, b.Start) })
	kept, err := sqldb.Collect(ctx, tx, scanNight, `SELECT `+nightColumns+` FROM nights WHERE person = $1`, person)
	if err != nil {
		return nil, err
	}
	moved := map[string][]string{}
	for _, was := range kept {
		if again[was.ID] {
			continue
		}
		first, _ := slices.BinarySearchFunc(sessions, was.Start.Add(-longest), byStart) // of those that can reach it
		for _, one := range sessions[first:] {
			if !one.Start.Before(was.End.Add(-inTouch)) {
				break
			}
			if one.app() == was.app() && was.Start.Before(one.End.Add(-inTouch)) {
				moved[one.id] = append(moved[one.id], was.ID)
				break
			}
		}
	}
	return moved, nil
}

// inTouch is by how much sessions of one app may overlap and still be two: one that ends where the next begins may
// be rounded.
const inTouch = time.Minute

// app returns what wrote a session, where the tracker tells.
func (n *night) app() string {
	if n.Origin == nil {
		return ""
	}
	return n.Origin.App
}

// mark notes the chunks that a session touches.
func mark(chunks map[int]bool, start, end time.Time) {
	for n := asleep.ChunkOf(civil.DateOf(start.UTC())); n <= asleep.ChunkOf(civil.DateOf(end.UTC())); n++ {
		chunks[n] = true
	}
}

// removeImported removes a session that is replaced.
func removeImported(ctx context.Context, tx *sql.Tx, person int64, was recording, chunks map[int]bool) error {
	mark(chunks, was.start, was.start.Add(24*time.Hour))
	for _, table := range []string{"nights", "recordings"} {
		if _, err := sqldb.Change(ctx, tx, `DELETE FROM `+table+` WHERE person = $1 AND start = $2 AND session_id = $3`,
			person, sqldb.Stamp(was.start), was.id); err != nil {
			return err
		}
	}
	return nil
}

// nightOf returns the row of an imported session.
func nightOf(s *asleep.Session, at time.Time) night {
	n := night{slept: s.Stat != nil, seen: at, SleptSession: asleep.SleptSession{
		ID: s.ID, CreatedTimezone: s.CreatedTimezone, Start: s.Start, End: *s.End, Origin: s.Origin,
	}}
	if s.Stat != nil {
		n.Stat = *s.Stat
	}
	return n
}

// Trackers returns the trackers of which nights of a user were imported, in alphabetical
// order.
func (s *Store) Trackers(ctx context.Context, userID string) (all []string, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		all, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (name string, err error) { return name, row.Scan(&name) },
			`SELECT tracker FROM people WHERE user_id = $1 AND environment = '' AND tracker NOT IN ($2, $3) ORDER BY tracker`, userID, Asleep, Diary)
		return err
	})
	return all, err
}

// Trackers implements [nights.Imports].
func (s *Source) Trackers(ctx context.Context, userID string) (all []string, err error) {
	err = s.isBroken()
	if err == nil {
		all, err = s.store.Trackers(ctx, userID)
		s.fault(ctx, err)
	}
	return all, err
}

// Newest implements [nights.Imports]: the newest recording that is kept, or that the service
// names where it can be asked.
func (s *Source) Newest(ctx context.Context, userID string) (time.Time, error) {
	newest, err := s.newestKept(ctx, userID)
	if err != nil || s.Alone || nights.KnownSuffices(ctx) || s.resting(userID) != nil {
		return newest, err
	}
	live, err := s.Live.Newest(ctx, userID)
	switch {
	case err != nil && newest.IsZero():
		return newest, err
	case err == nil && live.After(newest):
		return live, nil
	}
	return newest, nil
}

func (s *Source) newestKept(ctx context.Context, userID string) (newest time.Time, err error) {
	who, err := s.who(ctx, userID)
	if err != nil {
		return newest, err
	}
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		found, err := sqldb.Collect(ctx, db, scanInstant, `SELECT MAX(start) FROM nights WHERE start <= $3 AND person IN (
			SELECT person FROM people WHERE user_id = $1 AND environment IN ($2, '') AND gone IS NULL)`, userID, who.Environment, sqldb.Stamp(s.Now()))
		if err == nil && found[0].Valid {
			newest = found[0].V.Time
		}
		return err
	})
	return newest, err
}

func scanInstant(row sqldb.Scanner) (at sql.Null[sqldb.Instant], err error) {
	return at, row.Scan(&at)
}

// Imported returns the imported nights of a tracker that touch the UTC dates from to to,
// in chunks: equal pointers mean that nothing has changed.
func (s *Source) Imported(ctx context.Context, userID, tracker string, from, to civil.Date) ([]*asleep.Chunk, error) {
	k := known{Who: Who{Tracker: tracker, User: userID}, first: asleep.ChunkOf(from), last: asleep.ChunkOf(to)}
	err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		if k.person, err = find(ctx, db, k.Who); err == nil && k.person != nil {
			k.nights, err = spans(ctx, db, k.key, outcomes, k.first, k.last)
		}
		return err
	})
	if err != nil || k.person == nil {
		return nil, err
	}
	var chunks []*asleep.Chunk
	for n := k.first; n <= k.last; n++ {
		if _, ok := k.nights[n]; !ok {
			continue
		}
		c, err := s.chunk(ctx, k, n)
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
	}
	return chunks, nil
}

// ImportedSession returns one imported session with its stages; nil if there is none of
// that id.
func (s *Source) ImportedSession(ctx context.Context, userID, tracker, sessionID string) (session *asleep.Session, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, Who{Tracker: tracker, User: userID})
		if err == nil && p != nil {
			session, _, err = keptSession(ctx, db, p.key, sessionID)
		}
		return err
	})
	return session, err
}
