package charts

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden pictures")

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return m
}

// epochs writes runs such as "0*20 1*40".
func epochs(t testing.TB, runs string) string {
	t.Helper()
	var b strings.Builder
	for run := range strings.FieldsSeq(runs) {
		var n int
		_, err := fmt.Sscanf(run[1:], "*%d", &n)
		require.NoError(t, err)
		b.WriteString(strings.Repeat(run[:1], n))
	}
	return b.String()
}

// cycles is a night of about eight hours.
const cycles = "0*28 1*40 2*90 1*20 3*25 0*4 1*70 2*60 1*12 3*40 1*60 0*18 1*80 2*20 1*40 3*60 0*2 1*90 3*70 1*50 0*30"

// pictures are all that are kept as goldens.
func pictures(t testing.TB) map[string]Picture {
	t.Helper()
	start := moment(t, "2026-11-28T23:12:30+01:00")
	stages := epochs(t, cycles)
	end := start.Add(time.Duration(len(stages)) * EpochSeconds * time.Second)
	snoring := []byte(strings.Repeat("0", len(stages)))
	for i := 300; i < 380; i++ {
		snoring[i] = '1'
	}
	for i := 600; i < 640; i += 2 {
		snoring[i] = '1'
	}
	whole := Night{
		Frame: Frame{Title: "Night of 2026-11-29", Subtitle: "6 h 42 min asleep of 7 h 34 min in bed (88.5 %).", Zone: "Europe/Paris", Demo: true},
		Start: start, End: end, FellAsleep: start.Add(14 * time.Minute), WokeUp: end.Add(-15 * time.Minute), Stages: stages, Snoring: string(snoring),
	}
	night := func(change func(*Night)) Night {
		n := whole
		n.Demo = false
		change(&n)
		return n
	}
	all := map[string]Picture{
		"night":       whole,
		"night_empty": Night{Frame: Frame{Title: "Night of 2026-11-29", Subtitle: "No recording of this night.", Zone: "Europe/Paris"}},
		"night_unknown": night(func(n *Night) {
			n.Stages = stages[:200] + strings.Repeat(".", 150) + stages[350:700] + "...." + stages[704:]
			n.Snoring = ""
		}),
		"night_no_stages": night(func(n *Night) { n.Stages, n.Snoring = "", "" }),
		"night_two_stages": night(func(n *Night) {
			n.Stages = strings.NewReplacer("2", "1", "3", "1").Replace(stages)
			n.TwoStages, n.Zone = true, "Asia/Seoul"
		}),
		"night_clock_change": night(func(n *Night) {
			n.Zone, n.Start = "America/New_York", moment(t, "2026-10-31T22:40:00-04:00")
			n.End, n.FellAsleep, n.WokeUp = n.At(len(stages)), n.At(28), n.At(len(stages)-30)
		}),
		"night_long": night(func(n *Night) {
			n.Stages = strings.Repeat(stages, 2)[:14*120]
			n.End, n.WokeUp, n.Snoring = n.At(len(n.Stages)), n.At(len(n.Stages)-30), ""
		}),
		"night_3000": night(func(n *Night) {
			n.Stages = strings.Repeat(stages, 4)[:3000]
			n.End, n.WokeUp, n.Snoring = n.At(3000), n.At(2980), ""
		}),
		"night_split": night(func(n *Night) {
			n.Stages = stages[:360] + strings.Repeat(".", 280) + stages[400:700]
			n.Snoring = snoringOf(n.Stages)
			n.End, n.WokeUp = n.At(len(n.Stages)), n.At(len(n.Stages)-8)
		}),
		"night_day": night(func(n *Night) {
			n.Start = moment(t, "2026-11-29T08:35:00+01:00")
			n.End, n.FellAsleep, n.WokeUp = n.At(len(stages)), n.At(28), n.At(len(stages)-30)
		}),
		"night_parts": night(func(n *Night) {
			n.Stages, n.Snoring = "", ""
			n.Parts = []Part{{start, start.Add(3 * time.Hour), start.Add(14 * time.Minute), start.Add(170 * time.Minute)}, {start.Add(5 * time.Hour), end, start.Add(310 * time.Minute), n.WokeUp}}
		}),
		"night_hostile": night(func(n *Night) {
			n.Title, n.Subtitle = `<script>alert("1")</script>`, "a & b <b>c</b> \x1b[31m"+strings.Repeat("long", 90)
			n.Zone, n.Notes = `"><img onerror=x>`, []string{`]]><!--`, "two\nlines", "3", "4", "5", "6"}
		}),
	}
	addNights(all)
	addOthers(all)
	return all
}

