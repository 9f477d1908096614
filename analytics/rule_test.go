package analytics_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A stretch of sleep by its local clock times in minutes from midnight of a date, up to a
// day before or after it.
type stretch struct{ onset, wake int }

// A life is the sleep of each date.
type life func(day int) []stretch

var lifeBegins = civil.Date{Year: 2026, Month: time.March, Day: 2}

// lived returns the recordings of some days of a life.
func lived(z *time.Location, days int, of life) []analytics.Session {
	var list []analytics.Session
	for day := range days {
		for _, s := range of(day) {
			list = append(list, stretched(fmt.Sprintf("%d.%d", day, len(list)), z, day, s))
		}
	}
	return list
}

func stretched(id string, z *time.Location, day int, s stretch) analytics.Session {
	date := lifeBegins.AddDays(day)
	onset := time.Date(date.Year, date.Month, date.Day, 0, s.onset, 0, 0, z)
	return sleeping(id, z, onset, onset.Add(time.Duration(s.wake-s.onset)*time.Minute))
}

func every(list ...stretch) life { return func(int) []stretch { return list } }

func clock(hour, minute int) int { return 60*hour + minute }

// wholeNights asserts that there is a night for each of the days, in order, with the given
// minutes in the main sleep, and no nap.
func wholeNights(t testing.TB, a analytics.Assembly, days, minutes int) {
	t.Helper()
	require.Len(t, a.Nights, days)
	for i, n := range a.Nights {
		require.InDelta(t, minutes, n.Asleep().Minutes(), 1e-9, "%s", n.Date)
		require.Empty(t, n.Naps, "%s", n.Date)
		if i > 0 {
			require.Equal(t, a.Nights[i-1].Date.AddDays(1), n.Date)
		}
	}
}

// Two parts are one night as long as the second begins in the usual period, however long
// the time between them.
func TestTwoPartsAreOneNightWhateverTheGap(t *testing.T) {
	t.Parallel()
	for _, usual := range []stretch{{-60, 420}, {-150, 300}, {30, 480}, {clock(9, 0), clock(16, 0)}, {clock(13, 0), clock(20, 30)}, {clock(-8, 0), 0}} {
		for gap := 15; usual.onset+225+gap <= usual.wake; gap++ {
			split := []stretch{{usual.onset, usual.onset + 225}, {usual.onset + 225 + gap, usual.onset + 420 + gap}}
			a := analytics.Assemble(lived(time.UTC, 31, func(day int) []stretch {
				if day == 30 {
					return split
				}
				return []stretch{usual}
			}))
			require.Len(t, a.Nights, 31, "%v with a gap of %d", usual, gap)
			last := a.Nights[30]
			require.Len(t, last.Main, 2, "%v with a gap of %d", usual, gap)
			require.Equal(t, 7*time.Hour, last.Asleep())
			require.Equal(t, a.Nights[29].Date.AddDays(1), last.Date)
		}
	}
}

// Somebody who sleeps in two parts every day has one night a day out of both, whatever
// their times of day.
func TestTwoPartSleepersHaveWholeNights(t *testing.T) {
	t.Parallel()
	for _, parts := range [][3]int{{172, 150, 176}, {210, 120, 210}, {240, 60, 150}, {180, 180, 200}, {150, 150, 240}, {200, 61, 200}} {
		for onset := -360; onset < 1080; onset += 10 {
			second := onset + parts[0] + parts[1]
			a := analytics.Assemble(lived(time.UTC, 40, every(stretch{onset, onset + parts[0]}, stretch{second, second + parts[2]})))
			total := time.Duration(0)
			whole := 0
			for _, n := range a.Nights {
				total += n.Asleep24()
				if n.Asleep() == time.Duration(parts[0]+parts[2])*time.Minute {
					whole++
				}
			}
			require.Equal(t, 40*time.Duration(parts[0]+parts[2])*time.Minute, total)
			// Until five dates are known the usual period is that of most people.
			require.GreaterOrEqual(t, whole, 34, "%v from %d", parts, onset)
		}
	}
}

