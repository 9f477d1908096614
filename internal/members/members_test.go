package members_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

const (
	issuer  = "https://id"
	subject = "anna"
)

var anna = members.Addition{Organization: "acme", Email: "anna@example.org"}

// systems are a directory with one organization and a sandbox.
type systems struct {
	members.Registry
	store *directory.Store
	box   *sandbox.Server
	path  string
	// during is called before a request is answered, and again after that, before the
	// answer is sent. If it returns true the process dies: it neither gets the answer nor
	// writes again.
	during atomic.Pointer[func(method string, answered bool) bool]
}

func newSystems(t *testing.T) *systems {
	t.Helper()
	s := &systems{path: filepath.Join(t.TempDir(), "x.db"), box: sandbox.New(sandbox.Options{Key: "key"})}
	t.Cleanup(s.box.Close)
	s.restart(t)
	require.NoError(t, s.store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	dies := func(r *http.Request, answered bool) {
		if during := s.during.Load(); during != nil && (*during)(r.Method, answered) {
			assert.NoError(t, s.store.Close())
			panic(http.ErrAbortHandler)
		}
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dies(r, false)
		answer := httptest.NewRecorder()
		s.box.ServeHTTP(answer, r)
		dies(r, true)
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(web.Close)
	client, err := asleep.New(web.URL, "key")
	require.NoError(t, err)
	s.Registry = members.Registry{Directory: func(context.Context) (*directory.Store, error) { return s.store, nil }, Asleep: client}
	return s
}

// restart reopens the directory, and kills nothing from then on.
func (s *systems) restart(t *testing.T) {
	t.Helper()
	s.during.Store(nil)
	var err error
	s.store, err = directory.Open(t.Context(), s.path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.store.Close() })
}

func (s *systems) posts() int { return s.box.Requests()["POST /ai/v1/users"] }

func (s *systems) states(t *testing.T) (all []directory.State) {
	t.Helper()
	pending, err := s.store.Pending(t.Context())
	require.NoError(t, err)
	for _, p := range pending {
		all = append(all, p.State)
	}
	return all
}

// execute plays what nobody expects: another program that writes to the directory.
func (s *systems) execute(t *testing.T, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	_, err = db.ExecContext(context.WithoutCancel(t.Context()), statement)
	require.NoError(t, err)
}

// TestKilled has the process die around each request of each change. Nothing is lost:
// whoever may exist is pending, or a member. Starting again duplicates nothing.
func TestKilled(t *testing.T) {
	t.Parallel()
	add := func(ctx context.Context, s *systems) error { _, err := s.Add(ctx, anna); return err }
	signUp := func(ctx context.Context, s *systems) error {
		_, err := s.SignUp(ctx, directory.Login{Issuer: issuer, Subject: subject}, nil)
		return err
	}
	const (
		loseReservation = `DELETE FROM members`
		loseLogins      = `CREATE TRIGGER no_logins BEFORE INSERT ON subjects BEGIN SELECT RAISE(ABORT, 'no'); END`
	)
	for name, c := range map[string]struct {
		change func(context.Context, *systems) error
		lose   string // what happens in the directory while Asleep makes the user
		in     string // the request around which the process dies
		left   []directory.State
		again  error // of starting again; nil: it works
	}{
		"adding":               {add, "", http.MethodPost, []directory.State{directory.Adding}, directory.ErrPending},
		"undoing an addition":  {add, loseReservation, http.MethodDelete, []directory.State{directory.Orphaned}, nil},
		"signing up":           {signUp, "", http.MethodPost, nil, directory.ErrPending},
		"undoing a signing up": {signUp, loseLogins, http.MethodDelete, []directory.State{directory.Deleting}, nil},
	} {
		for _, answered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, answered %t", name, answered), func(t *testing.T) {
				t.Parallel()
				s := newSystems(t)
				die := func(method string, now bool) bool {
					if c.lose != "" && method == http.MethodPost && now {
						s.execute(t, c.lose)
					}
					return method == c.in && now == answered
				}
				s.during.Store(&die)
				require.Error(t, c.change(t.Context(), s))
				s.restart(t)
				assert.Equal(t, c.left, s.states(t))
				made := s.posts()
				if c.lose == loseLogins {
					s.execute(t, `DROP TRIGGER no_logins`)
				}
				require.ErrorIs(t, c.change(t.Context(), s), c.again)
				if c.again != nil {
					assert.Equal(t, made, s.posts(), "no second user")
					return
				}
				pending, err := s.store.Pending(t.Context())
				require.NoError(t, err)
				_, err = s.Delete(t.Context(), pending[0].UserID)
				require.NoError(t, err)
				assert.Empty(t, s.states(t))
				_, err = s.Asleep.User(t.Context(), pending[0].UserID)
				assert.Equal(t, asleep.NotFound, asleep.CodeOf(err))
			})
		}
	}
}

// TestKilledWhileDeleting starts again until it is done.
func TestKilledWhileDeleting(t *testing.T) {
	t.Parallel()
	for _, answered := range []bool{false, true} {
		s := newSystems(t)
		added, err := s.Add(t.Context(), anna)
		require.NoError(t, err)
		die := func(_ string, now bool) bool { return now == answered }
		s.during.Store(&die)
		_, err = s.Delete(t.Context(), added.UserID)
		var failed *members.Error
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, members.Unconfirmed, failed.Outcome)
		s.restart(t)
		assert.Equal(t, []directory.State{directory.Deleting}, s.states(t))
		_, err = s.store.Member(t.Context(), anna.Organization, anna.Email)
		require.ErrorIs(t, err, directory.ErrNotFound)
		existed, err := s.Delete(t.Context(), added.UserID)
		require.NoError(t, err)
		assert.Equal(t, !answered, existed)
		assert.Empty(t, s.states(t))
	}
}

// TestErrorsNameNobody reads what goes to a log.
func TestErrorsNameNobody(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "other_user", (&members.Error{Outcome: members.OtherUser, UserID: "G-1"}).Error())
	err := &members.Error{Outcome: members.Unrecorded, UserID: "G-1", Err: directory.ErrNotFound}
	assert.Equal(t, "unrecorded: not found", err.Error())
	require.ErrorIs(t, err, directory.ErrNotFound)
}

// TestOneIdentity has somebody sign up first and be added later: they are one user.
func TestOneIdentity(t *testing.T) {
	t.Parallel()
	s := newSystems(t)
	signed, err := s.SignUp(t.Context(), directory.Login{Issuer: issuer, Subject: subject, Email: "Anna@example.org"}, nil)
	require.NoError(t, err)
	added, err := s.Add(t.Context(), anna)
	require.NoError(t, err)
	assert.Equal(t, signed.UserID, added.UserID)
	assert.True(t, added.Joined)
	assert.Equal(t, 1, s.posts())

	again, err := s.Add(t.Context(), anna)
	require.NoError(t, err)
	assert.False(t, again.Joined)
	other, err := s.Add(t.Context(), members.Addition{Organization: "acme", Email: "ben@example.org"})
	require.NoError(t, err)
	assert.NotEqual(t, signed.UserID, other.UserID)
	assert.False(t, other.Joined)
}
