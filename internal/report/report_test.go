package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
)

// averages is an answer with most figures, two of which were not measured.
const averages = `{"summary":"S","user_id":"USER","timezone":"Europe/Paris","as_of":"2026-04-02T09:00:00+02:00",
	"period":{"from":"2026-03-01","to":"2026-03-31","days":31},
	"nights":{"tracked":29,"used":28,"excluded":[{"reason":"too_short","count":1}]},"data_source":"mixed","sources":{"asleep":20,"oura":7,"csv":2},
	"missing":{"avg_snoring_minutes":"not_measured","spread.wake_time_minutes":"too_few_nights"},"fewer_nights":{"avg_latency_minutes":12},
	"warnings":[{"code":"a","text":"WARNING"},{"code":"b","text":"Once."}],
	"averages":{"avg_bedtime":"23:50","avg_sleep_time":"00:10","avg_wake_time":"07:30","avg_sleep_hours":6.99,"avg_in_bed_hours":7.5,
		"avg_efficiency":91,"avg_latency_minutes":17.5,"avg_awake_minutes":22,"avg_awakenings_30s":3.5,"avg_after_waking_minutes":1,"avg_out_of_bed_minutes":12,"avg_nap_minutes":8},
	"sleep_stages":{"light_hours":4,"deep_hours":1.25,"light_percent":57.1,"deep_percent":17.9},"spread":{"bedtime_minutes":40,"sleep_minutes":31},
	"weekend_shift":{"minutes":-25,"weekend_nights":8,"other_nights":20,"weekend_sleep_hours":7.5,"other_sleep_hours":6.75}}`

const trends = `{"user_id":"USER","period":{"from":"2025-10-01","to":"2026-03-31","days":182},"nights":{"tracked":100,"used":100,"excluded":[]},
	"data_source":"mixed","warnings":[{"code":"b","text":"Once."}]}`

// answers are those above, and pictures with a text that came from elsewhere.
func answers(text string) Answers {
	return Answers{
		Averages: json.RawMessage(averages), Trends: json.RawMessage(trends),
		Nights: charts.Nights{Frame: charts.Frame{Title: text}, Rows: []charts.Row{
			{Date: "2026-03-28", Sleeps: []charts.Sleep{{From: -20, To: 440, Onset: new(-5.0), Wake: new(430.0)}}, Asleep: new(420.0)},
			{Date: "2026-03-29", Missing: text},
		}},
		Months: charts.Months{Measures: []charts.MonthlyMeasure{
			{Label: text, Unit: charts.UnitMinutes, Trend: text, Months: []charts.MonthPoint{{Month: "2026-03", Nights: 28, Mean: new(420.0)}}},
			{Label: "Sleep efficiency", Unit: charts.UnitPercent},
			{Label: "Bedtime", Unit: charts.UnitClock},
		}},
	}
}

func written(t *testing.T, name string, from Answers) string {
	t.Helper()
	r, err := New(name, from)
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.Write(&b))
	return b.String()
}

// rowsOf returns the figures of a page by their labels.
func rowsOf(html string) map[string]string {
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`<th scope="row">(.*?)</th><td>(.*?)</td>`).FindAllStringSubmatch(html, -1) {
		rows[row[1]] = strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(row[2], ""))
	}
	return rows
}

// Each figure has its unit; what was not measured says so, and why, instead of a number.
func TestFigures(t *testing.T) {
	t.Parallel()
	html := written(t, "", answers("x"))
	assert.Equal(t, map[string]string{
		"Went to bed": "23:50", "Fell asleep": "00:10", "Woke up": "07:30", "Bedtime varies by": "40 min", "Waking varies by": "too few nights",
		"Asleep": "6 h 59 min", "In bed": "7 h 30 min", "Sleep efficiency": "91 %", "Asleep varies by": "31 min", "Naps a day": "8 min",
		"Time to fall asleep": "17.5 min from 12 nights", "Awake in the night": "22 min", "Awakenings ≥ 30 s": "3.5", "In bed after waking": "1 min", "Out of bed": "12 min", "Snoring sound": "not measured",
		"Light": "4 h 00 min (57.1 %)", "Deep": "1 h 15 min (17.9 %)", "REM": "not measured",
	}, rowsOf(html))
	for _, said := range []string{
		"<h1>Sleep, March 2026</h1>", "29 of 31 nights recorded, averages over 28; left out: too short 1.", "25 min earlier than on the others; time asleep was 7 h 30 min, on the others 6 h 45 min",
		"Asleep (20 nights), a tracker that is not named (2 nights), Oura (7 nights)", "not a diagnosis", "as of 2026-04-02", `<span class="line"></span> Born`,
	} {
		says(t, html, said)
	}
	assert.Equal(t, 1, strings.Count(html, "<li>Once.</li>"))
	assert.NotContains(t, html, "DEMO DATA")
	assert.NotRegexp(t, `@page [^}]*size:`, firstLines(html), "the printer knows its paper")
}

