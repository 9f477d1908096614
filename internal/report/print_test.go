package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
)

// needed returns a program that a test needs, or ends the test.
func needed(t *testing.T, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	without := "the PDF is read by " + name + ", which is not on the PATH: apt-get install " + install
	if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") != "" {
		t.Fatal(without)
	}
	t.Skip(without)
	return ""
}

// A page is printed on one sheet of the size that is asked for, and another program reads
// its facts in it. Nothing else is left.
func TestPrint(t *testing.T) {
	t.Parallel()
	info, reader := needed(t, "pdfinfo", "poppler-utils"), needed(t, "pdftotext", "poppler-utils")
	browser, err := FindBrowser(needed(t, "chromium", "chromium"))
	require.NoError(t, err)
	r, err := New("Ada <b>Example</b>", answers("x"))
	require.NoError(t, err)
	r.Paper = "letter"
	folder := t.TempDir()
	pdf, err := browser.Print(t.Context(), r, folder)
	require.NoError(t, err)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)

	file := filepath.Join(folder, "page.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	said, err := exec.CommandContext(t.Context(), info, file).Output()
	require.NoError(t, err)
	assert.Regexp(t, `Pages:\s+1\n`, string(said))
	assert.Contains(t, string(said), "(letter)")
	said, err = exec.CommandContext(t.Context(), reader, "-layout", file, "-").Output()
	require.NoError(t, err)
	for _, fact := range []string{"Sleep, March 2026", "Ada <b>Example</b>", "6 h 59 min", "Snoring sound", "not measured", "Sat 28 Mar", "not a diagnosis"} {
		assert.Contains(t, string(said), fact)
	}

	full := charts.Nights{}
	for day := range 92 { // the most that a report takes
		date := time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		full.Rows = append(full.Rows, charts.Row{Date: date, Sleeps: []charts.Sleep{{From: -20, To: 480, Onset: new(-10.0), Wake: new(470.0)}}})
	}
	r.Nights, err = inline(full)
	require.NoError(t, err)
	pdf, err = browser.Print(t.Context(), r, folder)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	said, err = exec.CommandContext(t.Context(), info, file).Output()
	require.NoError(t, err)
	assert.Regexp(t, `Pages:\s+1\n`, string(said))
}

// A browser that prints nothing is told with what it said.
func TestPrintFails(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the browser of this test is a shell script")
	}
	folder := t.TempDir()
	script := filepath.Join(folder, "browser")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\necho no display\n"), 0o700)) //nolint:gosec // it must run
	r, err := New("", answers("x"))
	require.NoError(t, err)
	_, err = Browser(script).Print(t.Context(), r, folder)
	require.ErrorContains(t, err, "no display")
	assert.NotContains(t, strings.ToLower(err.Error()), "panic")
}