// Nor is the second part a nap of somebody who sleeps on once in five nights, or lies awake
// for most of the night before it.
func TestASecondPartIsNoNap(t *testing.T) {
	t.Parallel()
	for gap := 45; gap <= 200; gap += 5 {
		a := analytics.Assemble(lived(time.UTC, 60, func(day int) []stretch {
			first, second := stretch{-75 + day%7, 110 + day%11}, 110+day%11+gap
			if day%5 == 0 {
				return []stretch{first}
			}
			return []stretch{first, {second, second + 185 - day%9}}
		}))
		for _, n := range a.Between(lifeBegins.AddDays(12), lifeBegins.AddDays(60)).Nights {
			require.Empty(t, n.Naps, "%s with a gap of %d", n.Date, gap)
		}
	}
}

// Whenever a regular person sleeps, one minute later moves no sleep between nights: each
// has the same sleep and its own date.
func TestOneMinuteLaterMovesNothing(t *testing.T) {
	t.Parallel()
	for name, of := range map[string][]stretch{
		"one sleep":           {{-60, 420}},
		"a siesta besides":    {{-30, 390}, {clock(14, 0), clock(15, 20)}},
		"two parts":           {{-180, -8}, {142, 318}},
		"two parts, a siesta": {{-90, 100}, {200, 400}, {clock(14, 30), clock(15, 0)}},
	} {
		night := time.Duration(0)
		for _, s := range of {
			if s.onset < clock(9, 0) {
				night += time.Duration(s.wake-s.onset) * time.Minute
			}
		}
		for shift := range 1440 {
			shifted := make([]stretch, len(of))
			for i, s := range of {
				shifted[i] = stretch{s.onset + shift, s.wake + shift}
			}
			a := analytics.Assemble(lived(time.UTC, 24, every(shifted...)))
			a = a.Between(lifeBegins.AddDays(10), lifeBegins.AddDays(19))
			require.Len(t, a.Nights, 10, "%s, %d minutes later", name, shift)
			for _, n := range a.Nights {
				require.Equal(t, night, n.Asleep(), "%s, %d minutes later", name, shift)
			}
		}
	}
}

// For those who usually wake around midnight it changes at six.
func TestWhenDatesChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		usual, last stretch
		want        int
	}{
		{"usually until 20:30, once until after midnight", stretch{clock(12, 30), clock(20, 30)}, stretch{clock(18, 0), clock(24, 20)}, 20},
		{"usually until 19:30", stretch{clock(11, 30), clock(19, 30)}, stretch{clock(18, 0), clock(24, 20)}, 21},
		{"usually until 01:40", stretch{-320, 100}, stretch{-100, 350}, 19},
		{"and once until after six", stretch{-320, 100}, stretch{-100, 370}, 20},
		{"usually until 02:50", stretch{-320, 170}, stretch{-320, 100}, 19},
		{"usually until 03:10", stretch{-320, 190}, stretch{-320, 100}, 20},
		{"usually until 02:00, but from 22:00 on", stretch{-120, 120}, stretch{-120, 110}, 20},
		{"usually by night, once in the evening", stretch{-60, 420}, stretch{-420, 30}, 20},
	} {
		a := analytics.Assemble(append(lived(time.UTC, 20, every(c.usual)), stretched("last", time.UTC, 20, c.last)))
		require.Len(t, a.Nights, 21, c.name)
		assert.Equal(t, lifeBegins.AddDays(c.want), a.Nights[20].Date, c.name)
	}
	// One night of a period that ends before 03:00 among those of one that does not.
	wavering := analytics.Assemble(lived(time.UTC, 40, func(day int) []stretch {
		if day < 10 || day >= 26 {
			return []stretch{{-300, 210}}
		}
		return []stretch{{-300, 150}}
	}))
	require.Len(t, wavering.Nights, 40)
	for i, n := range wavering.Nights {
		assert.Equal(t, lifeBegins.AddDays(i), n.Date)
	}
	late := analytics.Assemble(append(lived(time.UTC, 20, every(stretch{clock(15, 30), clock(23, 30)})),
		stretched("late", time.UTC, 21, stretch{clock(0, 10), clock(7, 0)}),
		stretched("next", time.UTC, 21, stretch{clock(15, 30), clock(23, 50)})))
	require.Len(t, late.Nights, 22)
	assert.Equal(t, lifeBegins.AddDays(20), late.Nights[20].Date)
	assert.Equal(t, lifeBegins.AddDays(21), late.Nights[21].Date)

	sessions := lived(time.UTC, 20, every(stretch{-420, 10}))
	sessions[12].Onset, sessions[12].Wake, sessions[12].Asleep = time.Time{}, time.Time{}, 0
	a := analytics.Assemble(sessions)
	require.Len(t, a.Nights, 20, "a recording without sleep is dated as the nights are")
	assert.Equal(t, analytics.NoSleep, a.Nights[12].Excluded)
}

