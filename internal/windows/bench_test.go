package windows

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// BenchmarkGroup asks about organizations of made-up rows: thirty days and the change
// against those before, with the members read from the directory. Run it with -benchtime 3x.
func BenchmarkGroup(b *testing.B) {
	for _, people := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("sqlite/", people), func(b *testing.B) {
			folder := b.TempDir()
			benchGroup(b, filepath.Join(folder, "nights.db"), filepath.Join(folder, "directory.db"), people)
		})
		b.Run(fmt.Sprint("postgres/", people), func(b *testing.B) {
			dsn := postgrestest.Shared(b).Empty(b)
			benchGroup(b, dsn, dsn, people)
		})
	}
}

func benchGroup(b *testing.B, dsn, place string, people int) {
	b.Helper()
	now := func() time.Time { return morning }
	kept := archive.Lazy(dsn, now)
	b.Cleanup(func() { _ = kept.Close() })
	s := Lazy(dsn, kept, Options{Key: key, Now: now})
	b.Cleanup(func() { _ = s.Close() })
	d, err := directory.Open(context.WithoutCancel(b.Context()), place)
	require.NoError(b, err)
	b.Cleanup(func() { _ = d.Close() })
	require.NoError(b, d.CreateOrganization(b.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	environment, err := kept.EnvironmentToKeep(b.Context(), key)
	require.NoError(b, err)
	require.NoError(b, s.make(b.Context()))
	_, db := s.db.Pools()
	numbers, random := `generate_series(1, $1::int) AS n(i)`, `random()`
	if !s.db.Server() {
		numbers = `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n) AS n`
		random = `(abs(random()) % 1000000) / 1000000.0`
	}
	fill := func(statement string, args ...any) {
		_, err := db.ExecContext(b.Context(), statement, args...)
		require.NoError(b, err)
	}
	fill(`INSERT INTO people (environment, tracker, user_id, since) SELECT $2, 'asleep', 'U-' || i, '2026-01-01T00:00:00.000000Z' FROM `+numbers, people, environment)
	for _, day := range []string{"2026-11-23", "2026-11-24"} {
		fill(fmt.Sprintf(`INSERT INTO rolling_windows (%[2]s) SELECT person, 30, $1, $2, NULL, '2026-11-23T08:00:00.000000Z', '2026-10-25', 28, 29,
			60 + 20 * %[1]s, 0.8 + 0.1 * %[1]s, 25000 + 3000 * %[1]s, 26000 + 3000 * %[1]s, 28, 60 + 20 * %[1]s, 0.8 + 0.1 * %[1]s, 25000 + 3000 * %[1]s, 26000 + 3000 * %[1]s FROM people`, random, rollingColumns), day, analytics.Method)
	}
	part := d.MemberIDs("acme")
	_, directoryDB := part.DB.Pools()
	_, err = directoryDB.ExecContext(b.Context(), `INSERT INTO members (organization, address, email, attempt, user_id, role, metadata, since)
		SELECT 'acme', i || '@example.org', i || '@example.org', 'x', 'U-' || i, 'user', '{}', '2026-01-01T00:00:00.000000Z' FROM `+numbers, people)
	require.NoError(b, err)
	if s.db.Server() {
		fill(`ANALYZE`)
	}
	for b.Loop() {
		g, err := s.Group(b.Context(), Question{People: part, Days: 30, Last: date("2026-11-23"), Before: true})
		require.NoError(b, err)
		require.Equal(b, people, g.Cohort.People)
	}
}
