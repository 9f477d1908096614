package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zipped is a zip of files, on disk.
func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(name)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	for inside, text := range files {
		w, err := z.Create(inside)
		require.NoError(t, err)
		_, err = io.WriteString(w, text)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	return name
}

func opened(t testing.TB, name string) *Input {
	t.Helper()
	in, err := Open(name)
	require.NoError(t, err)
	t.Cleanup(func() { _ = in.Close() })
	return in
}

// Every export can be a zip, a folder, a folder with a zip, and as one file that file.
func TestContainers(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		o := Options{}
		if f.zone != "" {
			o.Zone = zoneOf(f.zone)
		}
		file := zipped(t, f.files)
		assert.Len(t, readOne(t, opened(t, file), f.tracker, o).Sessions, len(f.want), name)
		assert.Len(t, readOne(t, opened(t, filepath.Dir(file)), f.tracker, o).Sessions, len(f.want), name)
		if len(f.files) > 1 {
			continue
		}
		for _, text := range f.files {
			alone := filepath.Join(t.TempDir(), "renamed raw_bed_sleep-state.dat")
			require.NoError(t, os.WriteFile(alone, []byte(text), 0o600))
			assert.Len(t, readOne(t, opened(t, alone), f.tracker, o).Sessions, len(f.want), name)
		}
	}
}

func TestPathsThatLeadOut(t *testing.T) {
	t.Parallel()
	oura := fixtures["oura"].files["App Data/sleepmodel.csv"]
	in := opened(t, zipped(t, map[string]string{"../../sleepmodel.csv": oura, `..\sleepmodel.csv`: oura, "/etc/sleepmodel.csv": oura, "inside/sleepmodel.csv": oura}))
	assert.Equal(t, 3, in.Outside().Count)
	assert.NotEmpty(t, in.Outside().First)
	assert.Len(t, readOne(t, in, "oura", Options{}).Sessions, 3)

	outside := filepath.Join(t.TempDir(), "sleepmodel.csv")
	require.NoError(t, os.WriteFile(outside, []byte(oura), 0o600))
	dir := t.TempDir()
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "sleepmodel.csv")))
	_, err := opened(t, dir).Detect(t.Context())
	assert.ErrorContains(t, err, "no nights in a known format", "a link that leads out of the folder is not followed")
}

func TestZipBombs(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(name)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	w, err := z.Create("export.xml")
	require.NoError(t, err)
	_, err = io.WriteString(w, "<HealthData>\n")
	require.NoError(t, err)
	line := append(bytes.Repeat([]byte("x"), 1<<20), "<a/>"...)
	for range 80 {
		_, err = w.Write(line)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	require.ErrorContains(t, failsToRead(t, opened(t, name), Options{Zone: time.UTC}), "times as large as in its zip")

	long := opened(t, zipped(t, map[string]string{"export.xml": "<HealthData>" + strings.Repeat(" ", longestRecord+headBytes) + "</HealthData>"}))
	assert.ErrorIs(t, failsToRead(t, long, Options{Zone: time.UTC}), errLong)
}

// A file that was cut is refused as a whole, wherever it was cut, if that can be seen.
func TestCutFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"apple health", "fitbit without a table of times", "garmin"} {
		f := fixtures[name]
		for path, text := range f.files {
			text = strings.TrimSpace(text)
			for cut := len(text) - 1; cut > len(text)/3; cut -= len(text) / 40 {
				if text[:cut] == strings.TrimSuffix(text, ">") && name == "apple health" {
					continue // its last tag is known all the same
				}
				err := failsToRead(t, folder(t, map[string]string{path: text[:cut]}), Options{Zone: zoneOf(f.zone)})
				require.ErrorContains(t, err, filepath.Base(path), "%s cut at %d", name, cut)
				require.ErrorContains(t, err, "nothing was imported")
			}
		}
	}
	oura := fixtures["oura"].files["App Data/sleepmodel.csv"]
	r := readOne(t, folder(t, map[string]string{"sleepmodel.csv": oura[:len(oura)-100]}), "oura", Options{})
	assert.Equal(t, 1, codesOf(r)["cut_row"])

	whole := zipped(t, map[string]string{"sleepmodel.csv": oura})
	bytes, err := os.ReadFile(whole)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(whole, bytes[:len(bytes)-30], 0o600))
	_, err = Open(whole)
	assert.ErrorContains(t, err, "download it again")
}

