package directory

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// TestMain also acts as the program that is killed, and stops the server.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(childVariable); dsn != "" {
		beKilled(dsn)
		return
	}
	goleak.VerifyTestMain(postgrestest.Tests{M: m})
}

// database is an empty database, SQLite or PostgreSQL.
type database struct{ dsn string }

// both runs a test on SQLite and on PostgreSQL.
func both(t *testing.T, test func(*testing.T, database)) {
	t.Helper()
	postgrestest.Both(t, func(t *testing.T, dsn string) { test(t, database{dsn}) })
}

func emptySQLite(t *testing.T) database {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "some folder")
	require.NoError(t, os.Mkdir(folder, 0o700))
	return database{filepath.Join(folder, "a?b#c%.db")}
}

// open opens a store for as long as the test runs.
func (d database) open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), d.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func (d database) isPostgres() bool { return strings.HasPrefix(d.dsn, "postgres") }

// raw opens the database without the store, which must have made it.
func (d database) raw(t *testing.T) *sql.DB {
	t.Helper()
	var (
		db  *sql.DB
		err error
	)
	if d.isPostgres() {
		db, err = sql.Open("pgx", d.dsn)
	} else {
		db, err = sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(d.dsn), RawQuery: "_pragma=foreign_keys(1)"}).String())
		db.SetMaxOpenConns(1)
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	return db
}

func reader(s *Store) *sql.DB { read, _ := s.db.Pools(); return read }

func writer(s *Store) *sql.DB { _, write := s.db.Pools(); return write }

// reopen closes a store, as the end of its program would, and opens another.
func (d database) reopen(t *testing.T, s *Store) *Store {
	t.Helper()
	require.NoError(t, s.Close())
	return d.open(t)
}

// withCompany opens a store with one organization, "acme".
func withCompany(t *testing.T, d database) *Store {
	t.Helper()
	s := d.open(t)
	require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: "acme", Name: "Acme"}))
	return s
}

var anna = Member{Organization: "acme", Email: "anna@example.org", Role: User}

// add makes a member in one step.
func add(t *testing.T, s *Store, m Member, userID string) {
	t.Helper()
	r, err := s.Reserve(t.Context(), m)
	require.NoError(t, err)
	require.NoError(t, s.Confirm(t.Context(), r, userID))
}

// at sets the store's clock.
func at(s *Store, when time.Time) { s.now = func() time.Time { return when } }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("", 3600))

// emails returns those of all members of acme, in the store's order.
func emails(t *testing.T, s *Store) []string {
	t.Helper()
	var all []string
	for _, m := range members(t, s) {
		all = append(all, m.Email)
	}
	return all
}

func members(t *testing.T, s *Store) []Member {
	t.Helper()
	var all []Member
	for m, err := range s.Members(t.Context(), "acme") {
		require.NoError(t, err)
		all = append(all, m)
	}
	return all
}

// states returns those of what is pending.
func states(t *testing.T, s *Store) []State {
	t.Helper()
	pending, err := s.Pending(t.Context())
	require.NoError(t, err)
	var all []State
	for _, p := range pending {
		all = append(all, p.State)
	}
	return all
}

