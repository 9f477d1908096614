package directory

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
)

// Join makes a login stand for the member who has an e-mail, which the provider must
// have verified, and returns the member's Asleep user. A login joins nobody who already
// has a login of the same issuer: an e-mail may have been given to somebody else since.
// The errors are [ErrNotFound] when there is nobody to join, or more than one Asleep user
// has the e-mail, [ErrExists] when the login stands for another user, [*Invalid] (issuer,
// subject, email), and those of every call.
func (s *Store) Join(ctx context.Context, issuer, subject, email string) (userID string, err error) {
	_, address, err := checkEmail(email)
	if err := cmp.Or(checkToken("issuer", issuer), checkToken("subject", subject), err); err != nil {
		return "", err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		userID, err = onlyUser(ctx, tx, `SELECT DISTINCT m.user_id FROM present_members m WHERE m.address = $1
			AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.user_id = m.user_id AND s.issuer = $2)`, address, issuer)
		if err != nil {
			return err
		}
		return s.mapSubject(ctx, tx, issuer, subject, userID, address)
	})
	return userID, err
}

// UserOfEmail returns the Asleep user of the login that signed up with a verified
// e-mail, or [ErrNotFound], also when several did.
func (s *Store) UserOfEmail(ctx context.Context, email string) (string, error) {
	_, address, err := checkEmail(email)
	if err != nil {
		return "", err
	}
	var userID string
	err = s.reading(ctx, ErrNotFound, func(ctx context.Context, db rows) (err error) {
		userID, err = onlyUser(ctx, db, `SELECT DISTINCT s.user_id FROM subjects s WHERE s.address = $1
			AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = s.user_id)`, address)
		return err
	})
	return userID, err
}

// onlyUser returns the one user that a query finds, or [ErrNotFound].
func onlyUser(ctx context.Context, db rows, query string, args ...any) (string, error) {
	found, err := collect(ctx, db, scanText, query, args...)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", ErrNotFound
	}
	return found[0], nil
}

// Reassigned counts what [Store.Reassign] moved.
type Reassigned struct {
	Memberships, Logins int
	Dropped             int // memberships of the first user in organizations where the second is a member too
}

// Reassign makes everything that stands for one Asleep user stand for another, when both
// turned out to be the same person: memberships and logins. Where both are members of one
// organization, that of the second stays as it is and the first's ends. Neither Asleep
// user nor any recording is deleted. It may be repeated. The errors are [*PendingError]
// while the deletion of either has not finished, [*Invalid] (user_id), and those of every
// call.
func (s *Store) Reassign(ctx context.Context, from, to string) (moved Reassigned, err error) {
	err = cmp.Or(checkUserID(from), checkUserID(to))
	if err == nil && from == to {
		err = &Invalid{Field: "user_id", Problem: "must be two different users"}
	}
	if err != nil {
		return moved, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := notLeaving(ctx, tx, from, to); err != nil {
			return err
		}
		for _, step := range []struct {
			count     *int
			statement string
		}{
			{&moved.Dropped, `DELETE FROM members WHERE user_id = $1 AND organization IN (SELECT organization FROM members WHERE user_id = $2)`},
			{&moved.Memberships, `UPDATE members SET user_id = $2 WHERE user_id = $1`},
			{&moved.Logins, `UPDATE subjects SET user_id = $2 WHERE user_id = $1`},
		} {
			n, err := change(ctx, tx, step.statement, from, to)
			if err != nil {
				return err
			}
			*step.count = int(n)
		}
		return nil
	})
	if err != nil {
		return Reassigned{}, err
	}
	return moved, nil
}

// notLeaving returns [*PendingError] when the deletion of either user has begun.
func notLeaving(ctx context.Context, tx *sql.Tx, one, other string) error {
	var since instant
	err := tx.QueryRowContext(ctx, `SELECT since FROM deletions WHERE user_id IN ($1, $2) ORDER BY since LIMIT 1`, one, other).Scan(&since)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return &PendingError{Since: since.Time}
}
