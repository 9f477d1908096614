package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// directory knows one member of the organization "north" and one of "south".
func directory(_ context.Context, userID string) ([]string, error) {
	switch userID {
	case "northerner":
		return []string{"north"}, nil
	case "southerner":
		return []string{"south"}, nil
	case "broken":
		return nil, errBroken
	}
	return nil, nil
}

var errBroken = errors.New("the directory is gone")

func principals() map[string]access.Principal {
	return map[string]access.Principal{
		"nobody":   {},
		"operator": access.Operator("own"),
		"person":   access.Person("own"),
		"coach":    access.Coach("own", directory, "north"),
		"analyst":  access.Analyst("north"),
	}
}

// The words used by settings and token files make the same principals, and a word that
// is no role makes one who may see nobody.
func TestOf(t *testing.T) {
	for role, who := range map[access.Role]string{
		"operator": "operator", "user": "person", "coach": "coach", "analyst": "analyst", "": "nobody", "king": "nobody", "Operator": "nobody",
	} {
		p, want := access.New(role, "own", directory, "north"), principals()[who]
		for _, scope := range access.Scopes {
			assert.Equal(t, want.May(scope), p.May(scope), "%s: %s", role, scope)
		}
		for _, id := range []string{"", "own", "northerner", "southerner", "broken"} {
			_, wantErr := access.Resolve(access.With(t.Context(), want), id)
			_, err := access.Resolve(access.With(t.Context(), p), id)
			require.ErrorIs(t, err, wantErr, "%s asks about %q", role, id)
		}
		for _, organization := range []string{"north", "south"} {
			_, wantErr := access.ResolveGroup(access.With(t.Context(), want), organization)
			_, err := access.ResolveGroup(access.With(t.Context(), p), organization)
			require.ErrorIs(t, err, wantErr, "%s asks about %s", role, organization)
		}
	}
}

func TestWhoSeesWhom(t *testing.T) {
	for who, want := range map[string]map[string]error{
		"nobody":   {"": access.ErrStranger, "own": access.ErrStranger, "northerner": access.ErrStranger},
		"operator": {"": nil, "own": nil, "northerner": nil, "southerner": nil, "unknown": nil},
		"person": {
			"": nil, "own": nil, "northerner": access.ErrNotAllowed, "southerner": access.ErrNotAllowed,
			"unknown": access.ErrNotAllowed,
		},
		"coach": {
			"": nil, "own": nil, "northerner": nil, "southerner": access.ErrNotAllowed,
			"unknown": access.ErrNotAllowed, "broken": errBroken,
		},
		"analyst": {"": access.ErrNobody, "own": access.ErrNotAllowed, "northerner": access.ErrNotAllowed},
	} {
		ctx := access.With(t.Context(), principals()[who])
		for requested, wantErr := range want {
			user, err := access.Resolve(ctx, requested)
			require.ErrorIs(t, err, wantErr, "%s asks about %q", who, requested)
			if err == nil {
				expected := requested
				if expected == "" {
					expected = "own"
				}
				assert.Equal(t, expected, user.ID())
			}
		}
	}
}

func TestNobodyIsNamed(t *testing.T) {
	for _, p := range []access.Principal{access.Operator(""), access.Coach("", directory, "north")} {
		_, err := access.Resolve(access.With(t.Context(), p), "")
		require.ErrorIs(t, err, access.ErrNobody)
	}
	_, err := access.Resolve(access.With(t.Context(), access.Person("")), "")
	assert.ErrorIs(t, err, access.ErrUnmapped)
}

func TestNobodyIsAsking(t *testing.T) {
	_, err := access.Resolve(t.Context(), "somebody")
	require.ErrorIs(t, err, access.ErrStranger)
	_, err = access.ResolveUsers(t.Context(), []string{"somebody"})
	require.ErrorIs(t, err, access.ErrStranger)
	_, err = access.ResolveGroup(t.Context(), "north")
	assert.ErrorIs(t, err, access.ErrStranger)
}

func TestIDsAreChecked(t *testing.T) {
	for _, id := range []string{"..", "a/b", "a b", "a\x00b", "a\n", strings.Repeat("a", 129)} {
		_, err := access.Resolve(access.With(t.Context(), access.Operator("")), id)
		assert.Equal(t, asleep.BadID, asleep.CodeOf(err), "requested %q", id)
		_, err = access.Resolve(access.With(t.Context(), access.Operator(id)), "")
		assert.Equal(t, asleep.BadID, asleep.CodeOf(err), "own %q", id)
		_, err = access.ResolveUsers(access.With(t.Context(), access.Operator("own")), []string{"fine", id})
		assert.Equal(t, asleep.BadID, asleep.CodeOf(err), "listed %q", id)
	}
	_, err := access.ResolveUsers(access.With(t.Context(), access.Operator("own")), []string{""})
	assert.Equal(t, asleep.BadID, asleep.CodeOf(err), "an empty id in a list is not the own one")
}

