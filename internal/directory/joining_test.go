package directory

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJoin(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: "other", Name: "Other"}))
		_, err := s.Join(t.Context(), login, subject, "anna@example.org")
		require.ErrorIs(t, err, ErrNotFound, "nobody has it")
		add(t, s, anna, "U-1")
		add(t, s, Member{Organization: "other", Email: "anna@example.org"}, "U-1")

		joined, err := s.Join(t.Context(), login, subject, "ANNA@Example.org")
		require.NoError(t, err)
		assert.Equal(t, "U-1", joined)
		user, err := s.UserOf(t.Context(), login, subject)
		require.NoError(t, err)
		assert.Equal(t, "U-1", user)

		_, err = s.Join(t.Context(), login, "next employee", "anna@example.org")
		require.ErrorIs(t, err, ErrNotFound, "the e-mail was given to somebody else: the member has a login already")
		_, err = s.Join(t.Context(), "https://another", "anna", "anna@example.org")
		require.NoError(t, err, "a login of another provider")

		add(t, s, Member{Organization: "acme", Email: "two@example.org"}, "U-2")
		add(t, s, Member{Organization: "other", Email: "two@example.org"}, "U-3")
		_, err = s.Join(t.Context(), login, "two", "two@example.org")
		require.ErrorIs(t, err, ErrNotFound, "it is two users'")

		add(t, s, Member{Organization: "acme", Email: "gone@example.org"}, "U-4")
		_, err = s.BeginDelete(t.Context(), "U-4")
		require.NoError(t, err)
		_, err = s.Join(t.Context(), login, "gone", "gone@example.org")
		require.ErrorIs(t, err, ErrNotFound, "their deletion has begun")
		var invalid *Invalid
		_, err = s.Join(t.Context(), login, "x", "no e-mail")
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "email", invalid.Field)
	})
}

func TestUserOfEmail(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		signUp := func(subject, email, user string) {
			begun, err := s.BeginSignUp(t.Context(), login, subject, email)
			require.NoError(t, err)
			require.NoError(t, s.FinishSignUp(t.Context(), begun, user))
		}
		signUp("unverified", "", "U-0")
		signUp("anna", "Anna@example.org", "U-1")
		found, err := s.UserOfEmail(t.Context(), "anna@EXAMPLE.org")
		require.NoError(t, err)
		assert.Equal(t, "U-1", found)
		_, err = s.UserOfEmail(t.Context(), "bo@example.org")
		require.ErrorIs(t, err, ErrNotFound)
		signUp("anna again", "anna@example.org", "U-2")
		_, err = s.UserOfEmail(t.Context(), "anna@example.org")
		require.ErrorIs(t, err, ErrNotFound, "two did")
		_, err = s.BeginDelete(t.Context(), "U-2")
		require.NoError(t, err)
		found, err = s.UserOfEmail(t.Context(), "anna@example.org")
		require.NoError(t, err)
		assert.Equal(t, "U-1", found, "the other is leaving")
	})
}

func TestReassign(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: "other", Name: "Other"}))
		add(t, s, Member{Organization: "acme", Email: "old@example.org", Role: User}, "U-1")
		add(t, s, Member{Organization: "acme", Email: "new@example.org", Role: Coach}, "U-2")
		add(t, s, Member{Organization: "other", Email: "old@example.org", Role: Analyst}, "U-1")
		require.NoError(t, s.MapSubject(t.Context(), login, "anna", "U-1"))
		require.NoError(t, s.MapSubject(t.Context(), login, "bo", "U-3"))

		moved, err := s.Reassign(t.Context(), "U-1", "U-2")
		require.NoError(t, err)
		assert.Equal(t, Reassigned{Memberships: 1, Logins: 1, Dropped: 1}, moved)
		assert.Equal(t, []string{"new@example.org"}, emails(t, s))
		memberships, err := s.Memberships(t.Context(), "U-2")
		require.NoError(t, err)
		require.Len(t, memberships, 2)
		assert.Equal(t, []Role{Coach, Analyst}, []Role{memberships[0].Role, memberships[1].Role})
		for subject, want := range map[string]string{"anna": "U-2", "bo": "U-3"} {
			user, err := s.UserOf(t.Context(), login, subject)
			require.NoError(t, err)
			assert.Equal(t, want, user)
		}
		moved, err = s.Reassign(t.Context(), "U-1", "U-2")
		require.NoError(t, err)
		assert.Equal(t, Reassigned{}, moved, "may be repeated")

		_, err = s.BeginDelete(t.Context(), "U-1")
		require.NoError(t, err)
		_, err = s.Reassign(t.Context(), "U-2", "U-1")
		require.ErrorIs(t, err, ErrPending)
		var invalid *Invalid
		_, err = s.Reassign(t.Context(), "U-2", "U-2")
		require.ErrorAs(t, err, &invalid)
	})
}