func TestFilesOfAnotherKind(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "PK", "hello", "%PDF-1.4", "{}", "[]", `{"dailySleepDTO":{}}`, "a,b,c\n1,2,3\n", "\x00\x01\x02\x03", "<html></html>", "<ClinicalDocument/>"} {
		_, err := folder(t, map[string]string{"export.csv": text, "export.json": text, "export.xml": text}).Detect(t.Context())
		require.ErrorContains(t, err, "no nights in a known format", text)
		for _, title := range Titles() {
			if title != plain.title {
				require.ErrorContains(t, err, title)
			}
		}
	}
	_, err := Open(filepath.Join(t.TempDir(), "nowhere"))
	require.ErrorContains(t, err, `nowhere" does not exist`)
	locked := zipped(t, map[string]string{"SLEEP/a.csv": "x"})
	bytes, err := os.ReadFile(locked)
	require.NoError(t, err)
	for at := range bytes[:len(bytes)-8] {
		if string(bytes[at:at+4]) == "PK\x01\x02" {
			bytes[at+8] |= 1 // the mark of a password
		}
	}
	require.NoError(t, os.WriteFile(locked, bytes, 0o600))
	_, err = Open(locked)
	assert.ErrorContains(t, err, "password")
}

// No entity is resolved: not those that grow, not those that read files.
func TestXMLEntities(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("Europe/Paris"), 0o600))
	text := strings.Replace(appleRecords(
		"&b;|AsleepCore|2026-03-29 00:30:00 +0200|2026-03-29 04:30:00 +0200|Europe/Paris",
		"W|AsleepCore|2026-04-29 00:30:00 +0200|2026-04-29 04:30:00 +0200|&x;",
		"A &amp; B|AsleepCore|2026-05-29 00:30:00 +0200|2026-05-29 04:30:00 +0200|Europe/Paris",
	), "<!ELEMENT", `<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file://`+secret+`"><!ELEMENT`, 1)
	r := readOne(t, folder(t, map[string]string{"export.xml": text}), "apple_health", Options{})
	require.Len(t, r.Sessions, 1)
	assert.Equal(t, "A & B", r.Sessions[0].Origin.App)
	assert.Equal(t, map[string]int{"unreadable": 2}, codesOf(r))
}

