package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

var update = flag.Bool("update", false, "write the goldens again")

// night is what the tools of these tests answer for those who may see it.
const night = `"asleep_minutes":412`

// stand is a tool of that name that answers with a night of whom it may be about.
func stand(name string) tool.Tool {
	return testTool(name, func(ctx context.Context, _ *tool.Deps, arguments json.RawMessage) (json.RawMessage, error) {
		var in struct {
			UserID string `json:"user_id"`
		}
		if len(arguments) > 0 {
			if err := json.Unmarshal(arguments, &in); err != nil {
				return nil, err
			}
		}
		u, err := access.Resolve(ctx, in.UserID)
		if err != nil {
			return nil, err
		}
		return json.RawMessage(`{"user_id":"` + u.ID() + `",` + night + `,"sessions":[{"session_id":"20261122221501_` +
			strings.ToLower(strings.ReplaceAll(u.ID(), "-", "")) + `"},{"session_id":"20261121221501_cd34e"}]}`), nil
	})
}

// everything is what a server with all prompts and resources is made of.
func everything(principal access.Principal) serve.Options {
	o := serve.Options{Version: "v1.2.3", Prompts: prompts.All(), Resources: prompts.Resources(), Skills: skills.All(), Principal: principal, Deps: &tool.Deps{
		Now: func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }, Zone: time.FixedZone("Asia/Seoul", 9*60*60),
	}}
	named := []string{"list_sessions", "get_session", "weekly_report"}
	for _, p := range o.Prompts {
		named = append(named, p.Tools...)
	}
	for _, s := range o.Skills {
		named = append(named, s.Tools...)
	}
	slices.Sort(named)
	for _, name := range slices.Compact(named) {
		o.Tools = append(o.Tools, stand(name))
	}
	return o
}

func newWhole(t *testing.T, o serve.Options) *serve.Server {
	t.Helper()
	s, err := serve.New(o)
	require.NoError(t, err)
	return s
}

// newFull serves it over HTTP and returns its base URL.
func newFull(t *testing.T, o serve.Options) string {
	t.Helper()
	return newHTTP(t, newWhole(t, o))
}

// failure decodes the error of a JSON-RPC answer.
func (r reply) failure(t *testing.T) (code int, message string) {
	t.Helper()
	var answer struct {
		Error struct {
			Code    int
			Message string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(r.body), &answer), r.body)
	require.NotZero(t, answer.Error.Code, r.body)
	return answer.Error.Code, answer.Error.Message
}

// getPrompt is the params of prompts/get.
func getPrompt(name, arguments string) string {
	return `"name":"` + name + `","arguments":{` + arguments + `}`
}

// promptText is the text of an answer to prompts/get.
func promptText(t *testing.T, result map[string]any) string {
	t.Helper()
	messages, ok := result["messages"].([]any)
	require.True(t, ok)
	require.Len(t, messages, 1)
	message, ok := messages[0].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "user", message["role"])
	content, ok := message["content"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "text", content["type"])
	text, ok := content["text"].(string)
	require.True(t, ok)
	return text
}

// legacyGet and modernGet ask for something in either era.
func legacyGet(t *testing.T, url, method, _, params string) reply {
	t.Helper()
	return legacy(t, url, `"method":"`+method+`","params":{`+params+`}`)
}

func modernGet(t *testing.T, url, method, name, params string) reply {
	t.Helper()
	return send(t, modernRequest(t, url, method, name, ","+params))
}

// eachEra runs f with either way to ask, and with the status of a refusal.
func eachEra(t *testing.T, f func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int)) {
	t.Helper()
	t.Run("legacy", func(t *testing.T) { t.Parallel(); f(t, legacyGet, http.StatusOK) })
	t.Run("modern", func(t *testing.T) { t.Parallel(); f(t, modernGet, http.StatusBadRequest) })
}

