package access_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		name   string
		ask    func(ctx context.Context) error
		allow  bool
		others bool
	}{
		{"oneself", func(ctx context.Context) error { _, err := access.Resolve(ctx, ""); return err }, true, false},
		{"oneself by name", func(ctx context.Context) error { _, err := access.Resolve(ctx, "own"); return err }, true, false},
		{"a member", func(ctx context.Context) error { _, err := access.Resolve(ctx, "northerner"); return err }, true, true},
		{"a stranger", func(ctx context.Context) error { _, err := access.Resolve(ctx, "southerner"); return err }, false, true},
		{"a list", func(ctx context.Context) error { _, err := access.ResolveUsers(ctx, []string{"own"}); return err }, true, true},
		{"a group", func(ctx context.Context) error { _, err := access.ResolveGroup(ctx, "north"); return err }, true, true},
	} {
		ctx, notes := access.Noting(access.With(t.Context(), principals()["coach"]))
		err := c.ask(ctx)
		require.Equal(t, c.allow, err == nil, "%s: %v", c.name, err)
		assert.Equal(t, c.others, notes.Others(), c.name)
	}
}

func TestCould(t *testing.T) {
	coach := principals()["coach"].Scoped(access.SleepRead)
	assert.True(t, coach.Could(access.OrgMembers))
	assert.False(t, coach.May(access.OrgMembers))
	assert.False(t, coach.Could(access.Admin))

	assert.True(t, coach.Lacks(access.OrgMembers))
	assert.False(t, coach.Lacks(access.SleepRead), "it has that")
	assert.False(t, coach.Lacks(access.Admin), "no token would help")
}
