package directory

import (
	"cmp"
	"context"
	"database/sql"
)

// MapSubject makes a login stand for an Asleep user. The login is the issuer and
// the subject of its token, 1 to 512 printable characters each. It may be
// repeated. The errors are [ErrExists] when the login stands for another user,
// [*Invalid] (issuer, subject, user_id), and those of every call.
func (s *Store) MapSubject(ctx context.Context, issuer, subject, userID string) error {
	err := cmp.Or(checkToken("issuer", issuer), checkToken("subject", subject), checkUserID(userID))
	if err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.mapSubject(ctx, tx, issuer, subject, userID, "")
	})
}

// mapSubject is [Store.MapSubject] inside a transaction, with the verified address of the
// login; "" when that is not known.
func (s *Store) mapSubject(ctx context.Context, tx *sql.Tx, issuer, subject, userID, address string) error {
	known := sql.NullString{String: address, Valid: address != ""}
	made, err := change(ctx, tx, `INSERT INTO subjects (issuer, subject, user_id, since, address) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (issuer, subject) DO NOTHING`, issuer, subject, userID, stamp(s.clock()), known)
	if err != nil || made == 1 {
		return err
	}
	return checkSubject(ctx, tx, issuer, subject, userID)
}

// checkSubject returns nil when a login stands for userID, [ErrExists] when it stands
// for another user, [ErrNotFound] when it stands for nobody.
func checkSubject(ctx context.Context, tx *sql.Tx, issuer, subject, userID string) error {
	var same bool
	err := tx.QueryRowContext(ctx, `SELECT user_id = $3 FROM subjects WHERE issuer = $1 AND subject = $2`,
		issuer, subject, userID).Scan(&same)
	if err == nil && !same {
		return ErrExists
	}
	return missing(err)
}

// UnmapSubject makes a login stand for nobody; was reports whether it stood for
// somebody before. The Asleep user stays. The errors are [*Invalid] (issuer, subject),
// and those of every call.
func (s *Store) UnmapSubject(ctx context.Context, issuer, subject string) (was bool, err error) {
	if err := cmp.Or(checkToken("issuer", issuer), checkToken("subject", subject)); err != nil {
		return false, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		gone, err := change(ctx, tx, `DELETE FROM subjects WHERE issuer = $1 AND subject = $2`, issuer, subject)
		was = gone > 0
		return err
	})
	return was, err
}

// UserOf returns the Asleep user a login stands for, or [ErrNotFound], also when
// that user's deletion has begun.
func (s *Store) UserOf(ctx context.Context, issuer, subject string) (string, error) {
	if err := cmp.Or(checkToken("issuer", issuer), checkToken("subject", subject)); err != nil {
		return "", err
	}
	return readOne(ctx, s, scanText, `SELECT s.user_id FROM subjects s WHERE s.issuer = $1 AND s.subject = $2
		AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = s.user_id)`, issuer, subject)
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// Knows reports whether a user is a member, has a login, or is being deleted. The errors
// are [*Invalid] (user_id), and those of every call.
func (s *Store) Knows(ctx context.Context, userID string) (known bool, err error) {
	if err := checkUserID(userID); err != nil {
		return false, err
	}
	return readOne(ctx, s, func(row scanner) (known bool, err error) {
		err = row.Scan(&known)
		return known, err
	}, isKnown, userID)
}

const isKnown = `SELECT EXISTS (SELECT 1 FROM members WHERE user_id = $1)
	OR EXISTS (SELECT 1 FROM subjects WHERE user_id = $1) OR EXISTS (SELECT 1 FROM deletions WHERE user_id = $1)`

// isNobodys returns [ErrExists] for a user who is known.
func isNobodys(ctx context.Context, tx *sql.Tx, userID string) error {
	var known bool
	if err := tx.QueryRowContext(ctx, isKnown, userID).Scan(&known); err != nil || !known {
		return err
	}
	return ErrExists
}
