package directory

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// StaleAfter is how old a reservation must be before [Store.TakeOver] ends it: much
// longer than any attempt to create an Asleep user takes.
const StaleAfter = 10 * time.Minute

// Reservation is the right to make one member, held until [Store.Confirm],
// [Store.Release] or [Store.Withdraw].
type Reservation struct {
	Member  Member    // as it will be, without UserID
	address string    // of Member.Email
	attempt string    // distinguishes this attempt from those before and after it
	since   time.Time // when the attempt that this one took over began; zero: none
}

// Reserve takes the e-mail of m in its organization, before the Asleep user is
// created. UserID and Created of m are ignored; an empty Role means [User]. The errors
// are [ErrExists] when there is such a member, [*PendingError] when an earlier
// attempt or a deletion has not finished, [ErrNotFound] for an unknown
// organization, [*Invalid] (organization, email, role, birth_year, gender), and
// those of every call. After an error this call has reserved nothing, except
// that after [*Unavailable] or the context's error it may have.
func (s *Store) Reserve(ctx context.Context, m Member) (Reservation, error) {
	m.Role = cmp.Or(m.Role, User)
	m.UserID, m.Created = "", s.clock()
	email, address, err := m.check()
	if err != nil {
		return Reservation{}, err
	}
	m.Email = email
	metadata, err := json.Marshal(m.Metadata)
	if err != nil {
		return Reservation{}, err
	}
	r := Reservation{Member: m, address: address, attempt: rand.Text()}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		made, err := change(ctx, tx, `INSERT INTO members (organization, address, email, attempt, role, metadata, since)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization, address) DO NOTHING`,
			m.Organization, address, email, r.attempt, string(m.Role), string(metadata), stamp(m.Created))
		switch {
		case sqldb.ViolatesReference(err):
			return ErrNotFound
		case err != nil || made == 1:
			return err
		}
		err = taken(ctx, tx, r)
		if errors.Is(err, ErrNotFound) {
			return &PendingError{Since: m.Created} // it was released just now
		}
		return err
	})
	if err != nil {
		return Reservation{}, err
	}
	return r, nil
}

// taken returns what holds an e-mail as an error: [*PendingError] or [ErrExists], or
// [ErrNotFound] when nothing does.
func taken(ctx context.Context, tx *sql.Tx, r Reservation) error {
	e, err := entryOf(ctx, tx, r)
	switch {
	case err != nil:
		return err
	case e.leaving.Valid:
		return &PendingError{Since: e.leaving.V.Time}
	case e.userID == "":
		return &PendingError{Since: e.since.Time}
	}
	return ErrExists
}

// entry is what is stored about an e-mail in an organization.
type entry struct {
	attempt string
	userID  string // "": a reservation
	since   instant
	leaving sql.Null[instant] // when the user's deletion began
}

// entryOf reads the entry that r is or was about; [ErrNotFound] when there is none.
func entryOf(ctx context.Context, tx *sql.Tx, r Reservation) (entry, error) {
	var e entry
	err := tx.QueryRowContext(ctx, `SELECT m.attempt, COALESCE(m.user_id, ''), m.since, d.since
		FROM members m LEFT JOIN deletions d ON d.user_id = m.user_id
		WHERE m.organization = $1 AND m.address = $2`, r.Member.Organization, r.address).
		Scan(&e.attempt, &e.userID, &e.since, &e.leaving)
	return e, missing(err)
}

// Confirm turns the reservation into the member whose Asleep user is userID. It may
// be repeated: if the first call succeeded, the second returns nil. The errors are
// [ErrNotFound] when the reservation is gone (released, withdrawn, or taken over),
// [ErrExists] when userID is another member of the organization, [*Invalid]
// (user_id), and those of every call. After [*Unavailable] or the context's error it
// may have succeeded: repeat it, or call [Store.Withdraw], which is right in both
// cases. Do not remove the Asleep user before one of them has succeeded. The context
// should outlive a caller who hangs up.
func (s *Store) Confirm(ctx context.Context, r Reservation, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := change(ctx, tx, `UPDATE members SET user_id = $1, since = $2
			WHERE organization = $3 AND address = $4 AND attempt = $5 AND user_id IS NULL`,
			userID, stamp(s.clock()), r.Member.Organization, r.address, r.attempt)
		switch {
		case sqldb.ViolatesUnique(err):
			return ErrExists
		case err != nil || done == 1:
			return err
		}
		e, err := entryOf(ctx, tx, r)
		if err == nil && (e.attempt != r.attempt || e.userID != userID) {
			return ErrNotFound
		}
		return err
	})
}

