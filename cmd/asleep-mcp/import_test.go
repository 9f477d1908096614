package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ouraExport = `id;day;type;bedtime_start;bedtime_end;total_sleep_duration
n1;2026-11-22;long_sleep;2026-11-21T23:00:00+01:00;2026-11-22T07:00:00+01:00;25200
n2;2026-11-23;long_sleep;2026-11-22T23:00:00+01:00;2026-11-23T07:00:00+01:00;27000
`

const garminExport = `[{"sleepStartTimestampGMT":"2026-11-22T22:10:00.0","sleepEndTimestampGMT":"2026-11-23T06:00:00.0","calendarDate":"2026-11-23","deepSleepSeconds":5400,"lightSleepSeconds":14400,"remSleepSeconds":5400,"awakeSleepSeconds":900}]`

// importing is a folder with files and an empty archive, and runs the program in it.
type importing struct {
	t    *testing.T
	dir  string
	vars map[string]string
}

func newImporting(t *testing.T, files map[string]string) importing {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return importing{t, dir, map[string]string{
		"ASLEEP_MCP_DATABASE_URL": filepath.Join(dir, "data.db"), "ASLEEP_MCP_NOW": "2026-11-23T08:00:00+01:00", "HOME": dir,
	}}
}

func (i importing) run(args ...string) (code int, stdout, stderr string) {
	i.t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, func(name string) string { return i.vars[name] }, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func (i importing) path(name string) string { return filepath.Join(i.dir, name) }

// From an export to an answer no key is needed, and a second import adds nothing.
func TestImport(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"sleepmodel.csv": ouraExport})
	code, out, errs := i.run("import", "--dry-run", i.path("sleepmodel.csv"))
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, "Oura: 2 recordings from 2026-11-22 to 2026-11-23.")
	assert.Contains(t, out, "Nothing was kept")
	assert.NoFileExists(t, i.path("nights.db"))

	code, out, errs = i.run("import", i.path("sleepmodel.csv"))
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, "Kept for the user me: 2 new, 0 changed, 0 known before.")
	_, out, _ = i.run("import", i.path("sleepmodel.csv"))
	assert.Contains(t, out, "Kept for the user me: 0 new, 0 changed, 2 known before.")

	require.NoError(t, os.WriteFile(i.path("sleepmodel.csv"), []byte(strings.Replace(ouraExport, "27000", "26400", 1)), 0o600))
	_, out, _ = i.run("import", i.path("sleepmodel.csv"))
	assert.Contains(t, out, "Kept for the user me: 0 new, 1 changed, 1 known before.")

	code, out, errs = i.run("call", "get_session", "--json")
	require.Equal(t, exitOK, code, errs)
	for _, want := range []string{`"night":"2026-11-23"`, `"asleep_minutes":440`, `"data_source":"import"`, `"sources":{"oura":1}`} {
		assert.Contains(t, strings.ReplaceAll(strings.ReplaceAll(out, ": ", ":"), "\n", ""), want)
	}
	for _, field := range []string{"light_minutes", "awake_minutes", "latency_minutes", "snoring_minutes"} {
		assert.Contains(t, out, `"`+field+`":"not_measured"`)
	}
}

// Of two trackers one counts a night, by what it measured and then by the setting.
func TestImportOfTwoTrackers(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"sleepmodel.csv": ouraExport, "sleepData.json": garminExport})
	code, _, errs := i.run("import", i.dir)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "--timezone")
	assert.NoFileExists(t, i.path("nights.db"), "nothing is kept of the file that could be read")

	code, _, errs = i.run("import", "--timezone", "Europe/Paris", i.path("sleepmodel.csv"), i.path("sleepData.json"))
	require.Equal(t, exitOK, code, errs)
	code, out, errs := i.run("call", "average_stats", `{"days":2}`, "--json")
	require.Equal(t, exitOK, code, errs)
	out = strings.Join(strings.Fields(out), "")
	assert.Contains(t, out, `"sources":{"garmin":1,"oura":1}`, "the watch told stages of the second night")
	assert.Contains(t, out, "other_sources")
	assert.Contains(t, out, "source_change")
}

func TestImportMistakes(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"other.txt": "hello", "cut.json": garminExport[:200]})
	code, _, errs := i.run("import", i.path("other.txt"))
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errs, "no nights of a known kind")
	code, _, errs = i.run("import", "--timezone", "UTC", i.path("cut.json"))
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errs, "cut.json")
	assert.Contains(t, errs, "nothing was imported")
	code, _, _ = i.run("import", i.path("nowhere"))
	assert.Equal(t, exitFailed, code)
	for _, args := range [][]string{{"import"}, {"import", "--demo", "x"}, {"import", "--no-keep-nights", "x"}, {"--sources", "oxra", "import", "x"}} {
		code, _, errs = i.run(args...)
		assert.Equal(t, exitUsage, code, errs)
	}
	assert.NoFileExists(t, i.path("nights.db"))
}
