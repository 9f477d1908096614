package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// night is a session with an outcome. One without sleep has no numbers.
type night struct {
	slept bool
	seen  time.Time // when it was last listed
	asleep.SleptSession
}

func nightsOf(slept []asleep.SleptSession, never []asleep.NeverSleptSession, seen time.Time) []night {
	all := make([]night, 0, len(slept)+len(never))
	for _, s := range slept {
		all = append(all, night{true, seen, s})
	}
	for _, n := range never {
		all = append(all, night{false, seen, asleep.SleptSession{ID: n.ID, Start: n.Start, End: n.End, Completed: n.Completed, Origin: n.Origin}})
	}
	return all
}

// apart is the reverse of nightsOf; neither list is nil.
func apart(all []night) ([]asleep.SleptSession, []asleep.NeverSleptSession) {
	slept, never := []asleep.SleptSession{}, []asleep.NeverSleptSession{}
	for i := range all {
		n := &all[i]
		if n.slept {
			slept = append(slept, n.SleptSession)
		} else {
			never = append(never, asleep.NeverSleptSession{ID: n.ID, Start: n.Start, End: n.End, Completed: n.Completed, Origin: n.Origin})
		}
	}
	return slept, never
}

// more is what a night has beside its columns.
type more struct {
	Origin *asleep.Origin
	Stat   asleep.Stat
}

// numbers are the columns of durations and ratios, with where they are in a night.
func (n *night) numbers() []**float64 {
	return []**float64{
		&n.SleepIndex, &n.SleepLatency, &n.WakeupLatency, &n.TimeInBed, &n.TimeInSleep, &n.TimeInWake,
		&n.TimeInLight, &n.TimeInDeep, &n.TimeInREM, &n.TimeInSnoring, &n.LongestWASO, &n.SleepEfficiency,
	}
}

const nightColumns = `start, session_id, seen, slept, finish, completed, zone, sleep_time, wake_time,
	sleep_index, sleep_latency, wakeup_latency, time_in_bed, time_in_sleep, time_in_wake,
	time_in_light, time_in_deep, time_in_rem, time_in_snoring, longest_waso, sleep_efficiency, more`

// values returns a night's columns.
func (n night) values() ([]any, error) {
	values := []any{
		sqldb.Stamp(n.Start), n.ID, sqldb.Stamp(n.seen), bit(n.slept), stampOf(&n.End), stampOf(&n.Completed), n.CreatedTimezone, stampOf(n.SleepTime), stampOf(n.WakeTime),
	}
	numbers := n.numbers()
	for _, x := range numbers {
		if *x == nil {
			values = append(values, nil)
			continue
		}
		values = append(values, **x)
	}
	n.SleepTime, n.WakeTime = nil, nil // n is a copy
	for _, x := range numbers {
		*x = nil
	}
	b, err := encode(more{n.Origin, n.Stat})
	return append(values, b), err
}

func scanNight(row sqldb.Scanner) (night, error) {
	var (
		n                              night
		start, seen                    sqldb.Instant
		finish, completed, onset, wake sql.Null[sqldb.Instant]
		slept                          int
		b                              []byte
		rest                           more
		columns                        = []any{&start, &n.ID, &seen, &slept, &finish, &completed, &n.CreatedTimezone, &onset, &wake}
		numbers                        [12]*float64
	)
	for i := range numbers {
		columns = append(columns, &numbers[i])
	}
	if err := row.Scan(append(columns, &b)...); err != nil {
		return n, err
	}
	if err := decode(b, &rest); err != nil {
		return n, err
	}
	n.Stat, n.Origin = rest.Stat, rest.Origin
	n.slept, n.seen, n.Start, n.End, n.Completed = slept == 1, seen.Time, start.Time, finish.V.Time, completed.V.Time
	n.SleepTime, n.WakeTime = instantOf(onset), instantOf(wake)
	for i, x := range n.numbers() {
		*x = numbers[i]
	}
	return n, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// stampOf writes an instant that may be missing.
func stampOf(t *time.Time) any {
	if t == nil || t.IsZero() {
		return nil
	}
	return sqldb.Stamp(*t)
}

func instantOf(t sql.Null[sqldb.Instant]) *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.V.Time
}

// longest is the longest session that is found by its dates, in days. It bounds the
// partitions that are looked at.
const longest = 31

// nightsTouching returns the nights of a person that touch the UTC dates from to to,
// sorted by start.
func nightsTouching(ctx context.Context, db sqldb.Rows, person int64, from, to civil.Date) ([]night, error) {
	all, err := sqldb.Collect(ctx, db, scanNight, `SELECT `+nightColumns+` FROM nights
		WHERE person = $1 AND start >= $2 AND start < $3 AND (start >= $4 OR finish >= $4) ORDER BY start`,
		person, dayStamp(from.AddDays(-longest)), dayStamp(to.AddDays(1)), dayStamp(from))
	slices.SortFunc(all, func(a, b night) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	return all, err
}

func dayStamp(d civil.Date) string { return sqldb.Stamp(d.In(time.UTC)) }

// insertNights writes nights; rows of the same ids must be gone.
func insertNights(ctx context.Context, tx *sql.Tx, person int64, all []night) error {
	for part := range slices.Chunk(all, 200) {
		var rows [][]any
		for _, n := range part {
			values, err := n.values()
			if err != nil {
				return err
			}
			rows = append(rows, append([]any{person}, values...))
		}
		if err := insert(ctx, tx, `INSERT INTO nights (person, `+nightColumns+`)`, rows); err != nil {
			return err
		}
	}
	return nil
}

// insert adds rows in one statement.
func insert(ctx context.Context, tx *sql.Tx, into string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var (
		statement strings.Builder
		args      []any
	)
	statement.WriteString(into + " VALUES ")
	for i, row := range rows {
		if i > 0 {
			statement.WriteString(", ")
		}
		statement.WriteString("(")
		for j := range row {
			if j > 0 {
				statement.WriteString(", ")
			}
			fmt.Fprintf(&statement, "$%d", len(args)+j+1)
		}
		statement.WriteString(")")
		args = append(args, row...)
	}
	_, err := sqldb.Change(ctx, tx, statement.String(), args...)
	return err
}

// without removes sessions by id from a table. near are instants around which they
// begin, so that not every partition is searched.
func without(ctx context.Context, tx *sql.Tx, table string, person int64, ids []string, near dates) error {
	for part := range slices.Chunk(ids, 500) {
		args := []any{person, dayStamp(near.from.AddDays(-longest)), dayStamp(near.to.AddDays(longest))}
		list, args := listOf(part, args)
		if _, err := sqldb.Change(ctx, tx, `DELETE FROM `+table+` WHERE person = $1 AND start >= $2 AND start < $3 AND session_id IN (`+list+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// listOf returns placeholders for texts, which are appended to args.
func listOf[T any](list []T, args []any) (string, []any) {
	var b strings.Builder
	for i, one := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		args = append(args, one)
		fmt.Fprintf(&b, "$%d", len(args))
	}
	return b.String(), args
}

// dates is a range of UTC dates, both included.
type dates struct{ from, to civil.Date }

func (d dates) contains(day civil.Date) bool { return !day.Before(d.from) && !day.After(d.to) }

func (d dates) covers(other dates) bool { return d.contains(other.from) && d.contains(other.to) }

// of returns the dates of a session.
func (n night) dates() dates {
	end := n.End
	if end.IsZero() {
		end = n.Start
	}
	return dates{civil.DateOf(n.Start.UTC()), civil.DateOf(end.UTC())}
}
