package directory

import (
	"cmp"
	"context"
	"database/sql"
)

// thatMember selects a member as [Store.Member] returned them, if they still are one.
const thatMember = ` WHERE organization = $1 AND address = $2 AND user_id = $3
	AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = members.user_id)`

// SetRole gives a member, as returned by [Store.Member], another role. It may be
// repeated. The errors are [ErrNotFound] when they are no longer that member,
// [*Invalid] (organization, email, user_id, role), and those of every call.
func (s *Store) SetRole(ctx context.Context, m Member, role Role) error {
	if err := role.check(); err != nil {
		return err
	}
	return s.changeMember(ctx, m, `UPDATE members SET role = $4`+thatMember, string(role))
}

// RemoveMember ends a membership and frees its e-mail; the Asleep user, their other
// memberships and their logins stay. The errors are those of [Store.SetRole], so a
// repeated call returns [ErrNotFound].
func (s *Store) RemoveMember(ctx context.Context, m Member) error {
	return s.changeMember(ctx, m, `DELETE FROM members`+thatMember)
}

func (s *Store) changeMember(ctx context.Context, m Member, statement string, more ...any) error {
	_, address, err := checkEmail(m.Email)
	if err := cmp.Or(CheckOrganizationID(m.Organization), err, checkUserID(m.UserID)); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := change(ctx, tx, statement, append([]any{m.Organization, address, m.UserID}, more...)...)
		if err == nil && done == 0 {
			return ErrNotFound
		}
		return err
	})
}
