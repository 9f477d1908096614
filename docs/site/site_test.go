package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var repositoryRoot = os.DirFS("../..")

// Every link of every page leads to a page, a heading or a file.
func TestSite(t *testing.T) {
	t.Parallel()
	files, err := build(repositoryRoot)
	require.NoError(t, err)
	index := string(files["index.html"])
	assert.Contains(t, index, `<a href="docs/tools.html">`)
	assert.Contains(t, index, `src="docs/pictures/night.svg"`)
	assert.Contains(t, files, "docs/pictures/night.svg")
	assert.Contains(t, string(files["docs/contributing/tool.html"]), `href="../../style.css"`)
}

// Every page of the documentation is in the menu.
func TestMenu(t *testing.T) {
	t.Parallel()
	var listed []string
	for _, s := range sections {
		for _, p := range s.Pages {
			listed = append(listed, p.File)
		}
	}
	err := fs.WalkDir(repositoryRoot, "docs", func(file string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(file, ".md") && !slices.Contains(listed, file) {
			t.Errorf("%s is in no section: add it to pages.go", file)
		}
		return err
	})
	require.NoError(t, err)
}

func TestBrokenLinks(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{}
	for _, s := range sections {
		for _, p := range s.Pages {
			root[p.File] = &fstest.MapFile{Data: []byte("# A page\n")}
		}
	}
	root["README.md"].Data = []byte("# A page\n[a](docs/nowhere.md) [b](docs/tools.md#nothing) [c](docs/tools.md#a-page) [d](#a-page) [e](https://example.org/x)\n")
	_, err := build(root)
	require.Error(t, err)
	assert.Equal(t, "README.md: the link docs/nowhere.md leads nowhere\nREADME.md: docs/tools.md has no heading #nothing", err.Error())
}

func TestWrite(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "public")
	require.NoError(t, write(repositoryRoot, out))
	assert.FileExists(t, filepath.Join(out, "docs", "contributing", "tool.html"))
	assert.ErrorContains(t, write(repositoryRoot, out), "is not empty")
}
