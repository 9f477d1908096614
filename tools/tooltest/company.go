package tooltest

import (
	"context"
	"database/sql"
	"encoding/json"
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
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Routes that change users.
const (
	PostUser = "POST /ai/v1/users"
	DropUser = "DELETE /ai/v1/users/{id}"
)

// Company is a world with a directory of organizations.
type Company struct {
	*World
	Dsn    string
	Store  *directory.Store
	OnPost atomic.Pointer[func()] // called when a user is created, after the sandbox has created it
}

// NewCompany opens the directory at dsn; "" is a new SQLite file. The caller is an
// operator.
func NewCompany(t testing.TB, dsn string, people ...sandbox.Person) *Company {
	t.Helper()
	if dsn == "" {
		dsn = filepath.Join(t.TempDir(), "directory.db")
	}
	c := &Company{Dsn: dsn}
	clock := func() time.Time { return Morning }
	box := sandbox.New(sandbox.Options{Key: SecretKey, Now: clock, People: people})
	t.Cleanup(box.Close)
	client := ClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || c.OnPost.Load() == nil {
			box.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		box.ServeHTTP(answer, r)
		(*c.OnPost.Load())()
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	deps := &tool.Deps{Client: client, Now: clock, DataSource: "asleep"}
	deps.Directory = func(context.Context) (*directory.Store, error) { return c.Store, nil }
	c.World = &World{Sandbox: box, Deps: deps, Ctx: access.With(t.Context(), access.Operator(""))}
	c.Open(t)
	return c
}

// Open opens the directory, also after it was closed.
func (c *Company) Open(t testing.TB) {
	t.Helper()
	store, err := directory.Open(context.WithoutCancel(t.Context()), c.Dsn)
	require.NoError(t, err)
	c.Store = store
	t.Cleanup(func() { _ = store.Close() }) // some tests close it before
}

// Found makes an organization of existing Asleep users.
func (c *Company) Found(t testing.TB, organization string, users ...string) {
	t.Helper()
	require.NoError(t, c.Store.CreateOrganization(t.Context(), directory.Organization{ID: organization, Name: "Company " + organization}))
	c.Join(t, organization, users...)
}

// Join makes users members of an organization.
func (c *Company) Join(t testing.TB, organization string, users ...string) {
	t.Helper()
	for _, user := range users {
		r, err := c.Store.Reserve(t.Context(), directory.Member{Organization: organization, Email: user + "@example.org"})
		require.NoError(t, err)
		require.NoError(t, c.Store.Confirm(t.Context(), r, user))
	}
}

// As returns the same world with another caller.
func (c *Company) As(p access.Principal) *World {
	return &World{Sandbox: c.Sandbox, Deps: c.Deps, Ctx: access.With(c.Ctx, p)}
}

// Emails returns those of the members of an organization.
func (c *Company) Emails(t testing.TB, organization string) []string {
	t.Helper()
	emails := []string{}
	for m, err := range c.Store.Members(t.Context(), organization) {
		require.NoError(t, err)
		emails = append(emails, m.Email)
	}
	return emails
}

// Unfinished returns the states of the unfinished changes.
func (c *Company) Unfinished(t testing.TB) []directory.State {
	t.Helper()
	pending, err := c.Store.Pending(t.Context())
	require.NoError(t, err)
	states := []directory.State{}
	for _, p := range pending {
		states = append(states, p.State)
	}
	return states
}

// MemberID returns the id of the member with this number.
func MemberID(i int) string { return fmt.Sprintf("G-member-%04d", i) }

// MemberIDs returns the ids of the members from a number up to, not including, another.
func MemberIDs(from, to int) []string {
	var ids []string
	for i := from; i < to; i++ {
		ids = append(ids, MemberID(i))
	}
	return ids
}

// SleepsFor returns somebody with the given number of nights up to this morning, each
// with the given minutes asleep and in bed.
func SleepsFor(id string, nights, asleep, inBed int) sandbox.Person {
	hypnogram := fmt.Sprintf("%dw %dl %dd %dr", inBed-asleep, asleep-150, 70, 80)
	return sandbox.Person{ID: id, Recordings: Nightly(nights, "2026-11-22 22:30", "Europe/Paris", hypnogram)}
}

// PeopleOf returns n people who sleep differently, with 65 nights each.
func PeopleOf(n int) []sandbox.Person {
	people := make([]sandbox.Person, n)
	for i := range people {
		people[i] = SleepsFor(MemberID(i), 65, 360+7*(i%23)+i%5, 430+7*(i%23)+5*(i%11))
	}
	return people
}

// Raw opens the directory's database without the store.
func (c *Company) Raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", "file:"+c.Dsn
	if strings.HasPrefix(c.Dsn, "postgres") {
		driver, dsn = "pgx", c.Dsn
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// ClientOf returns a client of a service that h plays.
func ClientOf(t testing.TB, h http.Handler) *asleep.Client {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	client, err := asleep.New(web.URL, SecretKey, asleep.WithClock(func() time.Time { return Morning }))
	require.NoError(t, err)
	return client
}

// AnalystOf returns a caller who sees aggregates of these organizations.
func AnalystOf(organizations ...string) access.Principal {
	return access.Analyst(organizations...).Named("analyst")
}

// ListOf returns arguments with these user_ids.
func ListOf(ids ...string) string {
	b, err := json.Marshal(map[string]any{"user_ids": ids})
	if err != nil {
		panic(err)
	}
	return string(b)
}
