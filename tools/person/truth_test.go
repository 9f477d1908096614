package person

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// minutesAt returns a clock time in minutes after midnight.
func minutesAt(t testing.TB, clock string) float64 {
	t.Helper()
	at, err := time.Parse("15:04", clock)
	require.NoError(t, err, "clock time %q", clock)
	return float64(at.Hour()*60 + at.Minute())
}

// tally counts the epochs of a recording in the simplest way, in minutes.
type tally struct {
	inBed, asleep, awake, latency, light, deep, rem float64
	onset, wake                                     time.Time
}

func tallyOf(r sandbox.Recording) tally {
	first, last := -1, -1
	for i, stage := range r.Stages {
		if stage > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	minutes := map[int8]float64{}
	for _, stage := range r.Stages[first : last+1] {
		minutes[stage] += 0.5
	}
	return tally{
		inBed: float64(len(r.Stages)) / 2, asleep: minutes[1] + minutes[2] + minutes[3], awake: minutes[0], latency: float64(first) / 2,
		light: minutes[1], deep: minutes[2], rem: minutes[3],
		onset: r.Start.Add(time.Duration(first) * 30 * time.Second), wake: r.Start.Add(time.Duration(last+1) * 30 * time.Second),
	}
}

// sums are plain means over recordings that are one night each.
type sums struct {
	n                                                           float64
	inBed, asleep, awake, latency, efficiency, light, deep, rem float64
}

func sumsOf(recordings []sandbox.Recording) sums {
	var s sums
	for _, r := range recordings {
		t := tallyOf(r)
		s.n++
		s.inBed, s.asleep, s.awake, s.latency = s.inBed+t.inBed, s.asleep+t.asleep, s.awake+t.awake, s.latency+t.latency
		s.light, s.deep, s.rem = s.light+t.light, s.deep+t.deep, s.rem+t.rem
		s.efficiency += 100 * t.asleep / t.inBed
	}
	return s
}

// checkMeans compares an answer with plain means.
func checkMeans(t testing.TB, s sums, a Averages, stages SleepStages) {
	t.Helper()
	const hour = 60
	assert.InDelta(t, s.asleep/s.n/hour, *a.SleepHours, 0.0051)
	assert.InDelta(t, s.inBed/s.n/hour, *a.InBedHours, 0.0051)
	assert.InDelta(t, s.efficiency/s.n, *a.Efficiency, 0.051)
	assert.InDelta(t, s.latency/s.n, *a.Latency, 0.051)
	assert.InDelta(t, s.awake/s.n, *a.Awake, 0.051)
	assert.InDelta(t, s.light/s.n/hour, *stages.LightHours, 0.0051)
	assert.InDelta(t, s.deep/s.n/hour, *stages.DeepHours, 0.0051)
	assert.InDelta(t, s.rem/s.n/hour, *stages.REMHours, 0.0051)
	assert.InDelta(t, 100*s.light/s.asleep, *stages.LightPercent, 0.051)
	assert.InDelta(t, 100*s.deep/s.asleep, *stages.DeepPercent, 0.051)
	assert.InDelta(t, 100*s.rem/s.asleep, *stages.REMPercent, 0.051)
}

// The figures of this test were worked out by hand.
func TestAveragesByHand(t *testing.T) {
	t.Parallel()
	recordings := []sandbox.Recording{
		tooltest.Slept("2026-11-19 23:00", "Europe/Paris", "30w 180l 60d 30w 120r 60w"), // 6 h of 8 h, asleep 23:30 to 06:00
		tooltest.Slept("2026-11-20 23:40", "Europe/Paris", "20w 240l 90d 150r"),         // 8 h of 8 h 20, asleep 00:00 to 08:00
		tooltest.Slept("2026-11-22 00:20", "Europe/Paris", "10w 300l 60d 60r 20w"),      // 7 h of 7 h 30, asleep 00:30 to 07:30
		tooltest.Slept("2026-11-22 15:00", "Europe/Paris", "10w 30l 5w"),                // half an hour in the afternoon
	}
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...))
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":7}`)

	assert.Equal(t, tool.Nights{Tracked: 3, Used: 3, Excluded: []tool.Exclusion{}}, got.Nights)
	assert.Equal(t, 4, got.SessionCount)
	assert.Equal(t, "23:40", got.Averages.Bedtime)
	assert.Equal(t, "00:00", got.Averages.SleepTime)
	assert.Equal(t, "07:10", got.Averages.WakeTime)
	assert.InDelta(t, 7, *got.Averages.SleepHours, 0)
	assert.InDelta(t, 7.94, *got.Averages.InBedHours, 0) // 476.67 minutes
	assert.InDelta(t, 88.1, *got.Averages.Efficiency, 0) // 75, 96, 93.33
	assert.InDelta(t, 20, *got.Averages.Latency, 0)      // 30, 20, 10
	assert.InDelta(t, 10, *got.Averages.Awake, 0)        // 30, 0, 0
	assert.InDelta(t, 4, *got.SleepStages.LightHours, 0) // 180, 240, 300
	assert.InDelta(t, 57.1, *got.SleepStages.LightPercent, 0)
	assert.InDelta(t, 16.7, *got.SleepStages.DeepPercent, 0)
	assert.InDelta(t, 26.2, *got.SleepStages.REMPercent, 0)
	assert.Equal(t, "not_measured", got.Missing["avg_snoring_minutes"])
	assert.Equal(t, "2026-11-17 to 2026-11-23: 7 h 00 min asleep a night on average over 3 nights, 88.1 % of the time in bed, asleep from 00:00 to 07:10 on average.", got.Summary)

	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
	assert.Equal(t, []float64{420, 450, 10, 0, 93.3}, []float64{*night.Asleep, *night.InBed, *night.Latency, *night.Awake, *night.Efficiency})
	assert.Equal(t, "2026-11-22T00:30:00+01:00", night.FellAsleep)
	assert.Equal(t, "2026-11-22T07:30:00+01:00", night.WokeUp)

	report := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	require.Equal(t, "2026-11-22", report.Days[1].Night)
	assert.InDelta(t, 30, *report.Days[1].Nap, 0)
	assert.InDelta(t, 420, *report.Days[1].Asleep, 0)
}

