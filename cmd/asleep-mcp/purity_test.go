package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// asked are requests of both protocol generations for one connection, and what the answer
// to each contains. A request's index is its id.
var asked = []struct{ method, params, answer string }{
	{"initialize", `"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}`, `"protocolVersion":"2025-06-18"`},
	{"server/discover", modernMeta, `"supportedVersions"`},
	{"ping", ``, `"result":{}`},
	{"ping", modernMeta, `-32601`},
	{"tools/list", ``, `"weekly_report"`},
	{"tools/list", modernMeta, `"ttlMs"`},
	{"tools/call", `"name":"sleep_score"`, `"overall_score"`},
	{"tools/call", modernMeta + `,"name":"sleep_score"`, `"resultType":"complete"`},
	{"tools/call", `"name":"sleep_score","arguments":{"dayz":14}`, `Did you mean \"days\"?`},
	{"tools/call", `"name":"nope"`, `-32602`},
	{"initialize", `"protocolVersion":"2026-07-28","capabilities":{},"clientInfo":{"name":"t","version":"0"}`, `"protocolVersion":"2025-11-25"`},
	{"prompts/get", `"name":"nope"`, `There is no prompt`},
	{"prompts/get", modernMeta + `,"name":"monthly_review","arguments":{"month":"2026-10"}`, `"messages"`},
	{"prompts/get", modernMeta + `,"name":"cohort_briefing"`, `\"organization\" is missing`},
	{"resources/read", `"uri":"asleep://me/last-night"`, `"contents"`},
	{"resources/read", `"uri":"asleep://nope"`, `-32002`},
	{"resources/read", modernMeta + `,"uri":"asleep://nope"`, `-32602`},
	{"completion/complete", `"ref":{"type":"ref/prompt","name":"nope"},"argument":{"name":"x","value":""}`, `"values":[]`},
	{"tools/list", `"cursor":"from elsewhere"`, `Leave it out.`},
	{"prompts/list", modernMeta + `,"cursor":"Z2V0X3Nlc3Npb24="`, `Leave it out.`},
	{"tools/call", `"name":"list_sessions","arguments":{"cursor":"from elsewhere"}`, `Leave it out to start again.`},
	{"tools/nope", ``, `-32601`},
	{"tools/nope", modernMeta, `-32601`},
	{"logging/setLevel", `"level":"debug"`, `-32601`},
	{"resources/subscribe", `"uri":"asleep://guide/metrics"`, `-32601`},
	{"skills/list", modernMeta, `"frontmatter"`},
	{"skills/nope", modernMeta, `-32601`},
	{"tools/list", strings.Replace(modernMeta, "2026-07-28", "2099-01-01", 1), `-32022`},
}

// unanswered are lines that nobody expects an answer to.
var unanswered = []string{
	"", "   ", "\t",
	`{"jsonrpc":"2.0","method":"notifications/initialized"}`,
	`{"jsonrpc":"2.0","method":"notifications/nope"}`,
	`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99999}}`,
	`{"jsonrpc":"2.0","id":99999,"result":{}}`,
}

// checkPurity sends all of it at once over one connection.
func checkPurity(t *testing.T, binary, lineEnd string) {
	t.Helper()
	var lines []string
	for id, a := range asked {
		lines = append(lines, request(id, a.method, a.params), unanswered[id%len(unanswered)])
	}
	answers, refused := talk(t, binary, strings.Join(lines, lineEnd)+lineEnd+"hello"+lineEnd+"[]"+lineEnd)
	assert.Equal(t, []string{"-32700", "-32600"}, refused)
	for id, a := range asked {
		assert.Contains(t, answers[id], a.answer, "%s {%s}", a.method, a.params)
	}
	assert.Len(t, answers, len(asked))
}

func checkProgressTokens(t *testing.T, binary string) {
	t.Helper()
	var input strings.Builder
	const calls = 1000
	for id := range calls {
		meta := fmt.Sprintf(`"_meta":{"progressToken":"token %d"}`, id)
		switch id % 3 {
		case 0:
			meta = fmt.Sprintf(`"_meta":{"progressToken":%d}`, id)
		case 1:
			meta = strings.Replace(modernMeta, `{`, fmt.Sprintf(`{"progressToken":"token %d",`, id), 1)
		}
		input.WriteString(request(id, "tools/call", `"name":"sleep_score",`+meta) + "\n")
	}
	answers, refused := talk(t, binary, input.String())
	assert.Empty(t, refused)
	require.Len(t, answers, calls)
	for _, answer := range answers {
		require.Contains(t, answer, `"overall_score"`)
	}
}

func request(id int, method, params string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"%s","params":{%s}}`, id, method, params)
}

// talk sends the input and returns the one answer to each id, and the codes of answers
// without an id. Nothing else may come.
func talk(t *testing.T, binary, input string) (answers map[int]string, refused []string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary, "--demo")
	c.Stdin = strings.NewReader(input)
	out, err := c.Output()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(out), "}\n"))
	answers = map[int]string{}
	for line := range strings.Lines(string(out)) {
		var m struct {
			JSONRPC, Method string
			ID              *int
			Error           struct{ Code json.Number }
		}
		require.NoError(t, json.Unmarshal([]byte(line), &m), line)
		require.Equal(t, "2.0", m.JSONRPC)
		require.Empty(t, m.Method, "no notification was asked for")
		if m.ID == nil {
			refused = append(refused, m.Error.Code.String())
			continue
		}
		require.NotContains(t, answers, *m.ID, "answered twice")
		answers[*m.ID] = line
	}
	return answers, refused
}

// checkVanished is about clients that vanish; the program must not outlive them.
func checkVanished(t *testing.T, binary string) {
	many := strings.Repeat(request(1, "tools/list", "")+"\n", 500) // more than a pipe holds, in answers
	start := func(t *testing.T) (c *exec.Cmd, in io.WriteCloser, out io.ReadCloser) {
		t.Helper()
		c = exec.CommandContext(t.Context(), binary, "--demo")
		in, err := c.StdinPipe()
		require.NoError(t, err)
		out, err = c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		return c, in, out
	}
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		c, in, out := start(t)
		require.NoError(t, in.Close())
		require.NoError(t, out.Close())
		assert.NoError(t, waitProcess(t, c))
	})
	t.Run("within a message", func(t *testing.T) {
		t.Parallel()
		c, in, out := start(t)
		_, err := io.WriteString(in, listTools[:20])
		require.NoError(t, err)
		require.NoError(t, in.Close())
		said, err := io.ReadAll(out)
		require.NoError(t, err)
		assert.Contains(t, string(said), "-32700")
		assert.NoError(t, waitProcess(t, c))
	})
	t.Run("before the answers", func(t *testing.T) {
		t.Parallel()
		c, in, out := start(t)
		_, err := io.WriteString(in, many)
		require.NoError(t, err)
		require.NoError(t, out.Close()) // its input stays open
		assert.NoError(t, waitProcess(t, c))
	})
	t.Run("deaf, and told to end", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS == "windows" {
			t.Skip("Windows has no signals to send")
		}
		c, in, out := start(t)
		_, err := io.WriteString(in, many)
		require.NoError(t, err)
		_, err = out.Read(make([]byte, 1))
		require.NoError(t, err, "it serves, and would go on")
		require.NoError(t, c.Process.Signal(syscall.SIGTERM))
		assert.NoError(t, waitProcess(t, c))
	})
}
