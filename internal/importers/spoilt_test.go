package importers

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// options are those with which a fixture is read.
func (f fixture) options() Options {
	o := Options{Now: testNow}
	if f.zone != "" {
		o.Zone = zoneOf(f.zone)
	}
	return o
}

func (f fixture) told(r *Result) (lines []string) {
	for i := range r.Sessions {
		lines = append(lines, told(&r.Sessions[i]))
	}
	return lines
}

// edited returns the files of a fixture with one text replaced by another, which has to occur.
func (f fixture) edited(t *testing.T, old, with string) map[string]string {
	t.Helper()
	files, found := map[string]string{}, false
	for name, text := range f.files {
		files[name] = strings.Replace(text, old, with, 1)
		found = found || files[name] != text
	}
	require.True(t, found, old)
	return files
}

// Lines that end now in one way and now in another are lines.
func TestMixedEndsOfLines(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		files := map[string]string{}
		for path, text := range f.files {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
			var b strings.Builder
			for i, line := range strings.SplitAfter(text, "\n") {
				bare, ended := strings.CutSuffix(line, "\n")
				b.WriteString(bare)
				if ended {
					b.WriteString([]string{"\r\n", "\n", "\r"}[i%3])
				}
			}
			files[path] = b.String()
		}
		assert.Equal(t, f.want, f.told(readOne(t, folder(t, files), f.tracker, f.options())), name)
	}
}

// An export that lies in a folder twice counts once.
func TestAnExportTwice(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		files := map[string]string{}
		for path, text := range f.files {
			files[path], files["a copy/"+path] = text, text
		}
		r := readOne(t, folder(t, files), f.tracker, f.options())
		assert.Equal(t, f.want, f.told(r), name)
		codes := codesOf(r)
		assert.Positive(t, codes["duplicate"]+codes["united"]+codes["other_layout"], "%s: %v", name, codes)
	}
}

// A table that ends in the middle of a row, with cells missing, is refused, or the row is
// counted; the rows before it are read.
func TestCutTables(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		for path, text := range f.files {
			if len(f.files) > 1 || strings.HasPrefix(name, "apple") || strings.ContainsAny(strings.TrimPrefix(text, "\ufeff")[:1], "[{") {
				continue // several files, or no table
			}
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
			read := func(text string) (*Result, error) {
				exports, err := folder(t, map[string]string{path: text}).Detect(t.Context())
				if err != nil {
					return nil, err
				}
				return exports[0].Nights(t.Context(), f.options())
			}
			heading := strings.IndexByte(text, '\n') + 1
			for cut := heading + 1; cut < len(text); cut++ {
				before := text[:strings.LastIndexByte(text[:cut], '\n')+1]
				rest, _, _ := strings.Cut(text[cut:], "\n")
				if len(before) < heading || !strings.ContainsRune(rest, commaOf([]byte(text))) || text[cut-1] == byte(commaOf([]byte(text))) || strings.Trim(text[len(before):cut], `",`) == "" || strings.HasPrefix(text[len(before):], "Id,") {
					continue
				}
				want, err := read(before)
				if err != nil { // a share of the rows before cannot be read either
					continue
				}
				got, err := read(text[:cut])
				if err != nil {
					continue
				}
				require.Greater(t, leftOut(got), leftOut(want), "%s cut at %d: %q", name, cut, text[len(before):cut])
				require.Len(t, got.Sessions, len(want.Sessions), "%s cut at %d", name, cut)
			}
		}
	}
}

func leftOut(r *Result) (n int) {
	for _, f := range r.Findings {
		if f.LeftOut {
			n += f.Count
		}
	}
	return n
}

// Sleep as Android writes some records with fewer cells than their heading has names. At the end of a file
// such a record is a cut one.
func TestShortRecords(t *testing.T) {
	t.Parallel()
	short := `"1777726800000","Asia/Tokyo","02. 05. 2026 22:00","03. 05. 2026 5:00","","7.000","0.0","Manually added"` + "\n"
	f := fixtures["sleep as android"]
	r := readOne(t, folder(t, f.edited(t, `"1777640400001"`, short+`"1777640400001"`)), f.tracker, f.options())
	assert.Equal(t, append(slices.Clone(f.want), "Asia/Tokyo 2026-05-02 22:00–05:00 bed 420 asleep 420"), f.told(r))
	for name, text := range f.files {
		r = readOne(t, folder(t, map[string]string{name: text + short}), f.tracker, f.options())
		assert.Equal(t, f.want, f.told(r))
		assert.Equal(t, 1, codesOf(r)["cut_row"])
	}
}