func snoringOf(stages string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return r
		}
		return '0'
	}, stages)
}

func row(date string, from, to float64) Row {
	return Row{Date: date, Asleep: new(to - from - 40), Sleeps: []Sleep{{From: from, To: to, Onset: new(from + 15), Wake: new(to - 10)}}}
}

func addNights(all map[string]Picture) {
	week := Nights{
		Frame: Frame{Title: "Week of 2026-11-23 to 2026-11-29", Subtitle: "6 of 7 nights: 7 h 02 min asleep on the average.", Zone: "Asia/Seoul"},
		Means: []Mean{{Label: "Mean of these 6 nights", Onset: -20, Wake: 432}, {Label: "Mean of the 7 nights before", Onset: -62, Wake: 401, Other: true}},
	}
	for i, from := range []float64{-35, -50, 20, -10, 0, 75, 62} {
		r := row(fmt.Sprintf("2026-11-%02d", 23+i), from, 440+from/4)
		switch i {
		case 2:
			r = Row{Date: r.Date, Missing: "not recorded"}
		case 4:
			r.Sleeps = append(r.Sleeps, Sleep{From: 840, To: 905, Nap: true})
		case 5:
			r.Sleeps = []Sleep{{From: 10, To: 160, Onset: new(20.0), Wake: new(150.0)}, {From: 260, To: 520, Onset: new(265.0), Wake: new(512.0)}}
		}
		week.Rows = append(week.Rows, r)
	}
	all["week"] = week
	empty := Nights{Frame: Frame{Title: "Week of 2026-11-23 to 2026-11-29", Subtitle: "No nights were recorded."}}
	for i := range 7 {
		empty.Rows = append(empty.Rows, Row{Date: fmt.Sprintf("2026-11-%02d", 23+i), Missing: "not recorded"})
	}
	all["week_empty"] = empty
	all["nights_none"] = Nights{Frame: Frame{Title: "Nights"}}
	day := Nights{Frame: week.Frame}
	for i := range 7 {
		day.Rows = append(day.Rows, row(fmt.Sprintf("2026-11-%02d", 23+i), 500+10*float64(i), 940))
	}
	all["week_day_sleeper"] = day
	for name, n := range map[string]int{"nights_31": 31, "nights_100": 100, "nights_sought": 40} {
		list := Nights{Frame: Frame{Title: fmt.Sprintf("%d nights", n), Zone: "America/New_York"}}
		for i := range n {
			date := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
			r := row(date, -60+80*math.Sin(float64(i)/3), 420+40*math.Sin(float64(i)/2))
			if i%9 == 4 {
				r = Row{Date: date, Missing: "not recorded"}
			}
			r.Found = i%5 == 2
			list.Rows = append(list.Rows, r)
		}
		if name == "nights_sought" {
			list.Sought = `asleep_minutes < 360 and weekday == "Sat"`
		}
		all[name] = list
	}
}

