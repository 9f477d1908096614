package person

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// withDiary adds an empty archive to a world.
func withDiary(t *testing.T, w *tooltest.World) *tooltest.World {
	t.Helper()
	store := archive.Lazy(filepath.Join(t.TempDir(), "nights.db"), w.Deps.Now)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	w.Deps.Archive = archive.NewSource(store, archive.Options{Live: w.Deps.Client, Key: tooltest.SecretKey, Now: w.Deps.Now})
	return w
}

func TestTagNights(t *testing.T) {
	t.Parallel()
	w := withDiary(t, madeWeek(t))
	call := func(name, arguments string) diaryOut {
		t.Helper()
		return tooltest.AnswerOf[diaryOut](t, w, name, arguments)
	}
	find := func(arguments string) findNightsOut {
		t.Helper()
		return tooltest.AnswerOf[findNightsOut](t, w, "find_nights", arguments)
	}
	out := call("tag_nights", `{"tags":["Alcohol"],"nights":["2026-11-12","2026-11-13","2026-11-12"],"note":"two beers"}`)
	assert.Equal(t, 2, out.Changed)
	assert.Equal(t, `2 nights tagged "alcohol".`, out.Summary)
	out = call("tag_nights", `{"tags":["alcohol","strips"],"nights":["2026-11-13/2026-11-16"]}`)
	assert.Equal(t, []tagCount{{"alcohol", 5, "2026-11-12", "2026-11-16"}, {"strips", 4, "2026-11-13", "2026-11-16"}}, out.Tags)
	assert.Equal(t, `4 nights tagged "alcohol" and "strips"; 1 of these tags existed already.`, out.Summary)
	call("tag_nights", `{"tags":["strips"],"nights":"2026-11-24"}`) // tonight

	found := find(`{"where":"\"alcohol\" in tags and not weekend","days":14}`)
	assert.Equal(t, 3, found.Matched, "nothing was recorded on the 15th")
	require.NotEmpty(t, found.Rows)
	last := found.Rows[len(found.Rows)-1]
	assert.Equal(t, []string{"2026-11-12", "alcohol", "two beers"}, []string{last.Night, last.Tags[0], last.Notes[0]})

	found = find(`{"by":"tag","days":14}`)
	assert.Equal(t, []string{"(no tag) 8", "alcohol 4", "strips 3"}, groupsOf(found))
	assert.Equal(t, []string{"asleep 12"}, groupsOf(find(`{"by":"source","days":14}`)))
	assert.Equal(t, 12, find(`{"where":"source == \"asleep\"","days":14}`).Matched)
	csv := find(`{"where":"\"strips\" in tags","fields":["night","tags","notes"],"format":"csv","days":14}`).CSV
	assert.Equal(t, "night,tags,notes\n2026-11-13,alcohol; strips,two beers\n2026-11-14,alcohol; strips,\n2026-11-16,alcohol; strips,\n", csv)
	tooltest.CheckMistake(t, tooltest.Fails(t, w, "find_nights", `{"order":"tags"}`), "order")
	tooltest.CheckMistake(t, tooltest.Fails(t, w, "find_nights", `{"where":"tags == \"alcohol\""}`), "in tags")

	out = call("remove_tags", `{"tags":["alcohol"],"nights":["2026-11-01/2026-11-15"]}`)
	assert.Equal(t, 4, out.Changed)
	out = call("remove_tags", `{"nights":["2026-11-16"]}`)
	assert.Equal(t, 2, out.Changed)
	assert.Equal(t, []tagCount{{"strips", 4, "2026-11-13", "2026-11-24"}}, out.Tags)
}

func groupsOf(out findNightsOut) (list []string) {
	for _, g := range out.Groups {
		list = append(list, fmt.Sprint(g.Group, " ", g.Nights))
	}
	return list
}

func TestCompareTaggedNights(t *testing.T) {
	t.Parallel()
	w := withDiary(t, tooltest.Demo(t, tooltest.Morning))
	tooltest.AnswerOf[diaryOut](t, w, "tag_nights", `{"tags":["alcohol"],"nights":["2026-10-02","2026-10-09","2026-10-17","2026-10-25","2026-11-01","2026-11-06","2026-11-14"]}`)
	out := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"where":"\"alcohol\" in tags","days":90}`)
	assert.Equal(t, 7, out.Group)
	assert.Contains(t, strings.Join(out.Cautions, " "), "the first tag is from 2026-10-02")
	out = tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"where":"\"alcohol\" in tags","from":"2026-10-02"}`)
	assert.NotContains(t, strings.Join(out.Cautions, " "), "the first tag")
}

