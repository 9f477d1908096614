package analytics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// shape writes an assembly as one line per night and per dropped session.
func shape(a analytics.Assembly) []string {
	ids := func(sessions []analytics.Session) string {
		var list []string
		for _, s := range sessions {
			list = append(list, s.ID)
		}
		return strings.Join(list, "+")
	}
	lines := []string{}
	for _, n := range a.Nights {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s main[%s] naps[%s] %s", n.Date, ids(n.Main), ids(n.Naps), n.Excluded)))
	}
	for _, d := range a.Dropped {
		lines = append(lines, fmt.Sprintf("%s dropped %s %s", d.Date, d.ID, d.Reason))
	}
	return lines
}

// habit is six nights from 23:00 to 07:00 in February 2026, from which the
// usual sleep period is known.
func habit(t *testing.T, z *time.Location) []analytics.Session {
	t.Helper()
	var list []analytics.Session
	for day := 22; day <= 27; day++ {
		list = append(list, slept(t, fmt.Sprint("habit", day), z,
			fmt.Sprintf("2026-02-%dT23:00", day), fmt.Sprintf("2026-02-%dT07:00", day+1)))
	}
	return list
}

func TestAssemble(t *testing.T) {
	t.Parallel()
	utc := time.UTC
	s := func(id, onset, wake string) analytics.Session {
		return slept(t, id, utc, "2026-03-"+onset, "2026-03-"+wake)
	}
	spoiled := func(id, onset, wake string) analytics.Session {
		bad := s(id, onset, wake)
		bad.Awake = 2 * bad.Asleep
		return bad
	}
	never := awakeAll(t, "never", utc, "2026-03-01T23:30", "2026-03-02T06:00")
	lying := s("lying", "01T23:00", "02T06:00") // recorded on until the afternoon
	lying.End, lying.InBed = at(t, utc, "2026-03-02T12:50"), at(t, utc, "2026-03-02T12:50").Sub(lying.Start)
	late := s("late", "01T23:00", "02T07:00")
	late.Wake = late.Wake.AddDate(0, 0, 1)
	cases := []struct {
		name     string
		habit    bool
		sessions []analytics.Session
		want     []string
	}{
		{"none", false, nil, []string{}},
		{
			"one night", false,
			[]analytics.Session{s("a", "01T23:00", "02T07:00")},
			[]string{"2026-03-02 main[a] naps[]"},
		},
		{
			"onset after midnight", false,
			[]analytics.Session{s("a", "02T00:30", "02T07:00")},
			[]string{"2026-03-02 main[a] naps[]"},
		},
		{
			"recorded past the midnight before which it ended", false,
			[]analytics.Session{s("a", "01T18:00", "01T23:58")},
			[]string{"2026-03-01 main[a] naps[]"},
		},
		{
			"split night", false,
			[]analytics.Session{s("a", "01T23:00", "02T02:00"), s("b", "02T05:30", "02T08:00")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"recordings an hour apart are one sleep at any time", true,
			[]analytics.Session{s("a", "02T03:00", "02T09:00"), s("b", "02T10:15", "02T11:30")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"recordings further apart", true,
			[]analytics.Session{s("a", "02T03:00", "02T09:00"), s("b", "02T10:16", "02T11:30")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"a second part that begins in the usual period and its margin", true,
			[]analytics.Session{s("a", "01T23:00", "02T02:00"), s("b", "02T08:10", "02T10:10")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"and one that does not", true,
			[]analytics.Session{s("a", "01T23:00", "02T02:00"), s("b", "02T08:11", "02T10:11")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"parts by day, three hours apart", true,
			[]analytics.Session{s("a", "02T10:00", "02T13:00"), s("b", "02T16:00", "02T19:00")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"further apart", true,
			[]analytics.Session{s("a", "02T10:00", "02T14:00"), s("b", "02T17:01", "02T20:21")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"a part further away than it is long", true,
			[]analytics.Session{s("a", "02T10:00", "02T13:30"), s("b", "02T16:00", "02T18:29")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"two long sleeps are not one", true,
			[]analytics.Session{s("a", "02T08:30", "02T14:00"), s("b", "02T15:30", "02T20:01")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"three parts, the longest in no part", false,
			[]analytics.Session{s("a", "01T22:00", "02T00:00"), s("b", "02T00:30", "02T02:30"), s("c", "02T03:00", "02T05:00")},
			[]string{"2026-03-02 main[a+b+c] naps[]"},
		},
		{
			"a recording that ran on does not draw the nap in", false,
			[]analytics.Session{lying, s("nap", "02T13:20", "02T14:20")},
			[]string{"2026-03-02 main[lying] naps[nap]"},
		},
		{
			"nap by day", false,
			[]analytics.Session{s("a", "01T23:00", "02T07:00"), s("nap", "02T14:00", "02T15:00")},
			[]string{"2026-03-02 main[a] naps[nap]"},
		},
		{
			"nap only, more of it after nine in the morning", false,
			[]analytics.Session{s("nap", "02T08:00", "02T10:06")},
			[]string{"2026-03-02 main[] naps[nap] nap_only"},
		},
		{
			"early morning is no daytime", false,
			[]analytics.Session{s("a", "02T08:00", "02T09:59")},
			[]string{"2026-03-02 main[a] naps[] short"},
		},
		{
			"nor is late evening", false,
			[]analytics.Session{s("a", "02T20:01", "02T22:01"), s("nap", "03T20:00", "03T22:00")},
			[]string{"2026-03-02 main[a] naps[] short", "2026-03-03 main[] naps[nap] nap_only"},
		},
		{
			"three hours by day are a main sleep", false,
			[]analytics.Session{s("a", "02T10:00", "02T13:00")},
			[]string{"2026-03-02 main[a] naps[]"},
		},
		{
			"day sleep of a shift worker", false,
			[]analytics.Session{s("a", "02T10:00", "02T17:00"), s("b", "03T10:15", "03T17:00")},
			[]string{"2026-03-02 main[a] naps[]", "2026-03-03 main[b] naps[]"},
		},
		{
			"a short block at night that is the only one", false,
			[]analytics.Session{s("a", "02T02:00", "02T04:15")},
			[]string{"2026-03-02 main[a] naps[] short"},
		},
		{
			"a short block at night, with a longer one", false,
			[]analytics.Session{s("a", "02T00:00", "02T01:30"), s("b", "02T04:00", "02T08:00")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"a short block at night, with a longer one by day", true,
			[]analytics.Session{s("a", "02T05:00", "02T06:30"), s("b", "02T10:00", "02T14:00")},
			[]string{"2026-03-02 main[b] naps[a]"},
		},
		{
			"a split night is short as a whole or not at all", false,
			[]analytics.Session{s("a", "02T00:00", "02T02:00"), s("b", "02T03:00", "02T05:00")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"two main sleeps on one date", false,
			[]analytics.Session{s("a", "02T00:00", "02T06:00"), s("b", "02T12:00", "02T19:30")},
			[]string{"2026-03-02 main[b] naps[a]"},
		},
		{
			"of equal ones the first", false,
			[]analytics.Session{s("b", "02T12:00", "02T18:00"), s("a", "02T00:00", "02T06:00")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"not two nights: their middles are less than sixteen hours apart", false,
			[]analytics.Session{s("a", "02T00:00", "02T06:00"), s("b", "02T15:59", "02T21:59")},
			[]string{"2026-03-02 main[a] naps[b]"},
		},
		{
			"two nights, and the nap after the first", false,
			[]analytics.Session{s("a", "02T00:00", "02T06:00"), s("b", "02T16:00", "02T22:00"), s("nap", "02T11:00", "02T12:00")},
			[]string{"2026-03-02 main[a] naps[nap]", "2026-03-02 main[b] naps[]"},
		},
		{
			"little sleep before the usual period", true,
			[]analytics.Session{s("a", "02T21:10", "02T22:50")}, // half of it in the hour before 23:00
			[]string{"2026-03-02 main[] naps[a] nap_only"},
		},
		{
			"little sleep that reaches into it", true,
			[]analytics.Session{s("a", "02T21:10", "02T23:10")},
			[]string{"2026-03-02 main[a] naps[] short"},
		},
		{
			"little sleep at the end of it", true,
			[]analytics.Session{s("a", "02T07:00", "02T08:59"), s("b", "03T07:00", "03T09:06")},
			[]string{"2026-03-02 main[a] naps[] short", "2026-03-03 main[] naps[b] nap_only"},
		},
		{
			"no sleep", false,
			[]analytics.Session{never},
			[]string{"2026-03-02 main[] naps[] no_sleep", "2026-03-02 dropped never no_sleep"},
		},
		{
			"no sleep and a nap", false,
			[]analytics.Session{never, s("nap", "02T14:00", "02T15:00")},
			[]string{"2026-03-02 main[] naps[nap] no_sleep", "2026-03-02 dropped never no_sleep"},
		},
		{
			"no sleep, then sleep", false,
			[]analytics.Session{never, s("a", "02T07:00", "02T12:00")},
			[]string{"2026-03-02 main[a] naps[]", "2026-03-02 dropped never no_sleep"},
		},
		{
			"inconsistent alone", false,
			[]analytics.Session{spoiled("a", "01T23:00", "02T07:00")},
			[]string{"2026-03-02 main[] naps[] inconsistent", "2026-03-02 dropped a inconsistent"},
		},
		{
			"an awakening that cannot be is not dated", false,
			[]analytics.Session{late},
			[]string{"2026-03-02 main[] naps[] inconsistent", "2026-03-02 dropped late inconsistent"},
		},
		{
			"inconsistent beside a nap", false,
			[]analytics.Session{spoiled("a", "01T23:00", "02T07:00"), s("nap", "02T14:00", "02T15:00")},
			[]string{"2026-03-02 main[] naps[nap] nap_only", "2026-03-02 dropped a inconsistent"},
		},
		{
			"inconsistent and no sleep", false,
			[]analytics.Session{spoiled("a", "01T22:00", "02T07:00"), never},
			[]string{
				"2026-03-02 main[] naps[] no_sleep",
				"2026-03-02 dropped a inconsistent", "2026-03-02 dropped never no_sleep",
			},
		},
		{
			"the better one of an id", false,
			[]analytics.Session{s("a", "01T23:00", "02T05:00"), s("a", "01T22:00", "02T07:00"), spoiled("a", "01T21:00", "02T09:00")},
			[]string{
				"2026-03-02 main[a] naps[]",
				"2026-03-02 dropped a duplicate", "2026-03-02 dropped a duplicate",
			},
		},
		{
			"no ids", false,
			[]analytics.Session{s("", "01T23:00", "02T07:00"), s("", "02T23:00", "03T07:00")},
			[]string{"2026-03-02 main[] naps[]", "2026-03-03 main[] naps[]"},
		},
		{
			"two recordings at once", false,
			[]analytics.Session{s("a", "01T23:00", "02T06:00"), s("b", "01T23:30", "02T07:00")},
			[]string{"2026-03-02 main[b] naps[]", "2026-03-02 dropped a overlap"},
		},
		{
			"the middle one of three at once", false,
			[]analytics.Session{s("a", "01T20:00", "02T00:00"), s("b", "01T23:00", "02T06:00"), s("c", "02T05:30", "02T09:00")},
			[]string{"2026-03-02 main[b] naps[]", "2026-03-02 dropped a overlap", "2026-03-02 dropped c overlap"},
		},
		{
			"the outer ones of three at once", false,
			[]analytics.Session{s("a", "01T20:00", "02T01:00"), s("b", "02T00:30", "02T04:30"), s("c", "02T04:00", "02T09:30")},
			[]string{"2026-03-02 main[a+c] naps[]", "2026-03-02 dropped b overlap"},
		},
		{
			"recordings that touch for a minute", false,
			[]analytics.Session{s("a", "01T23:00", "02T03:00"), s("b", "02T03:14", "02T07:00")},
			[]string{"2026-03-02 main[a+b] naps[]"},
		},
		{
			"an overlap alone on its date leaves no night", false,
			[]analytics.Session{s("a", "01T15:00", "01T23:50"), s("b", "01T20:00", "02T01:00")},
			[]string{"2026-03-01 main[a] naps[]", "2026-03-02 dropped b overlap"},
		},
		{
			"nothing recorded at all", false,
			[]analytics.Session{{ID: "empty"}},
			[]string{"0000-00-00 dropped empty not_measured"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sessions := c.sessions
			if c.habit {
				sessions = append(habit(t, utc), sessions...)
			}
			a := analytics.Assemble(sessions)
			assert.NotNil(t, a.Nights)
			assert.NotNil(t, a.Dropped)
			if c.habit {
				a = a.Between(date(t, "2026-03-01"), date(t, "2026-03-31"))
			}
			assert.Equal(t, c.want, shape(a))
		})
	}
}

// Among recordings with the same id, usable ones come first, then those with most sleep.
func TestTheBestOfOneIDIsKept(t *testing.T) {
	t.Parallel()
	brief := slept(t, "a", time.UTC, "2026-03-02T00:00", "2026-03-02T05:00") // later, and no better
	long := slept(t, "a", time.UTC, "2026-03-01T23:00", "2026-03-02T07:00")
	spoiled := long
	spoiled.Awake = 2 * spoiled.Asleep
	for want, given := range map[time.Duration][]analytics.Session{8 * time.Hour: {brief, spoiled, long}, 5 * time.Hour: {brief, spoiled}} {
		for range given {
			given = append(given[1:], given[0])
			for range 2 {
				slices.Reverse(given)
				nights := analytics.Assemble(slices.Clone(given)).Nights
				require.Len(t, nights, 1)
				assert.Equal(t, want, nights[0].Asleep())
			}
		}
	}
}

func TestUsualPeriodNeedsFiveDates(t *testing.T) {
	t.Parallel()
	evening := slept(t, "a", time.UTC, "2026-03-02T21:10", "2026-03-02T22:40")
	four := analytics.Assemble(append(habit(t, time.UTC)[:4], evening))
	assert.Equal(t, analytics.Short, four.Nights[len(four.Nights)-1].Excluded)
	five := analytics.Assemble(append(habit(t, time.UTC)[:5], evening))
	assert.Equal(t, analytics.NapOnly, five.Nights[len(five.Nights)-1].Excluded)
}

func TestScatteredSleepHasNoUsualPeriod(t *testing.T) {
	t.Parallel()
	var sessions []analytics.Session
	for i := range 6 {
		onset := time.Date(2026, 3, 1+i, 4*i, 0, 0, 0, time.UTC)
		sessions = append(sessions, sleeping(fmt.Sprint(i), time.UTC, onset, onset.Add(4*time.Hour)))
	}
	a := analytics.Assemble(append(sessions, slept(t, "a", time.UTC, "2026-03-20T06:00", "2026-03-20T08:00")))
	assert.Equal(t, analytics.Short, a.Nights[len(a.Nights)-1].Excluded, "night is night where no habit says otherwise")
}

func TestScatteredWakingHasNoUsualPeriod(t *testing.T) {
	t.Parallel()
	var sessions []analytics.Session
	for i := range 5 {
		onset := time.Date(2026, 3, 1+2*i, 22, 0, 0, 0, time.UTC)
		sessions = append(sessions, sleeping(fmt.Sprint(i), time.UTC, onset, onset.Add(hours(3+5*float64(i)))))
	}
	a := analytics.Assemble(append(sessions, slept(t, "a", time.UTC, "2026-03-20T04:00", "2026-03-20T06:00")))
	assert.Equal(t, analytics.Short, a.Nights[len(a.Nights)-1].Excluded)
}

func TestSplitNight(t *testing.T) {
	t.Parallel()
	first := slept(t, "a", time.UTC, "2026-03-01T23:00", "2026-03-02T03:00")
	second := slept(t, "b", time.UTC, "2026-03-02T04:00", "2026-03-02T07:00")
	second.Latency = new(9 * time.Minute)
	second.Awake, first.Awake = 30*time.Second, time.Minute
	n := analytics.Assemble([]analytics.Session{second, first}).Nights[0]
	assert.Equal(t, at(t, time.UTC, "2026-03-01T22:50"), n.Bedtime())
	assert.Equal(t, first.Onset, n.Onset())
	assert.Equal(t, second.Wake, n.Wake())
	assert.Equal(t, 7*time.Hour, n.Asleep())
	assert.Equal(t, 7*time.Hour+30*time.Minute, n.InBed(), "without the gap")
	assert.Equal(t, 90*time.Second, n.Awake(), "without the gap")
	assert.Equal(t, 10*time.Minute, *n.Latency())
	assert.Equal(t, 3*time.Hour+30*time.Minute, *n.Light())
	assert.Equal(t, 105*time.Minute, *n.Deep())
	assert.Equal(t, 105*time.Minute, *n.REM())
	assert.Nil(t, n.Snoring())
	assert.False(t, n.Gap())
	share, ok := n.Efficiency()
	assert.True(t, ok)
	assert.InDelta(t, 7/7.5, share, 1e-12)

	second.REM = nil
	shorten(&second, 10*time.Minute)
	n = analytics.Assemble([]analytics.Session{first, second}).Nights[0]
	assert.Nil(t, n.REM(), "a block without it hides it")
	assert.NotNil(t, n.Deep())
	assert.True(t, n.Gap())
}

func TestNightWithoutMainSleep(t *testing.T) {
	t.Parallel()
	tokyo := zone(t, "Asia/Tokyo")
	nap := slept(t, "nap", tokyo, "2026-03-02T14:00", "2026-03-02T15:00")
	n := analytics.Assemble([]analytics.Session{nap}).Nights[0]
	assert.Equal(t, tokyo, n.Zone())
	assert.Equal(t, time.Hour, n.Asleep24())
	assert.Equal(t, time.UTC, analytics.Night{}.Zone())
	for _, instant := range []time.Time{n.Bedtime(), n.Onset(), n.Wake()} {
		assert.True(t, instant.IsZero())
	}
	assert.Zero(t, n.Asleep()+n.InBed()+n.Awake())
	for _, part := range []*time.Duration{n.Latency(), n.Light(), n.Deep(), n.REM(), n.Snoring()} {
		assert.Nil(t, part)
	}
	_, ok := n.Efficiency()
	assert.False(t, ok)
	assert.False(t, n.Gap())
}

// Each of these nights ends at 07:00 local time on the date it must have.
func TestNightDateAtTheEdgesOfTheCalendar(t *testing.T) {
	t.Parallel()
	cases := []struct{ zone, date, before string }{
		{"Pacific/Kiritimati", "2026-03-02", "2026-03-01"}, // UTC+14
		{"Etc/GMT+12", "2026-03-02", "2026-03-01"},         // UTC-12
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-03"},
		{"Europe/Berlin", "2026-01-31", "2026-01-30"},
		{"Europe/Berlin", "2026-02-01", "2026-01-31"},
		{"Europe/Berlin", "2028-02-29", "2028-02-28"},
		{"Europe/Berlin", "2028-03-01", "2028-02-29"},
		{"America/New_York", "2027-01-01", "2026-12-31"},
	}
	for _, c := range cases {
		t.Run(c.zone+" "+c.date, func(t *testing.T) {
			t.Parallel()
			z := zone(t, c.zone)
			night := slept(t, "a", z, c.before+"T23:00", c.date+"T07:00")
			nap := slept(t, "nap", z, c.date+"T22:30", c.date+"T23:30")
			a := analytics.Assemble([]analytics.Session{nap, night})
			assert.Equal(t, []string{c.date + " main[a] naps[nap]"}, shape(a))
			wantValue(t, 7*3600, analytics.Average(a.Nights).Wake, 1e-6)
			assert.Equal(t, []string{}, shape(a.Between(date(t, c.before), date(t, c.before))))
		})
	}
}

func TestTravelReadsEachNightInItsOwnZone(t *testing.T) {
	t.Parallel()
	paris, tokyo := zone(t, "Europe/Paris"), zone(t, "Asia/Tokyo")
	nights := analytics.Assemble([]analytics.Session{
		slept(t, "a", paris, "2026-03-01T23:00", "2026-03-02T07:00"),
		slept(t, "b", tokyo, "2026-03-03T23:00", "2026-03-04T07:00"),
	}).Nights
	require.Len(t, nights, 2)
	wantValue(t, 23*3600, analytics.Average(nights).Onset, 1e-6)
	assert.Equal(t, tokyo, nights[1].Zone())

	// Begun in one zone and ended in another: it has the date and clock of its end.
	night := analytics.Assemble([]analytics.Session{
		slept(t, "a", paris, "2026-03-01T11:00", "2026-03-01T14:00"),
		slept(t, "b", tokyo, "2026-03-01T22:30", "2026-03-02T02:00"),
	}).Nights
	require.Len(t, night, 1)
	assert.Equal(t, date(t, "2026-03-02"), night[0].Date)
	assert.Equal(t, tokyo, night[0].Zone())
}

func TestBetween(t *testing.T) {
	t.Parallel()
	a := analytics.Assemble([]analytics.Session{
		slept(t, "a", time.UTC, "2026-03-01T23:00", "2026-03-02T07:00"),
		slept(t, "b", time.UTC, "2026-03-02T23:00", "2026-03-03T07:00"),
		awakeAll(t, "c", time.UTC, "2026-03-03T23:00", "2026-03-04T07:00"),
		slept(t, "d", time.UTC, "2026-03-04T23:00", "2026-03-05T07:00"),
	})
	assert.Equal(t, []string{
		"2026-03-03 main[b] naps[]", "2026-03-04 main[] naps[] no_sleep", "2026-03-04 dropped c no_sleep",
	}, shape(a.Between(date(t, "2026-03-03"), date(t, "2026-03-04"))))
	none := a.Between(date(t, "2026-03-04"), date(t, "2026-03-03"))
	assert.NotNil(t, none.Nights)
	assert.NotNil(t, none.Dropped)
	assert.Empty(t, shape(none))
}