// Who falls asleep in the evening and wakes now before, now after midnight has
// a night a date.
func TestEveningSleepers(t *testing.T) {
	t.Parallel()
	for _, middle := range []int{-40, -10, 0, 20, 45} {
		for _, length := range []int{330, 420, 480, 540} {
			for seed := range uint64(12) {
				r := seeded(seed)
				a := analytics.Assemble(lived(zone(t, "Europe/Paris"), 45, func(int) []stretch {
					wake := middle + r.IntN(101) - 50
					return []stretch{{wake - length, wake}}
				}))
				wholeNights(t, a, 45, length)
			}
		}
	}
}

// The recording of somebody who lay awake after an hour of sleep is the night of that
// morning, not a nap of the evening.
func TestLyingAwakeIsANight(t *testing.T) {
	t.Parallel()
	for _, days := range []int{0, 3, 30} {
		for onset := -200; onset < 120; onset += 7 {
			bad := stretched("bad", time.UTC, days, stretch{onset, onset + 50})
			bad.Start, bad.End = bad.Onset.Add(-15*time.Minute), stretched("", time.UTC, days, stretch{0, 420}).End
			bad.InBed, bad.Latency = bad.End.Sub(bad.Start), nil
			a := analytics.Assemble(append(lived(time.UTC, days, every(stretch{-60, 420})), bad))
			require.Len(t, a.Nights, days+1)
			last := a.Nights[days]
			require.Equal(t, lifeBegins.AddDays(days), last.Date)
			require.Equal(t, 50*time.Minute, last.Asleep())
			require.Equal(t, analytics.Short, last.Excluded)
		}
	}
}

// A recording that runs on after the night does not carry it into another date.
func TestRecordingThatRunsOn(t *testing.T) {
	t.Parallel()
	worker := lived(time.UTC, 30, every(stretch{clock(8, 0), clock(16, 0)}))
	last := stretched("last", time.UTC, 29, stretch{clock(8, 0), clock(11, 0)})
	last.End = last.Onset.Add(17 * time.Hour)
	last.InBed = last.End.Sub(last.Start)
	a := analytics.Assemble(append(worker[:29], last))
	require.Len(t, a.Nights, 30)
	assert.Equal(t, lifeBegins.AddDays(29), a.Nights[29].Date)
	assert.Len(t, a.Nights[29].Main, 1)
}

// A night in which somebody sleeps before midnight and gives up after it has the date on
// which it ended, however soon that was.
func TestAwakeAfterSleepBeforeMidnight(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]int{49: 29, 51: 30, 60: 30, 61: 30, 400: 30} {
		s := stretched("s", time.UTC, 30, stretch{-100, -50})
		s.End = s.Wake.Add(time.Duration(minutes) * time.Minute)
		s.InBed = s.End.Sub(s.Start)
		a := analytics.Assemble(append(lived(time.UTC, 30, every(stretch{-60, 420})), s))
		assert.Equal(t, lifeBegins.AddDays(want), a.Nights[len(a.Nights)-1].Date, "%d minutes", minutes)
	}
}

