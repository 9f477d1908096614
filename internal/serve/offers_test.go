package serve_test

import (
	"strings"
	"testing"
	_ "time/tzdata" // zones are the same on every machine

	official "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
)

// What a server offers beside tools, over stdio and to the official client.

func TestStdioPromptsBothEras(t *testing.T) {
	s := startStdio(t, t.Context(), newWhole(t, everything(access.Operator("own-user"))))
	for _, era := range []string{"", modernMeta + ","} {
		ask := func(method, params string) reply {
			s.send(t, `{"jsonrpc":"2.0","id":7,"method":"`+method+`","params":{`+era+params+"}}\n")
			got := s.receive(t)
			assert.Contains(t, got.body, `"id":7`)
			return got
		}
		if era == "" {
			ask("initialize", `"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}`)
		}
		text := promptText(t, ask("prompts/get", getPrompt("explain_last_night", `"user_id":"somebody"`)).result(t))
		assert.Contains(t, text, `"user_id":"somebody"`)
		code, text := ask("prompts/get", getPrompt("explain_last_night", `"user_id":"a b"`)).failure(t)
		assert.Equal(t, -32602, code)
		assert.Contains(t, text, `received "a b"`)
		last := prompts.Resources()[1]
		assert.Contains(t, contentText(t, last, ask("resources/read", `"uri":"`+last.URI+`"`).result(t)), night)
		code, _ = ask("resources/read", `"uri":"asleep://`+strings.Repeat("x", 1000)+`"`).failure(t)
		assert.Equal(t, map[bool]int{true: -32002, false: -32602}[era == ""], code)
		assert.Equal(t, []any{"own-user"}, suggestions(t, ask("completion/complete", completeParams("monthly_review", "user_id", ""))))
	}
	s.end(t)
}

// offers uses prompts, resources and completions through the official client.
func offers(t *testing.T, over official.Transport, revision string) {
	t.Helper()
	client := official.NewClient(&official.Implementation{Name: "official", Version: "0"}, nil)
	session, err := client.Connect(t.Context(), over, &official.ClientSessionOptions{ProtocolVersion: revision})
	require.NoError(t, err)

	listed, err := session.ListPrompts(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, listed.Prompts, len(prompts.All()))
	got, err := session.GetPrompt(t.Context(), &official.GetPromptParams{Name: "monthly_review", Arguments: map[string]string{"month": "2026-10"}})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	text, ok := got.Messages[0].Content.(*official.TextContent)
	require.True(t, ok)
	assert.Contains(t, text.Text, `{"from":"2026-10-01","to":"2026-10-31"}`)
	_, err = session.GetPrompt(t.Context(), &official.GetPromptParams{Name: "monthly_review", Arguments: map[string]string{"month": "soon"}})
	require.ErrorContains(t, err, `"month" must be a month written YYYY-MM, received "soon"`)

	resources, err := session.ListResources(t.Context(), nil)
	require.NoError(t, err)
	shown := len(prompts.Resources())
	for _, s := range skills.All() {
		shown += len(s.Files)
	}
	require.Len(t, resources.Resources, shown)
	read, err := session.ReadResource(t.Context(), &official.ReadResourceParams{URI: "asleep://me/weekly-report"})
	require.NoError(t, err)
	require.Len(t, read.Contents, 1)
	assert.Contains(t, read.Contents[0].Text, night)
	_, err = session.ReadResource(t.Context(), &official.ReadResourceParams{URI: "asleep://me/nope"})
	require.ErrorContains(t, err, "There is no resource")

	completed, err := session.Complete(t.Context(), &official.CompleteParams{
		Ref: &official.CompleteReference{Type: "ref/prompt", Name: "monthly_review"}, Argument: official.CompleteParamsArgument{Name: "month", Value: "2026"},
	})
	require.NoError(t, err)
	assert.Len(t, completed.Completion.Values, 11)
	require.NoError(t, session.Close())
}

func TestOfficialClientOffers(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	for _, revision := range revisions {
		t.Run(revision, func(t *testing.T) {
			t.Parallel()
			offers(t, &official.StreamableClientTransport{Endpoint: url + "/mcp"}, revision)
		})
	}
}

func TestOfficialClientOffersStdio(t *testing.T) {
	for _, revision := range revisions {
		t.Run(revision, func(t *testing.T) {
			s := startStdio(t, t.Context(), newWhole(t, everything(access.Operator("own-user"))))
			offers(t, &official.IOTransport{Reader: s.outR, Writer: s.in}, revision)
			assert.NoError(t, s.waitEnd(t))
		})
	}
}