// Five equal nights: 7 h 20 of 8 h is 91.67, equal days are 100, 7 h 20 is within 7 to 9
// hours. 0.4 times 91.67 and twice 0.3 times 100 make 96.67.
func TestScoreByHand(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(8, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	got := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{}`)
	assert.InDelta(t, 91.7, *got.Efficiency, 0)
	assert.InDelta(t, 100, *got.Consistency, 0)
	assert.InDelta(t, 100, *got.Duration, 0)
	assert.InDelta(t, 96.7, *got.Overall, 0)
	assert.Equal(t, consistencyBasis{Basis: "schedule_sri", ComparableDays: 7}, got.ConsistencyBasis)
	assert.Equal(t, 30, got.PeriodDays)
	assert.Equal(t, &weights{0.4, 0.3, 0.3}, got.Weights)

	// 65 and older: at most 8 hours, still inside; 40 minutes over it at 8 h 40.
	old := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(8, "2026-11-22 23:00", "Europe/Paris", "20w 520l 20w")...))
	got = tooltest.AnswerOf[sleepScoreOut](t, old, "sleep_score", `{"birth_year":1950}`)
	assert.Equal(t, durationBasis{RecommendedHours: []float64{7, 8}, Basis: "birth_year", Nights: 8}, got.DurationBasis)
	assert.InDelta(t, 100-40*2.0/3, *got.Duration, 0.05) // 60 points an hour beyond
	assert.InDelta(t, 100, *tooltest.AnswerOf[sleepScoreOut](t, old, "sleep_score", `{}`).Duration, 0)
	old = old.Born(1950)
	assert.InDelta(t, 73.3, *tooltest.AnswerOf[sleepScoreOut](t, old, "sleep_score", `{}`).Duration, 0, "from the setting")

	minor := tooltest.AnswerOf[sleepScoreOut](t, old, "sleep_score", `{"birth_year":2012}`)
	assert.Nil(t, minor.Overall)
	assert.Equal(t, "minor", minor.Missing["overall_score"])
	assert.Equal(t, "No score is given for people under 18.", minor.Summary)
}

func TestScoreNeedsFiveNights(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(4, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	got := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{}`)
	assert.Nil(t, got.Overall)
	assert.Nil(t, got.Weights)
	assert.Equal(t, "few_nights", got.Missing["overall_score"])
	assert.Contains(t, got.Summary, "needs five nights, and 4 nights")

	// Every third night: no two days can be compared, so the spread is used instead.
	var apart []sandbox.Recording
	for _, r := range tooltest.Nightly(22, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual) {
		if (r.Start.YearDay()+2)%3 == 0 {
			apart = append(apart, r)
		}
	}
	got = tooltest.AnswerOf[sleepScoreOut](t, tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(apart...)), "sleep_score", `{}`)
	assert.Equal(t, "clock_spread", got.ConsistencyBasis.Basis)
	assert.InDelta(t, 100, *got.Consistency, 0, "no spread at all")
	assert.True(t, tooltest.HasWarning(got.Head, "estimated"))
}