// Release frees the e-mail when no Asleep user was created. A reservation that was
// taken over goes back to what it was before, because the attempt that began it may
// have created one. Release may be repeated, and leaves alone whatever is not, or no
// longer, this reservation.
func (s *Store) Release(ctx context.Context, r Reservation) error {
	const held = ` WHERE organization = $1 AND address = $2 AND attempt = $3 AND user_id IS NULL`
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if r.since.IsZero() {
			_, err = change(ctx, tx, `DELETE FROM members`+held, r.Member.Organization, r.address, r.attempt)
		} else {
			_, err = change(ctx, tx, `UPDATE members SET since = $4`+held, r.Member.Organization, r.address, r.attempt, stamp(r.since))
		}
		return err
	})
}

// Withdraw frees the e-mail when the Asleep user userID was created for it and
// cannot be kept. [Store.Pending] lists the user as [Orphaned] until
// [Store.FinishDelete]: remove it at Asleep only after Withdraw. Withdraw undoes a
// Confirm that succeeded, may be repeated, and works when the reservation is gone.
// The errors are [ErrExists] when userID belongs to another entry, so was not created
// for this one, [*Invalid] (user_id), and those of every call.
func (s *Store) Withdraw(ctx context.Context, r Reservation, userID string) error {
	if err := checkUserID(userID); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := change(ctx, tx, `DELETE FROM members WHERE organization = $1 AND address = $2 AND attempt = $3`,
			r.Member.Organization, r.address, r.attempt)
		if err != nil {
			return err
		}
		made, err := change(ctx, tx, `INSERT INTO deletions (user_id, cause, since)
			SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM members WHERE user_id = $1)
			ON CONFLICT (user_id) DO UPDATE SET cause = $2`, userID, string(Orphaned), stamp(s.clock()))
		if err == nil && made == 0 {
			return ErrExists
		}
		return err
	})
}

// TakeOver hands an abandoned reservation to an operator, who then confirms it
// with the Asleep user they found or with one they create, or releases it. The
// attempt that began it can no longer confirm it. The errors are [*PendingError]
// while it is younger than [StaleAfter] or when a deletion holds the e-mail,
// [ErrExists] when there is a member, [ErrNotFound] when there is nothing,
// [*Invalid] (organization, email), and those of every call.
func (s *Store) TakeOver(ctx context.Context, organization, email string) (Reservation, error) {
	_, address, err := checkEmail(email)
	if err := cmp.Or(CheckOrganizationID(organization), err); err != nil {
		return Reservation{}, err
	}
	now := s.clock()
	r := Reservation{address: address, attempt: rand.Text()}
	r.Member.Organization = organization
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		before, err := entryOf(ctx, tx, r)
		if err != nil {
			return err
		}
		r.since = before.since.Time
		var metadata string
		m := &r.Member
		err = tx.QueryRowContext(ctx, `UPDATE members SET attempt = $1, since = $2
			WHERE organization = $3 AND address = $4 AND user_id IS NULL AND since <= $5
			RETURNING email, role, metadata`,
			r.attempt, stamp(now), organization, address, stamp(now.Add(-StaleAfter))).
			Scan(&m.Email, &m.Role, &metadata)
		if errors.Is(err, sql.ErrNoRows) {
			return taken(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		m.Created = now
		return json.Unmarshal([]byte(metadata), &m.Metadata)
	})
	if err != nil {
		return Reservation{}, err
	}
	return r, nil
}
