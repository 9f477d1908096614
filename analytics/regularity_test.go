package analytics_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func spans(seconds ...int64) []analytics.Span {
	var list []analytics.Span
	for i := 0; i < len(seconds); i += 2 {
		list = append(list, analytics.Span{From: time.Unix(seconds[i], 0), To: time.Unix(seconds[i+1], 0)})
	}
	return list
}

// alternating returns 15 sleeps from 22:00 to 06:00, every other one shifted, and the 14
// days from the first noon on.
func alternating(minutes int64) (asleep, known []analytics.Span) {
	for night := range int64(15) {
		from := 79200 + night*86400 + night%2*minutes*60
		asleep = append(asleep, spans(from, from+28800)...)
	}
	return asleep, spans(43200, 43200+14*86400)
}

func TestSleepRegularityOfAShiftedSchedule(t *testing.T) {
	t.Parallel()
	for _, minutes := range []int64{0, 15, 30, 60, 90, 120} {
		asleep, known := alternating(minutes)
		got := analytics.SleepRegularity(asleep, known)
		require.NotNil(t, got.Index)
		assert.InDelta(t, 100-200*2*float64(minutes)/1440, *got.Index, 1e-9, "%d min", minutes)
		assert.Equal(t, 1123200*time.Second, got.Compared)
	}
}

func TestSleepRegularityOfPublishedExamples(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name          string
		asleep, known []analytics.Span
		index         float64
		compared      time.Duration
	}{
		{
			"sleepreg's example file",
			spans(
				1511046660, 1511074800, 1511131320, 1511162040, 1511217420, 1511247300, 1511305980, 1511335140,
				1511394300, 1511421900, 1511473860, 1511476440, 1511480760, 1511516040,
			),
			spans(
				1510913700, 1510920000, 1511006460, 1511046660, 1511046660, 1511074800, 1511074800, 1511131320,
				1511131320, 1511162040, 1511162040, 1511217420, 1511217420, 1511247300, 1511247300, 1511305980,
				1511305980, 1511335140, 1511335140, 1511394300, 1511394300, 1511421900, 1511421900, 1511473860,
				1511473860, 1511476440, 1511476440, 1511480760, 1511480760, 1511516040, 1511516040, 1511516640,
			),
			90.42899617726178, 423780 * time.Second,
		},
		{"GGIR, first pair", spans(34560, 69120, 129600, 155520), spans(0, 172800), 80, 24 * time.Hour},
		{"GGIR, second pair", spans(129600, 155520, 216000, 250560), spans(86400, 259200), 80, 24 * time.Hour},
		{"GGIR, third pair", spans(216000, 250560, 293760, 336960), spans(172800, 345600), 80, 24 * time.Hour},
		{"GGIR, fourth pair", spans(293760, 336960, 380160, 414720), spans(259200, 432000), 80, 24 * time.Hour},
		{"always the opposite", spans(0, 43200, 129600, 172800), spans(0, 172800), -100, 24 * time.Hour},
		{"never asleep", nil, spans(0, 172800), 100, 24 * time.Hour},
		{"overlapping and unordered", spans(129600, 155520, 50000, 69120, 34560, 60000, 9, 9, 9, 3), spans(86400, 172800, 0, 100000), 80, 24 * time.Hour},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := analytics.SleepRegularity(c.asleep, c.known)
			require.NotNil(t, got.Index)
			assert.InDelta(t, c.index, *got.Index, 1e-12)
			assert.Equal(t, c.compared, got.Compared)
		})
	}
}

func TestSleepRegularityWithoutComparison(t *testing.T) {
	t.Parallel()
	for _, known := range [][]analytics.Span{nil, spans(0, 86400), spans(0, 80000, 190000, 250000), spans(86400, 0)} {
		assert.Equal(t, analytics.Regularity{}, analytics.SleepRegularity(spans(0, 28800), known))
	}
	assert.Equal(t, analytics.Regularity{}, analytics.SleepRegularity(nil, []analytics.Span{{}}))
}