func addOthers(all map[string]Picture) {
	for name, n := range map[string]int{"months_6": 6, "months_60": 60, "months_1": 1} {
		asleep := MonthlyMeasure{Name: "asleep_minutes", Label: "Time asleep", Unit: UnitMinutes, Trend: "falls by 6 min a month"}
		bed := MonthlyMeasure{Name: "bedtime_minutes", Label: "Bedtime", Unit: UnitClock}
		for i := range n {
			month := time.Date(2026, time.Month(12-n+i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
			v := 430 - 30*math.Sin(float64(i)/4)
			p := MonthPoint{Month: month, Nights: 27, Mean: new(v), Low: new(v - 28), High: new(v + 33)}
			b := MonthPoint{Month: month, Nights: 27, Mean: new(v/3 - 180), Low: new(v/3 - 200), High: new(v/3 - 140)}
			switch i {
			case 2:
				p, b = MonthPoint{Month: month}, MonthPoint{Month: month}
			case n - 1:
				p.Partial, p.Low, p.High = true, nil, nil
				b.Partial, b.Low, b.High = true, nil, nil
			}
			asleep.Months, bed.Months = append(asleep.Months, p), append(bed.Months, b)
		}
		asleep.Line = []LinePoint{{0.5, 440}, {float64(n) - 0.5, 400}}
		bed.Trend, bed.Line = "later since about 20 Aug: 00:05 instead of 23:20", []LinePoint{{0.5, -40}, {float64(n) / 2, -40}, {float64(n) / 2, 5}, {float64(n) - 0.5, 5}}
		all[name] = Months{Frame: Frame{Title: fmt.Sprintf("%d months", n), Subtitle: "2021-12 to 2026-11."}, Measures: []MonthlyMeasure{asleep, bed}}
	}
	all["months_none"] = Months{Frame: Frame{Title: "6 months"}, Measures: []MonthlyMeasure{{Label: "Time asleep", Unit: UnitMinutes, Months: []MonthPoint{{Month: "2026-10"}, {Month: "2026-11"}}}}}
	weekdays := MonthlyMeasure{Name: "asleep_minutes", Label: "Time asleep", Unit: UnitMinutes}
	for i, day := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		v := 400 + 12*float64(i)
		weekdays.Months = append(weekdays.Months, MonthPoint{Month: day, Nights: 9, Mean: new(v), Low: new(v - 30), High: new(v + 20), Partial: i == 3})
	}
	all["groups"] = Months{Frame: Frame{Title: "Nights by weekday"}, Each: "weekday", Measures: []MonthlyMeasure{weekdays}}
	m := ContrastMeasure{Name: "asleep_minutes", Label: "Time asleep", Unit: UnitMinutes, Difference: new(32.0), Low: new(8.0), High: new(55.0), Verdict: "higher", FirstMean: new(402.0), SecondMean: new(434.0)}
	for i := range 30 {
		m.First = append(m.First, 402+60*math.Sin(float64(i)*1.7))
		m.Second = append(m.Second, 434+70*math.Sin(float64(i)*2.3))
	}
	few := ContrastMeasure{Name: "sleep_onset", Label: "Sleep onset", Unit: UnitClock, First: []float64{-20, 10}, Verdict: "not enough nights"}
	same := ContrastMeasure{Name: "efficiency_percent", Label: "Sleep efficiency", Unit: UnitPercent, First: []float64{88, 90, 91, 93}, Second: []float64{87, 90, 92, 94}, Difference: new(0.3), Low: new(-2.1), High: new(2.6), Verdict: "no clear difference"}
	all["contrast"] = Contrast{Frame: Frame{Title: "Two periods", Subtitle: "October against November."}, First: "2026-10-01 to 2026-10-31", Second: "2026-11-01 to 2026-11-29", Measures: []ContrastMeasure{m, same, few}}
	all["contrast_none"] = Contrast{Frame: Frame{Title: "Two periods"}}
	all["group"] = Group{Frame: Frame{Title: "Demo Team", Subtitle: "24 people, 30 nights."}, Figures: []Figure{
		{Label: "Time asleep", Unit: UnitMinutes, Middle: new(421.0), Low: new(395.0), High: new(446.0)},
		{Label: "Efficiency", Unit: UnitPercent, Middle: new(88.2)},
		{Label: "Sleep onset", Unit: UnitClock, Hidden: "hidden: fewer than 11 people"},
	}}
	all["group_none"] = Group{Frame: Frame{Title: "Nobody"}}
}

// The drawings are compared by bytes: a change of one is looked at before it is kept.
func TestPicturesAreKept(t *testing.T) {
	t.Parallel()
	all := pictures(t)
	for name, p := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Draw(p, SVG)
			require.NoError(t, err)
			file := filepath.Join("testdata", name+".svg")
			if *update {
				require.NoError(t, os.WriteFile(file, got, 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.True(t, string(want) == string(got), "%s is drawn otherwise; go test ./internal/charts -update writes it again", file) //nolint:testifylint // the files are too long to show
		})
	}
	t.Cleanup(func() { // once the parallel ones are done
		kept, err := filepath.Glob("testdata/*.svg")
		require.NoError(t, err)
		assert.Len(t, kept, len(all), "a picture that no test draws")
	})
}

// Pictures in text are kept as well, without colours; with them only colours are added.
func TestBlocksAreKept(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	kinds := pictures(t)
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		plain := Blocks(kinds[name], Terminal{Columns: 200})
		all.WriteString("== " + name + "\n" + strings.Join(append(plain, ""), "\n"))
		for _, line := range plain {
			assert.LessOrEqual(t, utf8.RuneCountInString(line), 80, name)
		}
		coloured := strings.Join(Blocks(kinds[name], Terminal{Columns: 200, Colour: true}), "\n")
		without := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "")
		assert.Equal(t, strings.Join(plain, "\n"), regexp.MustCompile(" +(\n|$)").ReplaceAllString(without, "$1"), name)
		assert.Nil(t, Blocks(kinds[name], Terminal{Columns: 20}))
	}
	file := filepath.Join("testdata", "blocks.txt")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(all.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), all.String())
}

