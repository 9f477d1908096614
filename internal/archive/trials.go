package archive

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// A Trial is a plan of nights with and without one change, drawn by lot before the first of them.
type Trial struct {
	First   civil.Date // night
	Last    civil.Date // night; before the plan's last one if the trial was stopped
	Plan    []bool     // of each night from First on: whether it has the change
	Change  string     // a tag, see [TagText]; it marks the nights on which the change was made
	Measure string     // what the trial is about
}

// Planned returns the last night of the plan.
func (t Trial) Planned() civil.Date { return t.First.AddDays(len(t.Plan) - 1) }

// Bounds of trials.
const (
	MostTrials     = 100 // of a person that are kept, the latest ones
	longestTrial   = 366 // nights
	longestMeasure = 64  // letters
)

// Reasons why a trial is not kept.
var (
	ErrTrialRuns = errors.New("a night of it belongs to another trial")
	ErrBadTrial  = errors.New("not a trial")
)

// StartTrial keeps a new trial, with all nights of its plan. The error is [ErrTrialRuns] where one of the person ends on its
// first night or later, so that no night is ever drawn twice. Of more than a hundred trials the
// oldest gives way.
func (s *Store) StartTrial(ctx context.Context, userID string, t Trial) error {
	if err := asleep.CheckUserID(userID); err != nil {
		return err
	}
	change, ok := TagText(t.Change)
	if !ok || change != t.Change || !t.First.IsValid() || len(t.Plan) == 0 || len(t.Plan) > longestTrial || len(t.Measure) > longestMeasure {
		return ErrBadTrial
	}
	if err := s.make(ctx); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, diaryOf(userID))
		if err != nil {
			return err
		}
		all, err := trialsOf(ctx, tx, person)
		if err != nil {
			return err
		}
		if n := len(all); n > 0 && !all[n-1].Last.Before(t.First) {
			return ErrTrialRuns
		}
		if n := len(all); n >= MostTrials {
			if _, err := sqldb.Change(ctx, tx, `DELETE FROM trials WHERE person = $1 AND first <= $2`, person, all[n-MostTrials].First.String()); err != nil {
				return err
			}
		}
		_, err = sqldb.Change(ctx, tx, `INSERT INTO trials (person, first, last, plan, change, measure) VALUES ($1, $2, $3, $4, $5, $6)`,
			person, t.First.String(), t.Planned().String(), digitsOf(t.Plan), t.Change, t.Measure)
		return err
	})
}

// StopTrial makes a night the last one of the latest trial, and reports whether that was stopped:
// the night has to be before its last one. The one before its first leaves none.
func (s *Store) StopTrial(ctx context.Context, userID string, last civil.Date) (stopped bool, err error) {
	if there, err := s.There(ctx); !there || err != nil {
		return false, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		stopped = false
		p, err := find(ctx, tx, diaryOf(userID))
		if err != nil || p == nil {
			return err
		}
		all, err := trialsOf(ctx, tx, p.key)
		if n := len(all); err != nil || n == 0 || last.Before(all[n-1].First.AddDays(-1)) || !last.Before(all[n-1].Last) {
			return err
		}
		n, err := sqldb.Change(ctx, tx, `UPDATE trials SET last = $3 WHERE person = $1 AND first = $2`, p.key, all[len(all)-1].First.String(), last.String())
		stopped = n == 1
		return err
	})
	return stopped, err
}

// Trials returns the trials of a user, the earliest first.
func (s *Store) Trials(ctx context.Context, userID string) (all []Trial, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, diaryOf(userID))
		if err != nil || p == nil {
			return err
		}
		all, err = trialsOf(ctx, db, p.key)
		return err
	})
	return all, err
}

func trialsOf(ctx context.Context, db sqldb.Rows, person int64) ([]Trial, error) {
	return sqldb.Collect(ctx, db, func(row sqldb.Scanner) (t Trial, err error) {
		var first, last sqldb.Day
		var plan string
		err = row.Scan(&first, &last, &plan, &t.Change, &t.Measure)
		t.First, t.Last = first.Date, last.Date
		for _, digit := range plan {
			t.Plan = append(t.Plan, digit == '1')
		}
		return t, err
	}, `SELECT first, last, plan, change, measure FROM trials WHERE person = $1 ORDER BY first`, person)
}

func digitsOf(plan []bool) string {
	var b strings.Builder
	for _, change := range plan {
		digit := byte('0')
		if change {
			digit = '1'
		}
		b.WriteByte(digit)
	}
	return b.String()
}
