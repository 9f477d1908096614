package windows

import (
	"context"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// An InPeriods is what the rows of a calendar window and of the one before it say of somebody.
type InPeriods struct {
	UserID      string
	Now, Before Means
	Sessions    int // slept recordings of now, used or not
}

// settledAfter is how long after its last date (UTC) a period must have been read: as
// long as the archive takes for a date to be settled.
const settledAfter = 48 * time.Hour

// Periods tells each about those of some people who have a row of two periods, in no order. Left
// out is who has none by this program's method, whom the service does not know, and
// whose nights of the later period were not read since they were settled.
func (s *Store) Periods(ctx context.Context, people sqldb.Part, now, before Period, each func(InPeriods)) error {
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return err
	}
	q := query{args: slices.Clone(people.Args)}
	q.argument("environment", environment)
	q.argument("method", analytics.Method)
	q.argument("now", now.Name)
	q.argument("before", before.Name)
	q.argument("last", now.To.String())
	q.argument("settled", sqldb.Stamp(now.To.AddDays(1).In(time.UTC).Add(settledAfter)))
	return s.db.ReadWith(ctx, people, nil, func(ctx context.Context, db sqldb.Rows, who string) error {
		q.name("who", who)
		_, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (none struct{}, err error) {
			var p InPeriods
			err = row.Scan(&p.UserID, &p.Sessions, &p.Now.Nights, &p.Now.Score, &p.Now.Efficiency, &p.Now.Asleep, &p.Now.Asleep24,
				&p.Before.Nights, &p.Before.Score, &p.Before.Efficiency, &p.Before.Asleep, &p.Before.Asleep24)
			if err == nil {
				each(p)
			}
			return none, err
		}, q.sql(`SELECT p.user_id, a.sessions, a.nights, a.score, a.efficiency, a.asleep, a.asleep_24h, b.nights, b.score, b.efficiency, b.asleep, b.asleep_24h
			FROM ({who}) who
			JOIN people p ON p.user_id = who.user_id AND p.environment = {environment} AND p.gone IS NULL
			JOIN reduced r ON r.person = p.person AND r.method = {method}
			JOIN calendar_windows a ON a.person = p.person AND a.method = {method} AND a.period = {now}
			JOIN calendar_windows b ON b.person = p.person AND b.method = {method} AND b.period = {before}
			WHERE EXISTS (SELECT 1 FROM spans s WHERE s.person = p.person AND s.what = 'nights' AND s.first_day <= {last} AND s.last_day >= {last}
				AND s.read_at > {settled} AND s.read_at <= r.read_at AND (p.due IS NULL OR s.read_at > p.due))`), q.args...)
		return err
	})
}
