package directory

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOrganizations(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := d.open(t)
		none, err := s.Organizations(ctx)
		require.NoError(t, err)
		assert.Empty(t, none)

		at(s, noon)
		for _, o := range []Organization{
			{ID: "zoo", Name: "動物園 & Söhne", Settings: Settings{Timezone: "Asia/Seoul"}},
			{ID: "a-1", Name: "A"},
			{ID: "a1", Name: strings.Repeat("ü", 200)},
		} {
			require.NoError(t, s.CreateOrganization(ctx, o), o.ID)
		}
		require.ErrorIs(t, s.CreateOrganization(ctx, Organization{ID: "zoo", Name: "again"}), ErrExists)
		_, err = s.Organization(ctx, "nowhere")
		require.ErrorIs(t, err, ErrNotFound)

		s = d.reopen(t, s)
		all, err := s.Organizations(ctx)
		require.NoError(t, err)
		require.Len(t, all, 3)
		assert.Equal(t, []string{"a-1", "a1", "zoo"}, []string{all[0].ID, all[1].ID, all[2].ID})
		want := Organization{
			ID: "zoo", Name: "動物園 & Söhne", Settings: Settings{Timezone: "Asia/Seoul"},
			Created: time.Date(2026, 3, 1, 11, 0, 0, 123456000, time.UTC),
		}
		assert.Equal(t, want, all[2])
		one, err := s.Organization(ctx, "zoo")
		require.NoError(t, err)
		assert.Equal(t, want, one)
	})
}

func TestOrganizationsAreChecked(t *testing.T) {
	t.Parallel()
	s := emptySQLite(t).open(t)
	for field, wrong := range map[string][]Organization{
		"organization": {
			{ID: ""}, {ID: "-a"}, {ID: "A"}, {ID: "a_b"}, {ID: "a\n"}, {ID: "ä"}, {ID: strings.Repeat("a", 64)},
		},
		"name": {
			{ID: "a"},
			{ID: "a", Name: " a"},
			{ID: "a", Name: "a\nb"},
			{ID: "a", Name: "\xff"},
			{ID: "a", Name: "\u202ea"},
			{ID: "a", Name: strings.Repeat("ü", 201)},
		},
		"timezone": {
			{ID: "a", Name: "A", Settings: Settings{Timezone: "Local"}}, {ID: "a", Name: "A", Settings: Settings{Timezone: "localtime"}}, {ID: "a", Name: "A", Settings: Settings{Timezone: "Mars/Olympus"}},
		},
	} {
		for _, o := range wrong {
			requireInvalid(t, field, s.CreateOrganization(t.Context(), o))
		}
	}
	require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: strings.Repeat("0", 63), Name: "a b"}))
}

func requireInvalid(t *testing.T, field string, err error) {
	t.Helper()
	var invalid *Invalid
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, field, invalid.Field)
}

// TestSchemaRefuses bypasses the store: the database itself refuses what must never be.
func TestSchemaRefuses(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		add(t, withCompany(t, d), anna, "U-1")
		raw := d.raw(t)
		const member = `INSERT INTO members (organization, address, email, attempt, user_id, role, metadata, since) VALUES `
		const when = `'2026-03-01T12:00:00.000000Z'`
		for name, statement := range map[string]string{
			"organization twice":      `INSERT INTO organizations VALUES ('acme', 'Acme', '{}', ` + when + `)`,
			"organization's id":       `INSERT INTO organizations VALUES ('Acme', 'Acme', '{}', ` + when + `)`,
			"organization's name":     `INSERT INTO organizations VALUES ('new', '', '{}', ` + when + `)`,
			"organization's settings": `INSERT INTO organizations VALUES ('new', 'New', '{', ` + when + `)`,
			"nowhere's member":        member + `('nowhere', 'b@c', 'b@c', 'x', 'U-2', 'user', '{}', ` + when + `)`,
			"e-mail twice":            member + `('acme', 'anna@example.org', 'b@c', 'x', 'U-2', 'user', '{}', ` + when + `)`,
			"user twice":              member + `('acme', 'b@c', 'b@c', 'x', 'U-1', 'user', '{}', ` + when + `)`,
			"user's id":               member + `('acme', 'b@c', 'b@c', 'x', 'U 1', 'user', '{}', ` + when + `)`,
			"role":                    member + `('acme', 'b@c', 'b@c', 'x', 'U-2', 'boss', '{}', ` + when + `)`,
			"nameless attempt":        member + `('acme', 'b@c', 'b@c', '', 'U-2', 'user', '{}', ` + when + `)`,
			"company with members":    `DELETE FROM organizations WHERE id = 'acme'`,
			"deletion's cause":        `INSERT INTO deletions VALUES ('U-1', 'whim', ` + when + `)`,
			"nobody's login":          `INSERT INTO subjects VALUES ('', 'x', 'U-1', ` + when + `)`,
		} {
			_, err := raw.ExecContext(t.Context(), statement)
			require.Error(t, err, name)
		}
		_, err := raw.ExecContext(t.Context(), member+`('acme', 'b@c', 'b@c', 'x', 'U-2', 'user', '{}', `+when+`)`)
		require.NoError(t, err, "the statements above must be refused for what they say")
	})
}