func TestLists(t *testing.T) {
	url := newFull(t, everything(access.Operator("own-user")))
	var files []string
	for _, list := range []string{"prompts", "resources"} {
		result := legacy(t, url, `"method":"`+list+`/list"`).result(t)
		b, err := json.Marshal(result)
		require.NoError(t, err)
		var indented bytes.Buffer
		require.NoError(t, json.Indent(&indented, b, "", "  "))
		indented.WriteByte('\n')
		file := filepath.Join("testdata", list+"_list.json")
		files = append(files, file)
		if *update {
			require.NoError(t, os.WriteFile(file, indented.Bytes(), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err, "no golden; go test ./internal/serve -update writes it")
		assert.Equal(t, string(want), indented.String(), "%s; if the change is meant: go test ./internal/serve -update", file)

		modern := send(t, modernRequest(t, url, list+"/list", "", "")).result(t)
		assert.Equal(t, result[list], modern[list])
		assert.InDelta(t, 300_000, modern["ttlMs"], 0)
		assert.Equal(t, "public", modern["cacheScope"])
	}
	found, err := filepath.Glob(filepath.Join("testdata", "*_list.json"))
	require.NoError(t, err)
	assert.Equal(t, files, found, "golden of something that is gone")
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	want := map[string]any{
		"tools": map[string]any{}, "prompts": map[string]any{}, "resources": map[string]any{}, "completions": map[string]any{},
		"extensions": map[string]any{"io.modelcontextprotocol/skills": map[string]any{"directoryRead": true}},
	}
	hello := legacy(t, url, `"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}}`)
	assert.Equal(t, want, hello.result(t)["capabilities"])
	assert.Equal(t, want, send(t, modernRequest(t, url, "server/discover", "", "")).result(t)["capabilities"])
	assert.Equal(t, []any{}, legacy(t, url, `"method":"resources/templates/list"`).result(t)["resourceTemplates"])
}

// A text must not send a model to a tool that is not served.
func TestOnlyWhatCanBeDoneIsOffered(t *testing.T) {
	t.Parallel()
	o := everything(access.Operator("own-user"))
	o.Tools = []tool.Tool{stand("get_session"), stand("average_stats")}
	url := newFull(t, o)
	for list, want := range map[string][]string{"prompts": {"explain_last_night"}, "resources": {"last-night-explained", "metrics-guide", "my-last-night"}} {
		items, ok := legacy(t, url, `"method":"`+list+`/list"`).result(t)[list].([]any)
		require.True(t, ok)
		var names []string
		for _, item := range items {
			names = append(names, item.(map[string]any)["name"].(string))
		}
		assert.Equal(t, want, names)
	}
	_, text := legacyGet(t, url, "prompts/get", "", getPrompt("monthly_review", "")).failure(t)
	assert.Equal(t, `There is no prompt "monthly_review". Known: explain_last_night.`, text)
	_, text = legacyGet(t, url, "resources/read", "", `"uri":"asleep://me/weekly-report"`).failure(t)
	assert.Contains(t, text, `There is no resource "asleep://me/weekly-report". Known: asleep://guide/metrics, asleep://me/last-night, skill://last-night-explained/SKILL.md.`)
	got := legacyGet(t, url, "completion/complete", "", completeParams("explain_last_night", "session_id", "")).result(t)
	assert.Equal(t, map[string]any{"values": []any{}}, got["completion"], "without list_sessions no session is known")

	o.Tools = []tool.Tool{echo}
	o.Resources, o.Skills = nil, nil
	for _, method := range []string{"prompts/list", "prompts/get", "resources/list", "resources/read"} {
		code, _ := legacyGet(t, newFull(t, o), method, "", getPrompt("monthly_review", `"nope":1`)).failure(t)
		assert.Equal(t, -32601, code, method)
	}
}

func TestNamesAreTakenOnce(t *testing.T) {
	t.Parallel()
	o := everything(access.Operator(""))
	o.Prompts = append(o.Prompts, o.Prompts[0])
	o.Resources = append(o.Resources, o.Resources[0])
	_, err := serve.New(o)
	require.ErrorContains(t, err, `prompt "weekly_coaching_summary": the name is taken`)
	assert.ErrorContains(t, err, `resource "asleep://guide/metrics": the address or the name is taken`)
}

func TestPromptsInBothEras(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	eachEra(t, func(t *testing.T, ask func(t *testing.T, url, method, name, params string) reply, refused int) {
		for _, p := range prompts.All() {
			arguments := ""
			if p.Name == "cohort_briefing" {
				arguments = `"organization":"night-team"`
			}
			result := ask(t, url, "prompts/get", p.Name, getPrompt(p.Name, arguments)).result(t)
			assert.Equal(t, p.Description, result["description"])
			assert.Contains(t, promptText(t, result), "`"+p.Tools[0]+" {")
		}
		text := promptText(t, ask(t, url, "prompts/get", "explain_last_night", getPrompt("explain_last_night", `"user_id":"somebody","timezone":"Asia/Seoul"`)).result(t))
		assert.Contains(t, text, "`average_stats {\"days\":30,\"timezone\":\"Asia/Seoul\",\"user_id\":\"somebody\"}`")

		for params, want := range map[string]string{
			getPrompt("monthly_review", `"month":"2027-10"`): `"month" has not begun, received "2027-10". The running month is 2026-11; for example {"month":"2026-11"}.`,
			getPrompt("monthly_review", `"month":"last"`):    `"month" must be a month written YYYY-MM, received "last". For example {"month":"2026-10"}.`,
			getPrompt("monthly_review", `"moth":"2026-10"`):  `monthly_review has no argument "moth". Known: user_id, month, timezone. For example {"user_id":"G-20250318162239-yAge"}.`,
			getPrompt("cohort_briefing", ``):                 `"organization" is missing. Give 1 to 63 lower-case letters, digits and hyphens, for example {"organization":"night-shift-team"}.`,
			getPrompt("monthly_review", `"month":10`):        `The params of prompts/get must be like {"name":"explain_last_night","arguments":{"timezone":"Europe/Paris"}}, where every argument is a text.`,
		} {
			name, _, _ := strings.Cut(strings.TrimPrefix(params, `"name":"`), `"`)
			got := ask(t, url, "prompts/get", name, params)
			code, text := got.failure(t)
			assert.Equal(t, -32602, code)
			assert.Equal(t, want, text)
			assert.Equal(t, refused, got.status)
		}
		code, text := ask(t, url, "prompts/get", "nope", getPrompt("nope", "")).failure(t)
		assert.Equal(t, -32602, code)
		assert.Contains(t, text, `There is no prompt "nope". Known: weekly_coaching_summary, `)
	})
}

// What a legacy client sends in the place of params.
func TestShapeOfParams(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	for _, method := range []string{"tools/call", "prompts/get", "resources/read", "completion/complete"} {
		for _, params := range []string{
			``, `,"params":null`, `,"params":[]`, `,"params":"secret"`, `,"params":{"name":1,"uri":1,"ref":1}`,
			`,"params":{"name":["secret"],"uri":{},"ref":{"type":"secret"}}`,
		} {
			got := legacy(t, url, `"method":"`+method+`"`+params)
			assert.Equal(t, http.StatusOK, got.status)
			code, text := got.failure(t)
			assert.Contains(t, []int{-32602, -32002}, code, text)
			assert.NotContains(t, text, "json")
			assert.NotContains(t, text, "secret")
		}
	}
	got := send(t, newRequest(t, http.MethodPost, url+"/mcp", `{"jsonrpc":"2.0","method":"prompts/get"}`))
	assert.Equal(t, http.StatusAccepted, got.status, "nobody waits for an answer")
}

// A header of the modern era that contradicts the message comes first.
func TestHeadersComeFirst(t *testing.T) {
	t.Parallel()
	url := newFull(t, everything(access.Operator("own-user")))
	code, _ := modernGet(t, url, "prompts/get", "monthly_review", getPrompt("nope", "")).failure(t)
	assert.Equal(t, -32020, code)
	code, _ = modernGet(t, url, "resources/read", "asleep://guide/metrics", `"uri":"asleep://nope"`).failure(t)
	assert.Equal(t, -32020, code)
}

func TestPromptLogsTellNothing(t *testing.T) {
	t.Parallel()
	var logged logBuffer
	o := everything(access.Operator("secret-own"))
	o.Log = logged.logger()
	url := newFull(t, o)
	legacyGet(t, url, "prompts/get", "", getPrompt("secret", ""))
	legacyGet(t, url, "prompts/get", "", getPrompt("monthly_review", `"user_id":"secret"`))
	legacyGet(t, url, "prompts/get", "", getPrompt("monthly_review", `"secret":"secret"`))
	legacyGet(t, url, "resources/read", "", `"uri":"asleep://secret"`)
	legacyGet(t, url, "resources/read", "", `"uri":"asleep://me/last-night"`)
	legacyGet(t, url, "completion/complete", "", completeParams("monthly_review", "user_id", "secret"))
	legacyGet(t, url, "completion/complete", "", completeParams("secret", "secret", "secret"))
	for _, line := range []string{`"prompt answered","prompt":"monthly_review"`, `"resource answered","resource":"my-last-night"`, `"request refused","method":"prompts/get","code":-32602`} {
		assert.Contains(t, logged.String(), line)
	}
	assert.NotContains(t, logged.String(), "secret")
}

func TestPromptPanicsTellNothing(t *testing.T) {
	t.Parallel()
	var logged logBuffer
	directory := func(context.Context, string) ([]string, error) { panic("slept 412 minutes") }
	o := everything(access.Coach("own", directory, "north"))
	o.Log = logged.logger()
	code, text := legacyGet(t, newFull(t, o), "prompts/get", "", getPrompt("monthly_review", `"user_id":"northerner"`)).failure(t)
	assert.Equal(t, -32603, code)
	assert.Contains(t, text, "reference ")
	assert.Contains(t, logged.String(), "TestPromptPanicsTellNothing", "the stack")
	assert.NotContains(t, text+logged.String(), "412 minutes")
}
