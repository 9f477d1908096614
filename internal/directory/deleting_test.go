package directory

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDeleting(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(ctx, Organization{ID: "other", Name: "Other"}))
		add(t, s, anna, "U-1")
		add(t, s, Member{Organization: "other", Email: "a@home.org"}, "U-1")
		add(t, s, Member{Organization: "acme", Email: "ben@example.org"}, "U-2")
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-1"))
		require.NoError(t, s.MapSubject(ctx, "https://id", "ben", "U-2"))
		at(s, noon)

		for _, first := range []bool{true, false} {
			got, err := s.BeginDelete(ctx, "U-1")
			require.NoError(t, err)
			assert.Equal(t, first, got)
		}
		s = d.reopen(t, s) // killed before or after the removal at Asleep
		assert.Equal(t, []string{"ben@example.org"}, emails(t, s))
		_, err := s.UserOf(ctx, "https://id", "anna")
		require.ErrorIs(t, err, ErrNotFound)
		where, err := s.Memberships(ctx, "U-1")
		require.NoError(t, err)
		assert.Empty(t, where)
		var pending *PendingError
		_, err = s.Reserve(ctx, anna)
		require.ErrorAs(t, err, &pending)
		assert.Equal(t, stamp(noon), stamp(pending.Since))
		all, err := s.Pending(ctx)
		require.NoError(t, err)
		assert.Equal(t, []Pending{
			{Deleting, "acme", anna.Email, "U-1", pending.Since},
			{Deleting, "other", "a@home.org", "U-1", pending.Since},
		}, all)
		one, err := s.Organization(ctx, "acme")
		require.NoError(t, err)
		assert.Equal(t, []int{1, 1}, []int{one.Members, one.Pending})

		require.NoError(t, s.FinishDelete(ctx, "U-1"))
		require.NoError(t, s.FinishDelete(ctx, "U-1"))
		assert.Empty(t, states(t, s))
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-3"), "the login is free")
		add(t, s, anna, "U-3")
		id, err := s.UserOf(ctx, "https://id", "ben")
		require.NoError(t, err)
		assert.Equal(t, "U-2", id)
	})
}

func TestDeletingIsTakenBack(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		add(t, s, anna, "U-1")
		beginDelete(t, s, "U-1")
		require.NoError(t, s.CancelDelete(ctx, "U-1"))
		assert.Len(t, emails(t, s), 1)
		assert.Empty(t, states(t, s))

		r, err := s.Reserve(ctx, Member{Organization: "acme", Email: "ben@example.org"})
		require.NoError(t, err)
		beginDelete(t, s, "U-2")
		require.NoError(t, s.Withdraw(ctx, r, "U-2"))
		require.NoError(t, s.CancelDelete(ctx, "U-2"))
		assert.Equal(t, []State{Orphaned}, states(t, s), "nobody else remembers an orphan")
		require.NoError(t, s.FinishDelete(ctx, "U-2"))
		assert.Empty(t, states(t, s))

		require.NoError(t, s.FinishDelete(ctx, "U-1"), "another attempt was refused meanwhile, and took the note back")
		assert.Empty(t, emails(t, s))
	})
}

func beginDelete(t *testing.T, s *Store, userID string) {
	t.Helper()
	_, err := s.BeginDelete(t.Context(), userID)
	require.NoError(t, err)
}

func TestDirectory(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := d.open(t)
		_, err := s.UserOf(ctx, "https://id", "anna")
		require.ErrorIs(t, err, ErrNotFound)
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-1"))
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-1"))
		require.ErrorIs(t, s.MapSubject(ctx, "https://id", "anna", "U-2"), ErrExists)
		require.NoError(t, s.MapSubject(ctx, "https://other", "anna", "U-2"))
		requireInvalid(t, "issuer", s.MapSubject(ctx, "", "anna", "U-1"))
		requireInvalid(t, "subject", s.MapSubject(ctx, "https://id", "an\nna", "U-1"))
		requireInvalid(t, "user_id", s.MapSubject(ctx, "https://id", "anna", "U 1"))

		s = d.reopen(t, s)
		for issuer, want := range map[string]string{"https://id": "U-1", "https://other": "U-2"} {
			got, err := s.UserOf(ctx, issuer, "anna")
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
		_, err = s.UserOf(ctx, "https://id", "Anna")
		require.ErrorIs(t, err, ErrNotFound, "subjects have case")

		for _, was := range []bool{true, false} {
			got, err := s.UnmapSubject(ctx, "https://id", "anna")
			require.NoError(t, err)
			assert.Equal(t, was, got)
		}
		_, err = s.UserOf(ctx, "https://id", "anna")
		require.ErrorIs(t, err, ErrNotFound)
		other, err := s.UserOf(ctx, "https://other", "anna")
		require.NoError(t, err)
		assert.Equal(t, "U-2", other, "another issuer's login stays")
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-3"), "as somebody else")
		_, err = s.UnmapSubject(ctx, "", "anna")
		requireInvalid(t, "issuer", err)
	})
}
