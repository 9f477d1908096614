package skills_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func TestEveryFolderIsASkill(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*/SKILL.md")
	require.NoError(t, err)
	var uris []string
	for _, s := range skills.All() {
		uris = append(uris, s.URI())
		assert.Equal(t, "skill://"+s.Name+"/SKILL.md", s.URI(), "named as its folder")
	}
	require.Len(t, files, len(uris))
	for i, file := range files {
		assert.Equal(t, "skill://"+filepath.ToSlash(file), uris[i])
	}
}

// The limits are those of the Agent Skills specification.
func TestFrontMatter(t *testing.T) {
	t.Parallel()
	for _, s := range skills.All() {
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, s.Name)
		assert.LessOrEqual(t, len(s.Name), 64)
		assert.LessOrEqual(t, utf8.RuneCountInString(s.Description), 1024)
		assert.Regexp(t, `^[A-Z][^.]{29,}\. Use for `, s.Description, "%s: what it does, then when to use it", s.Name)
		assert.Contains(t, string(s.Frontmatter), `"license":"MIT"`, "all of it is told")
		assert.Contains(t, string(s.Frontmatter), `"metadata":{"tools":"`+strings.Join(s.Tools, " ")+`"}`)
		assert.NotContains(t, string(s.Frontmatter), "allowed-tools", "hosts ignore it from servers")
	}
}

func TestDigestsAreOfTheFiles(t *testing.T) {
	t.Parallel()
	for _, s := range skills.All() {
		for _, f := range s.Files {
			onDisk, err := os.ReadFile(filepath.FromSlash(strings.TrimPrefix(f.URI, "skill://")))
			require.NoError(t, err)
			assert.Equal(t, string(onDisk), f.Text)
			assert.NotContains(t, f.Text, "\r", "%s: the digest would differ on another system", f.URI)
			assert.NotEmpty(t, f.Title)
		}
	}
	page := skills.All()[0].Files[1]
	assert.Equal(t, "skill://doctor-visit-preparation/references/page.md", page.URI)
	assert.Equal(t, "page.md", page.Name)
	assert.Equal(t, "Sleep: notes for a visit", page.Title)
	assert.Regexp(t, `^sha256:[0-9a-f]{64}$`, page.Digest)
}

var word = regexp.MustCompile("`([a-z]+(?:_[a-z0-9]+)+)`|`([a-z_]+) \\{")

// The tools, arguments and fields that a text names exist: those of its own tools, and of the
// diary, for the case that it is on.
func TestWordsExist(t *testing.T) {
	t.Parallel()
	for _, s := range skills.All() {
		var schemas strings.Builder
		for _, one := range tools.All() {
			if slices.Contains(s.Tools, one.Name) || one.Toolset == tool.ToolsetDiary {
				schemas.WriteString(`"` + one.Name + `"` + string(one.Input()) + string(one.Output()))
			}
		}
		_, text, _ := strings.Cut(s.Files[0].Text, "\n---\n")
		named := map[string]bool{}
		for _, match := range word.FindAllStringSubmatch(text, -1) {
			w := match[1] + match[2]
			named[w] = true
			assert.Contains(t, schemas.String(), `"`+w+`"`, "no tool of %s knows the word", s.Name)
		}
		for _, name := range s.Tools {
			assert.True(t, named[name], "%s never tells when to call %s", s.Name, name)
		}
		for _, other := range regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`").FindAllStringSubmatch(text, -1) {
			assert.True(t, slices.ContainsFunc(skills.All(), func(known skills.Skill) bool { return known.Name == other[1] }), other[1])
		}
		for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
			assert.True(t, slices.ContainsFunc(s.Files, func(f skills.File) bool { return strings.HasSuffix(f.URI, "/"+link[1]) }), link[1])
		}
	}
}

// Skills and prompts share their rules of wording, and leave room in a conversation.
func TestTexts(t *testing.T) {
	t.Parallel()
	shared, err := os.ReadFile("../prompts/rules.md")
	require.NoError(t, err)
	_, rules, found := strings.Cut(string(shared), "How to write\n")
	require.True(t, found)
	rules = strings.TrimSuffix(strings.TrimSpace(rules), "{{end}}")
	for _, s := range skills.All() {
		assert.True(t, strings.HasSuffix(s.Files[0].Text, "\n\n## How to write\n\n"+rules+"\n"), "%s: the rules of wording", s.Name)
		assert.LessOrEqual(t, utf8.RuneCountInString(s.Files[0].Text), 6000, s.Name)
	}
}

func TestPageListsThem(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/tools.md")
	require.NoError(t, err)
	for _, s := range skills.All() {
		assert.Regexp(t, `(?m)^\| `+"`"+regexp.QuoteMeta(s.URI())+"`"+` \| [^|]+ \|$`, string(page))
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	s := skills.All()[0]
	files, folders := s.In("skill://doctor-visit-preparation")
	require.Len(t, files, 1)
	assert.Equal(t, s.URI(), files[0].URI)
	assert.Equal(t, []string{"skill://doctor-visit-preparation/references"}, folders)
	files, folders = s.In("skill://doctor-visit-preparation/references")
	assert.Len(t, files, 1)
	assert.Empty(t, folders)
	for _, no := range []string{"", "skill:/", "skill://", "skill://doctor-visit-preparation/", s.URI(), "skill://doctor-visit", "skill://doctor-visit-preparation/ref"} {
		files, folders = s.In(no)
		assert.Empty(t, files, no)
		assert.Empty(t, folders, no)
	}
}
