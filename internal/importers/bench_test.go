package importers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A repeated export has the text of a fixture as often as it takes.
type large struct {
	tracker    string
	name       string
	head, tail string
	line       func(i int) string // of record i
	records    int
}

const benchDays = 3000

func day(i int) time.Time {
	return time.Date(2018, 1, 1, 22, 0, 0, 0, time.UTC).AddDate(0, 0, i%benchDays)
}

// apple is an export in which there is a record of sleep for every fifty others, as there
// is for people who wear a watch.
func apple(records int) large {
	return large{tracker: "apple_health", name: "export.xml", records: records, head: "<HealthData>\n", tail: "</HealthData>", line: func(i int) string {
		if i%50 > 0 {
			return ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" sourceVersion="11.5" device="&lt;&lt;HKDevice: 0x300000000&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,1, software:11.5&gt;" unit="count/min" creationDate="2025-01-15 01:40:00 +0200" startDate="2025-01-15 00:10:00 +0200" endDate="2025-01-15 01:40:00 +0200" value="60"/>` + "\n"
		}
		at := day(i / 50 / 12).Add(time.Duration(i/50%12) * 30 * time.Minute)
		const layout = "2006-01-02 15:04:05 -0700"
		return fmt.Sprintf(` <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" sourceVersion="11.5" device="&lt;&lt;HKDevice: 0x300000000&gt;, name:Apple Watch, hardware:Watch6,1&gt;" creationDate="%s" startDate="%s" endDate="%s" value="HKCategoryValueSleepAnalysisAsleepCore">
  <MetadataEntry key="HKTimeZone" value="Europe/Paris"/>
 </Record>
`, at.Format(layout), at.Format(layout), at.Add(30*time.Minute).Format(layout))
	}}
}

var larges = []large{
	apple(200_000),
	{tracker: "oura", name: "sleepmodel.csv", records: benchDays, head: "id;day;type;bedtime_start;bedtime_end;total_sleep_duration;sleep_phase_5_min\n", line: func(i int) string {
		return fmt.Sprintf("i%d;%s;long_sleep;%s;%s;24000;%s\n", i, day(i).Format(time.DateOnly), day(i).Format(time.RFC3339), day(i).Add(7*time.Hour).Format(time.RFC3339), strings.Repeat("2", 84))
	}},
	{tracker: "fitbit", name: "sleep-1.json", records: benchDays, head: "[", tail: "{\"logId\":0,\"dateOfSleep\":\"\"}]", line: func(i int) string {
		var levels strings.Builder
		for k := range 40 {
			fmt.Fprintf(&levels, `{"dateTime":"%s","level":"%s","seconds":630},`, day(i).Add(time.Duration(k)*630*time.Second).Format("2006-01-02T15:04:05.000"), []string{"light", "deep", "rem", "wake"}[k%4])
		}
		return fmt.Sprintf(`{"logId":%d,"dateOfSleep":"2020-01-01","startTime":"%s","endTime":"%s","duration":25200000,"type":"stages","levels":{"data":[%s]}},`, i+1,
			day(i).Format("2006-01-02T15:04:05.000"), day(i).Add(7*time.Hour).Format("2006-01-02T15:04:05.000"), strings.TrimSuffix(levels.String(), ","))
	}},
	{tracker: "garmin", name: "sleepData.json", records: benchDays, head: "[", tail: "{\"sleepStartTimestampGMT\":null}]", line: func(i int) string {
		return fmt.Sprintf(`{"sleepStartTimestampGMT":"%s.0","sleepEndTimestampGMT":"%s.0","calendarDate":"2020-01-01","deepSleepSeconds":5400,"lightSleepSeconds":14400,"remSleepSeconds":5400,"sleepScores":{"overallScore":82}},`,
			day(i).Format("2006-01-02T15:04:05"), day(i).Add(8*time.Hour).Format("2006-01-02T15:04:05"))
	}},
	{tracker: "whoop", name: "sleeps.csv", records: benchDays, head: "Cycle timezone,Sleep onset,Wake onset,Asleep duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),Awake duration (min),Nap\n", line: func(i int) string {
		return fmt.Sprintf("UTC+01:00,%s,%s,400,200,100,100,20,false\n", day(i).Format(time.DateTime), day(i).Add(7*time.Hour).Format(time.DateTime))
	}},
	{tracker: "withings", name: "sleep.csv", records: benchDays, head: "from,to,light (s),deep (s),rem (s),awake (s),wake up\n", line: func(i int) string {
		return fmt.Sprintf("%s,%s,12000,6000,6000,1200,1\n", day(i).Format(time.RFC3339), day(i).Add(7*time.Hour).Format(time.RFC3339))
	}},
	{tracker: "sleep_as_android", name: "sleep-export.csv", records: benchDays, line: func(i int) string {
		at := day(i).UnixMilli()
		return fmt.Sprintf("Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Event,Event,Event,Event\n\"%d\",\"Europe/Paris\",\"\",\"\",\"\",\"7.000\",\"0.0\",\"\",\"1\",\"-1\",\"LIGHT_START-%d\",\"LIGHT_END-%d\",\"DEEP_START-%d\",\"DEEP_END-%d\"\n", at, at, at+9000000, at+9000000, at+25200000)
	}},
	{tracker: "sleep_cycle", name: "sleepdata.csv", records: benchDays, head: "Start;End;Sleep Quality;Time in bed (seconds);Time asleep (seconds)\n", line: func(i int) string {
		return fmt.Sprintf("%s;%s;80%%;25200.0;24000.0\n", day(i).Format(time.DateTime), day(i).Add(7*time.Hour).Format(time.DateTime))
	}},
	{tracker: "samsung_health", name: "com.samsung.shealth.sleep.1.csv", records: benchDays, head: "com.samsung.shealth.sleep,1,1\nstart_time,end_time,time_offset,datauuid\n", line: func(i int) string {
		return fmt.Sprintf("%s.000,%s.000,UTC+0100,u%d\n", day(i).Format(time.DateTime), day(i).Add(7*time.Hour).Format(time.DateTime), i)
	}},
	{tracker: "csv", name: "nights.csv", records: benchDays, head: "bed_start,bed_end,asleep_minutes\n", line: func(i int) string {
		return fmt.Sprintf("%s,%s,400\n", day(i).Format(time.DateTime), day(i).Add(7*time.Hour).Format(time.DateTime))
	}},
}