// The usual period is that of sleep that began in the 28 days up to twelve hours
// before; dates with little sleep tell nothing about it.
func TestUsualPeriodIsThatOf28Days(t *testing.T) {
	t.Parallel()
	doze := stretched("doze", time.UTC, 60, stretch{-170, -70}) // a nap to those who usually sleep from 23:00 on
	naps := lived(time.UTC, 60, func(day int) []stretch {
		if day < 34 {
			return nil
		}
		return []stretch{{clock(14, 0), clock(14, 30)}}
	})
	for first, want := range map[int]analytics.Reason{31: analytics.Short, 32: analytics.NapOnly} {
		nights := lived(time.UTC, first+5, func(day int) []stretch {
			if day < first {
				return nil
			}
			return []stretch{{-60, 420}}
		})
		a := analytics.Assemble(append(append(nights, doze), naps...))
		last := a.Nights[len(a.Nights)-1]
		require.Equal(t, lifeBegins.AddDays(59), last.Date)
		assert.Equal(t, want, last.Excluded, "nights from day %d on", first)
	}
}

// Who sleeps by night as often as by day has no usual period, of which a short
// sleep at one o'clock would lie outside; and no night that goes on after work.
func TestHalfOfTheTimeIsNotUsual(t *testing.T) {
	t.Parallel()
	list := lived(time.UTC, 31, func(day int) []stretch {
		if day%2 == 0 || day == 5 {
			return []stretch{{clock(8, 0), clock(15, 0)}}
		}
		return []stretch{{-120, 300}}
	})
	a := analytics.Assemble(append(list, stretched("short", time.UTC, 31, stretch{60, 180})))
	assert.Equal(t, analytics.Short, a.Nights[len(a.Nights)-1].Excluded)

	a = analytics.Assemble(append(list,
		stretched("before work", time.UTC, 32, stretch{-150, -80}), stretched("after work", time.UTC, 32, stretch{320, 560})))
	last := a.Nights[len(a.Nights)-1]
	assert.Len(t, last.Main, 1)
	assert.Equal(t, 4*time.Hour, last.Asleep())
}

// Two sleeps a day that lie too far apart are a night and a nap.
func TestPartsFarApart(t *testing.T) {
	t.Parallel()
	a := analytics.Assemble(lived(time.UTC, 40, every(stretch{60, 240}, stretch{clock(8, 0), clock(14, 0)})))
	require.Len(t, a.Nights, 40)
	for _, n := range a.Nights[6:] {
		assert.Equal(t, 6*time.Hour, n.Asleep())
		assert.Len(t, n.Naps, 1)
	}
}

// Sleep around the clock is not one sleep without end.
func TestNoSleepWithoutEnd(t *testing.T) {
	t.Parallel()
	day := make([]stretch, 0, 8)
	for hour := range 8 {
		day = append(day, stretch{hour * 180, hour*180 + 100})
	}
	a := analytics.Assemble(lived(time.UTC, 40, every(day...)))
	total := time.Duration(0)
	for _, n := range a.Nights {
		total += n.Asleep24()
		if len(n.Main) > 0 {
			assert.LessOrEqual(t, n.Wake().Sub(n.Onset()), 18*time.Hour)
		}
	}
	assert.Equal(t, 40*800*time.Minute, total)
}

// Eastwards over the date line two whole nights end on one date.
func TestOverTheDateLine(t *testing.T) {
	t.Parallel()
	for _, trip := range [][2]string{
		{"Asia/Seoul", "America/Los_Angeles"},
		{"Asia/Seoul", "America/New_York"},
		{"Asia/Tokyo", "Pacific/Honolulu"},
		{"Pacific/Auckland", "America/Vancouver"},
		{"Australia/Sydney", "America/Chicago"},
		{"Asia/Shanghai", "America/New_York"},
		{"Pacific/Kiritimati", "Pacific/Honolulu"},
	} {
		for _, before := range []int{1, 3, 9, 40} {
			usual := stretch{-40, 400}
			sessions := lived(zone(t, trip[0]), before, every(usual))
			there := zone(t, trip[1])
			for day := before - 1; day < before+8; day++ {
				sessions = append(sessions, stretched(fmt.Sprint("there", day), there, day, usual))
			}
			a := analytics.Assemble(sessions)
			require.Len(t, a.Nights, before+9, "%v", trip)
			for i, n := range a.Nights {
				assert.Empty(t, n.Naps)
				assert.Equal(t, 440*time.Minute, n.Asleep())
				if i >= before {
					i--
				}
				assert.Equal(t, lifeBegins.AddDays(i), n.Date)
			}
		}
	}
}

