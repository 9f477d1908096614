package releases

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

func day(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"2026-W45": {"2026-11-02", "2026-11-08"},
		"2026-W01": {"2025-12-29", "2026-01-04"},
		"2026-W53": {"2026-12-28", "2027-01-03"},
		"2020-W53": {"2020-12-28", "2021-01-03"},
		"2026-02":  {"2026-02-01", "2026-02-28"},
		"2024-02":  {"2024-02-01", "2024-02-29"},
	} {
		p, ok := ParsePeriod(text)
		require.True(t, ok, text)
		assert.Equal(t, want, [2]string{p.From.String(), p.To.String()}, text)
		assert.Equal(t, text, p.String())
	}
	for _, text := range []string{"", "2026", "2026-W00", "2025-W53", "2026-W54", "2026-00", "2026-13", "2026-W5", "2026-1", "2026-W45x", "26-W45", "-026-10", "2026-w45", " 2026-10"} {
		_, ok := ParsePeriod(text)
		assert.False(t, ok, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		date := day("2020-01-01").AddDays(rapid.IntRange(0, 5000).Draw(t, "day"))
		for _, c := range []directory.Cadence{directory.Weeks, directory.Months} {
			p := PeriodOf(c, date)
			assert.True(t, p.Contains(date))
			again, ok := ParsePeriod(p.String())
			assert.True(t, ok)
			assert.Equal(t, p, again)
			assert.Equal(t, p, p.Next().Previous())
			assert.Equal(t, p.To.AddDays(1), p.Next().From)
		}
	})
}

func TestDueInAZone(t *testing.T) {
	t.Parallel()
	p, _ := ParsePeriod("2026-10")
	newYork, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	// Summer time ends on the first of November: 72 hours are 72 hours.
	assert.Equal(t, "2026-11-03T23:00:00-05:00", p.Due(newYork).Format(time.RFC3339))
	assert.Equal(t, "2026-11-04T00:00:00Z", p.Due(time.UTC).Format(time.RFC3339))
}

// A changed cadence begins after the present periods of both have ended, so that no night
// is in a week and in a month.
func TestChangedCadence(t *testing.T) {
	t.Parallel()
	weekly := directory.Settings{Cadence: directory.Weeks}
	s, from := changed(weekly, directory.Months, day("2026-11-11"))
	assert.Equal(t, day("2026-12-01"), from)
	_, from = changed(weekly, directory.Months, day("2026-09-30"))
	assert.Equal(t, day("2026-11-01"), from, "the week ends in October")
	_, from = changed(directory.Settings{}, directory.Weeks, day("2026-11-11"))
	assert.Equal(t, day("2026-12-07"), from, "the first Monday after November")
	same, from := changed(weekly, directory.Weeks, day("2026-11-11"))
	assert.Equal(t, day("2026-11-11"), from)
	assert.Equal(t, directory.Weeks, same.CadenceOn(day("2030-01-01")))
	back, _ := changed(s, directory.Weeks, day("2026-11-12"))
	assert.Empty(t, back.Changes, "what had not begun is forgotten")

	c := calendar{connected: []directory.Organization{{Settings: s}}, zone: time.UTC}
	var names []string
	now := time.Date(2026, 11, 19, 1, 0, 0, 0, time.UTC)
	for range 8 {
		names = append(names, c.newest(now).String())
		now = now.AddDate(0, 0, 7)
	}
	assert.Equal(t, []string{"2026-W46", "2026-W47", "2026-W48", "2026-W48", "2026-W48", "2026-W48", "2026-W48", "2026-12"}, names,
		"the week that the first of December is in is in no release")
	now = time.Date(2026, 12, 4, 1, 0, 0, 0, time.UTC)
	assert.Equal(t, "2026-12", c.next(now).String())

	rapid.Check(t, func(t *rapid.T) {
		s, today := directory.Settings{Cadence: directory.Weeks}, day("2026-01-01")
		for range 6 {
			today = today.AddDays(rapid.IntRange(0, 90).Draw(t, "later"))
			s, _ = changed(s, rapid.SampledFrom([]directory.Cadence{directory.Weeks, directory.Months}).Draw(t, "to"), today)
		}
		c := calendar{connected: []directory.Organization{{Settings: s}}, zone: time.UTC}
		in := map[civil.Date]string{}
		for date := day("2025-12-01"); date.Before(today.AddDays(200)); date = date.AddDays(1) {
			for _, cadence := range []directory.Cadence{directory.Weeks, directory.Months} {
				if p := PeriodOf(cadence, date); c.has(p) {
					assert.Contains(t, []string{"", p.String()}, in[date], "%s is in two releases", date)
					in[date] = p.String()
				}
			}
		}
	})
}

func TestWhoCounts(t *testing.T) {
	t.Parallel()
	of := func(nights int) analytics.Person {
		v := 1.0
		e := analytics.Estimate{Value: &v, N: nights}
		return analytics.Person{Nights: nights, Score: e, Efficiency: e, Asleep: e, Asleep24: e}
	}
	count := func(fresh, paused, gone int) int {
		var readings []reading
		for range fresh {
			readings = append(readings, reading{now: of(7), before: of(7)})
		}
		for range paused {
			readings = append(readings, reading{now: of(6), before: of(8)})
		}
		readings = append(readings, make([]reading, gone)...)
		who, means := counting(readings, 7)
		assert.Len(t, means, len(who))
		for i, at := range who {
			assert.Equal(t, map[bool]int{true: 7, false: 8}[at < fresh], means[i].Nights)
		}
		return len(who)
	}
	assert.Equal(t, 20, count(16, 4, 9), "one in five")
	assert.Equal(t, 16, count(16, 5, 0), "more than one in five: none of them")
	assert.Zero(t, count(0, 3, 3))
}

// The change between two releases is that of their means, which must be clear even if the
// people were others.
func TestChangeBetweenReleases(t *testing.T) {
	t.Parallel()
	of := func(people int, hours, sd float64) Figures {
		return Figures{People: people, Score: Spread{Mean: 80, SD: 5}, Efficiency: Spread{Mean: 90, SD: 3}, SleepHours: Spread{Mean: hours, SD: sd}}
	}
	c := Change(of(100, 7, 0.9), of(100, 7.3, 0.9))
	assert.InDelta(t, 1080, *c.Asleep.Difference.Value, 1e-6)
	assert.InDelta(t, 3600*0.9*0.1414, *c.Asleep.SE.Value, 1)
	assert.Equal(t, analytics.Higher, c.Asleep.Verdict)
	assert.Equal(t, analytics.NoClearDifference, c.Score.Verdict)
	assert.Equal(t, analytics.NoClearDifference, Change(of(24, 7, 0.9), of(24, 7.3, 0.9)).Asleep.Verdict, "of 24 people half an hour is chance")
	assert.Equal(t, analytics.NoClearDifference, Change(of(100_000, 7, 0.9), of(100_000, 7.1, 0.9)).Asleep.Verdict, "six minutes do not matter")
	assert.Equal(t, analytics.Lower, Change(of(100, 7.3, 0.9), of(100, 7, 0.9)).Asleep.Verdict)
}
