package asleepmcp_test

import (
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contributing are the pages that tell how something is added.
func contributing(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("docs/contributing/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	return pages
}

// exampleFile is a whole file of a page, behind the sentence that ends with its name.
var exampleFile = regexp.MustCompile("(?s)`([a-z_/]+\\.go)`:\n\n```go\n(.*?)```\n")

// exampleTest is a test in such a file.
var exampleTest = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// The files that the pages show are as gofmt writes them and compile, all of them side by
// side, and their tests pass. Whoever tries a page has its file; then that of the page
// stands for it.
func TestExamplesOfContributing(t *testing.T) {
	t.Parallel()
	if *update {
		t.Skip("they write nothing")
	}
	root, err := filepath.Abs(".")
	require.NoError(t, err)
	written := t.TempDir()
	replace := map[string]string{}
	var rooms, tested, tests []string
	for _, page := range contributing(t) {
		for _, found := range exampleFile.FindAllStringSubmatch(textOfPage(t, page), -1) {
			name, text := found[1], found[2]
			formatted, err := format.Source([]byte(text))
			require.NoError(t, err, "%s: %s", page, name)
			assert.Equal(t, string(formatted), text, "%s: %s is not as gofmt writes it", page, name)
			file := filepath.Join(written, strings.ReplaceAll(name, "/", "+"))
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			replace[filepath.Join(root, filepath.FromSlash(name))] = file
			room := "./" + path.Dir(name)
			rooms = append(rooms, room)
			for _, one := range exampleTest.FindAllStringSubmatch(text, -1) {
				tested, tests = append(tested, room), append(tests, one[1])
			}
		}
	}
	require.NotEmpty(t, tests)
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	file := filepath.Join(written, "overlay.json")
	require.NoError(t, os.WriteFile(file, overlay, 0o600))
	for _, arguments := range [][]string{
		append([]string{"build", "-overlay", file}, rooms...),
		append([]string{"test", "-overlay", file, "-vet=off", "-run", "^(" + strings.Join(tests, "|") + ")$"}, tested...),
	} {
		said, err := exec.CommandContext(t.Context(), "go", arguments...).CombinedOutput()
		assert.NoError(t, err, "%s", said)
	}
}

// Every page is linked from CONTRIBUTING.md, and every link leads somewhere.
func TestContributingLinks(t *testing.T) {
	t.Parallel()
	pages := contributing(t)
	var linked []string
	for _, page := range append(slices.Clone(pages), "CONTRIBUTING.md") {
		for _, link := range regexp.MustCompile(`\]\(([\w./-]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(textOfPage(t, page), -1) {
			to := filepath.Join(filepath.Dir(page), link[1])
			assert.FileExists(t, to, page)
			if page == "CONTRIBUTING.md" {
				linked = append(linked, filepath.ToSlash(to))
			}
		}
	}
	for _, page := range pages {
		assert.Contains(t, linked, filepath.ToSlash(page))
	}
}

func textOfPage(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
