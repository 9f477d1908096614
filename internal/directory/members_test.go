package directory

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMembers(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(ctx, Organization{ID: "other", Name: "Other"}))
		at(s, noon)
		full := Member{
			Organization: "acme", Email: "Zoë+X@EXAMPLE.org", Role: Coach,
			Metadata: Metadata{BirthYear: 1980, Gender: "female"},
		}
		add(t, s, full, "U-2")
		add(t, s, anna, "U-1")
		add(t, s, Member{Organization: "acme", Email: "b-b@example.org"}, "U-3")
		add(t, s, Member{Organization: "acme", Email: "B.A@example.org"}, "U-4")
		add(t, s, Member{Organization: "acme", Email: "zoz@example.org"}, "U-5")
		add(t, s, Member{Organization: "other", Email: "zoe@home.org", Role: Analyst}, "U-2")

		s = d.reopen(t, s)
		want := full
		want.Email, want.UserID = "Zoë+X@example.org", "U-2"
		want.Created = time.Date(2026, 3, 1, 11, 0, 0, 123456000, time.UTC)
		assert.Equal(t, want, members(t, s)[4])
		for _, written := range []string{"zoë+x@example.ORG", "zoe\u0308+x@example.org"} {
			_, err := s.Reserve(ctx, Member{Organization: "acme", Email: written})
			require.ErrorIs(t, err, ErrExists)
		}

		assert.Equal(t, []string{"anna@example.org", "b-b@example.org", "B.A@example.org", "zoz@example.org", want.Email}, emails(t, s))

		where, err := s.Memberships(ctx, "U-2")
		require.NoError(t, err)
		require.Len(t, where, 2)
		assert.Equal(t, []Role{Coach, Analyst}, []Role{where[0].Role, where[1].Role})
		where, err = s.Memberships(ctx, "U-9")
		require.NoError(t, err)
		assert.Empty(t, where)
		years, err := s.BirthYears(ctx, []string{"U-1", "U-2", "U-9", `"]`})
		require.NoError(t, err)
		assert.Equal(t, map[string][]int{"U-2": {1980}}, years, "of U-1 none is known")
		ids, err := s.OrganizationsOf(ctx, "U-2")
		require.NoError(t, err)
		assert.Equal(t, []string{"acme", "other"}, ids)
		ids, err = s.OrganizationsOf(ctx, "U-9")
		require.NoError(t, err)
		assert.Empty(t, ids)

		one, err := s.Organization(ctx, "acme")
		require.NoError(t, err)
		assert.Equal(t, 5, one.Members)
		assert.Zero(t, one.Pending)
		for _, err := range s.Members(ctx, "nowhere") {
			require.ErrorIs(t, err, ErrNotFound)
		}
	})
}

func TestMembersAreChecked(t *testing.T) {
	t.Parallel()
	s := withCompany(t, emptySQLite(t))
	for field, wrong := range map[string][]Member{
		"organization": {{Organization: "A", Email: "a@b.org"}},
		"email": {
			{Email: ""},
			{Email: "anna"},
			{Email: "anna@"},
			{Email: "@b"},
			{Email: "Anna <anna@b.org>"},
			{Email: "<a@b.org>"},
			{Email: "a@b.org, c@d.org"},
			{Email: " a@b.org"},
			{Email: "a@b.org\n"},
			{Email: "a@b\u200b.org"},
			{Email: "a\x00@b.org"},
			{Email: strings.Repeat("a", 249) + "@b.org"},
		},
		"role":       {{Email: "a@b.org", Role: "boss"}},
		"birth_year": {{Email: "a@b.org", Metadata: Metadata{BirthYear: 1899}}, {Email: "a@b.org", Metadata: Metadata{BirthYear: 9999}}},
		"gender":     {{Email: "a@b.org", Metadata: Metadata{Gender: "unknown"}}},
	} {
		for _, m := range wrong {
			if m.Organization == "" {
				m.Organization = "acme"
			}
			_, err := s.Reserve(t.Context(), m)
			requireInvalid(t, field, err)
		}
	}
	assert.Empty(t, states(t, s))

	add(t, s, Member{Organization: "acme", Email: strings.Repeat("a", 248) + "@b.org"}, "U-1")
	r, err := s.Reserve(t.Context(), anna)
	require.NoError(t, err)
	for _, id := range []string{"", "a b", "../x", strings.Repeat("a", 129), "ü"} {
		requireInvalid(t, "user_id", s.Confirm(t.Context(), r, id))
	}
	require.NoError(t, s.Confirm(t.Context(), r, strings.Repeat("a", 128)))
}

// TestManyMembers lists ten thousand, calls the store meanwhile, and keeps a
// page of them in memory.
func TestManyMembers(t *testing.T) {
	const many = 10_000
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		fill(t, d, many)
		var (
			n     int
			last  string
			alive []uint64
		)
		for m, err := range s.Members(t.Context(), "acme") {
			require.NoError(t, err)
			require.Greater(t, m.Email, last)
			last = m.Email
			if n++; n%(many/10) == pageSize/2 {
				alive = append(alive, heap())
				require.NoError(t, s.MapSubject(t.Context(), "https://id", m.Email, m.UserID))
			}
		}
		assert.Equal(t, many, n)
		require.Len(t, alive, 10)
		for _, bytes := range alive[1:] {
			assert.Less(t, bytes, alive[0]+512<<10, "memory grows with the list: %v", alive)
		}
		one, err := s.Organization(t.Context(), "acme")
		require.NoError(t, err)
		assert.Equal(t, many, one.Members)
	})
}

func TestMembersStopsEarly(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		fill(t, d, 3)
		n := 0
		for _, err := range s.Members(t.Context(), "acme") {
			require.NoError(t, err)
			if n++; n == 2 {
				break
			}
		}
		assert.Equal(t, 2, n)
		assert.Len(t, emails(t, s), 3)
	})
}

// fill writes n members directly: user0@example.org, U-0, and so on.
func fill(t *testing.T, d database, n int) {
	t.Helper()
	tx, err := d.raw(t).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	const batch = 100
	for from := 0; from < n; from += batch {
		var values []string
		for i := from; i < min(from+batch, n); i++ {
			values = append(values, fmt.Sprintf(
				`('acme', 'user%05[1]d@example.org', 'user%05[1]d@example.org', 'x', 'U-%[1]d', 'user', '{"birth_year":1980}', '%[2]s')`,
				i, stamp(noon)))
		}
		_, err := tx.ExecContext(t.Context(), `INSERT INTO members
			(organization, address, email, attempt, user_id, role, metadata, since) VALUES `+strings.Join(values, ","))
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit())
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
