package directory

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMembershipChanges(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(ctx, Organization{ID: "other", Name: "Other"}))
		add(t, s, anna, "U-1")
		add(t, s, Member{Organization: "other", Email: anna.Email}, "U-1")
		add(t, s, Member{Organization: "acme", Email: "ben@example.org"}, "U-2")
		require.NoError(t, s.MapSubject(ctx, "https://id", "anna", "U-1"))
		told, err := s.Member(ctx, "acme", "ANNA@example.org")
		require.NoError(t, err)

		for range 2 {
			require.NoError(t, s.SetRole(ctx, told, Coach))
		}
		changed, err := s.Member(ctx, "acme", anna.Email)
		require.NoError(t, err)
		want := told
		want.Role = Coach
		assert.Equal(t, want, changed, "and nothing else")
		requireInvalid(t, "role", s.SetRole(ctx, told, "owner"))

		someoneElse := told
		someoneElse.UserID = "U-2"
		require.ErrorIs(t, s.SetRole(ctx, someoneElse, Analyst), ErrNotFound)
		require.ErrorIs(t, s.RemoveMember(ctx, someoneElse), ErrNotFound)
		beginDelete(t, s, "U-1")
		require.ErrorIs(t, s.SetRole(ctx, told, User), ErrNotFound, "whose deletion has begun")
		require.ErrorIs(t, s.RemoveMember(ctx, told), ErrNotFound)
		require.NoError(t, s.CancelDelete(ctx, "U-1"))

		require.NoError(t, s.RemoveMember(ctx, told))
		require.ErrorIs(t, s.RemoveMember(ctx, told), ErrNotFound)
		require.ErrorIs(t, s.SetRole(ctx, told, User), ErrNotFound)
		requireInvalid(t, "user_id", s.RemoveMember(ctx, Member{Organization: "acme", Email: anna.Email}))
		s = d.reopen(t, s)
		assert.Equal(t, []string{"ben@example.org"}, emails(t, s))
		assert.Empty(t, states(t, s))
		left, err := s.Memberships(ctx, "U-1")
		require.NoError(t, err)
		require.Len(t, left, 1)
		assert.Equal(t, "other", left[0].Organization)
		user, err := s.UserOf(ctx, "https://id", "anna")
		require.NoError(t, err)
		assert.Equal(t, "U-1", user)
		add(t, s, anna, "U-3") // the e-mail is free
	})
}