// There no night is moved to a date of which nothing was recorded.
func TestOverTheDateLineBesideAnEmptyDate(t *testing.T) {
	t.Parallel()
	seoul, angeles := zone(t, "Asia/Seoul"), zone(t, "America/Los_Angeles")
	early := stretch{-160, 290}
	sessions := lived(seoul, 20, every(early))
	sessions = slices.Delete(sessions, 18, 19)
	for day := 19; day < 25; day++ {
		sessions = append(sessions, stretched(fmt.Sprint("there", day), angeles, day, early))
	}
	a := analytics.Assemble(sessions)
	assert.Equal(t, lifeBegins.AddDays(19), a.Nights[18].Date)
	assert.Equal(t, lifeBegins.AddDays(19), a.Nights[19].Date)
}

// Of three long sleeps of a date two may be nights, if the third is near to none.
func TestThreeLongSleepsOfOneDate(t *testing.T) {
	t.Parallel()
	a := analytics.Assemble(append(lived(time.UTC, 20, every(stretch{clock(8, 0), clock(16, 0)})),
		stretched("a", time.UTC, 21, stretch{-180, 5}), stretched("b", time.UTC, 21, stretch{186, 366}),
		stretched("c", time.UTC, 21, stretch{clock(17, 30), clock(23, 50)}),
	))
	day := lifeBegins.AddDays(21)
	assert.Equal(t, []string{day.String() + " main[a] naps[b]", day.String() + " main[c] naps[]"}, shape(a.Between(day, day)))
}

// Two nights do not share a date beside an empty one, and no night has a date
// that is still to come.
func TestNoTwoNightsBesideAnEmptyDate(t *testing.T) {
	t.Parallel()
	night := func(day, onset, wake int) analytics.Session {
		return stretched(fmt.Sprint(day), time.UTC, day, stretch{onset, wake})
	}
	for _, c := range []struct {
		name     string
		sessions []analytics.Session
		want     []int
	}{
		{"early, late, early", []analytics.Session{night(0, -390, 30), night(1, -480, -40), night(2, -390, 30)}, []int{-1, 0, 1}},
		{"a night, then an evening", []analytics.Session{night(0, -60, 420), night(1, -270, -20), night(2, -60, 420)}, []int{0, 1, 2}},
		{"an evening so far", []analytics.Session{night(0, -60, 420), night(1, -270, -20)}, []int{0, 0}},
		{"with a night before it", []analytics.Session{night(0, -60, 420), night(1, -200, 180), night(2, -270, -20)}, []int{0, 1, 1}},
		{"and one after it", []analytics.Session{night(0, -60, 420), night(1, -200, 180), night(2, -270, -20), night(3, -60, 420)}, []int{0, 1, 2, 3}},
		{
			"no empty date",
			[]analytics.Session{
				night(0, -60, 420), night(1, -60, 420), stretched("evening", time.UTC, 1, stretch{clock(17, 0), clock(22, 20)}),
				night(2, 0, 420), night(3, -60, 420),
			},
			[]int{0, 1, 1, 2, 3},
		},
		{
			"by day",
			[]analytics.Session{
				night(0, -60, 420), night(1, -200, 180), stretched("day", time.UTC, 1, stretch{clock(14, 0), clock(17, 55)}),
				night(3, -60, 420),
			},
			[]int{0, 1, 1, 3},
		},
		{
			"evenings, once begun in the morning",
			append(lived(time.UTC, 20, every(stretch{clock(18, 0), clock(25, 30)})), stretched("morning", time.UTC, 21, stretch{clock(6, 0), clock(14, 0)}),
				stretched("evening", time.UTC, 21, stretch{clock(18, 0), clock(25, 30)})),
			[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21},
		},
		{"woken at three, then an evening", []analytics.Session{night(-1, -60, 420), night(1, -200, 180), night(2, -270, -20)}, []int{-1, 0, 1}},
	} {
		var got []int
		for _, n := range analytics.Assemble(c.sessions).Nights {
			assert.Empty(t, n.Naps, c.name)
			got = append(got, n.Date.DaysSince(lifeBegins))
		}
		assert.Equal(t, c.want, got, c.name)
	}
}