// Sleep does not begin before a recording that began some microseconds later.
func TestFractionsOfMilliseconds(t *testing.T) {
	t.Parallel()
	f := fixtures["samsung health, before"]
	r := readOne(t, folder(t, f.edited(t, "2017-10-28 21:00:00.000,2017-10-29 05:00:00.000,UTC", "2017-10-28 21:00:00.0999999999,2017-10-29 05:00:00.000,UTC")), f.tracker, f.options())
	require.Len(t, r.Sessions, 1)
	holds(t, r)
}

// A sleep of thirty hours is left out of every format's nights, and nothing else.
func TestThirtyHours(t *testing.T) {
	t.Parallel()
	edits := map[string][2]string{
		"apple health":                    {`endDate="2025-10-26 08:30:00`, `endDate="2025-10-27 06:30:00`},
		"oura":                            {"2026-05-02T05:00:00.000+09:00", "2026-05-03T04:00:00.000+09:00"},
		"fitbit without a table of times": {`"endTime":"2025-11-02T08:00:00.000","duration":27000000`, `"endTime":"2025-11-03T06:30:00.000","duration":108000000`},
		"fitbit with a table of times":    {"2025-10-26T05:00:00Z", "2025-10-27T03:00:00Z"},
		"garmin":                          {`"sleepEndTimestampGMT":"2025-10-04T20:30:00.0"`, `"sleepEndTimestampGMT":"2025-10-05T18:30:00.0"`},
		"whoop":                           {"2026-06-02 06:00:00", "2026-06-03 05:00:00"},
		"whoop by law":                    {"2026-03-29T06:00:00.000Z", "2026-03-30T05:00:00.000Z"},
		"withings":                        {"2026-05-02T05:00:00+09:00", "2026-05-03T04:00:00+09:00"},
		"withings minutes":                {`"[3600,3600]","[1,3]"`, `"[86000,22000]","[1,3]"`},
		"sleep as android":                {`"9,000"`, `"30,000"`},
		"sleep cycle":                     {"2025-10-26 06:00:00;84%;90%;28800.0", "2025-10-27 04:00:00;84%;90%;108000.0"},
		"sleep cycle, older":              {"2014-03-30 07:00:00;82%;7:00", "2014-03-31 06:00:00;82%;30:00"},
		"samsung health":                  {"2025-10-26 05:30:00.000", "2025-10-27 03:30:00.000"},
		"plain":                           {"2026-05-02 05:00:00", "2026-05-03 04:00:00"},
		"oura, first API":                 {"2020-10-25T06:30:00+01:00", "2020-10-26T04:30:00+01:00"},
		"oura, trends":                    {"2026-05-02T05:00:00+09:00", "2026-05-03T04:00:00+09:00"},
		"fitbit with tables alone":        {"2025-10-26T05:00:00Z", "2025-10-27T03:00:00Z"},
		"fitbit, first API":               {`"duration":28800000,"endTime":"2016-03-14T07:00:00.000"`, `"duration":108000000,"endTime":"2016-03-15T05:00:00.000"`},
		"fitbit, web site":                {`"01-04-2026 9:10AM","450","30"`, `"02-04-2026 7:10AM","450","1350"`},
		"whoop, cycles beside the sleeps": {"2026-06-02 06:00:00", "2026-06-03 05:00:00"},
		"garmin, a day a file":            {`"sleepEndTimestampGMT":1777665600000,"sleepStartTimestampLocal":1777672800000,"sleepEndTimestampLocal":1777698000000`, `"sleepEndTimestampGMT":1777748400000`},
		"garmin, web site":                {"", ""},
		"withings, an older device":       {"2018-03-27T06:00:00+02:00", "2018-03-28T05:00:00+02:00"},
		"whoop, cycles alone":             {"2026-06-02 06:00:00", "2026-06-03 05:00:00"},
		"sleep cycle, newer":              {"2025-11-02 06:00:00;84%;—;0;0;0;0;Good;28800", "2025-11-03 04:00:00;84%;—;0;0;0;0;Good;108000"},
		"samsung health, before":          {"2017-10-29 05:00:00.000,UTC", "2017-10-30 03:00:00.000,UTC"},
		"plain, in another language":      {"", ""}, // two times of a clock are less than a day apart
	}
	for name, f := range fixtures {
		edit, known := edits[name]
		require.True(t, known, name)
		if edit[0] == "" {
			continue
		}
		r := readOne(t, folder(t, f.edited(t, edit[0], edit[1])), f.tracker, f.options())
		assert.Len(t, r.Sessions, len(f.want)-1, name)
		assert.Equal(t, 1, codesOf(r)["too_long"], "%s: %v", name, codesOf(r))
	}
}

