package archive

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// settledAfter is how long after a date its nights hardly change any more.
const settledAfter = 48 * time.Hour

// What a span says was read.
const (
	outcomes = "nights"     // sessions with an outcome
	listed   = "recordings" // the list of sessions
)

// A Reading is everything that the service lists of a user for some UTC dates.
type Reading struct {
	From, To   civil.Date // both included
	At         time.Time  // just before the service was asked
	Slept      []asleep.SleptSession
	NeverSlept []asleep.NeverSleptSession
}

// span is what was read of a chunk.
type span struct {
	dates
	chunk int
	at    time.Time
}

// settled reports whether a date was over for long enough when it was read.
func (s span) settled(day civil.Date) bool {
	return s.at.Sub(day.AddDays(1).In(time.UTC)) > settledAfter
}

// with returns the span after another reading of the same chunk. Two ranges that meet become
// one if the part that was not read again is settled, so that it is as good as read now, or
// if the part that was read again had been settled, so that it is as good as read before.
func (s span) with(next span) span {
	whole := dates{earlier(s.from, next.from), later(s.to, next.to)}
	switch meet := !next.from.After(s.to.AddDays(1)) && !s.from.After(next.to.AddDays(1)); {
	case !meet:
	case next.covers(s.dates) || !s.to.After(next.to) && s.settled(earlier(s.to, next.from.AddDays(-1))):
		next.dates = whole
	case s.settled(next.to):
		next.dates, next.at = whole, s.at
	}
	return next
}

func earlier(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b civil.Date) civil.Date {
	if a.After(b) {
		return a
	}
	return b
}

func scanSpan(row sqldb.Scanner) (span, error) {
	var (
		s           span
		first, last sqldb.Day
		at          sqldb.Instant
	)
	err := row.Scan(&s.chunk, &first, &last, &at)
	s.dates, s.at = dates{first.Date, last.Date}, at.Time
	return s, err
}

// spans returns what was read of the chunks first to last.
func spans(ctx context.Context, db sqldb.Rows, person int64, what string, first, last int) (map[int]span, error) {
	all, err := sqldb.Collect(ctx, db, scanSpan, `SELECT chunk, first_day, last_day, read_at FROM spans
		WHERE person = $1 AND what = $2 AND chunk BETWEEN $3 AND $4`, person, what, first, last)
	byChunk := make(map[int]span, len(all))
	for _, s := range all {
		byChunk[s.chunk] = s
	}
	return byChunk, err
}

func setSpan(ctx context.Context, tx *sql.Tx, person int64, what string, s span) error {
	_, err := sqldb.Change(ctx, tx, `INSERT INTO spans (person, what, chunk, first_day, last_day, read_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person, what, chunk) DO UPDATE SET first_day = $4, last_day = $5, read_at = $6`,
		person, what, s.chunk, s.from.String(), s.to.String(), sqldb.Stamp(s.at))
	return err
}

// perChunk cuts a range of dates into chunks.
func perChunk(d dates, at time.Time) (all []span) {
	for n := asleep.ChunkOf(d.from); n <= asleep.ChunkOf(d.to); n++ {
		from, to := asleep.ChunkDates(n)
		all = append(all, span{dates{later(from, d.from), earlier(to, d.to)}, n, at})
	}
	return all
}

// Keep replaces what is kept of the dates of a reading, unless a later one was kept
// already. The error is [ErrForgotten] if the user was forgotten.
func (s *Store) Keep(ctx context.Context, who Who, r Reading) error {
	r.At = r.At.UTC().Truncate(time.Microsecond)
	all := nightsOf(r.Slept, r.NeverSlept, r.At)
	if err := errors.Join(s.make(ctx), s.ready(ctx, startsOf(all))); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := s.distrust(ctx, tx, person); err != nil {
			return err
		}
		read := dates{r.From, r.To}
		before, err := spans(ctx, tx, person, outcomes, asleep.ChunkOf(read.from)-1, asleep.ChunkOf(read.to)+1)
		if err != nil {
			return err
		}
		for _, next := range perChunk(read, r.At) {
			old, known := before[next.chunk]
			if known && old.at.After(next.at) {
				return nil // another program has asked since
			}
			if known {
				next = old.with(next)
			}
			if err := setSpan(ctx, tx, person, outcomes, next); err != nil {
				return err
			}
		}
		return replaceNights(ctx, tx, person, read, all, before)
	})
}

// distrust corrects what is dated later than now, by a clock that was wrong: it is kept, is
// not settled, and makes room for what is read now.
func (s *Store) distrust(ctx context.Context, tx *sql.Tx, person int64) error {
	now := s.clock()
	later, instead := sqldb.Stamp(now.Add(freshFor)), sqldb.Stamp(now.Add(-recheck))
	n, err := sqldb.Change(ctx, tx, `UPDATE spans SET read_at = $3 WHERE person = $1 AND read_at > $2`, person, later, instead)
	if err != nil || n == 0 {
		return err
	}
	_, err = sqldb.Change(ctx, tx, `UPDATE recordings SET read_at = $3, settled = 0 WHERE person = $1 AND read_at > $2`, person, later, instead)
	return err
}

func startsOf(all []night) []time.Time {
	starts := make([]time.Time, len(all))
	for i := range all {
		starts[i] = all[i].Start
	}
	return starts
}

// replaceNights makes what is kept of some dates what was read of them. The stages of
// sessions that are not what they were are to be read again. spans are those of the
// chunks around, before this reading.
func replaceNights(ctx context.Context, tx *sql.Tx, person int64, read dates, now []night, spans map[int]span) error {
	kept, err := nightsTouching(ctx, tx, person, read.from, read.to)
	if err != nil {
		return err
	}
	before := make(map[string]night, len(kept))
	for _, n := range kept {
		before[n.ID] = n
	}
	var write []night
	var ids, changed, deleted []string
	for _, n := range now {
		old, known := before[n.ID]
		delete(before, n.ID)
		same := known && alike(old, n)
		if same && read.covers(n.dates()) {
			continue
		}
		write, ids = append(write, n), append(ids, n.ID)
		if known && !same {
			changed = append(changed, n.ID)
		}
	}
	for id, n := range before {
		if read.covers(n.dates()) || n.missed(read, spans) {
			deleted = append(deleted, id)
		}
	}
	if err := without(ctx, tx, "nights", person, append(ids, deleted...), read); err != nil {
		return err
	}
	if err := without(ctx, tx, "recordings", person, deleted, read); err != nil {
		return err
	}
	if err := unread(ctx, tx, person, changed, read); err != nil {
		return err
	}
	if err := insertNights(ctx, tx, person, write); err != nil {
		return err
	}
	return recount(ctx, tx, person, slices.Concat(kept, write))
}

// alike reports whether a session is what it was.
func alike(a, b night) bool {
	a.seen, b.seen = time.Time{}, time.Time{}
	return reflect.DeepEqual(a, b)
}

// missed reports whether a night that crosses the dates of a reading, and is not listed
// in it, is not listed under the dates beyond them either: it is not known which of both
// list it.
func (n night) missed(read dates, spans map[int]span) bool {
	d := n.dates()
	beyond := read.to.AddDays(1)
	if d.from.Before(read.from) {
		beyond = read.from.AddDays(-1)
	}
	s, known := spans[asleep.ChunkOf(beyond)]
	return known && s.contains(beyond) && s.at.After(n.seen)
}
