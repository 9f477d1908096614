package surface_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Hosts cut instructions that are longer.
func TestInstructionsAreShort(t *testing.T) {
	t.Parallel()
	assert.LessOrEqual(t, utf8.RuneCountInString(surface.Instructions), 2000)
	assert.Contains(t, surface.Instructions, "local date of the final awakening of the main sleep")
	for _, one := range tools.Enabled(tool.DefaultToolsets, access.Operator("")) {
		assert.Contains(t, surface.Instructions, one.Name, "when is it the right one?")
	}
}

func testTool(name string, run func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error)) tool.Tool {
	return tool.Tool{Spec: tool.Spec{Name: name, Access: tool.Reads}, Run: func(ctx context.Context, d *tool.Deps, arguments json.RawMessage) (tool.Answer, error) {
		answer, err := run(ctx, d, arguments)
		return tool.Answer{JSON: answer}, err
	}}
}

// Without a gate everybody is the one principal, whoever the context names; with
// one, it is the other way round.
func TestWhoIsAsking(t *testing.T) {
	t.Parallel()
	who := testTool("who", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
		return json.Marshal(access.From(ctx).Own())
	})
	for gated, want := range map[bool]string{false: `"server"`, true: `"caller"`} {
		s, err := surface.New(surface.Options{
			Tools: []tool.Tool{who}, Gated: gated, Principal: access.Person("server"), Log: slog.New(slog.DiscardHandler),
		})
		require.NoError(t, err)
		answer, failure := s.Tools.Run(access.With(t.Context(), access.Person("caller")), who, nil)
		assert.Nil(t, failure)
		assert.JSONEq(t, want, string(answer.JSON))
	}
}

// A call ends in its time and survives a panic, whose words nobody reads.
func TestCallsEnd(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	boom := testTool("boom", func(context.Context, *tool.Deps, json.RawMessage) (json.RawMessage, error) {
		panic("slept 412 minutes")
	})
	slow := testTool("slow", func(ctx context.Context, _ *tool.Deps, _ json.RawMessage) (json.RawMessage, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	s, err := surface.New(surface.Options{
		Tools: []tool.Tool{boom, slow}, Timeout: time.Millisecond, Log: slog.New(slog.NewTextHandler(&logged, nil)),
	})
	require.NoError(t, err)
	_, failure := s.Tools.Run(t.Context(), boom, nil)
	require.NotNil(t, failure)
	assert.Equal(t, tool.Panicked, failure.Code)
	assert.NotContains(t, failure.Text+logged.String(), "412")
	assert.Contains(t, logged.String(), "surface_test.TestCallsEnd", "the stack")
	_, failure = s.Tools.Run(t.Context(), slow, nil)
	require.NotNil(t, failure)
	assert.Equal(t, tool.TimedOut, failure.Code)
}

// What a role can never use is as if it were not there.
func TestWhatIsVisible(t *testing.T) {
	t.Parallel()
	s, err := surface.New(surface.Options{Tools: tools.All(), Prompts: prompts.All(), Resources: prompts.Resources(), Gated: true, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	analyst := access.With(t.Context(), access.Analyst("north"))
	assert.True(t, s.Tools.Visible(analyst, "organization_statistics"))
	assert.False(t, s.Tools.Visible(analyst, "organization_statistics", "get_session"))
	assert.True(t, s.Prompts.Visible(analyst, "cohort_briefing"))
	assert.False(t, s.Prompts.Visible(analyst, "monthly_review"))
	assert.False(t, s.Resources.Visible(analyst, "asleep://me/last-night"))
	hidden, unknown := s.Tools.Check(analyst, "get_session"), s.Tools.Check(analyst, "nothing")
	require.Error(t, hidden)
	require.Error(t, unknown)
	assert.Equal(t, strings.ReplaceAll(unknown.Error(), "nothing", "get_session"), hidden.Error())
	var missing *surface.NotFound
	require.ErrorAs(t, s.Resources.Check(t.Context(), "asleep://nope"), &missing)
	assert.Equal(t, "asleep://nope", missing.URI)
}
