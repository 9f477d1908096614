package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var stopped = []string{"--demo", "--now", "2026-11-23T09:00:00Z"}

func reportOf(t *testing.T, args ...string) result {
	t.Helper()
	return runWith(t, nil, append(append([]string{"report"}, stopped...), args...)...)
}

// The numbers of a report are those of the tool about the same days, by default the last
// full month; the file is for its owner alone and replaces no other one.
func TestReport(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.html")
	got := reportOf(t, "-o", file, "--name", "A & <b>")
	require.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stdout, "31 of 31 nights recorded")
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(ownerOnly), info.Mode().Perm())
	html := textOf(t, file)
	assert.Contains(t, html[:strings.Index(html, "<p>")], "A &amp; &lt;b&gt;")
	assert.Contains(t, html[:strings.Index(html, "<p>")], "Sleep, October 2026")

	called := runWith(t, nil, append([]string{"call", "average_stats", "from=2026-10-01", "to=2026-10-31", "--json"}, stopped...)...)
	require.Zero(t, called.code, called.stderr)
	var answer struct {
		Averages, Spread map[string]any
		Stages           map[string]any `json:"sleep_stages"`
	}
	require.NoError(t, json.Unmarshal([]byte(called.stdout), &answer))
	cells := strings.Join(regexp.MustCompile(`<td>.*?</td>`).FindAllString(html, -1), "\n")
	shown := 0
	for _, part := range []map[string]any{answer.Averages, answer.Stages, answer.Spread} {
		for name, value := range part {
			text := fmt.Sprint(value)
			if hours, ok := value.(float64); ok && strings.HasSuffix(name, "_hours") {
				minutes := int(hours*60 + 0.5)
				text = fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
			}
			assert.Contains(t, cells, text, name)
			shown++
		}
	}
	assert.Equal(t, 20, shown, "every figure of the tool is on the page")
	texts := strings.Join(regexp.MustCompile(`\w+ \d+ Oct</text>`).FindAllString(html, -1), "\n")
	for day := 1; day <= 31; day++ { // clocks were set on the 25th
		assert.Contains(t, texts, fmt.Sprintf(" %d Oct", day))
	}

	again := reportOf(t, "-o", file, "--month", "2026-09")
	assert.Equal(t, exitUsage, again.code)
	assert.Contains(t, again.stderr, "--force")
	assert.Equal(t, html, textOf(t, file), "the file stays")
	require.Zero(t, reportOf(t, "-o", file, "--month", "2026-09", "--force").code)
	assert.Contains(t, textOf(t, file), "Sleep, September 2026")
	info, err = os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(ownerOnly), info.Mode().Perm())
}

// Without a name the file is called after the month; a month that is not over ends today,
// and one without nights says so.
func TestReportOfOtherDays(t *testing.T) {
	t.Chdir(t.TempDir())
	for file, args := range map[string][]string{
		"sleep-2026-10.html": nil, "sleep-2020-02.html": {"--month", "2020-02"},
		"sleep-2026-11-01_2026-11-23.html": {"--month", "2026-11"}, "sleep-2026-10-05_2026-10-05.html": {"--from", "2026-10-05", "--to", "2026-10-05"},
	} {
		got := reportOf(t, args...)
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, file)
		assert.FileExists(t, file)
	}
	assert.Contains(t, textOf(t, "sleep-2020-02.html"), "None of the 29 nights was recorded.")
}

func TestReportIsRefused(t *testing.T) {
	t.Parallel()
	for why, args := range map[string][]string{
		"must end in .html or .pdf": {"-o", "a.docx"},
		"is not a month":            {"--month", "2026-13"},
		"cannot be combined":        {"--month", "2026-10", "--from", "2026-10-01"},
		"go together":               {"--from", "2026-10-01"},
		"is not a date":             {"--from", "2026-10-32", "--to", "2026-11-01"},
		"is after":                  {"--from", "2026-10-02", "--to", "2026-10-01"},
		"shows at most 92":          {"--from", "2026-01-01", "--to", "2026-10-01"},
		"lies in the future":        {"--month", "2026-12"},
	} {
		got := reportOf(t, args...)
		assert.Equal(t, exitUsage, got.code, why)
		assert.Contains(t, got.stderr, why)
	}
	missing := reportOf(t, "-o", filepath.Join(t.TempDir(), "a.pdf"), "--browser", "/nowhere/chromium")
	assert.Equal(t, exitFailed, missing.code)
	assert.Contains(t, missing.stderr, "--browser")
	nowhere := reportOf(t, "-o", filepath.Join(t.TempDir(), "nowhere", "a.html"))
	assert.Equal(t, exitFailed, nowhere.code)
}
