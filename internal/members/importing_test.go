package members_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// roster has n people of acme.
func roster(t *testing.T, n int) []members.Row {
	t.Helper()
	var text strings.Builder
	text.WriteString("email,role,issuer,subject\n")
	for i := range n {
		fmt.Fprintf(&text, "p%d@example.org,user,https://id,p%d\n", i, i)
	}
	rows, refused, err := members.ReadRoster(strings.NewReader(text.String()), "acme")
	require.NoError(t, err)
	require.Empty(t, refused)
	return rows
}

// imported does an import and counts what was done.
func imported(t *testing.T, ctx context.Context, s *systems, rows []members.Row) (map[members.Step]int, []error, error) { //nolint:revive // the context is a part of the test
	t.Helper()
	steps, failed := map[members.Step]int{}, []error(nil)
	err := s.Import(ctx, rows, func(_ members.Row, step members.Step, err error) {
		if err != nil {
			failed = append(failed, err)
			return
		}
		steps[step]++
	})
	return steps, failed, err
}

// An import that is stopped anywhere and repeated ends with everybody once.
func TestImport(t *testing.T) {
	t.Parallel()
	s := newSystems(t)
	const people = 40
	rows := roster(t, people)
	step, err := s.Preview(t.Context(), rows[0])
	require.NoError(t, err)
	assert.Equal(t, members.Adds, step)
	assert.Zero(t, s.posts(), "a preview changes nothing")

	ctx, cancel := context.WithCancel(t.Context())
	answered := 0
	err = s.Import(ctx, rows, func(members.Row, members.Step, error) {
		if answered++; answered == 10 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	before := s.posts()
	assert.Less(t, before, people)

	steps, failed, err := imported(t, t.Context(), s, rows)
	require.NoError(t, err)
	assert.Empty(t, failed)
	assert.Equal(t, people, steps[members.Adds]+steps[members.Keeps])
	assert.Equal(t, people, s.posts(), "one Asleep user each")
	for i := range people {
		m, err := s.store.Member(t.Context(), "acme", fmt.Sprintf("p%d@example.org", i))
		require.NoError(t, err)
		user, err := s.store.UserOf(t.Context(), "https://id", fmt.Sprintf("p%d", i))
		require.NoError(t, err)
		assert.Equal(t, m.UserID, user)
	}
	rows[3].Role = directory.Coach
	step, err = s.Preview(t.Context(), rows[3])
	require.NoError(t, err)
	assert.Equal(t, members.Changes, step)
	steps, _, err = imported(t, t.Context(), s, rows)
	require.NoError(t, err)
	assert.Equal(t, map[members.Step]int{members.Changes: 1, members.Keeps: people - 1}, steps)
}

// One person who is refused stops nobody else; a key that is refused stops all.
func TestImportThatIsRefused(t *testing.T) {
	t.Parallel()
	s := newSystems(t)
	rows := roster(t, 6)
	rows[2].UserID = "G-unknown"
	steps, failed, err := imported(t, t.Context(), s, rows)
	require.NoError(t, err)
	assert.Equal(t, 5, steps[members.Adds])
	require.Len(t, failed, 1)
	assert.Equal(t, asleep.NotFound, asleep.CodeOf(failed[0]))
	rows[1].UserID = "G-unknown"
	_, err = s.Preview(t.Context(), rows[1])
	refused, ok := errors.AsType[*members.Error](err)
	require.True(t, ok)
	assert.Equal(t, members.OtherUser, refused.Outcome)

	s = newSystems(t)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	t.Cleanup(refusing.Close)
	s.Asleep, err = asleep.New(refusing.URL, "key")
	require.NoError(t, err)
	steps, failed, err = imported(t, t.Context(), s, roster(t, 200))
	assert.Equal(t, asleep.BadKey, asleep.CodeOf(err))
	assert.Empty(t, steps)
	assert.Less(t, len(failed), 20, "nobody waits for the rest")
	assert.Empty(t, s.states(t), "nothing is left over")
}

func TestMerge(t *testing.T) {
	t.Parallel()
	s := newSystems(t)
	signed, err := s.SignUp(t.Context(), directory.Login{Issuer: issuer, Subject: subject}, nil)
	require.NoError(t, err)
	added, err := s.Add(t.Context(), anna)
	require.NoError(t, err)
	require.NotEqual(t, signed.UserID, added.UserID)
	merged, err := s.Merge(t.Context(), signed.UserID, added.UserID)
	require.NoError(t, err)
	assert.Equal(t, members.Merged{Reassigned: directory.Reassigned{Logins: 1}}, merged)
	user, err := s.store.UserOf(t.Context(), issuer, subject)
	require.NoError(t, err)
	assert.Equal(t, added.UserID, user)
	_, err = s.Merge(t.Context(), added.UserID, "G-unknown")
	assert.Equal(t, asleep.NotFound, asleep.CodeOf(err))
}