// generated is a text that is made while it is read.
type generated struct {
	large

	i    int
	left bytes.Buffer
}

func (g *generated) Read(p []byte) (int, error) {
	for g.left.Len() == 0 {
		switch {
		case g.i == -1:
			g.left.WriteString(g.head)
		case g.i < g.records:
			g.left.WriteString(g.line(g.i))
		case g.i == g.records:
			g.left.WriteString(g.tail)
		default:
			return 0, io.EOF
		}
		g.i++
	}
	return g.left.Read(p)
}

// BenchmarkFormats measures bytes a second, and how much of the heap is in use at the most.
func BenchmarkFormats(b *testing.B) {
	for _, one := range larges {
		text, err := io.ReadAll(&generated{large: one, i: -1})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(one.tracker, func(b *testing.B) {
			f := file{name: one.name, size: int64(len(text)), open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
			b.SetBytes(f.size)
			nights, peak := 0, uint64(0)
			for b.Loop() {
				r, most := readAndWatch(b, one.tracker, f)
				nights, peak = len(r.Sessions), max(peak, most-min(most, uint64(len(text))))
			}
			b.ReportMetric(float64(nights), "nights")
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}

// BenchmarkFourGigabytes reads an export of Apple Health of four gigabytes, which is made
// while it is read.
func BenchmarkFourGigabytes(b *testing.B) {
	const size = 4 << 30
	g := apple(0)
	each := 0
	for i := range 50 {
		each += len(g.line(i))
	}
	g.records = size / each * 50
	f := file{name: g.name, size: size, open: func() (io.ReadCloser, error) { return io.NopCloser(&generated{large: g, i: -1}), nil }}
	b.SetBytes(size)
	for b.Loop() {
		r, peak := readAndWatch(b, g.tracker, f)
		b.ReportMetric(float64(len(r.Sessions)), "nights")
		b.ReportMetric(float64(peak)/1e6, "peak-MB")
	}
}

// readAndWatch reads a file and returns the largest heap that was seen.
func readAndWatch(b *testing.B, tracker string, f file) (*Result, uint64) {
	f.named = true
	in := &Input{files: []file{f}}
	exports, err := in.Detect(context.Background())
	if err != nil || len(exports) != 1 || exports[0].Tracker != tracker {
		b.Fatal(exports, err)
	}
	runtime.GC()
	peak, read := uint64(0), int64(0)
	look := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.Sys-m.HeapReleased)
	}
	r, err := exports[0].Nights(context.Background(), Options{Now: testNow, Zone: zoneOf("Europe/Paris"), Progress: func(n int64) {
		if before := read / (64 << 20); (read+n)/(64<<20) > before {
			look()
		}
		read += n
	}})
	if err != nil {
		b.Fatal(err)
	}
	look()
	return r, peak
}