// The same windows on a grid of minutes, as in the definition.
func TestSleepRegularityAgainstEpochs(t *testing.T) {
	t.Parallel()
	const minutes = 3 * 1440
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) ([]analytics.Span, []bool) {
			var list []analytics.Span
			state := make([]bool, minutes)
			for range rapid.IntRange(0, 6).Draw(t, name) {
				from := rapid.IntRange(0, minutes-1).Draw(t, "from")
				to := rapid.IntRange(from, minutes-1).Draw(t, "to")
				list = append(list, spans(int64(from)*60, int64(to)*60)...)
				for m := from; m < to; m++ {
					state[m] = true
				}
			}
			return list, state
		}
		asleep, isAsleep := draw("asleep")
		known, isKnown := draw("known")
		same, all := 0, 0
		for m := range minutes - 1440 {
			if isKnown[m] && isKnown[m+1440] {
				all++
				if isAsleep[m] == isAsleep[m+1440] {
					same++
				}
			}
		}
		got := analytics.SleepRegularity(asleep, known)
		assert.Equal(t, time.Duration(all)*time.Minute, got.Compared)
		require.Equal(t, all == 0, got.Index == nil)
		if all > 0 {
			assert.InDelta(t, -100+200*float64(same)/float64(all), *got.Index, 1e-9)
		}
	})
}

func TestScheduleRegularityOfAShiftedSchedule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(0, 180).Draw(t, "minutes")
		onset := rapid.IntRange(-3*60, 2*60).Draw(t, "onset")
		nights := nightly(15, func(i int) (time.Duration, time.Duration) {
			from := time.Duration(onset+i%2*minutes) * time.Minute
			return from, from + 7*time.Hour
		})
		got := analytics.ScheduleRegularity(nights)
		require.NotNil(t, got.Index)
		assert.InDelta(t, 100-200*2*float64(minutes)/1440, *got.Index, 1e-9)
		assert.Equal(t, 14*24*time.Hour, got.Compared)
	})
}

func TestScheduleRegularityIgnoresUntrackedNights(t *testing.T) {
	t.Parallel()
	nights := nightly(10, always(-1, 6))
	without := append(nights[:4:4], nights[6:]...)
	got := analytics.ScheduleRegularity(without)
	require.NotNil(t, got.Index)
	assert.InDelta(t, 100, *got.Index, 1e-9, "a night without the app is no night awake")
	assert.Equal(t, 6*24*time.Hour, got.Compared, "three and three pairs are left")
}

func TestScheduleRegularityCountsNaps(t *testing.T) {
	t.Parallel()
	nights := nightly(10, always(-1, 6))
	napDay := time.Date(2026, 3, 6, 14, 0, 0, 0, time.UTC)
	nights[4].Naps = append(nights[4].Naps, sleeping("nap", time.UTC, napDay, napDay.Add(time.Hour)))
	got := analytics.ScheduleRegularity(nights)
	require.NotNil(t, got.Index)
	assert.InDelta(t, 100-200*2.0/(9*24), *got.Index, 1e-9, "an hour differs from the day before and the day after")
}

func TestScheduleRegularityKnowsOnlyMainSleep(t *testing.T) {
	t.Parallel()
	nights := nightly(10, always(-1, 6))
	for _, why := range []analytics.Reason{analytics.NapOnly, analytics.NoSleep, analytics.Inconsistent} {
		nights[5].Main, nights[5].Excluded = nil, why
		assert.Equal(t, 7*24*time.Hour, analytics.ScheduleRegularity(nights).Compared)
	}
	short := nightly(10, always(1, 3.5))
	require.Equal(t, analytics.Short, short[0].Excluded)
	assert.Equal(t, 9*24*time.Hour, analytics.ScheduleRegularity(short).Compared)
}

func TestScheduleRegularityOfDaySleepers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		onset, wake float64
	}{
		{"across noon", 10, 17},
		{"ends at noon", 5, 11.9},
		{"afternoon", 14, 20},
		{"evening, awake before midnight", 15.9, 23.9},
		{"evening, awake after midnight", -7.5, 0.5},
		{"night", -1, 7},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			nights := nightly(6, always(c.onset, c.wake))
			require.Len(t, nights, 6)
			// Two nights that are not consecutive cover two whole sleeps.
			apart := analytics.ScheduleRegularity([]analytics.Night{nights[0], nights[2]})
			assert.Nil(t, apart.Index)
			got := analytics.ScheduleRegularity(nights)
			require.NotNil(t, got.Index)
			assert.InDelta(t, 100, *got.Index, 1e-9)
			assert.Equal(t, 5*24*time.Hour, got.Compared)
			pair := analytics.ScheduleRegularity(nights[2:4])
			require.NotNil(t, pair.Index)
			assert.InDelta(t, 100, *pair.Index, 1e-9, "neither sleep may be cut")
		})
	}
}