// varied returns nights from a generator that is independent of the sandbox's.
func varied(seed uint64, nights int) []sandbox.Recording {
	rng := rand.New(rand.NewPCG(seed, 1))
	recordings := tooltest.Nightly(nights, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	for i := range recordings {
		recordings[i].Start = recordings[i].Start.Add(time.Duration(rng.IntN(5400)) * time.Second)
		recordings[i].Stages = tooltest.StagesText(fmt.Sprintf("%dw %dl %dd %dw %dr %dw",
			1+rng.IntN(40), 150+rng.IntN(100), 30+rng.IntN(60), rng.IntN(30), 40+rng.IntN(80), rng.IntN(30)))
	}
	return recordings
}

func TestAveragesOfVariedNights(t *testing.T) {
	t.Parallel()
	recordings := varied(7, 30)
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...))
	for _, zone := range []string{"Europe/Paris", "Asia/Seoul", "UTC"} {
		got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", fmt.Sprintf(`{"from":"2026-10-20","timezone":%q}`, zone))
		require.Equal(t, 30, got.Nights.Used)
		checkMeans(t, sumsOf(recordings), got.Averages, got.SleepStages)
	}
}

func TestTheOrderOfNightsDoesNotMatter(t *testing.T) {
	t.Parallel()
	recordings := varied(3, 20)
	shuffled := append([]sandbox.Recording{}, recordings...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	first, other := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...)), tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(shuffled...))
	for _, one := range tooltest.AboutOnePerson() {
		assert.JSONEq(t, string(tooltest.Call(t, first, one.Name, `{}`)), string(tooltest.Call(t, other, one.Name, `{}`)), one.Name)
	}
}

func TestAnHourLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		recordings := varied(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(1, 12).Draw(rt, "nights"))
		later := append([]sandbox.Recording{}, recordings...)
		for i := range later {
			later[i].Start = later[i].Start.Add(time.Hour)
		}
		const ask = `{"from":"2026-11-01"}`
		before := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...)), "average_stats", ask)
		after := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(later...)), "average_stats", ask)
		for _, pair := range [][2]string{
			{before.Averages.Bedtime, after.Averages.Bedtime}, {before.Averages.SleepTime, after.Averages.SleepTime}, {before.Averages.WakeTime, after.Averages.WakeTime},
		} {
			shift := math.Mod(minutesAt(t, pair[1])-minutesAt(t, pair[0])+24*60, 24*60)
			assert.InDelta(rt, 60, shift, 1, "a minute is what rounding may do")
		}
		before.Averages.Bedtime, before.Averages.SleepTime, before.Averages.WakeTime = after.Averages.Bedtime, after.Averages.SleepTime, after.Averages.WakeTime
		assert.Equal(rt, before.Averages, after.Averages)
		assert.Equal(rt, before.SleepStages, after.SleepStages)
		assert.Equal(rt, before.Spread, after.Spread)
		assert.Equal(rt, before.Nights, after.Nights)
	})
}

func TestTimezoneMovesClockTimes(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(6, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	here := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":7}`)
	there := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":7,"timezone":"America/New_York"}`)
	assert.Equal(t, []string{"23:00", "23:20", "06:50"}, []string{here.Averages.Bedtime, here.Averages.SleepTime, here.Averages.WakeTime})
	assert.Equal(t, []string{"17:00", "17:20", "00:50"}, []string{there.Averages.Bedtime, there.Averages.SleepTime, there.Averages.WakeTime})
	assert.Equal(t, "2026-11-23T03:12:00-05:00", there.AsOf)
	assert.Equal(t, here.Averages.SleepHours, there.Averages.SleepHours)
	list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":7,"timezone":"America/New_York"}`)
	assert.Equal(t, "17:00", list.Sessions[0].Bedtime)
}

// A recording that ends inside its last epoch can be longer asleep than in bed.
func TestEfficiencyIsAShare(t *testing.T) {
	t.Parallel()
	r := tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "240l 120d 120r")
	r.End = r.Start.Add(480*time.Minute - 45*time.Second)
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(r))
	assert.InDelta(t, 100, *tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{}`).Sessions[0].Efficiency, 0)
	assert.InDelta(t, 100, *tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`).Efficiency, 0)
	assert.InDelta(t, 100, *tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`).Averages.Efficiency, 0)
}

func TestRealNights(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("ASLEEP_MCP_TESTDATA")
	if folder == "" {
		t.Skip("ASLEEP_MCP_TESTDATA names no folder with real nights")
	}
	file, err := os.Open(filepath.Join(folder, "real-nights.ndjson"))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	people, err := sandbox.ReadNights(file)
	require.NoError(t, err)
	recordings := people[0].Recordings
	require.Len(t, recordings, 53)

	w := tooltest.NewWorld(t, tooltest.InstantOf("2026-10-26T12:00:00+01:00"), people...)
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"2026-09-01"}`)
	assert.Equal(t, tool.Nights{Tracked: 53, Used: 53, Excluded: []tool.Exclusion{}}, got.Nights)
	checkMeans(t, sumsOf(recordings), got.Averages, got.SleepStages)

	rows := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"from":"2026-09-01","limit":100,"order":"asc"}`).Sessions
	require.Len(t, rows, 53)
	for i, r := range recordings {
		one := tallyOf(r)
		zone := one.wake.In(tooltest.MustLoad(r.Zone))
		assert.Equal(t, zone.Format("2006-01-02"), rows[i].Night)
		assert.Equal(t, zone.Round(time.Minute).Format("15:04"), rows[i].WakeTime)
		assert.InDelta(t, one.asleep, *rows[i].Asleep, 0.5)
		assert.InDelta(t, 100*one.asleep/one.inBed, *rows[i].Efficiency, 0.051)
	}
	months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2}`)
	assert.Equal(t, 53, months.Months[0].Nights+months.Months[1].Nights)
}

