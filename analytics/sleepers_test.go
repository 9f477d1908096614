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
	"github.com/asleep-mcp/asleep-mcp/internal/sleepers"
)

// assembled puts recordings together into nights.
func assembled(blocks []sleepers.Block) analytics.Assembly {
	sessions := make([]analytics.Session, len(blocks))
	for i, b := range blocks {
		sessions[i] = analytics.Session{
			ID: fmt.Sprint(i), Zone: b.Zone, Start: b.Start, End: b.End, Onset: b.Onset, Wake: b.Wake,
			InBed: b.End.Sub(b.Start), Asleep: b.Asleep(),
		}
	}
	return analytics.Assemble(sessions)
}

// sleepOf is how long somebody slept on a date: at night, and with naps.
type sleepOf struct{ night, all time.Duration }

func sleptByDate(a analytics.Assembly) map[civil.Date]sleepOf {
	dates := map[civil.Date]sleepOf{}
	for _, n := range a.Nights {
		one := dates[n.Date]
		dates[n.Date] = sleepOf{one.night + n.Asleep(), one.all + n.Asleep24()}
	}
	return dates
}

// sameSleep asserts that neither a date nor its night has more than a minute more or less
// sleep than before.
func sameSleep(t require.TestingT, before, after analytics.Assembly, of string) {
	sameDates(t, before, after, of)
	sameNights(t, before, after, of)
}

func sameDates(t require.TestingT, before, after analytics.Assembly, of string) {
	sameTotals(t, before, after, func(s sleepOf) time.Duration { return s.all }, of)
}

func sameNights(t require.TestingT, before, after analytics.Assembly, of string) {
	sameTotals(t, before, after, func(s sleepOf) time.Duration { return s.night }, of+", at night")
}

func sameTotals(t require.TestingT, before, after analytics.Assembly, total func(sleepOf) time.Duration, of string) {
	x, y := sleptByDate(before), sleptByDate(after)
	for date := range y {
		if _, ok := x[date]; !ok {
			x[date] = sleepOf{}
		}
	}
	for date := range x {
		require.InDelta(t, total(x[date]).Minutes(), total(y[date]).Minutes(), 1, "%s: %s", of, date)
	}
}

// byParts sleep little at a time, and for some of it a minute decides whether it is a nap.
var byParts = []string{"polyphasic", "night work for weeks"}

// aLife draws the life of one of the sleepers.
func aLife(t *rapid.T, days int, of ...sleepers.Sleeper) (sleepers.Sleeper, []sleepers.Block) {
	who := rapid.SampledFrom(of).Draw(t, "sleeper")
	return who, who.Life(rapid.Uint64().Draw(t, "seed"), lifeBegins, days)
}

func without(names ...string) []sleepers.Sleeper {
	return slices.DeleteFunc(sleepers.All(), func(s sleepers.Sleeper) bool { return slices.Contains(names, s.Name) })
}

// cut makes two recordings of the one at i, whose second part is slept some time later.
func cut(life []sleepers.Block, i int, part float64, gap time.Duration) []sleepers.Block {
	first, second := life[i], life[i]
	at := first.Onset.Add(time.Duration(part * float64(first.Asleep()))).Round(time.Minute)
	first.Wake, first.End = at, at
	second.Start, second.Onset = at, at
	return slices.Concat(life[:i], []sleepers.Block{first, second.Later(gap)}, life[i+1:])
}

// moved returns the life with the recording at i at another time; ok is false if it would
// then overlap another.
func moved(life []sleepers.Block, i int, by time.Duration) (list []sleepers.Block, ok bool) {
	list = slices.Clone(life)
	list[i] = list[i].Later(by)
	slices.SortFunc(list, func(a, b sleepers.Block) int { return a.Start.Compare(b.Start) })
	for j := 1; j < len(list); j++ {
		if list[j].Start.Before(list[j-1].End) {
			return nil, false
		}
	}
	return list, true
}

// However sleep is cut into nights, and these into ranges, it adds up to what was slept.
func TestSleepAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 100, sleepers.All()...)
		want := time.Duration(0)
		for _, b := range life {
			want += b.Asleep()
		}
		a := assembled(life)
		require.Empty(t, a.Dropped, who.Name)
		var got time.Duration
		for from := lifeBegins.AddDays(-2); from.Before(lifeBegins.AddDays(110)); {
			days := rapid.IntRange(1, 40).Draw(t, "days")
			for _, n := range a.Between(from, from.AddDays(days-1)).Nights {
				got += n.Asleep24()
			}
			from = from.AddDays(days)
		}
		require.Equal(t, want, got, who.Name)
	})
}