func TestShiftWorkersHaveTheirNights(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]life{
		"nights":                every(stretch{clock(8, 0), clock(15, 0)}),
		"nights, in two parts":  every(stretch{clock(8, 0), clock(11, 0)}, stretch{clock(13, 0), clock(16, 0)}),
		"nights from a day on":  func(day int) []stretch { return []stretch{{-60 + day/30*570, 360 + day/30*570}} },
		"weekly":                func(day int) []stretch { return []stretch{{-60 + day/7%2*560, 360 + day/7%2*560}} },
		"two days each":         func(day int) []stretch { return []stretch{{-120 + day/2%3*270, 270 + day/2%3*270}} },
		"every other day later": func(day int) []stretch { return []stretch{{-60 + day%2*180, 360 + day%2*180}} },
	} {
		a := analytics.Assemble(lived(zone(t, "Europe/Berlin"), 60, of))
		assert.Len(t, a.Nights, 60, name)
		for i, n := range a.Nights {
			assert.Empty(t, n.Naps, "%s %s", name, n.Date)
			assert.Empty(t, n.Excluded, "%s %s", name, n.Date)
			assert.Equal(t, lifeBegins.AddDays(i), n.Date, name)
		}
	}
}

func TestNapsStayNaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		night, nap stretch
	}{
		"siesta":                 {stretch{0, 390}, stretch{clock(14, 30), clock(16, 0)}},
		"long siesta":            {stretch{30, 360}, stretch{clock(14, 0), clock(16, 50)}},
		"before a night shift":   {stretch{clock(8, 30), clock(15, 0)}, stretch{clock(20, 0), clock(21, 30)}},
		"on the sofa":            {stretch{-60, 420}, stretch{clock(18, 0), clock(19, 0)}},
		"in the morning":         {stretch{-60, 360}, stretch{clock(10, 0), clock(11, 0)}},
		"siesta after few hours": {stretch{60, 300}, stretch{clock(13, 0), clock(14, 30)}},
	} {
		a := analytics.Assemble(lived(time.UTC, 40, every(c.night, c.nap)))
		require.Len(t, a.Nights, 40, name)
		for _, n := range a.Nights {
			assert.Len(t, n.Main, 1, name)
			assert.Len(t, n.Naps, 1, name)
			assert.Equal(t, time.Duration(c.night.wake-c.night.onset)*time.Minute, n.Asleep(), name)
		}
		alone := analytics.Assemble(lived(time.UTC, 40, func(day int) []stretch {
			if day == 39 {
				return []stretch{c.nap}
			}
			return []stretch{c.night, c.nap}
		}))
		assert.Equal(t, analytics.NapOnly, alone.Nights[39].Excluded, name)
	}
}

// Somebody who only ever records the siesta has naps, not nights.
func TestOnlyNaps(t *testing.T) {
	t.Parallel()
	for _, n := range analytics.Assemble(lived(time.UTC, 40, every(stretch{clock(13, 0), clock(15, 30)}))).Nights {
		assert.Equal(t, analytics.NapOnly, n.Excluded)
	}
}