// Somebody who wakes around midnight does so on one date or the next: the day must contain
// the sleep either way.
func TestScheduleRegularityAroundMidnight(t *testing.T) {
	t.Parallel()
	nights := nightly(9, func(i int) (time.Duration, time.Duration) {
		if i%3 == 1 {
			return hours(-7.2), hours(-0.2) // awake late on the date before
		}
		return hours(-7), hours(0.1)
	})
	got := analytics.ConsistencyOf(nights)
	require.NotNil(t, got.Score.Value)
	assert.Greater(t, *got.Score.Value, 90.0)
}

// The time after noon of the last date is unknown, the time before is not, even if midsleep
// is hours from midnight.
func TestNightSleepersDaysEndAtNoon(t *testing.T) {
	t.Parallel()
	for _, schedule := range [][2]float64{{-1, 7}, {-5, 3}} {
		for _, nap := range []struct{ from, want float64 }{{11.25, 100 - 200*0.5/48}, {12.25, 100}} {
			nights := nightly(3, always(schedule[0], schedule[1]))
			onset := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC).Add(hours(nap.from))
			nights[2].Naps = []analytics.Session{sleeping("nap", time.UTC, onset, onset.Add(30*time.Minute))}
			got := analytics.ScheduleRegularity(nights)
			require.NotNil(t, got.Index)
			assert.InDelta(t, nap.want, *got.Index, 1e-9, "%v, nap at %v", schedule, nap.from)
		}
	}
}

// Around midnight a night's day is where its sleep lies, whatever its date; but
// that of a date on which somebody slept by day alone is that of the date.
func TestDaysOfNightsWithAnotherDate(t *testing.T) {
	t.Parallel()
	nights := nightly(8, always(-4.5, 0.2)) // dated by the evening
	require.Equal(t, date(t, "2026-03-01"), nights[0].Date)
	wantValue(t, 100, analytics.ConsistencyOf(nights).Score, 1e-9)

	upAllNight := nightly(5, func(i int) (time.Duration, time.Duration) {
		if i == 2 {
			return hours(9.5), hours(16)
		}
		return hours(-1), hours(7)
	})
	assert.Equal(t, 4*24*time.Hour, analytics.ScheduleRegularity(upAllNight).Compared)
}

func TestEveningSleeperWithOneLateNight(t *testing.T) {
	t.Parallel()
	nights := nightly(12, func(i int) (time.Duration, time.Duration) {
		if i == 5 {
			return hours(-2), hours(6)
		}
		return hours(-8), hours(0.25)
	})
	assert.Equal(t, 11*24*time.Hour, analytics.ScheduleRegularity(nights).Compared)
}

func TestClockChangeCostsRegularity(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	var sessions []analytics.Session
	for i := range 6 {
		onset := time.Date(2026, 3, 26+i, 23, 0, 0, 0, berlin)
		wake := time.Date(2026, 3, 27+i, 7, 0, 0, 0, berlin)
		sessions = append(sessions, sleeping(string(rune('a'+i)), berlin, onset, wake))
	}
	nights := analytics.Assemble(sessions).Nights
	got := analytics.ScheduleRegularity(nights)
	require.NotNil(t, got.Index)
	assert.Equal(t, 5*24*time.Hour-time.Hour, got.Compared)
	// Both onset and wake move by an hour of elapsed time, once each.
	assert.InDelta(t, 100-200*2.0/119, *got.Index, 1e-9)
	consistency := analytics.ConsistencyOf(nights)
	assert.Equal(t, analytics.ScheduleSRI, consistency.Basis, "an hour lost to the clock leaves five days")
	assert.InDelta(t, 119.0/24, consistency.ComparableDays, 1e-9)
}