// What people write is bounded, and says what to do.
func TestTagMistakes(t *testing.T) {
	t.Parallel()
	w := withDiary(t, madeWeek(t))
	for arguments, argument := range map[string]string{
		`{"tags":[" "],"nights":["2026-11-12"]}`:                                           "tags",
		`{"tags":["` + strings.Repeat("a", 65) + `"],"nights":["2026-11-12"]}`:             "tags",
		`{"tags":["a\u202eb"],"nights":["2026-11-12"]}`:                                    "tags",
		`{"tags":["a"],"nights":["2026-11-12"],"note":"` + strings.Repeat("a", 201) + `"}`: "note",
		`{"tags":["a"],"nights":["2026-11-13/2026-11-12"]}`:                                "nights",
		`{"tags":["a"],"nights":["2025-01-01/2026-11-12"]}`:                                "nights",
		`{"tags":["a"],"nights":["2026-11-12/"]}`:                                          "nights",
		`{"tags":["a"],"nights":["yesterday"]}`:                                            "nights",
		`{"tags":["a"],"nights":["2026-12-30"]}`:                                           "tonight",
	} {
		tooltest.CheckMistake(t, tooltest.Fails(t, w, "tag_nights", arguments), argument)
	}
	for i := range archive.MostTags / 10 {
		var tags []string
		for j := range 10 {
			tags = append(tags, fmt.Sprintf("%q", fmt.Sprint("tag ", 10*i+j)))
		}
		tooltest.Call(t, w, "tag_nights", `{"nights":["2026-11-12"],"tags":[`+strings.Join(tags, ",")+`]}`)
	}
	f := tooltest.Fails(t, w, "tag_nights", `{"tags":["one more"],"nights":["2026-11-12"]}`)
	tooltest.CheckMistake(t, f, "tags")
	assert.Contains(t, f.Text, "remove_tags")
}

// Where nothing may be kept, the answer says what to do.
func TestNoDiary(t *testing.T) {
	t.Parallel()
	w := madeWeek(t)
	for name, arguments := range map[string]string{
		"tag_nights": `{"tags":["a"],"nights":["2026-11-12"]}`, "remove_tags": `{"nights":["2026-11-12"]}`,
		"find_nights": `{"where":"\"a\" in tags"}`, "compare_nights": `{"where":"\"a\" in tags"}`,
	} {
		f := tooltest.Fails(t, w, name, arguments)
		assert.Equal(t, tool.NoDiary, f.Code, name)
		assert.Contains(t, f.Text, "ASLEEP_MCP_KEEP_NIGHTS")
	}
}

// What somebody wrote is theirs: whoever may see their nights may not see that, nor write it.
func TestDiariesAreOnesOwn(t *testing.T) {
	t.Parallel()
	w := withDiary(t, madeWeek(t))
	owner := access.From(w.Ctx).Own()
	tooltest.Call(t, w, "tag_nights", `{"tags":["secret"],"nights":["2026-11-12"]}`)
	as := func(p access.Principal) *tooltest.World {
		return &tooltest.World{Sandbox: w.Sandbox, Deps: w.Deps, Ctx: access.With(t.Context(), p)}
	}
	coach := as(access.Coach("G-20250318162239-coach", func(context.Context, string) ([]string, error) { return []string{"north"}, nil }, "north"))
	tooltest.Call(t, coach, "find_nights", fmt.Sprintf(`{"user_id":%q,"days":7}`, owner)) // they may
	for name, arguments := range map[string]string{
		"tag_nights": `,"tags":["a"],"nights":["2026-11-12"]}`, "remove_tags": `,"nights":["2026-11-12"]}`,
		"find_nights": `,"by":"tag"}`, "compare_nights": `,"where":"\"secret\" in tags"}`,
	} {
		f := tooltest.Fails(t, coach, name, fmt.Sprintf(`{"user_id":%q`, owner)+arguments)
		assert.Equal(t, tool.Forbidden, f.Code, name)
		assert.NotContains(t, f.Text, "secret")
	}
	reader := as(access.Person(owner).Scoped(access.SleepRead))
	assert.Equal(t, 1, tooltest.AnswerOf[findNightsOut](t, reader, "find_nights", `{"where":"\"secret\" in tags"}`).Matched)
	assert.Equal(t, tool.Forbidden, tooltest.Fails(t, reader, "tag_nights", `{"tags":["a"],"nights":["2026-11-12"]}`).Code)
	tooltest.Call(t, as(access.Person(owner)), "tag_nights", `{"tags":["a"],"nights":["2026-11-12"]}`)
}
