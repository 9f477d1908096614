package directory

import (
	"context"
	"database/sql"
	"time"
)

// BeginDelete records that an Asleep user is about to be removed: from now on they
// are a member of nothing and no login stands for them. It may be repeated; first
// reports that the deletion had not begun before. The user need not be known here.
func (s *Store) BeginDelete(ctx context.Context, userID string) (first bool, err error) {
	if err := checkUserID(userID); err != nil {
		return false, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		made, err := change(ctx, tx, `INSERT INTO deletions (user_id, cause, since) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO NOTHING`, userID, string(Deleting), stamp(s.clock()))
		first = made == 1
		return err
	})
	return first, err
}

// FinishDelete forgets an Asleep user who was removed: memberships, logins, and the
// record that the deletion had begun, if there still is one. It may be repeated.
func (s *Store) FinishDelete(ctx context.Context, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, table := range []string{"deletions", "members", "subjects"} {
			if _, err := change(ctx, tx, `DELETE FROM `+table+` WHERE user_id = $1`, userID); err != nil {
				return err
			}
		}
		return nil
	})
}

// CancelDelete undoes a BeginDelete when Asleep certainly refused, so that the user is
// still there. Call it only after the first one: after a later one, an earlier attempt
// may have succeeded. An orphaned user stays listed. It may be repeated.
func (s *Store) CancelDelete(ctx context.Context, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := change(ctx, tx, `DELETE FROM deletions WHERE user_id = $1 AND cause = $2`, userID, string(Deleting))
		return err
	})
}

// State says what is unfinished about an entry.
type State string

// The states.
const (
	Adding   State = "adding"   // an Asleep user may have been created; it is not known which
	Deleting State = "deleting" // the Asleep user may still be there
	Orphaned State = "orphaned" // created for a member who could not be stored; may still be there
)

// Pending is a change in two systems that was begun and not finished.
type Pending struct {
	State        State
	Organization string // "" when the user is no member
	Email        string // "" when the user is no member
	UserID       string // "" when adding
	Since        time.Time
}

// Pending lists the unfinished changes, the oldest first; nil when there are none. One
// that is seconds old is most likely still in progress.
func (s *Store) Pending(ctx context.Context) ([]Pending, error) {
	return readAll(ctx, s, scanPending, `SELECT $1, organization, email, '', since
		FROM members WHERE user_id IS NULL
		UNION ALL
		SELECT d.cause, COALESCE(m.organization, ''), COALESCE(m.email, ''), d.user_id, d.since
		FROM deletions d LEFT JOIN members m ON m.user_id = d.user_id
		ORDER BY 5, 2, 3`, string(Adding))
}

func scanPending(row scanner) (Pending, error) {
	var (
		p     Pending
		since instant
	)
	err := row.Scan(&p.State, &p.Organization, &p.Email, &p.UserID, &since)
	p.Since = since.Time
	return p, err
}
