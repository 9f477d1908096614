package person

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/sleepers"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// recordedLife returns the recordings of a life as the service has them.
func recordedLife(blocks []sleepers.Block) []sandbox.Recording {
	list := make([]sandbox.Recording, len(blocks))
	for i, b := range blocks {
		epochs := func(d time.Duration) int { return int(d / (30 * time.Second)) }
		list[i] = sandbox.Recording{Start: b.Start, Zone: b.Zone.String(), Stages: slices.Concat(
			make([]int8, epochs(b.Onset.Sub(b.Start))), slices.Repeat([]int8{1}, epochs(b.Asleep())), make([]int8, epochs(b.End.Sub(b.Wake))),
		)}
	}
	return list
}

// dayTotals is what answers say about one date, in minutes.
type dayTotals struct{ asleep, naps float64 }

// A night is the same to all tools and in all windows, whatever was asked before, and
// after a restart.
func TestANightIsOneToAllWindows(t *testing.T) {
	t.Parallel()
	const days = 160
	for _, who := range sleepers.All() {
		t.Run(who.Name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(len(who.Name)), 5))
			zone := tooltest.MustLoad(who.Zone)
			first := civil.Date{Year: 2026, Month: time.June, Day: 10}
			recordings := recordedLife(who.Life(r.Uint64(), first, days))
			now := first.AddDays(days + 1).In(zone).Add(15 * time.Hour)
			w := tooltest.NewWorld(t, now, tooltest.Person(recordings...))
			last := civil.DateOf(now)
			want := totalsFromList(t, w, first, last)
			require.Greater(t, len(want), days/5)

			for i := range 7 {
				if i == 3 {
					w = tooltest.NewWorld(t, now, tooltest.Person(recordings...)) // a restart
				}
				from := first.AddDays(r.IntN(days))
				to := from.AddDays(r.IntN(40))
				if to.After(last) {
					to = last
				}
				inWindow := map[string]dayTotals{}
				for date, one := range want {
					if date >= from.String() && date <= to.String() {
						inWindow[date] = one
					}
				}
				assert.Equal(t, inWindow, totalsFromList(t, w, from, to), "%s to %s", from, to)
				checkWeek(t, w, want, to)
				checkNight(t, w, want, from)
				checkWindowMeans(t, w, inWindow, from, to)
				checkRows(t, w, inWindow, from, to)
				checkSameNights(t, w, from, to)
				checkMonths(t, w, to)
			}
		})
	}
}

// totalsFromList adds up what list_sessions says about each date.
func totalsFromList(t *testing.T, w *tooltest.World, from, to civil.Date) map[string]dayTotals {
	t.Helper()
	all := map[string]dayTotals{}
	in := fmt.Sprintf(`{"from":%q,"to":%q,"limit":100,"timezone":%q}`, from, to, anyZone(from))
	for {
		page := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", in)
		for _, row := range page.Sessions {
			if row.Asleep == nil {
				continue
			}
			one := all[row.Night]
			if row.Kind == kindNap {
				one.naps += *row.Asleep
			} else {
				one.asleep += *row.Asleep
			}
			all[row.Night] = one
		}
		if !page.More {
			return all
		}
		in = fmt.Sprintf(`{"cursor":%q,"limit":100}`, page.NextCursor)
	}
}

func checkWeek(t *testing.T, w *tooltest.World, want map[string]dayTotals, ending civil.Date) {
	t.Helper()
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", fmt.Sprintf(`{"week_ending":%q,"timezone":%q}`, ending, anyZone(ending)))
	got := map[string]dayTotals{}
	for _, day := range week.Days {
		one := got[day.Night]
		one.asleep, one.naps = one.asleep+valueOr0(day.Asleep), one.naps+valueOr0(day.Nap)
		got[day.Night] = one
	}
	for date, one := range got {
		assert.InDelta(t, want[date].asleep, one.asleep, 2, "week to %s: %s", ending, date)
		assert.InDelta(t, want[date].naps, one.naps, 2, "week to %s: naps of %s", ending, date)
	}
}

func checkNight(t *testing.T, w *tooltest.World, want map[string]dayTotals, date civil.Date) {
	t.Helper()
	if want[date.String()].asleep == 0 {
		return
	}
	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", fmt.Sprintf(`{"night":%q,"timezone":%q}`, date, anyZone(date)))
	assert.Equal(t, date.String(), night.Night)
	assert.LessOrEqual(t, valueOr0(night.Asleep), want[date.String()].asleep+2, "%s", date) // the later one where two end on the date
	assert.InDelta(t, want[date.String()].naps, valueOr0(night.Nap), 2, "naps of %s", date)
}

