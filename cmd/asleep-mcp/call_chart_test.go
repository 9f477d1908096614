package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// picturesOfReadme are made by asleep-mcp call TOOL --demo --now … --chart FILE.
var picturesOfReadme = map[string]string{"night": "get_session", "week": "weekly_report", "months": "monthly_trends"}

// The pictures that README.md shows are what the program draws.
func TestReadmeShowsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	readme := textOf(t, "../../README.md")
	for name, tool := range picturesOfReadme {
		kept := docsFolder + "pictures/" + name + ".svg"
		assert.Contains(t, readme, "docs/pictures/"+name+".svg")
		file := filepath.Join(t.TempDir(), name+".svg")
		got := runWith(t, nil, "call", tool, "--demo", "--now", "2026-11-23T09:00:00Z", "--chart", file)
		require.Zero(t, got.code, got.stderr)
		drawn, err := os.ReadFile(file)
		require.NoError(t, err)
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(ownerOnly), info.Mode().Perm())
		if *update {
			require.NoError(t, os.WriteFile(kept, drawn, ownerOnly))
		}
		assert.True(t, textOf(t, kept) == string(drawn), "%s is not what is drawn; make golden writes it again", kept) //nolint:testifylint // the files are too long to show
	}
}

// Block characters lead the text where they can be shown, and a picture that cannot be
// written is told before anything is asked.
func TestCallShowsPictures(t *testing.T) {
	t.Parallel()
	plain := runWith(t, nil, "call", "get_session", "--demo")
	assert.NotContains(t, plain.stdout, "█")
	shown := runWith(t, variablesOf{"LANG": "en_US.UTF-8"}, "call", "get_session", "--demo")
	picture, text, found := strings.Cut(shown.stdout, "\n\n")
	require.True(t, found)
	assert.Contains(t, picture, "█")
	assert.NotContains(t, shown.stdout, "\x1b", "colours are for terminals")
	assert.Contains(t, text, "DEMO DATA")
	for _, env := range []variablesOf{{"LANG": "C"}, {"LANG": "en_US.UTF-8", "TERM": "dumb"}} {
		assert.NotContains(t, runWith(t, env, "call", "get_session", "--demo").stdout, "█")
	}
	for file, why := range map[string]string{"x.gif": "must end in .svg or .png", "x.svg": "has no picture"} {
		got := runWith(t, nil, "call", "sleep_score", "--demo", "--chart", file)
		assert.Equal(t, exitUsage, got.code)
		assert.Contains(t, got.stderr, why)
	}
}

// Nothing is wider than the terminal, with all of an answer or its beginning.
func TestCallFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"get_session", "detail=epochs"}, {"weekly_report"}, {"list_sessions", "days=90"}, {"find_nights", "by=weekday"}, {"compare_nights", "where=weekend"}, {"monthly_trends"}} {
		for _, more := range []string{"--all", "--all=false"} {
			env := variablesOf{"LANG": "en_US.UTF-8", "COLUMNS": "60"}
			got := runWith(t, env, append(append([]string{"call"}, args...), "--demo", more)...)
			require.Zero(t, got.code, got.stderr)
			for line := range strings.SplitSeq(got.stdout, "\n") {
				assert.LessOrEqual(t, utf8.RuneCountInString(line), 60, line)
			}
			assert.Equal(t, more != "--all", strings.Contains(got.stdout, "More with --all."), args)
		}
	}
}
