package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

// Nights that were imported for a user are those that questions are about, until there are those of somebody else.
func TestImportForAUser(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"sleepmodel.csv": ouraExport})
	code, out, errs := i.run("import", "--user-id", "zoe", i.path("sleepmodel.csv"))
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, "Next: asleep-mcp setup", "she need not be named")
	code, out, errs = i.run("call", "get_session", "--json")
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, `"user_id":"zoe"`)

	_, out, _ = i.run("import", "--user-id", "ben", i.path("sleepmodel.csv"))
	assert.Contains(t, out, "Next: asleep-mcp --user-id ben setup")
	code, _, _ = i.run("call", "get_session")
	assert.Equal(t, exitFailed, code, "one of two would be a guess")
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
	assert.Contains(t, errs, "no nights in a known format")
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

// What is exported of imported nights is imported again as it was, whatever the nights: all
// columns but ids and the source, which is then the export.
func TestExportIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		random := mathrand.New(mathrand.NewPCG(seed, 3))
		var file strings.Builder
		file.WriteString("id,bed_start,bed_end,asleep_minutes,awake_minutes,latency_minutes,light_minutes,deep_minutes,rem_minutes,snoring_minutes,zone,score\n")
		measured := func(x int) string {
			if random.IntN(5) == 0 {
				return ""
			}
			return fmt.Sprint(x)
		}
		zones := []string{"Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"}
		zone := zones[0]
		for day := range 120 { // through the changes of the clock in October and November
			if random.IntN(20) == 0 {
				zone = zones[random.IntN(len(zones))]
			}
			bed := time.Date(2026, 7, 20+day, 20+random.IntN(5), random.IntN(60), random.IntN(60), 0, time.UTC)
			latency, light, deep, rem, awake := random.IntN(40), 100+random.IntN(200), random.IntN(120), random.IntN(120), random.IntN(90)
			up := bed.Add(time.Duration(latency+light+deep+rem+awake+random.IntN(30)) * time.Minute)
			fmt.Fprintf(&file, "n%d,%s,%s,%d,%s,%s,", day, bed.Format(time.RFC3339), up.Format(time.RFC3339), light+deep+rem, measured(awake), measured(latency))
			if random.IntN(4) > 0 {
				fmt.Fprintf(&file, "%d,%d,%d", light, deep, rem)
			} else {
				file.WriteString(",,")
			}
			fmt.Fprintf(&file, ",%s,%s,%s\n", measured(random.IntN(100)), zone, measured(random.IntN(101)))
		}
		i := newImporting(t, map[string]string{"diary.csv": file.String()})
		export := func(user string) (text string) {
			code, text, errs := i.run("--user-id", user, "export")
			require.Equal(t, exitOK, code, errs)
			return text
		}
		code, out, errs := i.run("--user-id", "first", "import", i.path("diary.csv"))
		require.Equal(t, exitOK, code, errs)
		require.Contains(t, out, "120 recordings")
		first := export("first")
		require.NoError(t, os.WriteFile(i.path("export.csv"), []byte(first), 0o600))
		code, _, errs = i.run("--user-id", "second", "import", i.path("export.csv"))
		require.Equal(t, exitOK, code, errs)
		second := export("second")
		assert.Equal(t, withoutColumns(t, first), withoutColumns(t, second))
		assert.Greater(t, strings.Count(first, "\n"), 100)
	}
}

func withoutColumns(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	for i := range rows {
		for j, name := range exportColumns {
			if slices.Contains([]string{"user_id", "session_id", "source"}, name) {
				rows[i][j] = ""
			}
		}
	}
	return rows
}

// A tracker's own score is told with its source, and is nobody else's.
func TestOwnScore(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"diary.csv": "bed_start,bed_end,asleep_minutes,zone,score\n2026-11-22T23:00,2026-11-23T07:00,400,Europe/Paris,81\n"})
	code, _, errs := i.run("import", i.path("diary.csv"))
	require.Equal(t, exitOK, code, errs)
	_, out, _ := i.run("call", "get_session", "--json")
	assert.Contains(t, out, `"own_score":{"source":"csv","value":81}`)
	assert.NotContains(t, out, `"sleep_index"`)
	_, out, _ = i.run("export")
	assert.Contains(t, out, ",csv,81,\n")
}

// Somebody who has nothing but an export is not told that something is wrong.
func TestDoctorOfImportedNights(t *testing.T) {
	t.Parallel()
	i := newImporting(t, map[string]string{"sleepmodel.csv": ouraExport})
	code, _, _ := i.run("doctor")
	assert.Equal(t, exitFailed, code, "without nights a key is needed")
	code, _, errs := i.run("import", i.path("sleepmodel.csv"))
	require.Equal(t, exitOK, code, errs)
	code, out, errs := i.run("doctor")
	assert.Equal(t, exitOK, code, errs)
	assert.Regexp(t, `(?m)^key +not set +not needed`, out)
	assert.Regexp(t, `(?m)^kept +ok +2 nights of 1 person`, out)
	assert.NotContains(t, out, problem)
}

// Files that are not read are counted, and tables that are named are read.
func TestFilesThatAreNotRead(t *testing.T) {
	t.Parallel()
	table := "date;start;end;sleep (h)\n13.03.2026;13.03.2026 23:00;14.03.2026 7:00;7,25\n"
	i := newImporting(t, map[string]string{"sleepmodel.csv": ouraExport, "photo.jpg": "x", "one.csv": table, "two.csv": strings.ReplaceAll(table, ".03.", ".04.")})
	i.vars["ASLEEP_TIMEZONE"] = "Europe/Paris"
	code, out, errs := i.run("import", "--dry-run", i.dir)
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, "Not read: 2 files that may be a plain CSV (name a file itself to import it), such as \"one.csv\".")
	assert.Contains(t, out, "Not read: 1 file without nights in a known format, such as \"photo.jpg\".")
	code, out, errs = i.run("import", "--dry-run", i.path("one.csv"), i.path("two.csv"))
	require.Equal(t, exitOK, code, errs)
	assert.Contains(t, out, "Plain CSV: 2 recordings from 2026-03-14 to 2026-04-14.")
	assert.NotContains(t, out, "Not read")
}