// Numbers with decimal commas are numbers, and words in their place are not 0.
func TestNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	edits := map[string][2]string{
		"oura":             {";24600;", ";24600,0;"},
		"whoop":            {",400,420,200,100,100,20,,false", `,"400,0",420,200,100,100,20,,false`},
		"withings":         {",18000,3000,3000,", `,"18000,0",3000,3000,`},
		"sleep as android": {`"9,000"`, `"9.000"`},
		"sleep cycle":      {"28800.0;24000.0", "28800,0;24000,0"},
		"plain":            {",450,,", `,"450,0",,`},
	}
	for name, edit := range edits {
		f := fixtures[name]
		assert.Equal(t, f.want, f.told(readOne(t, folder(t, f.edited(t, edit[0], edit[1])), f.tracker, f.options())), name)
		word := strings.Trim(edit[0], `,;"`)
		word, _, _ = strings.Cut(word, ",")
		word, _, _ = strings.Cut(word, ";")
		files := f.edited(t, edit[0], strings.Replace(edit[0], word, "six hours", 1))
		if name == "plain" {
			require.ErrorContains(t, failsToRead(t, folder(t, files), f.options()), "1 of 3 rows")
			continue
		}
		r := readOne(t, folder(t, files), f.tracker, f.options())
		assert.Len(t, r.Sessions, len(f.want)-1, name)
		assert.Equal(t, 1, codesOf(r)["unreadable"], "%s: %v", name, codesOf(r))
	}
}

// Stages that do not add up to the sleep are not told, and offsets that no clock has are
// not read.
func TestContradictions(t *testing.T) {
	t.Parallel()
	f := fixtures["oura"]
	r := readOne(t, folder(t, f.edited(t, ";24600;;;;", ";24600;100;200;300;")), f.tracker, f.options())
	assert.Contains(t, f.told(r), "UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 410")
	assert.Equal(t, 1, codesOf(r)["contradicts_itself"])
	r = readOne(t, folder(t, f.edited(t, ";27000;;;;", ";25200;;27000;;")), f.tracker, f.options())
	assert.Contains(t, f.told(r), "Europe/Berlin 2025-10-25 23:30–06:30 bed 480 asleep 420", "one stage is longer than the sleep")

	f = fixtures["whoop by law"]
	r = readOne(t, folder(t, f.edited(t, "-0400", "-2400")), f.tracker, f.options())
	assert.Equal(t, map[string]int{"unreadable": 1}, codesOf(r))
	f = fixtures["oura"]
	r = readOne(t, folder(t, f.edited(t, "05:00:00.000+09:00", "05:00:00.000+23:00")), f.tracker, f.options())
	assert.Equal(t, 1, codesOf(r)["unreadable"])
}

