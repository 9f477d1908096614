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
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// habit makes somebody's recordings of one day, which begins at midnight.
type habit func(r *rand.Rand, day int, midnight time.Time) []sandbox.Recording

// sleeps returns a recording that begins at an hour of the day, up to an hour early or
// late, and lasts the given hours.
func sleeps(r *rand.Rand, midnight time.Time, hour, hours float64) sandbox.Recording {
	start := midnight.Add(time.Duration((hour + r.Float64()*2 - 1) * float64(time.Hour)).Round(30 * time.Second))
	asleep := int(60*hours) + r.IntN(60) - 30
	one := tooltest.Slept("2026-01-01 00:00", "UTC", fmt.Sprintf("10w %dl 5w", max(asleep, 20)))
	one.Start, one.Zone = start, midnight.Location().String()
	return one
}

var habits = map[string]struct {
	zone string
	day  habit
}{
	"regular": {"Europe/Paris", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		list := []sandbox.Recording{sleeps(r, midnight, 23, 7)}
		if r.IntN(4) == 0 {
			list = append(list, sleeps(r, midnight, 14, 1))
		}
		return list
	}},
	"night worker": {"America/New_York", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		return []sandbox.Recording{sleeps(r, midnight, 9, 6)}
	}},
	"shift worker": {"Europe/Berlin", func(r *rand.Rand, day int, midnight time.Time) []sandbox.Recording {
		return []sandbox.Recording{sleeps(r, midnight, []float64{22, 8, 15}[day/7%3], 5.5)}
	}},
	"evening sleeper": {"UTC", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		return []sandbox.Recording{sleeps(r, midnight, 16, 7.5)}
	}},
	"split sleeper": {"Europe/Madrid", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		return []sandbox.Recording{sleeps(r, midnight, 21, 3), sleeps(r, midnight, 27, 3)}
	}},
	"polyphasic": {"Asia/Tokyo", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		var list []sandbox.Recording
		for hour := 1.0; hour < 24; hour += 6 {
			list = append(list, sleeps(r, midnight, hour, 1.5))
		}
		return list
	}},
	"over the date line": {"Pacific/Auckland", func(r *rand.Rand, day int, midnight time.Time) []sandbox.Recording {
		place := tooltest.MustLoad([]string{"Pacific/Auckland", "America/Los_Angeles"}[day/10%2])
		there := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, place)
		return []sandbox.Recording{sleeps(r, there, 22.5, 7)}
	}},
	"where midnight is left out": {"America/Santiago", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		return []sandbox.Recording{sleeps(r, midnight, 23, 7)}
	}},
	"now and then": {"Asia/Seoul", func(r *rand.Rand, _ int, midnight time.Time) []sandbox.Recording {
		if r.IntN(3) > 0 {
			return nil
		}
		return []sandbox.Recording{sleeps(r, midnight, 20+r.Float64()*8, 1+r.Float64()*8)}
	}},
}

// apart leaves out recordings that begin before the last one has ended.
func apart(list []sandbox.Recording) []sandbox.Recording {
	slices.SortFunc(list, func(a, b sandbox.Recording) int { return a.Start.Compare(b.Start) })
	var kept []sandbox.Recording
	var end time.Time
	for _, one := range list {
		if !one.Start.Before(end) {
			kept = append(kept, one)
			end = one.Start.Add(time.Duration(len(one.Stages)) * 30 * time.Second)
		}
	}
	return kept
}

// dayTotals is what answers say about one date, in minutes.
type dayTotals struct{ asleep, naps float64 }

// A night is the same to all tools and in all windows, whatever was asked before, and
// after a restart.
func TestANightIsOneToAllWindows(t *testing.T) {
	t.Parallel()
	const days = 160
	for name, who := range habits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(len(name)), 5))
			zone := tooltest.MustLoad(who.zone)
			first := civil.Date{Year: 2026, Month: time.June, Day: 10}
			var recordings []sandbox.Recording
			for day := range days {
				recordings = append(recordings, who.day(r, day, first.AddDays(day).In(zone))...)
			}
			recordings = apart(recordings)
			now := first.AddDays(days + 1).In(zone).Add(15 * time.Hour)
			w := tooltest.NewWorld(t, now, tooltest.Person(recordings...))
			last := civil.DateOf(now)
			want := totalsFromList(t, w, first, last)
			require.Greater(t, len(want), days/5)

			for i := range 25 {
				if i == 12 {
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
			}
		})
	}
}

// totalsFromList adds up what list_sessions says about each date.
func totalsFromList(t *testing.T, w *tooltest.World, from, to civil.Date) map[string]dayTotals {
	t.Helper()
	all := map[string]dayTotals{}
	in := fmt.Sprintf(`{"from":%q,"to":%q,"limit":100}`, from, to)
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
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", fmt.Sprintf(`{"week_ending":%q}`, ending))
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
	night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", fmt.Sprintf(`{"night":%q}`, date))
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
	n := got.Nights.Used
	for _, e := range got.Nights.Excluded {
		if e.Reason == "short" {
			n += e.Count
		}
	}
	assert.InDelta(t, sum/60, *got.Averages.SleepHours*float64(n), 0.02*float64(n)+0.05, "%s to %s", from, to)
}

func valueOr0(x *float64) float64 {
	if x == nil {
		return 0
	}
	return math.Round(*x)
}