func checkWindowMeans(t *testing.T, w *tooltest.World, want map[string]dayTotals, from, to civil.Date) {
	t.Helper()
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", fmt.Sprintf(`{"from":%q,"to":%q}`, from, to))
	sum := 0.0
	for _, one := range want {
		sum += one.asleep
	}
	if got.Averages.SleepHours == nil {
		assert.Zero(t, sum)
		return
	}
	n := nightsInMean(got.Nights)
	assert.InDelta(t, sum/60, *got.Averages.SleepHours*float64(n), 0.02*float64(n)+0.05, "%s to %s", from, to)
}

// nightsInMean counts the nights in a mean of durations: short ones are.
func nightsInMean(of tool.Nights) int {
	n := of.Used
	for _, e := range of.Excluded {
		if e.Reason == "short" {
			n += e.Count
		}
	}
	return n
}

// checkRows compares the table of nights with the list of recordings.
func checkRows(t *testing.T, w *tooltest.World, want map[string]dayTotals, from, to civil.Date) {
	t.Helper()
	got := map[string]dayTotals{}
	for _, row := range tooltest.AnswerOf[findNightsOut](t, w, "find_nights", fmt.Sprintf(
		`{"from":%q,"to":%q,"limit":1000,"fields":["night","asleep_minutes","nap_minutes"],"timezone":%q}`, from, to, anyZone(to))).Rows {
		one := got[row.Night]
		got[row.Night] = dayTotals{one.asleep + valueOr0(row.Asleep), one.naps + valueOr0(row.NapMinutes)}
	}
	for date, one := range want {
		assert.InDelta(t, one.asleep, got[date].asleep, 2, "row of %s", date)
		assert.InDelta(t, one.naps, got[date].naps, 2, "row of %s", date)
	}
	for date := range got {
		assert.Contains(t, want, date)
	}
}

// checkSameNights compares what tools say about the nights of one window, each in another
// zone.
func checkSameNights(t *testing.T, w *tooltest.World, from, to civil.Date) {
	t.Helper()
	days := to.DaysSince(from) + 1
	average := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", fmt.Sprintf(`{"from":%q,"to":%q}`, from, to))
	score := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", fmt.Sprintf(`{"days":%d,"ending":%q,"timezone":%q}`, days, to, anyZone(to)))
	sides := tooltest.AnswerOf[comparePeriodsOut](t, w, "compare_periods", fmt.Sprintf(
		`{"first_from":%q,"first_to":%q,"second_from":%q,"second_to":%q,"timezone":%q}`, from.AddDays(-days), from.AddDays(-1), from, to, anyZone(from)))
	found := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", fmt.Sprintf(`{"from":%q,"to":%q,"timezone":%q}`, from, to, anyZone(to)))
	assert.Equal(t, average.Nights, score.Nights, "sleep_score, %s to %s", from, to)
	assert.Equal(t, average.SessionCount, score.SessionCount)
	assert.Equal(t, average.Nights, sides.Second.Nights, "compare_periods, %s to %s", from, to)
	assert.Equal(t, average.Averages.SleepHours, sides.Second.Averages.SleepHours)
	assert.Equal(t, average.Averages.Bedtime != "", sides.Second.Averages.Bedtime != "")
	assert.Equal(t, average.Nights, found.Nights, "find_nights, %s to %s", from, to)
}

// checkMonths compares each month with the averages of its days.
func checkMonths(t *testing.T, w *tooltest.World, ending civil.Date) {
	t.Helper()
	months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", fmt.Sprintf(`{"months":2,"ending":%q,"timezone":%q}`, ending, anyZone(ending)))
	for _, m := range months.Months {
		from := *tool.ParseDate(m.Month + "-01")
		to := from.AddMonths(1).AddDays(-1)
		if to.After(ending) {
			to = ending
		}
		average := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", fmt.Sprintf(`{"from":%q,"to":%q}`, from, to))
		assert.Equal(t, average.Averages.SleepHours, m.SleepHours, "%s to %s", from, to)
		assert.Equal(t, average.SessionCount, m.SessionCount, "%s to %s", from, to)
		assert.Equal(t, nightsInMean(average.Nights), m.Nights, "%s to %s", from, to)
	}
}

// anyZone is a zone to show clock times in, another one on each date.
func anyZone(date civil.Date) string {
	zones := []string{"Asia/Seoul", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati"}
	return zones[date.Day%len(zones)]
}

func valueOr0(x *float64) float64 {
	if x == nil {
		return 0
	}
	return math.Round(*x)
}
