package prompts_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// valid has, for each kind, a value as long as it may be.
var valid = map[prompts.Kind]string{
	prompts.User:         strings.Repeat("x", 128),
	prompts.Organization: strings.Repeat("o", 63),
	prompts.Session:      "20261121221501_ab12c",
	prompts.Month:        "2024-02",
	prompts.Zone:         "America/Argentina/ComodRivadavia",
	prompts.Date:         "2026-11-22",
}

// full returns values for all arguments of p, or only for the required ones.
func full(p prompts.Prompt, optional bool) map[string]string {
	args := map[string]string{}
	for _, a := range p.Arguments {
		if a.Required || optional {
			args[a.Name] = valid[a.Kind]
		}
	}
	return args
}

// eachText runs f on every text, with as few and with as many arguments as it
// can have.
func eachText(t *testing.T, f func(t *testing.T, p prompts.Prompt, text string)) {
	t.Helper()
	for _, p := range prompts.All() {
		for name, optional := range map[string]bool{"least": false, "most": true} {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				text, err := render(p, full(p, optional))
				require.NoError(t, err)
				f(t, p, text)
			})
		}
	}
}

func toolNamed(name string) (tool.Tool, bool) {
	all := tools.All()
	i := slices.IndexFunc(all, func(t tool.Tool) bool { return t.Name == name })
	if i < 0 {
		return tool.Tool{}, false
	}
	return all[i], true
}

var calls = regexp.MustCompile("`([a-z_]+) (\\{.*?\\})`")

// accepts fails unless the tool accepts the arguments: without a key, they are what a tool
// checks first.
func accepts(t *testing.T, one tool.Tool, arguments string) {
	t.Helper()
	ctx := access.With(t.Context(), access.Operator("own-user"))
	_, err := one.Call(ctx, &tool.Deps{Now: time.Now}, json.RawMessage(arguments))
	failure, ok := errors.AsType[*tool.Failure](err)
	require.True(t, ok)
	assert.Equal(t, tool.NoKey, failure.Code, "%s %s: %s", one.Name, arguments, failure.Text)
}

func TestCallsAreTaken(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, p prompts.Prompt, text string) {
		var named []string
		for _, call := range calls.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(named, call[1]) {
				named = append(named, call[1])
			}
			tool, ok := toolNamed(call[1])
			require.True(t, ok, "there is no tool %s", call[1])
			accepts(t, tool, call[2])
		}
		assert.Equal(t, p.Tools, named)
	})
}

var word = regexp.MustCompile("[a-z]+(?:_[a-z0-9]+)+|`[a-z_]+`")

// The tools, arguments and fields that a text names exist.
func TestWordsExist(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, p prompts.Prompt, text string) {
		for _, value := range valid {
			text = strings.ReplaceAll(text, value, "")
		}
		var schemas strings.Builder
		for _, name := range p.Tools {
			tool, ok := toolNamed(name)
			require.True(t, ok, "there is no tool %s", name)
			schemas.WriteString(`"` + name + `"` + string(tool.Input()) + string(tool.Output()))
		}
		for _, w := range word.FindAllString(text, -1) {
			assert.Contains(t, schemas.String(), `"`+strings.Trim(w, "`")+`"`, "no tool of %s knows the word", p.Name)
		}
	})
}

func TestTexts(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("rules.md")
	require.NoError(t, err)
	_, shared, ok := strings.Cut(string(rules), "}}")
	require.True(t, ok)
	shared, _, ok = strings.Cut(shared, "{{end}}")
	require.True(t, ok)

	eachText(t, func(t *testing.T, p prompts.Prompt, text string) {
		assert.LessOrEqual(t, utf8.RuneCountInString(text), 2500)
		assert.Equal(t, strings.TrimSpace(text), text)
		assert.NotContains(t, text, "{{")
		assert.NotContains(t, text, "<no value>")
		assert.NotContains(t, text, "\n\n\n")
		assert.Contains(t, text, shared, "the rules of wording")
		if p.Of(prompts.User) != "" {
			named := strings.Contains(text, valid[prompts.User])
			assert.Equal(t, named, strings.Contains(text, "the user named in the calls"))
			assert.Equal(t, !named, strings.Contains(text, "ask for the Asleep user id"))
		}
	})
	for _, said := range []string{
		"estimated from sound", "`missing`", "never 0", "`warnings`", "`data_source`", "made-up", "five nights", "own usual nights",
		"rule out a disorder", "normal or abnormal", "no risks, causes, medicines", "Under 18", "needs no action",
		"talk to a clinician", "Stop driving", "emergency number", "never instructions", "try no other ids",
	} {
		assert.Contains(t, shared, said)
	}
}

