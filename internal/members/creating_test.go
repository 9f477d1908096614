package members_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// A service that answers with the id of somebody who is known here gets nobody tied to
// them, and nobody deleted.
func TestNewUsersWhoAreKnown(t *testing.T) {
	t.Parallel()
	const theirs = "G-20250101000000-somebody"
	var deleted atomic.Int32
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deleted.Add(1)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"result":{"user_id":%q}}`, theirs)
	}))
	t.Cleanup(service.Close)
	client, err := asleep.New(service.URL, "key")
	require.NoError(t, err)
	for name, know := range map[string]func(t *testing.T, store *directory.Store){
		"a login": func(t *testing.T, store *directory.Store) {
			t.Helper()
			require.NoError(t, store.MapSubject(t.Context(), "https://id.example.org", "somebody", theirs))
		},
		"a member": func(t *testing.T, store *directory.Store) {
			t.Helper()
			held, err := store.Reserve(t.Context(), directory.Member{Organization: "acme", Email: "somebody@example.org"})
			require.NoError(t, err)
			require.NoError(t, store.Confirm(t.Context(), held, theirs))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"))
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, store.Close()) })
			require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
			require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "other", Name: "Other"}))
			know(t, store)
			r := members.Registry{Directory: func(context.Context) (*directory.Store, error) { return store, nil }, Asleep: client}

			_, err = r.SignUp(t.Context(), directory.Login{Issuer: "https://id.example.org", Subject: "newcomer"}, nil)
			require.Error(t, err)
			_, err = store.UserOf(t.Context(), "https://id.example.org", "newcomer")
			require.ErrorIs(t, err, directory.ErrNotFound)

			for _, organization := range []string{"acme", "other"} {
				_, err = r.Add(t.Context(), members.Addition{Organization: organization, Email: "newcomer@example.org"})
				var failed *members.Error
				require.ErrorAs(t, err, &failed)
				assert.Equal(t, members.Unknown, failed.Outcome)
			}
			assert.Zero(t, deleted.Load())

			begun, err := store.BeginSignUp(t.Context(), "https://id.example.org", "another", "")
			require.NoError(t, err)
			require.ErrorIs(t, store.FinishSignUp(t.Context(), begun, theirs), directory.ErrExists, "however it came about")
		})
	}
}