func TestOddRecordings(t *testing.T) {
	t.Parallel()
	brief := tooltest.Slept("2026-11-22 15:00", "Europe/Paris", "10l")
	brief.End = brief.Start.Add(9*time.Minute + 15*time.Second) // 10 minutes asleep in 9.25
	nowhere := tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)
	nowhere.Zone = "Moon/Tranquility"
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(brief, nowhere))
	w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.True(t, tooltest.HasWarning(got.Head, "efficiency_not_a_ratio"))
	assert.True(t, tooltest.HasWarning(got.Head, "zone_unknown"))
	assert.Equal(t, "23:00", got.Averages.Bedtime, "read where the setting says")
	asked := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"timezone":"Asia/Seoul"}`)
	assert.Equal(t, "07:00", asked.Averages.Bedtime, "shown elsewhere")
	assert.Contains(t, asked.Warnings, tool.Warning{Code: "zone_unknown", Text: "1 session without a known time zone; read in Europe/Paris."}, "and read where it was")
}

func TestAsOfIsWhenItWasRead(t *testing.T) {
	t.Parallel()
	var later atomic.Int64 // the client's cache looks at the clock in the background
	w := tooltest.StartWorld(t, sandbox.Options{
		Now: func() time.Time { return tooltest.Morning.Add(time.Duration(later.Load())) }, People: []sandbox.Person{tooltest.Person(tooltest.Nightly(3, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...)},
	})
	tooltest.Call(t, w, "average_stats", `{}`)
	later.Add(int64(40 * time.Second))
	for _, one := range tooltest.AboutOnePerson() {
		assert.Equal(t, "2026-11-23T09:12:00+01:00", tooltest.AnswerOf[struct{ tool.Head }](t, w, one.Name, `{}`).AsOf, one.Name)
	}
	assert.Equal(t, "2026-11-23T09:12:00+01:00", tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"to":"2026-11-01"}`).AsOf, "of nothing")
	later.Add(int64(time.Minute))
	assert.Equal(t, "2026-11-23T09:13:40+01:00", tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`).AsOf)
}

// A sparse deployment's averages over more than 100 days are weighted by the number of
// sessions in each part.
func TestSparseAveragesAreWeighed(t *testing.T) {
	t.Parallel()
	recordings := append(tooltest.Nightly(30, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), tooltest.Nightly(10, "2026-06-30 23:00", "Europe/Paris", "20w 300l 10w")...)
	w := tooltest.StartWorld(t, sandbox.Options{Now: func() time.Time { return tooltest.Morning }, People: []sandbox.Person{tooltest.Person(recordings...)}, Sparse: true})
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"days":180,"timezone":"Europe/Paris"}`)
	assert.Equal(t, 40, got.SessionCount)
	assert.InDelta(t, (30*440+10*300)/40.0/60, *got.Averages.SleepHours, 0.0051)
}

func TestRounding(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "00:00", tool.ClockText(86390), "to the nearest minute, past midnight")
	assert.Equal(t, "23:59", tool.ClockText(86369))
	assert.False(t, math.Signbit(tool.Rounded(-0.04, 1)), "never -0")
	assert.Equal(t, "7 h 00 min", tool.HoursText(6.999))
	assert.Equal(t, "1 h 00 min", tool.HoursText(0.999))
	assert.Equal(t, "36 min", tool.HoursText(0.6))
	assert.Equal(t, "1 night", tool.Count(1, "night"))
	assert.Equal(t, "0 nights", tool.Count(0, "night"))
}