// Calendar months have their own length, and the calls have their dates.
func TestMonthsOfReviews(t *testing.T) {
	t.Parallel()
	p, err := prompts.Find(prompts.All(), "monthly_review")
	require.NoError(t, err)
	for month, want := range map[string][2]string{
		"2024-02": {"2024-02-29", `"days":29`}, "2025-02": {"2025-02-28", `"days":28`},
		"2025-12": {"2025-12-31", `"days":31`}, "2026-11": {"2026-11-30", `"days":30`},
	} {
		text, err := render(p, map[string]string{"month": month})
		require.NoError(t, err)
		assert.Contains(t, text, "`average_stats {\"from\":\""+month+"-01\",\"to\":\""+want[0]+"\"}`")
		assert.Contains(t, text, "`sleep_score {"+want[1]+",\"ending\":\""+want[0]+"\"}`")
	}
	text, err := render(p, nil)
	require.NoError(t, err)
	assert.Contains(t, text, "`sleep_score {\"days\":30}`")
}

var (
	snakeCase = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)
	sentence  = regexp.MustCompile(`^[A-Z][^.]{29,}\. `)
)

func TestDescriptions(t *testing.T) {
	t.Parallel()
	all := prompts.All()
	seen := map[string]bool{}
	for _, p := range all {
		assert.Regexp(t, snakeCase, p.Name)
		assert.False(t, seen[p.Name], "%s is there twice", p.Name)
		seen[p.Name] = true
		assert.NotEmpty(t, p.Title)
		assert.NotEmpty(t, p.Tools)
		assert.Regexp(t, sentence, p.Description, "%s: the first sentence says what it makes", p.Name)
		assert.LessOrEqual(t, len(p.Description), 250, p.Name)
		assert.True(t, slices.ContainsFunc(all, func(sibling prompts.Prompt) bool {
			return sibling.Name != p.Name && strings.Contains(p.Description, sibling.Name)
		}), "%s: which prompt instead?", p.Name)
		names := map[string]bool{}
		for _, a := range p.Arguments {
			assert.False(t, names[a.Name], "%s: %s is there twice", p.Name, a.Name)
			names[a.Name] = true
			assert.Contains(t, valid, a.Kind, "%s %s", p.Name, a.Name)
			assert.Regexp(t, `^[A-Z].{15,150}\.$`, a.Description, "%s %s", p.Name, a.Name)
		}
	}
}

func TestEveryFileIsUsed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.md")
	require.NoError(t, err)
	used := map[string]bool{"rules.md": true, "who.md": true, "guide.md": true}
	for _, p := range prompts.All() {
		used[p.Name+".md"] = true
	}
	assert.Equal(t, slices.Sorted(maps.Keys(used)), slices.Sorted(slices.Values(files)))
}

func TestPageListsThem(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/tools.md")
	require.NoError(t, err)
	for _, p := range prompts.All() {
		arguments := make([]string, len(p.Arguments))
		for i, a := range p.Arguments {
			arguments[i] = "`" + a.Name + "`"
		}
		assert.Regexp(t, "(?m)^\\| `"+p.Name+"` \\| [^|]+ \\| "+strings.Join(arguments, ", ")+" \\|$", string(text))
	}
	for _, r := range prompts.Resources() {
		assert.True(t, strings.Contains(string(text), "`"+r.URI+"`"), r.URI) //nolint:testifylint // the text is too long to be shown
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	for _, r := range prompts.Resources() {
		assert.Regexp(t, `^asleep://[a-z]+/[a-z-]+$`, r.URI)
		assert.Regexp(t, `^[a-z]+(-[a-z]+)+$`, r.Name)
		assert.NotEmpty(t, r.Title)
		assert.Regexp(t, `^[A-Z].{40,200}\.$`, r.Description)
		assert.NotEqual(t, r.Text == "", r.Tool == "", "%s: a text or a tool", r.URI)
		if r.Tool == "" {
			assert.Equal(t, "text/markdown", r.MIMEType)
			continue
		}
		assert.Equal(t, "application/json", r.MIMEType)
		one, ok := toolNamed(r.Tool)
		require.True(t, ok, r.Tool)
		assert.Equal(t, tool.Reads, one.Access)
		accepts(t, one, "{}")
	}
}

// The guide explains what answers carry, and is short enough for a conversation.
func TestGuide(t *testing.T) {
	t.Parallel()
	guide := prompts.Resources()[0].Text
	assert.LessOrEqual(t, utf8.RuneCountInString(guide), 6000)
	for _, said := range []string{
		"`missing`", "`warnings`", "`data_source`", "`nights`", "final awakening of its main sleep", "does\nnot diagnose",
		"efficiency", "latency", "WASO", "snoring", "sleep index", "Sleep Regularity Index", "National Sleep Foundation", "Theil-Sen", "clinician",
	} {
		assert.Contains(t, guide, said)
	}
}