// Nor has who sleeps at other times each night, and always in the afternoon.
func TestOnlyTheNapIsRegular(t *testing.T) {
	t.Parallel()
	nap := stretch{clock(13, 0), clock(15, 0)}
	a := analytics.Assemble(lived(time.UTC, 31, func(day int) []stretch {
		if onset := -300 + day%3*240; day < 30 {
			return []stretch{{onset, onset + 240}, nap}
		}
		return []stretch{nap}
	}))
	assert.Equal(t, analytics.NapOnly, a.Nights[len(a.Nights)-1].Excluded)
}

// someLife draws months of somebody's sleep: some weeks of one kind, then of
// another, with travel, naps, nights without recordings and bad recordings.
func someLife(t *rapid.T, zones []*time.Location) []analytics.Session {
	minutes := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	seed := rapid.Uint64().Draw(t, "seed")
	r := seeded(seed)
	jitter := func(by int) int { return r.IntN(2*by+1) - by }
	var list []analytics.Session
	day := 0
	for day < 130 {
		weeks, kind := minutes("days", 3, 50), minutes("kind", 0, 6)
		at, length, spread := minutes("at", -360, 1080), minutes("length", 200, 600), minutes("spread", 0, 120)
		z, missing := rapid.SampledFrom(zones).Draw(t, "zone"), minutes("missing", 0, 5)
		for range weeks {
			day++
			if r.IntN(10) < missing {
				continue
			}
			onset := at + jitter(spread)
			wake := onset + length + jitter(spread)
			var parts []stretch
			switch kind {
			case 0, 1:
				parts = []stretch{{onset, wake}}
			case 2: // two parts
				parts = []stretch{{onset, onset + length/2}, {onset + length/2 + 30 + spread, wake + 30 + spread}}
			case 3: // a nap
				parts = []stretch{{onset, wake}, {wake + 300, wake + 300 + 20 + spread}}
			case 4: // shifts
				shift := day / 3 % 3 * 300
				parts = []stretch{{onset + shift, wake + shift}}
			case 5: // around the clock
				for hour := 0; hour < 24; hour += 3 {
					parts = append(parts, stretch{hour*60 + jitter(20), hour*60 + 90 + jitter(15)})
				}
			case 6: // a day that is not 24 hours long
				parts = []stretch{{onset + day*40%1440, wake + day*40%1440}}
			}
			for _, part := range parts {
				if part.wake-part.onset < 5 {
					continue
				}
				s := stretched(fmt.Sprint(len(list)), z, day, part)
				switch r.IntN(25) {
				case 0: // lay awake
					s.End = s.End.Add(time.Duration(r.IntN(500)) * time.Minute)
					s.InBed = s.End.Sub(s.Start)
				case 1:
					s.Onset, s.Wake, s.Asleep = time.Time{}, time.Time{}, 0
				case 2:
					s.Awake = 2 * s.Asleep
				}
				list = append(list, s)
			}
		}
	}
	return list
}

// The nights of some dates depend only on the recordings around them.
func TestNightsDependOnWhatIsNear(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "Asia/Seoul"), zone(t, "America/Los_Angeles")}
	rapid.Check(t, func(t *rapid.T) {
		sessions := someLife(t, zones)
		whole := analytics.Assemble(sessions)
		for range 5 {
			from := lifeBegins.AddDays(rapid.IntRange(0, 130).Draw(t, "from"))
			to := from.AddDays(rapid.SampledFrom([]int{0, 1, 6, 30}).Draw(t, "days"))
			ended := func(s analytics.Session) civil.Date { return civil.DateOf(s.End.In(s.Zone)) }
			part := slices.DeleteFunc(slices.Clone(sessions), func(s analytics.Session) bool {
				return ended(s).Before(from.AddDays(-analytics.ReachBefore)) || ended(s).After(to.AddDays(analytics.ReachAfter))
			})
			require.Equal(t, shape(whole.Between(from, to)), shape(analytics.Assemble(part).Between(from, to)))
		}
	})
}