func TestListsOfUsers(t *testing.T) {
	for who, wantErr := range map[string]error{
		"operator": nil, "person": access.ErrNotAllowed, "coach": access.ErrNotAllowed, "analyst": access.ErrNotAllowed,
	} {
		_, err := access.ResolveUsers(access.With(t.Context(), principals()[who]), []string{"northerner", "southerner"})
		require.ErrorIs(t, err, wantErr, who)
	}
	users, err := access.ResolveUsers(access.With(t.Context(), principals()["coach"]), []string{"northerner"})
	require.NoError(t, err)
	assert.Equal(t, "northerner", users[0].ID())
	_, err = access.ResolveUsers(access.With(t.Context(), principals()["analyst"]), nil)
	assert.ErrorIs(t, err, access.ErrNotAllowed, "an analyst puts no group together, not even an empty one")
}

func TestGroups(t *testing.T) {
	for who, want := range map[string]struct {
		north, south error
		members      bool
	}{
		"operator": {nil, nil, true},
		"person":   {access.ErrNotAllowed, access.ErrNotAllowed, false},
		"coach":    {nil, access.ErrNotAllowed, true},
		"analyst":  {nil, access.ErrNotAllowed, false},
	} {
		ctx := access.With(t.Context(), principals()[who])
		group, err := access.ResolveGroup(ctx, "north")
		require.ErrorIs(t, err, want.north, who)
		assert.Equal(t, want.members, group.Members(), who)
		_, err = access.ResolveGroup(ctx, "south")
		assert.ErrorIs(t, err, want.south, who)
	}
}

func TestGroupUsersAreChecked(t *testing.T) {
	group, err := access.ResolveGroup(access.With(t.Context(), access.Operator("")), "north")
	require.NoError(t, err)
	_, err = group.User("../sessions")
	assert.Equal(t, asleep.BadID, asleep.CodeOf(err))
	member, err := group.User("U-1")
	require.NoError(t, err)
	assert.Equal(t, "U-1", member.ID())
}

func TestScopes(t *testing.T) {
	all := access.Operator("own")
	for _, s := range access.Scopes {
		assert.True(t, all.May(s), "an operator without a token may do everything: %s", s)
		assert.False(t, access.Principal{}.May(s), "nobody may do nothing: %s", s)
	}
	for given, want := range map[access.Scope][]access.Scope{
		access.SleepRead:   {access.SleepRead},
		access.SleepWrite:  {access.SleepRead, access.SleepWrite},
		access.OrgRead:     {access.OrgRead},
		access.OrgMembers:  {access.OrgRead, access.OrgMembers},
		access.Admin:       access.Scopes,
		access.Scope("no"): nil,
	} {
		for _, s := range access.Scopes {
			assert.Equal(t, slices.Contains(want, s), all.Scoped(given).May(s), "%s holds %s", given, s)
		}
	}
	assert.False(t, all.Scoped().May(access.SleepRead), "a token without scopes is good for nothing")
	assert.False(t, access.Person("own").Scoped(access.Admin).May(access.Admin), "no scope lifts a role")
	assert.False(t, access.Analyst("north").Scoped(access.Admin).May(access.SleepRead))
}

func TestScopesNarrowWhatIsSeen(t *testing.T) {
	coach := principals()["coach"].Scoped(access.SleepRead, access.OrgRead)
	ctx := access.With(t.Context(), coach)
	_, err := access.Resolve(ctx, "northerner")
	require.ErrorIs(t, err, access.ErrNotAllowed, "org:members is missing")
	group, err := access.ResolveGroup(ctx, "north")
	require.NoError(t, err)
	assert.False(t, group.Members())
	assert.True(t, coach.SeesAggregatesOnly())
	assert.False(t, principals()["coach"].SeesAggregatesOnly())

	_, err = access.Resolve(access.With(t.Context(), access.Person("own").Scoped(access.OrgRead)), "")
	require.ErrorIs(t, err, access.ErrNotAllowed, "sleep:read is missing")
	_, err = access.ResolveGroup(access.With(t.Context(), access.Operator("").Scoped(access.SleepRead)), "north")
	assert.ErrorIs(t, err, access.ErrNotAllowed, "org:read is missing")
}
