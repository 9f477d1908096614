package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Limits are what may be asked of the service by all replicas together.
type Limits struct {
	PerSecond float64 // requests; 0: any number
	PerDay    int     // requests of a UTC day; 0: any number
}

// mostAtOnce returns how many jobs of a queue a replica does at a time: more would only wait
// for requests, and be out of time before they had any.
func (l Limits) mostAtOnce() int {
	const most = 16
	if l.PerSecond == 0 {
		return most
	}
	return int(max(1, min(most, l.PerSecond)))
}

// account is what is known of the budget, as the row of the database has it.
type account struct {
	day      civil.Date
	used     int
	next     time.Time // when the next request may begin
	slow     float64   // as the last answer demanded, from 1 on
	slowedAt time.Time
	halted   asleep.Code // "": it is not
	probeAt  time.Time
}

const (
	mostSlow   = 64.0            // times
	slowHalves = time.Minute     // after which half of a slowdown is over
	slowOnce   = 2 * time.Second // in which several refusals are one
	unpaced    = 100             // requests a second that a slowdown begins with where any number is allowed
	patience   = 10 * time.Second
)

// factor is how many times slower than allowed requests are made now.
func (a *account) factor(now time.Time) float64 {
	for past := now.Sub(a.slowedAt); past >= slowHalves && a.slow > 1; past -= slowHalves {
		a.slow, a.slowedAt = max(1, a.slow/2), a.slowedAt.Add(slowHalves)
	}
	return a.slow
}

// slower halves the rate, once for requests that were made together.
func (a *account) slower(now time.Time) {
	if now.Sub(a.slowedAt) >= slowOnce || a.slow == 1 {
		a.slow, a.slowedAt = min(mostSlow, 2*a.factor(now)), now
	}
}

// interval is the time between two requests; 0 for any number.
func (a *account) interval(now time.Time, l Limits) time.Duration {
	slow, rate := a.factor(now), l.PerSecond
	if rate == 0 && slow > 1 {
		rate = unpaced
	}
	if rate == 0 {
		return 0
	}
	return time.Duration(slow / rate * float64(time.Second))
}

// asked notes requests that nobody had to wait for. Those that do wait longer.
func (a *account) asked(now time.Time, n int, l Limits) {
	if today := civil.DateOf(now); a.day != today {
		a.day, a.used = today, 0
	}
	a.used += n
	a.next = latest(a.next, now).Add(time.Duration(n) * a.interval(now, l))
}

// take reserves up to n requests. It returns when the first may begin, the time between
// them and how many there are; or how long to wait before asking for any.
func (a *account) take(now time.Time, n int, l Limits, probe time.Duration) (first time.Time, between time.Duration, granted int, refused time.Duration) {
	a.asked(now, 0, l)
	if a.halted != "" {
		if wait := a.probeAt.Sub(now); wait > 0 {
			return first, 0, 0, wait
		}
		a.probeAt, n = now.Add(probe), 1
	}
	if wait := a.next.Sub(now); wait > patience {
		return first, 0, 0, wait
	}
	if l.PerDay > 0 {
		if n = min(n, l.PerDay-a.used); n <= 0 {
			return first, 0, 0, a.day.AddDays(1).In(time.UTC).Sub(now)
		}
	}
	first, between = a.next, a.interval(now, l)
	a.asked(now, n, l)
	return first, between, n, 0
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// change runs f on the account, alone among all programs.
func (b *budget) change(ctx context.Context, f func(a *account, now time.Time)) error {
	environment, err := b.environment(ctx)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		a, now, err := b.read(ctx, tx, environment)
		if err != nil {
			return err
		}
		f(&a, now)
		_, err = sqldb.Change(ctx, tx, `UPDATE upstream SET day = $2, used = $3, next_at = $4, slow = $5, slowed_at = $6, halted = $7, probe_at = $8
			WHERE environment = $1`, environment, a.day.String(), a.used, sqldb.Stamp(a.next), a.slow, sqldb.Stamp(a.slowedAt), string(a.halted), sqldb.Stamp(a.probeAt))
		return err
	})
}

// read returns the account, made if it is not there and locked until the transaction
// ends, and the database's time.
func (b *budget) read(ctx context.Context, tx *sql.Tx, environment string) (a account, now time.Time, err error) {
	const long = "2000-01-01T00:00:00.000000Z"
	lock, clock := "", `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
	if b.db.Server() {
		lock, clock = " FOR UPDATE", `clock_timestamp()`
	}
	for range 2 {
		var day sqldb.Day
		var next, slowed, probe, at sqldb.Instant
		err = tx.QueryRowContext(ctx, `SELECT day, used, next_at, slow, slowed_at, halted, probe_at FROM upstream WHERE environment = $1`+lock, environment).
			Scan(&day, &a.used, &next, &a.slow, &slowed, &a.halted, &probe)
		if errors.Is(err, sql.ErrNoRows) {
			if _, err = sqldb.Change(ctx, tx, `INSERT INTO upstream VALUES ($1, $2, 0, $3, 1, $3, '', $3) ON CONFLICT DO NOTHING`, environment, long[:10], long); err != nil {
				return a, now, err
			}
			continue
		}
		if err == nil { // only now: waiting for the row takes time
			err = tx.QueryRowContext(ctx, "SELECT "+clock).Scan(&at)
		}
		a.day, a.next, a.slowedAt, a.probeAt = day.Date, next.Time, slowed.Time, probe.Time
		return a, at.Time, err
	}
	return a, now, fmt.Errorf("the budget has no row: %w", err)
}

// make makes the row.
func (b *budget) make(ctx context.Context) error { return b.change(ctx, func(*account, time.Time) {}) }

// halt notes that the service refuses everybody; first reports whether it was not known.
func (b *budget) halt(ctx context.Context, code asleep.Code) (first bool, err error) {
	err = b.change(ctx, func(a *account, now time.Time) {
		first = a.halted == ""
		a.halted, a.probeAt = code, now.Add(b.probe)
	})
	return first, err
}

// resume notes that the service takes the key again.
func (b *budget) resume(ctx context.Context) error {
	return b.change(ctx, func(a *account, _ time.Time) { a.halted = "" })
}

// rest has nothing asked for a while.
func (b *budget) rest(ctx context.Context, wait time.Duration) error {
	return b.change(ctx, func(a *account, now time.Time) { a.next = latest(a.next, now.Add(min(wait, mostWait))) })
}
