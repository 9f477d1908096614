package archive

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Held is what is kept of a user for some dates: of the service and of every import.
type Held struct {
	*asleep.Nights

	// From is the first date from which on everything was read up to Read. It is zero if
	// everything there is was read, and after the last date asked about if nothing was.
	From civil.Date
	Read time.Time // when the newest of the service's nights were read; zero: there are none
}

// Nights returns what is kept of a user for the UTC dates from to to. Nothing is asked for.
// The result is nil if nothing is kept of them, or nothing but what the service no longer
// knows.
func (s *Store) Nights(ctx context.Context, environment, userID string, from, to civil.Date) (held *Held, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		all, err := sqldb.Collect(ctx, db, scanHolder, `SELECT person, tracker, begins FROM people
			WHERE user_id = $1 AND environment IN ($2, '') AND gone IS NULL ORDER BY tracker`, userID, environment)
		if err != nil || len(all) == 0 {
			return err
		}
		held = &Held{}
		var chunks []*asleep.Chunk
		for _, one := range all {
			if one.tracker == Asleep {
				if held.From, held.Read, err = readFrom(ctx, db, one.person, asleep.ChunkOf(to)); err != nil {
					return err
				}
			}
			found, err := nightsTouching(ctx, db, one.key, from, to)
			if err != nil {
				return err
			}
			c := &asleep.Chunk{From: from, To: to, ReadAt: held.Read}
			c.Slept, c.NeverSlept = apart(found)
			chunks = append(chunks, c)
		}
		held.Nights = asleep.MergeChunks(chunks, from, to, held.Read)
		return nil
	})
	return held, err
}

// holder is a row about a user of whom something is kept.
type holder struct {
	person
	tracker string
}

func scanHolder(row sqldb.Scanner) (holder, error) {
	var (
		h      holder
		begins sql.Null[sqldb.Day]
	)
	err := row.Scan(&h.key, &h.tracker, &begins)
	h.begins = begins.V.Date
	return h, err
}

// readFrom returns since which date everything was read up to the newest reading, and when
// that was.
func readFrom(ctx context.Context, db sqldb.Rows, p person, last int) (from civil.Date, at time.Time, err error) {
	all, err := sqldb.Collect(ctx, db, scanSpan, `SELECT chunk, first_day, last_day, read_at FROM spans
		WHERE person = $1 AND what = $2 AND chunk <= $3 ORDER BY chunk`, p.key, outcomes, last)
	if err != nil || len(all) == 0 {
		return civil.Date{Year: 9999, Month: time.December, Day: 31}, time.Time{}, err
	}
	newest := all[len(all)-1]
	from = newest.from
	for _, s := range all {
		if s.at.After(at) {
			at = s.at
		}
	}
	for _, s := range slices.Backward(all[:len(all)-1]) {
		if s.to.AddDays(1).Before(from) {
			break
		}
		from = s.from
	}
	if !p.begins.IsZero() && !from.After(p.begins) {
		from = civil.Date{}
	}
	return from, at, nil
}
