// Package windowstest invents companies' rows for benchmarks.
package windowstest

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	_ "github.com/jackc/pgx/v5/stdlib" // a driver, beside that of SQLite
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// Company returns an organization "acme" whose members, but for one in fifty, have rows of
// thirty days that end today, and such that end tomorrow. dsn is the database of nights, place that of
// organizations; on a server they are one.
func Company(tb testing.TB, dsn, place, key string, now time.Time, people int) (*windows.Store, *directory.Store) {
	tb.Helper()
	clock := func() time.Time { return now }
	kept := archive.Lazy(dsn, clock)
	tb.Cleanup(func() { _ = kept.Close() })
	rows := windows.Lazy(dsn, kept, windows.Options{Key: key, Now: clock})
	tb.Cleanup(func() { _ = rows.Close() })
	members, err := directory.Open(context.WithoutCancel(tb.Context()), place)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = members.Close() })
	require.NoError(tb, members.CreateOrganization(tb.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	environment, err := kept.EnvironmentToKeep(tb.Context(), key)
	require.NoError(tb, err)
	_, err = rows.Due(tb.Context(), "", 1) // makes the tables
	require.NoError(tb, err)

	fill(tb, dsn, `INSERT INTO people (environment, tracker, user_id, since) SELECT $2, 'asleep', 'U-' || i, '2026-01-01T00:00:00.000000Z' FROM {numbers}`, people, environment)
	for day := range 2 {
		last := civil.DateOf(now).AddDays(day)
		fill(tb, dsn, `INSERT INTO rolling_windows (person, days, last_day, method, read_at, first_night, nights, sessions,
				score, efficiency, asleep, asleep_24h, before_nights, before_score, before_efficiency, before_asleep, before_asleep_24h)
			SELECT person, 30, $1, $2, $3, $4, 28, 29, 60 + 20 * {random}, 0.8 + 0.1 * {random}, 25000 + 3000 * {random}, 26000 + 3000 * {random},
				28, 60 + 20 * {random}, 0.8 + 0.1 * {random}, 25000 + 3000 * {random}, 26000 + 3000 * {random} FROM people WHERE person % 50 <> 0`,
			last.String(), analytics.Method, now.Format(time.RFC3339), last.AddDays(-29).String())
	}
	fill(tb, place, `INSERT INTO members (organization, address, email, attempt, user_id, role, metadata, since)
		SELECT 'acme', i || '@example.org', i || '@example.org', 'x', 'U-' || i, 'user', '{}', '2026-01-01T00:00:00.000000Z' FROM {numbers}`, people)
	return rows, members
}

// fill runs a statement on its own connection, which checks no foreign keys.
func fill(tb testing.TB, dsn, statement string, args ...any) {
	tb.Helper()
	driver, before, after, numbers, random := "sqlite", `PRAGMA foreign_keys = OFF`, `SELECT 1`,
		`(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n) AS n`, `((abs(random()) % 1000000) / 1000000.0)`
	if strings.Contains(dsn, "://") {
		driver, before, after, numbers, random = "pgx", `SET session_replication_role = replica`, `VACUUM ANALYZE`, `generate_series(1, $1::int) AS n(i)`, `random()`
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, db.Close()) }()
	db.SetMaxOpenConns(1)
	statement = strings.NewReplacer("{numbers}", numbers, "{random}", random).Replace(statement)
	for _, one := range []struct {
		statement string
		args      []any
	}{{before, nil}, {statement, args}, {after, nil}} {
		_, err := db.ExecContext(tb.Context(), one.statement, one.args...)
		require.NoError(tb, err, one.statement)
	}
}