// A recording of almost a day looks back furthest.
func TestHowFarANightLooksBack(t *testing.T) {
	t.Parallel()
	s := stretched("s", time.UTC, 30, stretch{10, 110})
	s.Start = s.End.Add(-24 * time.Hour)
	s.InBed, s.Latency = s.End.Sub(s.Start), nil
	list := append(lived(time.UTC, 5, every(stretch{clock(14, 15), clock(18, 0)})), s)
	day := lifeBegins.AddDays(30)
	near := func(before int) []analytics.Session {
		return slices.DeleteFunc(slices.Clone(list), func(s analytics.Session) bool { return civil.DateOf(s.End).Before(day.AddDays(-before)) })
	}
	want := shape(analytics.Assemble(list).Between(day, day))
	assert.Equal(t, want, shape(analytics.Assemble(near(analytics.ReachBefore)).Between(day, day)))
	assert.NotEqual(t, want, shape(analytics.Assemble(near(29)).Between(day, day)))
}

// A recording of which no sleep is known belongs to the night for which it was made.
func TestDateOf(t *testing.T) {
	t.Parallel()
	night := every(stretch{-60, clock(7, 0)})              // from 23:00: the period begins at 22:00
	evening := every(stretch{clock(16, 0), clock(23, 50)}) // and ends after midnight with its margin
	day := every(stretch{clock(8, 30), clock(16, 0)})      //
	unknown := func(int) []stretch { return nil }          // that of most people, from 21:00 to 09:00
	paris, santiago := zone(t, "Europe/Paris"), zone(t, "America/Santiago")
	for _, c := range []struct {
		name     string
		zone     *time.Location
		of       life
		from, to int // minutes from midnight of the 20th day
		days     int // its date, from that day on
		nap      bool
	}{
		{"after midnight", paris, night, 10, 13, 0, false},
		{"just before midnight", paris, night, clock(23, 55), clock(23, 58), 1, false},
		{"as early as it can be", paris, night, clock(19, 40), clock(19, 56), 1, false},
		{"too early", paris, night, clock(19, 20), clock(19, 40), 0, true},
		{"by day", paris, night, clock(14, 0), clock(14, 30), 0, true},
		{"in the morning", paris, night, clock(7, 30), clock(7, 33), 0, false},
		{"a whole night", paris, night, -60, clock(7, 0), 0, false},
		{"until the evening", paris, night, clock(6, 0), clock(23, 0), 0, false},
		{"before sleep in the evening", paris, evening, clock(14, 50), clock(14, 55), 0, false},
		{"a whole evening", paris, evening, clock(16, 0), clock(24, 20), 0, false},
		{"late in the evening", paris, evening, clock(24, 20), clock(24, 25), 0, false},
		{"the evening of somebody who sleeps by day", paris, day, clock(23, 0), clock(23, 10), 0, true},
		{"before sleep by day", paris, day, clock(7, 50), clock(8, 0), 0, false},
		{"nothing known, late", paris, unknown, clock(19, 5), clock(19, 10), 1, false},
		{"nothing known, by day", paris, unknown, clock(18, 40), clock(18, 50), 0, true},
		{"another zone", santiago, night, clock(23, 55), clock(23, 58), 1, false},
	} {
		a := analytics.Assemble(lived(c.zone, 20, c.of))
		s := stretched("failed", c.zone, 20, stretch{c.from, c.to})
		want := lifeBegins.AddDays(20 + c.days)
		date, night := a.DateOf(analytics.Span{From: s.Start, To: s.End}, c.zone)
		assert.Equal(t, want, date, c.name)
		assert.Equal(t, !c.nap, night, c.name)

		s.Onset, s.Wake, s.Asleep = time.Time{}, time.Time{}, 0
		with := analytics.Assemble(append(lived(c.zone, 20, c.of), s))
		require.Len(t, with.Dropped, 1)
		assert.Equal(t, want, with.Dropped[0].Date, "%s: no sleep was found in it", c.name)
		made := slices.ContainsFunc(with.Nights, func(n analytics.Night) bool { return n.Date == want && n.Excluded == analytics.NoSleep })
		assert.Equal(t, !c.nap, made, c.name)
	}
}
