package rest_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/rest"
)

const (
	postUser = "POST /ai/v1/users"
	dropUser = "DELETE /ai/v1/users/{id}"
)

// signUp is the status of a newcomer's sign-up.
func (b *backend) signUp(t *testing.T) int {
	t.Helper()
	return b.send(t, "newcomer", http.MethodPost, "/api/users", "{}").status
}

// execute changes the directory as no other program would.
func (b *backend) execute(t *testing.T, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+b.path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

const noLogins = `CREATE TRIGGER no_logins BEFORE INSERT ON subjects BEGIN SELECT RAISE(ABORT, 'no'); END`

// A login is free again at once when Asleep cannot even be dialled: no user can
// have been made.
func TestSignUpWhileAsleepIsAway(t *testing.T) {
	t.Parallel()
	var audited []string
	b := newBackend(t, func(o *rest.Options) {
		o.Audit = func(_ context.Context, what, outcome string) { audited = append(audited, what+": "+outcome) }
		away := httptest.NewServer(nil)
		away.Close()
		client, err := asleep.New(away.URL, "key")
		require.NoError(t, err)
		o.Deps.Client = client
	})
	for range 2 {
		assert.Equal(t, http.StatusServiceUnavailable, b.signUp(t))
	}
	assert.Equal(t, []string{"POST /api/users: failed", "POST /api/users: failed"}, audited)
}

// What Asleep refuses for certain leaves the login free; after anything else it
// is held, so that no second user is made.
func TestSignUpThatAsleepRefuses(t *testing.T) {
	t.Parallel()
	for fault, c := range map[string]struct{ first, second int }{
		"unauthorized": {http.StatusBadGateway, http.StatusCreated},
		"quota":        {http.StatusBadGateway, http.StatusCreated},
		"validation":   {http.StatusUnprocessableEntity, http.StatusCreated},
		"rate_limited": {http.StatusServiceUnavailable, http.StatusCreated},
		"internal":     {http.StatusServiceUnavailable, http.StatusConflict},
		"cut":          {http.StatusServiceUnavailable, http.StatusConflict},
	} {
		b := newBackend(t, nil)
		require.NoError(t, b.api.SetFault(sandbox.Fault{Name: fault, Route: postUser, Times: 1}))
		assert.Equal(t, c.first, b.signUp(t), fault)
		assert.Equal(t, c.second, b.signUp(t), fault)
	}
}

// A user who cannot be written down as the login's is removed again, and was
// removed when Asleep knows no such user.
func TestSignUpIsTakenBack(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"", "not_found"} {
		b := newBackend(t, nil)
		b.execute(t, noLogins)
		if fault != "" {
			require.NoError(t, b.api.SetFault(sandbox.Fault{Name: fault, Route: dropUser}))
		}
		assert.Equal(t, http.StatusServiceUnavailable, b.signUp(t), fault)
		assert.Equal(t, 1, b.api.Requests()[dropUser], fault)
		pending, err := b.store.Pending(t.Context())
		require.NoError(t, err)
		assert.Empty(t, pending, fault)
		b.execute(t, `DROP TRIGGER no_logins`)
		assert.Equal(t, http.StatusCreated, b.signUp(t), fault)
	}
}

// A user who can neither be kept nor removed is written down, and the login is
// free for another one.
func TestSignUpLeavesAnOrphan(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	b.execute(t, noLogins)
	require.NoError(t, b.api.SetFault(sandbox.Fault{Name: "unauthorized", Route: dropUser}))
	assert.Equal(t, http.StatusServiceUnavailable, b.signUp(t), "whatever became of taking it back")
	pending, err := b.store.Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Equal(t, directory.Deleting, pending[0].State)
	b.execute(t, `DROP TRIGGER no_logins`)
	assert.Equal(t, http.StatusCreated, b.signUp(t))
}

// A user who cannot be written down at all keeps the login held: that is all that
// says there may be one.
func TestSignUpThatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	b.execute(t, noLogins, `CREATE TRIGGER no_deletions BEFORE INSERT ON deletions BEGIN SELECT RAISE(ABORT, 'no'); END`)
	assert.Equal(t, http.StatusServiceUnavailable, b.signUp(t))
	assert.Zero(t, b.api.Requests()[dropUser], "the directory may say whose it is")
	b.execute(t, `DROP TRIGGER no_logins`, `DROP TRIGGER no_deletions`)
	assert.Equal(t, http.StatusConflict, b.signUp(t))
}