// A PNG is a picture of at most 60 KB, whatever is drawn: also of a year of nights, and
// of thousands of dots.
func TestPNGsAreSmall(t *testing.T) {
	t.Parallel()
	all := pictures(t)
	crowded := ContrastMeasure{Label: "Time asleep", Unit: UnitMinutes, Difference: new(1.0), Low: new(-2.0), High: new(4.0)}
	for i := range 1000 {
		crowded.First, crowded.Second = append(crowded.First, float64(i*7919%500)), append(crowded.Second, float64(i*104729%500))
	}
	all["crowded"] = Contrast{First: "a", Second: "b", Measures: []ContrastMeasure{crowded, crowded, crowded}}
	years := Nights{Sought: "x"}
	for i := range 366 {
		r := row(time.Date(2026, 1, i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), float64(i*37%300)-150, 300+float64(i*91%300))
		r.Found = i%3 == 0
		years.Rows = append(years.Rows, r)
	}
	all["years"] = years
	for name, p := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drawn, err := Draw(p, PNG)
			require.NoError(t, err)
			assert.LessOrEqual(t, len(drawn), mostBytes)
			read, err := png.Decode(bytes.NewReader(drawn))
			require.NoError(t, err)
			assert.GreaterOrEqual(t, read.Bounds().Dx(), pageWidth/2, "too small to read")
		})
	}
}

// Waking up before the gap between two recordings, and falling asleep after it, is no awakening.
func TestAwakeningsAreOfOneRecording(t *testing.T) {
	t.Parallel()
	start := moment(t, "2026-11-28T23:12:30+01:00")
	n := Night{Start: start, Stages: epochs(t, "0*20 1*100 0*14 1*60 0*16 .*100 0*18 1*80 0*12 2*40 0*30")}
	n.Parts = []Part{{Start: start, End: n.At(210)}, {Start: n.At(310), End: n.At(len(n.Stages))}}
	assert.Equal(t, []Run{{'0', 120, 134}, {'0', 408, 420}}, n.Awakenings())
	assert.Contains(t, n.Describe(), "Between recordings: 50 min.")
	assert.NotContains(t, n.Describe(), "Not scored")
	n.Parts = nil
	assert.Len(t, n.Awakenings(), 4)
	assert.Contains(t, n.Describe(), "Not scored: 50 min.")
}
