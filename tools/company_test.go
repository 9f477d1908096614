package tools

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// company is a world with a directory of organizations.
type company struct {
	*world
	dsn    string
	store  *directory.Store
	onPost atomic.Pointer[func()] // happens when a user is made, after the sandbox made it
}

// newCompany opens the directory at dsn; "" is a new SQLite file. It is asked as an
// operator.
func newCompany(t testing.TB, dsn string, people ...sandbox.Person) *company {
	t.Helper()
	if dsn == "" {
		dsn = filepath.Join(t.TempDir(), "directory.db")
	}
	c := &company{dsn: dsn}
	clock := func() time.Time { return morning }
	box := sandbox.New(sandbox.Options{Key: secretKey, Now: clock, People: people})
	t.Cleanup(box.Close)
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || c.onPost.Load() == nil {
			box.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		box.ServeHTTP(answer, r)
		(*c.onPost.Load())()
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	deps := &Deps{Client: client, Now: clock, DataSource: "asleep"}
	deps.Directory = func(context.Context) (*directory.Store, error) { return c.store, nil }
	c.world = &world{sandbox: box, deps: deps, ctx: access.With(t.Context(), access.Operator(""))}
	c.open(t)
	return c
}

// open opens the directory, again after it was closed.
func (c *company) open(t testing.TB) {
	t.Helper()
	store, err := directory.Open(context.WithoutCancel(t.Context()), c.dsn)
	require.NoError(t, err)
	c.store = store
	t.Cleanup(func() { _ = store.Close() }) // some tests close it before
}

// found makes an organization of users who are at Asleep already.
func (c *company) found(t testing.TB, organization string, users ...string) {
	t.Helper()
	require.NoError(t, c.store.CreateOrganization(t.Context(), directory.Organization{ID: organization, Name: "Company " + organization}))
	c.join(t, organization, users...)
}

func (c *company) join(t testing.TB, organization string, users ...string) {
	t.Helper()
	for _, user := range users {
		r, err := c.store.Reserve(t.Context(), directory.Member{Organization: organization, Email: user + "@example.org"})
		require.NoError(t, err)
		require.NoError(t, c.store.Confirm(t.Context(), r, user))
	}
}

// as is the same world, asked by somebody else.
func (c *company) as(p access.Principal) *world {
	return &world{sandbox: c.sandbox, deps: c.deps, ctx: access.With(c.ctx, p)}
}

// emails of the members of an organization.
func (c *company) emails(t testing.TB, organization string) []string {
	t.Helper()
	emails := []string{}
	for m, err := range c.store.Members(t.Context(), organization) {
		require.NoError(t, err)
		emails = append(emails, m.Email)
	}
	return emails
}

// unfinished are the states of what is not finished.
func (c *company) unfinished(t testing.TB) []directory.State {
	t.Helper()
	pending, err := c.store.Pending(t.Context())
	require.NoError(t, err)
	states := []directory.State{}
	for _, p := range pending {
		states = append(states, p.State)
	}
	return states
}

func memberID(i int) string { return fmt.Sprintf("G-member-%04d", i) }

func memberIDs(from, to int) []string {
	var ids []string
	for i := from; i < to; i++ {
		ids = append(ids, memberID(i))
	}
	return ids
}

// sleepsFor has so many nights up to this morning, each of so many minutes asleep in
// so many in bed.
func sleepsFor(id string, nights, asleep, inBed int) sandbox.Person {
	hypnogram := fmt.Sprintf("%dw %dl %dd %dr", inBed-asleep, asleep-150, 70, 80)
	return sandbox.Person{ID: id, Recordings: nightly(nights, "2026-11-22 22:30", "Europe/Paris", hypnogram)}
}

// crowdOf are people who sleep differently, for 65 nights.
func crowdOf(n int) []sandbox.Person {
	people := make([]sandbox.Person, n)
	for i := range people {
		people[i] = sleepsFor(memberID(i), 65, 360+7*(i%23)+i%5, 430+7*(i%23)+5*(i%11))
	}
	return people
}

// bothDatabases runs a test on SQLite and on PostgreSQL.
func bothDatabases(t *testing.T, test func(t *testing.T, dsn func(*testing.T) string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "directory.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		server := postgrestest.For(t)
		test(t, func(t *testing.T) string { return server.Empty(t) })
	})
}

// raw reaches the directory without the store.
func (c *company) raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", "file:"+c.dsn
	if strings.HasPrefix(c.dsn, "postgres") {
		driver, dsn = "pgx", c.dsn
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// clientOf is a client of a service that h plays.
func clientOf(t testing.TB, h http.Handler) *asleep.Client {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	client, err := asleep.New(web.URL, secretKey, asleep.WithClock(func() time.Time { return morning }))
	require.NoError(t, err)
	return client
}
