package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

func TestOperatorSeesWhomTheyName(t *testing.T) {
	ctx := access.With(t.Context(), access.Operator("own-user"))

	user, err := access.Resolve(ctx, "somebody")
	require.NoError(t, err)
	assert.Equal(t, "somebody", user.ID())

	user, err = access.Resolve(ctx, "")
	require.NoError(t, err)
	assert.Equal(t, "own-user", user.ID())
}

func TestNobodyIsNamed(t *testing.T) {
	ctx := access.With(t.Context(), access.Operator(""))
	_, err := access.Resolve(ctx, "")
	assert.ErrorIs(t, err, access.ErrNobody)
}

func TestNobodyIsAsking(t *testing.T) {
	_, err := access.Resolve(t.Context(), "somebody")
	require.ErrorIs(t, err, access.ErrStranger)

	ctx := access.With(t.Context(), access.Principal{})
	_, err = access.Resolve(ctx, "somebody")
	assert.ErrorIs(t, err, access.ErrStranger)
}

func TestIDsAreChecked(t *testing.T) {
	for _, id := range []string{"..", "a/b", "a b", "a\x00b", "a\n", strings.Repeat("a", 129)} {
		for name, ctx := range map[string]access.Principal{
			"requested": access.Operator(""),
			"own":       access.Operator(id),
		} {
			requested := id
			if name == "own" {
				requested = ""
			}
			_, err := access.Resolve(access.With(t.Context(), ctx), requested)
			assert.Equal(t, asleep.BadID, asleep.CodeOf(err), "%s %q", name, id)
		}
	}
}