// Pages and pictures of nothing say what there is not.
func TestNothingWasRecorded(t *testing.T) {
	t.Parallel()
	from := Answers{
		Averages: json.RawMessage(`{"user_id":"u","period":{"from":"2026-02-01","to":"2026-02-14","days":14},"nights":{"tracked":0,"used":0,"excluded":[]},"data_source":"demo","missing":{"averages":"no_data"},"averages":{},"sleep_stages":{},"spread":{}}`),
		Trends:   json.RawMessage(`{"period":{},"nights":{"excluded":[]}}`), Nights: charts.Nights{}, Months: charts.Months{},
	}
	html := written(t, "", from)
	for label, value := range rowsOf(html) {
		assert.Equal(t, "no data", value, label)
	}
	for _, said := range []string{"Sleep, 1 February to 14 February 2026", "None of the 14 nights was recorded.", "No nights to draw.", "No nights in these months.", "DEMO DATA"} {
		says(t, html, said)
	}
	assert.NotContains(t, html, "Made-up nights of a demonstration.", "there are none")
	_, err := New("", Answers{Averages: json.RawMessage(`[]`)})
	require.Error(t, err)
	from.Trends = json.RawMessage(`{`)
	_, err = New("", from)
	require.Error(t, err)
}

// Whatever a text holds, it makes no element, asks for nothing and runs nothing.
func TestTextsAreText(t *testing.T) {
	t.Parallel()
	const hostile = `"'><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)></style><!--]]>` + "\x1b[2J{{.Name}}"
	encoded, err := json.Marshal(hostile)
	require.NoError(t, err)
	tags := regexp.MustCompile(`<[a-z/!][^\s>]*`)
	of := func(text, inJSON string) string {
		from := answers(text)
		replaced := strings.NewReplacer("USER", inJSON, "WARNING", inJSON, "too_short", inJSON, "oura", inJSON, "not_measured", inJSON, "23:50", inJSON, "2026-03-01", inJSON)
		from.Averages = json.RawMessage(replaced.Replace(averages))
		return written(t, text, from)
	}
	plain, html := of("x", "x"), of(hostile, strings.Trim(string(encoded), `"`))
	assert.Equal(t, tags.FindAllString(plain, -1), tags.FindAllString(html, -1), "the same elements")
	says(t, html, "&lt;script&gt;")
	says(t, html, `default-src 'none'`)
	assert.Empty(t, regexp.MustCompile(`<[^>]*\s(?:on\w+|src|href)\s*=[^>]*`).FindString(html))
	assert.Empty(t, regexp.MustCompile(`.{9}://.{9}`).FindString(strings.ReplaceAll(plain, "http://www.w3.org/2000/svg", "")))
}

// says fails when a page, which is too long to show, does not hold a text.
func says(t *testing.T, html, text string) {
	t.Helper()
	if !strings.Contains(html, text) {
		t.Errorf("the page lacks %q", text)
	}
}

func firstLines(html string) string { return html[:strings.Index(html, "<body>")] }

// A browser that is not there, or is none, is told with what to do.
func TestBrowserIsMissing(t *testing.T) {
	_, err := FindBrowser("/nowhere/chromium")
	require.ErrorContains(t, err, "--browser")
	t.Setenv("PATH", t.TempDir())
	kept := browsers
	browsers = []string{"chromium"}
	t.Cleanup(func() { browsers = kept })
	_, err = FindBrowser("")
	require.ErrorIs(t, err, ErrNoBrowser)
}
