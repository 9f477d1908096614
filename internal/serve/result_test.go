package serve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Answers that were made at the same time go to those who asked for them, from
// nothing at all to longer than any buffer.
func TestEveryCallerGetsTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	url := newHTTP(t, newServer(t, serve.Options{}))
	var callers errgroup.Group
	for i := range 8 {
		callers.Go(func() error {
			for j := range 25 {
				want := strings.Repeat(fmt.Sprintf("%d-%d <\\> ", i, j), i*j*3)
				sent, err := json.Marshal(map[string]string{"said": want})
				if err != nil {
					return err
				}
				got, err := do(newRequest(t, "POST", url+"/mcp", fmt.Sprintf(
					`{"jsonrpc":"2.0","id":"%d \"content\":[]","method":"tools/call","params":{"name":"echo","arguments":%s}}`, i, sent)))
				if err != nil {
					return err
				}
				text, structured, id := given(t, got.body)
				assert.Equal(t, want, text)
				assert.Equal(t, want, structured)
				assert.Equal(t, fmt.Sprintf(`%d "content":[]`, i), id)
			}
			return nil
		})
	}
	require.NoError(t, callers.Wait())
}

// given is what echo was given, by the two forms of its answer, and the id.
func given(t *testing.T, message string) (text, structured, id string) {
	type answer struct{ Given struct{ Said string } }
	var m struct {
		ID     string
		Result struct {
			Content           []struct{ Type, Text string }
			StructuredContent answer
		}
	}
	var inText answer
	if assert.NoError(t, json.Unmarshal([]byte(message), &m), message) && assert.Len(t, m.Result.Content, 1) {
		assert.NoError(t, json.Unmarshal([]byte(m.Result.Content[0].Text), &inText))
	}
	return inText.Given.Said, m.Result.StructuredContent.Given.Said, m.ID
}

// An answer at the end of a stream is as whole as one that comes alone.
func TestAnswerBehindProgress(t *testing.T) {
	t.Parallel()
	reporting := testTool("echo", func(ctx context.Context, d *tool.Deps, in json.RawMessage) (json.RawMessage, error) {
		tool.ProgressOf(ctx)(1, 2)
		answer, err := echo.Run(ctx, d, in)
		return answer.JSON, err
	})
	url := newHTTP(t, newServer(t, serve.Options{Tools: []tool.Tool{reporting}}))
	modern := modernRequest(t, url, "tools/call", "echo", "")
	body := strings.Replace(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{`+modernMeta+`,`+callEcho+`}}`, `"_meta":{`, `"_meta":{"progressToken":7,`, 1)
	again := newRequest(t, modern.Method, modern.URL.String(), body)
	again.Header = modern.Header
	for era, got := range map[string]reply{
		"legacy": legacy(t, url, `"method":"tools/call","params":{"_meta":{"progressToken":"a"},`+callEcho+`}`),
		"modern": send(t, again),
	} {
		messages := events(got)
		require.Len(t, messages, 2, era)
		checkEcho(t, reply{body: messages[1]}.result(t))
	}
}