// Records that make no sense are counted, and the first of them is named.
func TestRecordsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	row := func(id, start, end, asleep string) string {
		return fmt.Sprintf("%s;2026-03-29;long_sleep;%s;%s;%s\n", id, start, end, asleep)
	}
	heading := "id;day;type;bedtime_start;bedtime_end;total_sleep_duration\n"
	good := row("g", "2026-03-01T23:00:00+01:00", "2026-03-02T07:00:00+01:00", "25200")
	for code, line := range map[string]string{
		"ends_before_it_begins": row("a", "2026-03-29T07:00:00+02:00", "2026-03-28T23:00:00+01:00", "24000"),
		"too_long":              row("a", "2026-03-28T07:00:00+01:00", "2026-03-29T13:00:00+02:00", "24000"),
		"too_short":             row("a", "2026-03-28T07:00:00+01:00", "2026-03-28T07:05:00+01:00", "240"),
		"future":                row("a", "2027-03-28T23:00:00+01:00", "2027-03-29T07:00:00+02:00", "24000"),
		"unreadable":            row("a", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00", "six hours"),
		"stages_exceed":         row("a", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00", "60000"),
		"no_numbers":            row("a", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00", ""),
		"cut_row":               "a;2026-03-29;long_sleep\n",
	} {
		r := readOne(t, folder(t, map[string]string{"sleepmodel.csv": heading + good + line + good}), "oura", Options{})
		require.Len(t, r.Sessions, 1, code)
		require.NotEmpty(t, r.Findings, code)
		assert.Equal(t, Finding{Code: code, Text: r.Findings[0].Text, LeftOut: true, File: "sleepmodel.csv", Record: "line 3", Count: 1}, r.Findings[0])
		assert.NotContains(t, r.Findings[0].Text, "%")
		assert.Equal(t, 1, codesOf(r)["duplicate"])
	}
}

// Of two different records with one id the better stays, or the one that was changed last.
func TestOneIDTwice(t *testing.T) {
	t.Parallel()
	heading := "id;day;type;bedtime_start;bedtime_end;total_sleep_duration\n"
	first := "a;2026-03-02;long_sleep;2026-03-01T23:00:00+01:00;2026-03-02T07:00:00+01:00;25200\n"
	second := "a;2026-03-02;long_sleep;2026-03-01T22:50:00+01:00;2026-03-02T07:00:00+01:00;25800\n"
	r := readOne(t, folder(t, map[string]string{"sleepmodel.csv": heading + first + second}), "oura", Options{})
	require.Len(t, r.Sessions, 1)
	assert.InDelta(t, 25800, *r.Sessions[0].Stat.TimeInSleep, 0)
	assert.Equal(t, map[string]int{"conflict": 1}, codesOf(r))

	samsung := "com.samsung.shealth.sleep,1,1\nstart_time,end_time,time_offset,datauuid,update_time\n" +
		"2026-03-28 22:30:00.000,2026-03-29 05:30:00.000,UTC+0100,u,2026-03-30 00:00:00.000\n" +
		"2026-03-28 22:30:00.000,2026-03-29 06:30:00.000,UTC+0100,u,2026-03-29 00:00:00.000\n"
	r = readOne(t, folder(t, map[string]string{"com.samsung.shealth.sleep.1.csv": samsung}), "samsung_health", Options{})
	require.Len(t, r.Sessions, 1)
	assert.Equal(t, 7*time.Hour, r.Sessions[0].End.Sub(r.Sessions[0].Start), "the row that was changed last")
}

// A later export of the same nights has the same ids, so that nothing is there twice.
func TestIDsAreStable(t *testing.T) {
	t.Parallel()
	f := fixtures["garmin"]
	early := readOne(t, folder(t, f.files), "garmin", Options{Zone: zoneOf(f.zone)})
	for path, text := range f.files {
		more := strings.Replace(text, "[\n", `[{"sleepStartTimestampGMT":"2026-06-04T12:30:00.0","sleepEndTimestampGMT":"2026-06-04T20:30:00.0","calendarDate":"2026-06-05","deepSleepSeconds":5400,"lightSleepSeconds":18000},`+"\n", 1)
		late := readOne(t, folder(t, map[string]string{path: more}), "garmin", Options{Zone: zoneOf(f.zone)})
		require.Len(t, late.Sessions, len(early.Sessions)+1)
		for i := range early.Sessions {
			assert.Equal(t, early.Sessions[i].ID, late.Sessions[i].ID)
		}
	}
}

func TestReadingEndsWithItsQuestion(t *testing.T) {
	t.Parallel()
	f := fixtures["garmin"]
	in := folder(t, f.files)
	exports, err := in.Detect(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = exports[0].Nights(ctx, Options{Now: testNow, Zone: time.UTC})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestProgressCountsEveryByte(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		in := folder(t, f.files)
		exports, err := in.Detect(t.Context())
		require.NoError(t, err)
		sum := int64(0)
		_, err = exports[0].Nights(t.Context(), Options{Now: testNow, Zone: time.UTC, Progress: func(n int64) { sum += n }})
		require.NoError(t, err, name)
		assert.Equal(t, exports[0].Bytes, sum, name)
	}
}