// calls has every call of a store, with arguments that are accepted.
var calls = map[string]func(context.Context, *Store) error{
	"CreateOrganization": func(ctx context.Context, s *Store) error {
		return s.CreateOrganization(ctx, Organization{ID: "other", Name: "Other"})
	},
	"Organizations": func(ctx context.Context, s *Store) error { _, err := s.Organizations(ctx); return err },
	"Organization":  func(ctx context.Context, s *Store) error { _, err := s.Organization(ctx, "acme"); return err },
	"Members": func(ctx context.Context, s *Store) error {
		for _, err := range s.Members(ctx, "acme") {
			return err
		}
		return nil
	},
	"Member":      func(ctx context.Context, s *Store) error { _, err := s.Member(ctx, "acme", "a@b.org"); return err },
	"Memberships": func(ctx context.Context, s *Store) error { _, err := s.Memberships(ctx, "U-1"); return err },
	"OrganizationsOf": func(ctx context.Context, s *Store) error {
		_, err := s.OrganizationsOf(ctx, "U-1")
		return err
	},
	"SetRole": func(ctx context.Context, s *Store) error {
		return s.SetRole(ctx, Member{Organization: "acme", Email: "a@b.org", UserID: "U-1"}, Coach)
	},
	"RemoveMember": func(ctx context.Context, s *Store) error {
		return s.RemoveMember(ctx, Member{Organization: "acme", Email: "a@b.org", UserID: "U-1"})
	},
	"Reserve":  func(ctx context.Context, s *Store) error { _, err := s.Reserve(ctx, anna); return err },
	"Confirm":  func(ctx context.Context, s *Store) error { return s.Confirm(ctx, Reservation{}, "U-1") },
	"Release":  func(ctx context.Context, s *Store) error { return s.Release(ctx, Reservation{}) },
	"Withdraw": func(ctx context.Context, s *Store) error { return s.Withdraw(ctx, Reservation{}, "U-1") },
	"TakeOver": func(ctx context.Context, s *Store) error { _, err := s.TakeOver(ctx, "acme", "a@b.org"); return err },
	"BeginDelete": func(ctx context.Context, s *Store) error {
		_, err := s.BeginDelete(ctx, "U-1")
		return err
	},
	"FinishDelete": func(ctx context.Context, s *Store) error {
		return s.FinishDelete(ctx, "U-1")
	},
	"CancelDelete": func(ctx context.Context, s *Store) error { return s.CancelDelete(ctx, "U-1") },
	"Pending":      func(ctx context.Context, s *Store) error { _, err := s.Pending(ctx); return err },
	"MapSubject":   func(ctx context.Context, s *Store) error { return s.MapSubject(ctx, "https://id", "anna", "U-1") },
	"UnmapSubject": func(ctx context.Context, s *Store) error {
		_, err := s.UnmapSubject(ctx, "https://id", "anna")
		return err
	},
	"UserOf": func(ctx context.Context, s *Store) error { _, err := s.UserOf(ctx, "https://id", "anna"); return err },
	"BeginSignUp": func(ctx context.Context, s *Store) error {
		_, err := s.BeginSignUp(ctx, "https://id", "bo", "")
		return err
	},
	"Join": func(ctx context.Context, s *Store) error {
		_, err := s.Join(ctx, "https://id", "anna", "a@b.org")
		return err
	},
	"UserOfEmail": func(ctx context.Context, s *Store) error { _, err := s.UserOfEmail(ctx, "a@b.org"); return err },
	"Reassign": func(ctx context.Context, s *Store) error {
		_, err := s.Reassign(ctx, "U-1", "U-2")
		return err
	},
	"FinishSignUp": func(ctx context.Context, s *Store) error { return s.FinishSignUp(ctx, SignUp{}, "U-1") },
	"CancelSignUp": func(ctx context.Context, s *Store) error { return s.CancelSignUp(ctx, SignUp{}) },
	"AddRelease": func(ctx context.Context, s *Store) error {
		_, err := s.AddRelease(ctx, october("acme"), userIDs(0, 20), decide("{}", 0))
		return err
	},
	"ReleaseOf": func(ctx context.Context, s *Store) error { _, err := s.ReleaseOf(ctx, "acme", "2026-10"); return err },
	"ReleasesBefore": func(ctx context.Context, s *Store) error {
		_, err := s.ReleasesBefore(ctx, "acme", october("acme").To, 5)
		return err
	},
	"ConnectedOrganizations": func(ctx context.Context, s *Store) error {
		_, err := s.ConnectedOrganizations(ctx, "acme")
		return err
	},
	"UpdateSettings": func(ctx context.Context, s *Store) error {
		return s.UpdateSettings(ctx, "acme", func(o *Settings) { o.Cadence = Weeks })
	},
}

// requireKind expects an [*Unavailable].
func requireKind(t *testing.T, kind Kind, err error) {
	t.Helper()
	var e *Unavailable
	require.ErrorAs(t, err, &e, "%v", err)
	require.Equal(t, kind, e.Kind, "%v", err)
}

func userIDs(from, to int) []string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("U-%d", i))
	}
	return all
}