// Names of columns in the languages that docs/import.md speaks of.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	for heading, zone := range map[string]string{
		"Eingeschlafen;Aufgewacht;Schlafdauer (h)":            "Europe/Berlin",
		"Coucher;Lever;Durée (h)":                             "Europe/Paris",
		"Hora de acostarse;Hora de levantarse;Duración (h)":   "Europe/Madrid",
		"Inizio;Fine;Durata (h)":                              "Europe/Rome",
		"SCHLAFBEGINN ; Schlafende;Dauer (h)":                 "Europe/Vienna",
		"DÉBUT;FIN;DURÉE (H)":                                 "Europe/Brussels",
		"Went to bed\tWoke up\tTime asleep (h)":               "Europe/London",
		"\"In bed at\";\"Got up\";\"Sleep (h)\";\"a ; note\"": "Europe/Dublin",
	} {
		row := "2026-03-28 23:15;2026-03-29 07:15;6,5"
		if strings.Contains(heading, "\t") {
			row = strings.ReplaceAll(row, ";", "\t")
		}
		if strings.Contains(heading, "note") {
			row += ";\"loud; late\""
		}
		r := readOne(t, namedAlone(t, heading+"\n"+row+"\n"), "csv", Options{Zone: zoneOf(zone)})
		require.Len(t, r.Sessions, 1, heading)
		assert.Equal(t, zone+" 2026-03-28 23:15–07:15 bed 420 asleep 390", told(&r.Sessions[0]))
	}
}

// Fitbit's web site writes tables of other things behind the one of sleeps, and dates as the country does.
func TestFitbitWebSite(t *testing.T) {
	t.Parallel()
	f := fixtures["fitbit, web site"]
	for name, text := range f.files {
		text += "\nFood Log 20260331\nDaily Totals\n\"\",\"Calories\",\"0\"\n"
		assert.Equal(t, f.want, f.told(readOne(t, folder(t, map[string]string{name: text}), f.tracker, f.options())))
		_, alone, _ := strings.Cut(text, "Sleep\n")
		iso := regexp.MustCompile(`(\d\d)-(\d\d)-(\d{4})`).ReplaceAllString(alone, "$3-$2-$1")
		assert.Equal(t, f.want, f.told(readOne(t, folder(t, map[string]string{name: iso}), f.tracker, f.options())), iso)
		slashes := regexp.MustCompile(`(\d\d)-(\d\d)-(\d{4})`).ReplaceAllString(alone, "$2/$1/$3")
		assert.Equal(t, f.want, f.told(readOne(t, folder(t, map[string]string{name: slashes}), f.tracker, f.options())), slashes)
		lines := strings.SplitAfterN(alone, "\n", 3)
		require.ErrorContains(t, failsToRead(t, folder(t, map[string]string{name: lines[0] + strings.ReplaceAll(lines[1], "01-04", "03-04")}), f.options()), "--date-order")
	}
}

// A table whose times are 12-hour clocks behind written dates, with the time in bed beside the time asleep.
func TestPlainOfAutoSleep(t *testing.T) {
	t.Parallel()
	r := readOne(t, namedAlone(t, "date,In bed at,Until,Duration,Asleep,Notes\n"+
		"\"Sunday, 29 Mar 2026\",28 Mar 2026 11:00 PM,29 Mar 2026 7:00 AM,7:00,6:30,\n\"Sunday, 26 Oct 2025\",25 Oct 2025 23:00,26 Oct 2025 06:00,8:00,7:30,\n"),
		"csv", Options{Zone: zoneOf("Europe/Berlin")})
	assert.Equal(t, []string{
		"Europe/Berlin 2025-10-25 23:00–06:00 bed 480 asleep 450",
		"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 390",
	}, fixture{}.told(r))
	assert.Equal(t, map[string]int{"columns": 1}, codesOf(r))
}

// namedAlone is an input of one file that somebody names.
func namedAlone(t *testing.T, text string) *Input {
	t.Helper()
	in := folder(t, map[string]string{"sleep.csv": text})
	for i := range in.files {
		in.files[i].named = true
	}
	return in
}

// Whatever else lies in an export, what is known in it is found, and the rest is counted.
func TestFilesAmongOthers(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		files := maps.Clone(f.files)
		for i, text := range []string{"", "{}", "[1,2", "<xml/>", "a,b\n1,2\n", "PK\x05", "\x00\xff\xfe", strings.Repeat("[", 1<<16)} {
			for _, ext := range []string{".csv", ".json", ".xml", ".bin"} {
				files[path.Join("other", strings.Repeat("x", i+1)+ext)] = text
			}
		}
		in := folder(t, files)
		assert.Equal(t, f.want, f.told(readOne(t, in, f.tracker, f.options())), name)
		unknown, tables := in.Other()
		assert.Equal(t, 32, unknown.Count, name)
		assert.Zero(t, tables.Count, name)
	}
}
