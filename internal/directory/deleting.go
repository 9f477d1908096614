package directory

import (
	"context"
	"database/sql"
	"time"
)

// BeginDelete writes down that an Asleep user is about to be removed: from now
// on they are nobody's member and no login stands for them. It may be repeated;
// first reports that it had not begun before. The user need not be known here.
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

// FinishDelete forgets an Asleep user that was removed: memberships, logins, and
// the note that the deletion had begun, if it is still there. It may be repeated.
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

// CancelDelete takes the first BeginDelete back when Asleep refused for certain, so
// that the user is still there; of a later one only an attempt before it knows. An
// orphaned user stays listed. It may be repeated.
func (s *Store) CancelDelete(ctx context.Context, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := change(ctx, tx, `DELETE FROM deletions WHERE user_id = $1 AND cause = $2`, userID, string(Deleting))
		return err
	})
}

// State is what is not finished.
type State string

// The states.
const (
	Adding   State = "adding"   // an Asleep user may have been made; which one is not known
	Deleting State = "deleting" // the Asleep user may still be there
	Orphaned State = "orphaned" // made for a member who could not be written down; may still be there
)

// Pending is something that was begun in two systems and not finished.
type Pending struct {
	State        State
	Organization string // "" when the user is no member
	Email        string // "" when the user is no member
	UserID       string // "" when adding
	Since        time.Time
}

// Pending lists what is not finished, the oldest first; nil when everything is.
// An entry that is seconds old is most likely somebody at work.
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