func TestRegularityFromSpread(t *testing.T) {
	t.Parallel()
	wantValue(t, 100, analytics.RegularityFromSpread(nightly(5, always(-1, 6))), 1e-9)
	shifted := nightly(5, func(i int) (time.Duration, time.Duration) {
		by := time.Duration(i) * 30 * time.Minute
		return by, 7*time.Hour + by
	})
	deviation := 30 * math.Sqrt(2.5) // of 0, 30, 60, 90 and 120 min
	wantValue(t, 100-200.0/1440*2/math.SqrtPi*2*deviation, analytics.RegularityFromSpread(shifted), 1e-9)
	wantMissing(t, analytics.FewNights, analytics.RegularityFromSpread(shifted[:4]))
	wantMissing(t, analytics.NoData, analytics.RegularityFromSpread(nil))
	short := nightly(6, always(1, 3))
	wantMissing(t, analytics.NoData, analytics.RegularityFromSpread(short))
}

func TestConsistencyOf(t *testing.T) {
	t.Parallel()
	nights := nightly(12, always(-1, 6))
	got := analytics.ConsistencyOf(nights[:6])
	wantValue(t, 100, got.Score, 1e-9)
	assert.Equal(t, analytics.ScheduleSRI, got.Basis)
	assert.InDelta(t, 5, got.ComparableDays, 1e-9)
	assert.Equal(t, 6, got.Score.N)

	apart := []analytics.Night{nights[0], nights[2], nights[4], nights[6], nights[7], nights[9]}
	got = analytics.ConsistencyOf(apart)
	wantValue(t, 100, got.Score, 1e-9)
	assert.Equal(t, analytics.ClockSpread, got.Basis)
	assert.InDelta(t, 1, got.ComparableDays, 1e-9)

	got = analytics.ConsistencyOf(nights[:4])
	wantMissing(t, analytics.FewNights, got.Score)
	assert.Empty(t, got.Basis)
	assert.InDelta(t, 3, got.ComparableDays, 1e-9)
	wantMissing(t, analytics.NoData, analytics.ConsistencyOf(nil).Score)
}

func TestConsistencyIsNeverNegative(t *testing.T) {
	t.Parallel()
	wild := nightly(13, func(i int) (time.Duration, time.Duration) {
		from := time.Duration(i%2) * 11 * time.Hour
		return from, from + 11*time.Hour
	})
	regularity := analytics.ScheduleRegularity(wild)
	require.NotNil(t, regularity.Index)
	require.Less(t, *regularity.Index, 0.0)
	got := analytics.ConsistencyOf(wild)
	wantValue(t, 0, got.Score, 0)
	assert.Equal(t, analytics.ScheduleSRI, got.Basis)

	// Every other night tracked: only the spread is left.
	var apart []analytics.Night
	for i, n := range nightly(24, func(i int) (time.Duration, time.Duration) {
		from := time.Duration(i%8) * 3 * time.Hour / 2
		return from, from + 11*time.Hour
	}) {
		if i%2 == 0 {
			apart = append(apart, n)
		}
	}
	spread := analytics.RegularityFromSpread(apart)
	require.NotNil(t, spread.Value)
	got = analytics.ConsistencyOf(apart)
	assert.Equal(t, analytics.ClockSpread, got.Basis)
	wantValue(t, max(0, *spread.Value), got.Score, 0)
}

func TestGoldenRegularity(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Name           string
		Windows, Known [][2]int64
		SRI            float64
		ComparedS      float64 `json:"compared_s"`
	}
	golden(t, "regularity.json", &cases)
	read := func(pairs [][2]int64) (list []analytics.Span) {
		for _, p := range pairs {
			list = append(list, spans(p[:]...)...)
		}
		return list
	}
	for _, c := range cases {
		got := analytics.SleepRegularity(read(c.Windows), read(c.Known))
		require.NotNil(t, got.Index, c.Name)
		assert.InDelta(t, c.SRI, *got.Index, 1e-9, c.Name)
		assert.InDelta(t, c.ComparedS, got.Compared.Seconds(), 0, c.Name)
	}
}
