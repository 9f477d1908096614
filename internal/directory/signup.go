package directory

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"
)

// SignUp is the right to create the Asleep user that a login will stand for, held
// until [Store.FinishSignUp] or [Store.CancelSignUp].
type SignUp struct {
	issuer, subject, address, attempt string
	// Abandoned reports that an earlier attempt was neither finished nor cancelled, so
	// that Asleep may have a user whom nobody knows about, and who has no nights.
	Abandoned bool
}

// BeginSignUp takes a login before its Asleep user is created, as [Store.Reserve]
// does for a member: nobody else can then create another one. email is one that the
// provider verified, "" for none; a member added with it later is the same user. An attempt older
// than [StaleAfter] is taken over. The errors are [ErrExists] when the login
// stands for a user, [*PendingError] while another attempt is in progress,
// [*Invalid] (issuer, subject, email), and those of every call. After [*Unavailable] or
// the context's error the login may have been taken.
func (s *Store) BeginSignUp(ctx context.Context, issuer, subject, email string) (SignUp, error) {
	u := SignUp{issuer: issuer, subject: subject, attempt: rand.Text()}
	var err error
	if email != "" {
		_, u.address, err = checkEmail(email)
	}
	if err := cmp.Or(checkToken("issuer", issuer), checkToken("subject", subject), err); err != nil {
		return SignUp{}, err
	}
	now := s.clock()
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		taken, err := change(ctx, tx, `INSERT INTO signups (issuer, subject, attempt, since) VALUES ($1, $2, $3, $4)
			ON CONFLICT (issuer, subject) DO NOTHING`, issuer, subject, u.attempt, stamp(now))
		if err == nil && taken == 0 {
			u.Abandoned = true
			err = s.takeOverSignUp(ctx, tx, u, now)
		}
		if err != nil {
			return err
		}
		// This comes after the row above, which concurrent mappings of the login wait for.
		var known bool
		err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM subjects WHERE issuer = $1 AND subject = $2)`,
			issuer, subject).Scan(&known)
		if err == nil && known {
			return ErrExists
		}
		return err
	})
	if err != nil {
		return SignUp{}, err
	}
	return u, nil
}

func (s *Store) takeOverSignUp(ctx context.Context, tx *sql.Tx, u SignUp, now time.Time) error {
	taken, err := change(ctx, tx, `UPDATE signups SET attempt = $1, since = $2
		WHERE issuer = $3 AND subject = $4 AND since <= $5`,
		u.attempt, stamp(now), u.issuer, u.subject, stamp(now.Add(-StaleAfter)))
	if err != nil || taken == 1 {
		return err
	}
	var since instant
	err = tx.QueryRowContext(ctx, `SELECT since FROM signups WHERE issuer = $1 AND subject = $2`, u.issuer, u.subject).Scan(&since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return &PendingError{Since: since.Time}
}

// FinishSignUp makes the login stand for userID. It may be repeated. The errors
// are [ErrNotFound] when the attempt was taken over or cancelled, [ErrExists]
// when the login now stands for another user, or userID is somebody's already, [*Invalid] (user_id), and those of
// every call. After an error the Asleep user belongs to nobody: unless
// [Store.Knows] them, call [Store.BeginDelete], remove it at Asleep, then call
// [Store.FinishDelete].
func (s *Store) FinishSignUp(ctx context.Context, u SignUp, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		held, err := change(ctx, tx, `DELETE FROM signups WHERE issuer = $1 AND subject = $2 AND attempt = $3`,
			u.issuer, u.subject, u.attempt)
		switch {
		case err != nil:
			return err
		case held == 1:
			if err := isNobodys(ctx, tx, userID); err != nil {
				return err
			}
			return s.mapSubject(ctx, tx, u.issuer, u.subject, userID, u.address)
		}
		return checkSubject(ctx, tx, u.issuer, u.subject, userID) // it may have succeeded before
	})
}

// CancelSignUp frees the login when no Asleep user was created for it, or when that
// user has been removed. It may be repeated.
func (s *Store) CancelSignUp(ctx context.Context, u SignUp) error {
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := change(ctx, tx, `DELETE FROM signups WHERE issuer = $1 AND subject = $2 AND attempt = $3`,
			u.issuer, u.subject, u.attempt)
		return err
	})
}
