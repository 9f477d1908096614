package directory

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

func emptyPostgres(t *testing.T) database {
	t.Helper()
	return database{postgrestest.Shared(t).Empty(t)}
}

// TestPostgresStops stops a server in the middle and starts it again.
func TestPostgresStops(t *testing.T) {
	server := postgrestest.For(t)
	d := database{server.Empty(t)}
	s := withCompany(t, d)
	r, err := s.Reserve(t.Context(), anna)
	require.NoError(t, err)
	require.Empty(t, emails(t, s))
	server.Stop()
	for name, call := range calls {
		requireKind(t, Unreachable, call(t.Context(), s))
		require.NotContains(t, call(t.Context(), s).Error(), server.Folder(), name)
	}
	_, err = Open(t.Context(), d.dsn)
	requireKind(t, Unreachable, err)

	require.NoError(t, server.Start())
	require.NoError(t, s.Confirm(t.Context(), r, "U-1"), "the first call after it is back")
	require.Equal(t, []string{anna.Email}, emails(t, s))

	server.Stop() // and at once again, while connections are fresh
	require.NoError(t, server.Start())
	for range 8 {
		beginDelete(t, s, "U-1")
	}
}

// TestPostgresSilent has another program hold a lock: the server is up and does not
// answer.
func TestPostgresSilent(t *testing.T) {
	d := emptyPostgres(t)
	s := withCompany(t, d)
	other, err := d.raw(t).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = other.ExecContext(t.Context(), "LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = s.Organizations(ctx)
	requireKind(t, Unreachable, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	require.Equal(t, context.Canceled, s.CreateOrganization(cancelled, Organization{ID: "new", Name: "New"}))

	_, err = writer(s).ExecContext(t.Context(), "SET lock_timeout = '20ms'")
	require.NoError(t, err)
	requireKind(t, Locked, s.CreateOrganization(t.Context(), Organization{ID: "new", Name: "New"}))
	require.NoError(t, other.Rollback())
	_, err = s.Organizations(t.Context())
	require.NoError(t, err)
}

func TestPostgresRefuses(t *testing.T) {
	d := emptyPostgres(t)
	server := postgrestest.Shared(t)
	host := "?host=" + url.PathEscape(server.Folder())
	for dsn, kind := range map[string]Kind{
		"postgres://mallory:hunter2@/test1" + host:                     Refused,
		"postgres://asleep:hunter2@/nowhere" + host:                    Refused,
		"postgres://asleep:hunter2@/test1?host=/nonexistent":           Unreachable,
		"postgresql://asleep:hunter2@127.0.0.1:1/test1?sslmode=prefer": Unreachable,
	} {
		_, err := Open(t.Context(), dsn)
		requireKind(t, kind, err)
		for _, secret := range []string{"mallory", "hunter2", "nowhere", "test1", "nonexistent", "127.0.0.1", server.Folder()} {
			require.NotContains(t, err.Error(), secret)
		}
	}

	s := withCompany(t, d)
	_, err := d.raw(t).ExecContext(t.Context(), "ALTER ROLE asleep IN DATABASE "+d.name()+" SET default_transaction_read_only = on")
	require.NoError(t, err)
	s = d.reopen(t, s)
	_, err = s.BeginDelete(t.Context(), "U-1")
	requireKind(t, ReadOnly, err)
	_, err = s.Organization(t.Context(), "acme")
	require.NoError(t, err)
}

// name returns the database's name on its server.
func (d database) name() string {
	u, _ := url.Parse(d.dsn)
	return u.Path[1:]
}