// One recording or two of the same sleep: each date and each night has the same.
func TestCuttingARecordingMovesNoSleep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 80, sleepers.All()...)
		i := rapid.IntRange(0, len(life)-1).Draw(t, "recording")
		two := cut(life, i, rapid.Float64Range(0.1, 0.9).Draw(t, "part"), 0)
		sameSleep(t, assembled(life), assembled(two), who.Name)
	})
}

// A minute more between the parts of a sleep takes no sleep from its date, however long the
// time between them; and of up to an hour none from its night.
func TestAGapThatGrowsByAMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 60, without("shift worker", "now and then", "polyphasic")...) // theirs can reach midnight
		i := rapid.IntRange(30, len(life)-1).Draw(t, "recording")
		part := rapid.Float64Range(0.1, 0.9).Draw(t, "part")
		gap := time.Duration(rapid.IntRange(0, 240).Draw(t, "gap")) * time.Minute
		more := cut(life, i, part, gap+time.Minute)
		if i+2 < len(more) && more[i+1].End.After(more[i+2].Start) {
			t.Skip("it reaches into the next sleep")
		}
		before, after := assembled(cut(life, i, part, gap)), assembled(more)
		sameDates(t, before, after, who.Name)
		if gap < time.Hour && !slices.Contains(byParts, who.Name) {
			sameNights(t, before, after, who.Name)
		}
	})
}

// Everything a minute later, or one sleep of many, leaves the sleep of each date what it
// was.
func TestAMinuteLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 60, without("now and then")...) // theirs end at any time, so at midnight, too
		later := make([]sleepers.Block, len(life))
		for i, b := range life {
			later[i] = b.Later(time.Minute)
		}
		one, ok := moved(life, rapid.IntRange(0, len(life)-1).Draw(t, "recording"), time.Minute)
		if !ok {
			one = life
		}
		settled := func(list []sleepers.Block) analytics.Assembly { // five dates make a habit
			return assembled(list).Between(lifeBegins.AddDays(10), lifeBegins.AddDays(70))
		}
		before := settled(life)
		for _, after := range []analytics.Assembly{settled(later), settled(one)} {
			sameDates(t, before, after, who.Name)
			if !slices.Contains(byParts, who.Name) {
				sameNights(t, before, after, who.Name)
			}
		}
	})
}

// Whoever sleeps once a day has a night for each day, even if one sleep begins many hours
// earlier or later than usual: no two share a date beside an empty one.
func TestOneSleepAtAnotherTime(t *testing.T) {
	t.Parallel()
	once := without("regular", "shift worker", "night work for weeks", "split sleeper", "polyphasic", "insomniac", "over the date line", "now and then")
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 60, once...)
		by := time.Duration(rapid.IntRange(-600, 600).Draw(t, "minutes later")) * time.Minute
		other, ok := moved(life, rapid.IntRange(30, 50).Draw(t, "recording"), by)
		if !ok {
			t.Skip("it would overlap")
		}
		nights := assembled(other).Nights
		for i, n := range nights {
			assert.Len(t, n.Main, 1, "%s %s", who.Name, n.Date)
			if i > 0 {
				assert.Equal(t, nights[i-1].Date.AddDays(1), n.Date, who.Name)
			}
		}
	})
}

// What is long ago does not change the date of a recording without sleep.
func TestDateOfLooksBackFourWeeks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who, life := aLife(t, 90, sleepers.All()...)
		zone := life[0].Zone
		from := lifeBegins.AddDays(60).In(zone).Add(time.Duration(rapid.IntRange(0, 28*24*60).Draw(t, "start")) * time.Minute)
		failed := analytics.Span{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute)}
		recent := slices.DeleteFunc(slices.Clone(life), func(b sleepers.Block) bool { return b.Start.Before(from.AddDate(0, 0, -analytics.ReachBefore)) })
		all, night := assembled(life).DateOf(failed, zone)
		lately, itToo := assembled(recent).DateOf(failed, zone)
		require.Equal(t, all, lately, who.Name)
		require.Equal(t, night, itToo, who.Name)
	})
}
